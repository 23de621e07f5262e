// Package manifest reads Kubernetes manifests that people wrote: YAML and JSON, streams and lists of objects, with the
// place of every value, also of those inside a Secret.
//
// It says which objects a file holds and what could not be read; whether they are right is the business of package
// lint.
package manifest

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/private"
	"meshtopo.dev/meshtopo/schema/shown"
)

// Object is one Kubernetes object, or the values of a Helm chart, which have no kind.
type Object struct {
	Root       *document.Node
	APIVersion string
	Kind       string // "" for Helm values
	Namespace  string
	Name       string
	Encrypted  bool   // by SOPS: its name and its keys are as they will be, its values are not
	Unknown    bool   // it has no kind, and does not look like values of Istio's charts
	Holder     string // of Helm values: what has them, or "" for a file of its own
	Version    string // of Helm values: that of the chart, or ""
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

// Read gives the objects of a file in their order. What cannot be read, and what is passed over, is reported; what
// Secrets hold is kept out of every excerpt.
func Read(file string, text []byte, found *diag.List) []*Object {
	if IsTemplate(file) {
		reportTemplate(file, text, found)
		return nil
	}
	opening := &diag.List{}
	text, ok := document.OpenText(file, text, opening)
	opening.Show(shown.File)
	found.AppendSources(opening)
	if len(bytes.TrimSpace(text)) == 0 && ok {
		reportEmpty(file, found)
		return nil
	}
	ours := !ok
	var objects []*Object
	conflict := false // it has been reported; its sides may be of several documents
	for part := range document.PartsOf(file, text) {
		part.Private = private.InDocument(part.Text)
		problems := &diag.List{}
		root := readPart(file, part, &conflict, problems)
		if HasTemplate(found) { // which is said once
			problems.Delete(func(d *diag.Diagnostic) bool { return d.Code == templateSkipped.Code })
		}
		foreign := problems.Len()+opening.Len() > 0 && isForeign(part, root)
		if foreign {
			passOver(root, problems, found)
		} else {
			found.Append(problems)
		}
		ours = ours || !foreign
		if root != nil {
			objects = expand(root, objects, found)
		}
	}
	if ours {
		found.Append(opening)
	}
	return objects
}

// readPart gives the value of a document, or nil where there is none, or none that can be read.
func readPart(file string, part document.Part, conflict *bool, found *diag.List) *document.Node {
	if !document.CheckCharacters(file, part, found) {
		return nil
	}
	marks := &diag.List{}
	if !document.CheckConflict(file, part, marks) {
		if !*conflict {
			found.Append(marks)
		}
		*conflict = true
		return nil
	}
	if path.Ext(file) == ".json" {
		return document.ReadJSONPart(file, part, found)
	}
	problems := &diag.List{}
	root := document.ReadPart(file, part, problems)
	if at := template(part, root, problems); at > 0 {
		found.Add(diag.Pos{File: file, Line: at, Col: 1}, templateSkipped, "the document is a template of Helm or another generator and is not checked")
		return nil
	}
	found.Append(problems)
	placeholder.Restore(root, part.Text, part.Line)
	return root
}

// expand adds the objects of a document: those of a List, or itself.
func expand(root *document.Node, objects []*Object, found *diag.List) []*Object {
	o := &Object{
		Root: root, APIVersion: root.StringAt("apiVersion"), Kind: root.StringAt("kind"),
		Name: root.StringAt("metadata", "name"), Namespace: root.StringAt("metadata", "namespace"),
	}
	o.fixKustomization()
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
	case o.Kind == "" && root.Kind != document.Map:
		return objects
	case o.Kind == "" && !isValues(root) && !o.LacksKind():
		o.Unknown = true
	}
	return append(objects, o)
}

// fixKustomization gives a kustomization what it may leave out: kustomize goes by the name of the file
// (api/types/kustomization.go, FixKustomizationPostUnmarshalling).
func (o *Object) fixKustomization() {
	switch path.Base(o.Root.Pos.File) {
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
	default:
		return
	}
	if o.Kind == "" {
		o.Kind = "Kustomization"
	}
	if o.APIVersion == "" {
		o.APIVersion = "kustomize.config.k8s.io/v1beta1"
	}
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
	case o.Unknown:
		return "what may carry values"
	case o.Kind == "" && o.Holder != "":
		return "the Helm values of " + o.Holder
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
	global := root.At("global")
	has := func(n *document.Node) func(string) bool { return func(key string) bool { return n.Entry(key) != nil } }
	return slices.ContainsFunc([]string{"meshConfig", "pilot", "istiodRemote", "networkGateway"}, has(root)) ||
		slices.ContainsFunc([]string{"meshID", "multiCluster", "network", "istioNamespace", "remotePilotAddress", "externalIstiod"}, has(global))
}
