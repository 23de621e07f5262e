// Package manifest reads Kubernetes manifests that people wrote: YAML and JSON, streams and lists of objects, with the place
// of every value, also of those inside a Secret.
//
// It says which objects a file holds and what could not be read; whether they are right is the business of package lint.
package manifest

import (
	"bytes"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// Object is one Kubernetes object, or the values of a Helm chart, which have no kind.
type Object struct {
	Root       *document.Node
	APIVersion string
	Kind       string // "" for Helm values
	Namespace  string
	Name       string
	Encrypted  bool // by SOPS: its name and its keys are as they will be, its values are not
}

// Group gives the API group: "" for v1, networking.istio.io for networking.istio.io/v1.
func (o *Object) Group() string {
	group, _, ok := strings.Cut(o.APIVersion, "/")
	if !ok {
		return ""
	}
	return group
}

// Pos marks what names the object: its kind, or where it begins.
func (o *Object) Pos() diag.Pos { return o.At("kind") }

// At gives the place of the value at a path, or of the last one above it that is there.
func (o *Object) At(keys ...string) diag.Pos {
	return document.Positions{Root: o.Root}.Pos(keys)
}

// Is reports whether the object is of that group and kind, in whichever version.
func (o *Object) Is(group, kind string) bool { return o.Kind == kind && o.Group() == group }

// Read gives the objects of a file in their order. What cannot be read, and what is passed over, is reported; the data of
// Secrets is kept out of every excerpt.
func Read(file string, text []byte, found *diag.List) []*Object {
	text, ok := document.CheckText(file, text, found)
	if !ok {
		return nil
	}
	var objects []*Object
	add := func(root *document.Node) {
		if root != nil {
			objects = expand(root, objects, found)
		}
	}
	if path.Ext(file) == ".json" {
		add(document.ReadJSON(file, text, found))
		return objects
	}
	for part := range document.Parts(text) {
		if at := template(part); at > 0 {
			found.Add(diag.Pos{File: file, Line: at, Col: 1}, templateSkipped, "the document is a template of Helm or another generator and is not checked")
			continue
		}
		root := document.ReadPart(file, part, found)
		if root == nil {
			hideAll(file, part, found)
		}
		add(root)
	}
	return objects
}

// template gives the line at which a document has the first "{{" that its generator would replace, or 0. One inside a text or a
// comment stays as it is.
func template(part document.Part) int {
	if !bytes.Contains(part.Text, []byte("{{")) {
		return 0
	}
	var doc yaml.Node
	if yaml.Unmarshal(part.Text, &doc) == nil {
		if at := braces(&doc); at > 0 {
			return part.Line + at - 1
		}
		return 0
	}
	line := part.Line
	for text := range bytes.Lines(part.Text) {
		trimmed := bytes.TrimSpace(text)
		if bytes.HasPrefix(trimmed, []byte("{{")) || bytes.Contains(trimmed, []byte(": {{")) || bytes.HasPrefix(trimmed, []byte("- {{")) {
			return line
		}
		line++
	}
	return 0
}

// braces gives the first line with a map that YAML has read as the key of another, or 0: to YAML, that is what {{ x }} is.
func braces(n *yaml.Node) int {
	for i, below := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 && below.Kind == yaml.MappingNode {
			return n.Line
		}
		if at := braces(below); at > 0 {
			return at
		}
	}
	return 0
}

// expand adds the objects of a document: those of a List, or itself.
func expand(root *document.Node, objects []*Object, found *diag.List) []*Object {
	o := &Object{
		Root: root, APIVersion: root.StringAt("apiVersion"), Kind: root.StringAt("kind"),
		Name: root.StringAt("metadata", "name"), Namespace: root.StringAt("metadata", "namespace"),
	}
	hide(o, found)
	switch items := root.At("items"); {
	case strings.HasSuffix(o.Kind, "List") && items != nil && items.Kind == document.List:
		for _, item := range items.Items {
			objects = expand(item, objects, found)
		}
		return objects
	case encrypted(o):
		o.Encrypted = true
		found.Add(o.Pos(), EncryptedSkipped, "%s is encrypted and is not checked", o)
	case o.Is("meshtopo.dev", "Topology"):
		found.Add(o.Pos(), topologySkipped, "%s is not checked: a topology is no manifest", o)
		return objects
	case o.Kind == "" && !isValues(root) && !o.LacksKind():
		return objects
	}
	return append(objects, o)
}

// LacksKind reports whether all but the kind of an object is there.
func (o *Object) LacksKind() bool {
	metadata := o.Root.At("metadata")
	return o.Kind == "" && o.APIVersion != "" && o.Group() != "kustomize.config.k8s.io" && metadata != nil && metadata.Kind == document.Map
}

// String names the object for a message.
func (o *Object) String() string {
	switch {
	case o.LacksKind():
		return "an object of " + o.APIVersion
	case o.Kind == "":
		return "the Helm values"
	case o.Name == "":
		return article(o.Kind) + " " + o.Kind + " without a name"
	}
	return o.Kind + " " + o.Name
}

func article(kind string) string {
	if strings.ContainsAny(kind[:1], "AEIO") {
		return "an"
	}
	return "a"
}

// encrypted reports whether SOPS encrypted the object (https://getsops.io).
func encrypted(o *Object) bool { return o.Root.At("sops", "mac") != nil }

// isValues reports whether a document without a kind holds values of Istio's charts.
func isValues(root *document.Node) bool {
	if root.At("apiVersion") != nil || root.At("kind") != nil {
		return false
	}
	for _, key := range []string{"meshConfig", "pilot", "istiodRemote", "networkGateway"} {
		if root.At(key) != nil {
			return true
		}
	}
	for _, key := range []string{"meshID", "multiCluster", "network", "istioNamespace", "remotePilotAddress", "externalIstiod"} {
		if root.At("global", key) != nil {
			return true
		}
	}
	return false
}

// hide keeps the data of a Secret out of every excerpt.
func hide(o *Object, found *diag.List) {
	if o.Kind != "Secret" && o.Root.At("kind") != nil {
		return
	}
	for _, keys := range [][]string{{"data"}, {"stringData"}, {"metadata", "annotations", document.LastApplied}} {
		if n := o.Root.At(keys...); n != nil {
			document.HideText(n, found)
			for _, e := range n.Fields {
				hideKeys(e.Value, found)
			}
		}
	}
}

// hideKeys hides what stands behind a key of a Secret and is a map, though it should be text: its keys may be anything.
func hideKeys(n *document.Node, found *diag.List) {
	for _, e := range n.Fields {
		found.Hide(diag.Pos{File: e.KeyPos.File, Line: e.KeyPos.Line, Col: e.KeyPos.Col})
		hideKeys(e.Value, found)
	}
	for _, item := range n.Items {
		hideKeys(item, found)
	}
}

// hideAll keeps a document that could not be read, and that might be a Secret, out of every excerpt.
func hideAll(file string, part document.Part, found *diag.List) {
	if !bytes.Contains(part.Text, []byte("Secret")) && !bytes.Contains(part.Text, []byte("stringData")) {
		return
	}
	for line := range bytes.Count(part.Text, []byte{'\n'}) + 1 {
		found.Hide(diag.Pos{File: file, Line: part.Line + line, Col: 1})
	}
}
