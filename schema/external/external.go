// Package external gives the Secrets that External Secrets makes of ExternalSecrets, as far as their templates say it
// (https://external-secrets.io/latest/guides/templating/). What comes from a store is a placeholder in them.
package external

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Secret gives the Secret that an ExternalSecret makes, at the places of the template. It is nil where the template
// does not say which keys it has, or where a value is more than a text with holes.
func Secret(o *manifest.Object) *manifest.Object {
	spec := o.Root.At("spec")
	target := spec.At("target")
	template := target.At("template")
	data := template.At("data")
	if data == nil || data.Kind != document.Map || len(data.Fields) == 0 || template.At("templateFrom") != nil || merges(template) {
		return nil
	}
	for _, e := range data.Fields {
		if strings.Contains(e.Key, "{{") || e.Value.Kind != document.String || !plain(e.Value.Text) {
			return nil
		}
	}
	metadata := &document.Node{Kind: document.Map, Pos: o.At("metadata")}
	name := target.Entry("name")
	if name == nil {
		name = o.Root.At("metadata").Entry("name")
	}
	move(metadata, "name", name)
	move(metadata, "namespace", o.Root.At("metadata").Entry("namespace"))
	move(metadata, "labels", template.At("metadata").Entry("labels"))
	move(metadata, "annotations", template.At("metadata").Entry("annotations"))
	root := &document.Node{Kind: document.Map, Pos: o.Root.Pos}
	root.Add("apiVersion", o.At("apiVersion"), word("v1", o.At("apiVersion")))
	root.Add("kind", o.Pos(), word("Secret", o.Pos()))
	root.Add("metadata", o.At("metadata"), metadata)
	move(root, "type", template.Entry("type"))
	root.Add("stringData", o.At("spec", "target", "template", "data"), data)
	return &manifest.Object{
		Root: root, APIVersion: "v1", Kind: "Secret", Name: metadata.StringAt("name"), Namespace: o.Namespace,
	}
}

// Key is a key of a Secret, and its place.
type Key struct {
	Text string
	Pos  diag.Pos
}

// Keys gives the keys of the Secret that an ExternalSecret makes, or none where only its store knows them.
func Keys(o *manifest.Object) []Key {
	spec := o.Root.At("spec")
	template := spec.At("target", "template")
	var keys []Key
	if data := template.At("data"); data != nil {
		for _, e := range data.Fields {
			keys = append(keys, Key{e.Key, e.KeyPos})
		}
	}
	if slices.ContainsFunc(keys, func(k Key) bool { return strings.Contains(k.Text, "{{") }) {
		keys = nil
	}
	if data := spec.At("data"); len(keys) == 0 && data != nil && spec.At("dataFrom") == nil && template.At("templateFrom") == nil {
		for _, item := range data.Items {
			if key := item.At("secretKey"); key != nil {
				keys = append(keys, Key{key.Text, key.Pos})
			}
		}
	}
	return keys
}

// merges reports whether the Secret has other keys besides those of the template.
func merges(template *document.Node) bool { return template.StringAt("mergePolicy") == "Merge" }

func move(to *document.Node, key string, e *document.Entry) {
	if e != nil {
		to.Add(key, e.KeyPos, e.Value)
	}
}

func word(text string, pos diag.Pos) *document.Node {
	return &document.Node{Kind: document.String, Text: text, Pos: pos}
}

// plain reports whether a text has nothing but holes for values in it: no conditions, loops or parts of other texts.
func plain(text string) bool {
	if strings.Contains(text, "{{-") || strings.Contains(text, "-}}") {
		return false
	}
	for _, hole := range holes().FindAllStringSubmatch(text, -1) {
		if words().MatchString(hole[1]) {
			return false
		}
	}
	return true
}

var (
	holes = diag.OnceRegexp(`\{\{(.*?)\}\}`)
	words = diag.OnceRegexp(`^\s*(?:if|else|range|with|define|template|block|end|break|continue)\b|:=`)
)
