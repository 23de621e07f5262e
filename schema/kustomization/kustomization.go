// Package kustomization reads files of kustomize: which other files they list, and what they are about.
package kustomization

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Kustomization is a file of kustomize.
type Kustomization struct {
	File      string
	Namespace string // that it gives to all objects
	Resources []Resource
	Pos       diag.Pos // of the list of resources
	Empty     bool     // there is a list without any
	Plugins   bool     // other programs add objects

	names map[string]bool // of files, and all other texts
}

// Resource is a file, a directory or an address that a kustomization lists.
type Resource struct {
	Text string
	Pos  diag.Pos
}

// Read gives what a kustomization says.
func Read(o *manifest.Object) *Kustomization {
	k := &Kustomization{
		File: o.Pos().File, Namespace: o.Root.StringAt("namespace"), Pos: o.At("resources"),
		Plugins: o.Root.At("generators") != nil || o.Root.At("transformers") != nil, names: map[string]bool{},
	}
	for _, item := range o.Root.ItemsAt("resources") {
		k.Resources = append(k.Resources, Resource{item.Text, item.Pos})
	}
	k.Empty = o.Root.Entry("resources") != nil && len(k.Resources) == 0
	k.noteTexts(o.Root)
	return k
}

// noteTexts keeps every text of a kustomization: one of them may name a file.
func (k *Kustomization) noteTexts(n *document.Node) {
	if n.Kind == document.String {
		for _, text := range strings.FieldsFunc(n.Text, func(r rune) bool { return r == '\n' || r == '=' || r == ' ' }) {
			k.names[path.Join(path.Dir(k.File), text)] = true
		}
	}
	for _, e := range n.Fields {
		k.noteTexts(e.Value)
	}
	for _, item := range n.Items {
		k.noteTexts(item)
	}
}

// Lists reports whether a kustomization names a file, or a directory that it is in.
func (k *Kustomization) Lists(file string) bool {
	for ; file != "." && file != "/"; file = path.Dir(file) {
		if k.names[file] {
			return true
		}
	}
	return false
}

// Listing gives the one of some kustomizations that should list a file: it lists others of its directory, or has a list
// without any. Remote Secrets may be in a directory of their own below it.
func Listing(all []*Kustomization, file string) *Kustomization {
	dir := path.Dir(file)
	for _, k := range all {
		own := path.Dir(k.File)
		if own != dir && (own != path.Dir(dir) || path.Base(dir) != "remote-secrets") {
			continue
		}
		isFile := func(r Resource) bool {
			return path.Ext(r.Text) != "" && !strings.HasPrefix(r.Text, "../") && !strings.Contains(r.Text, ":")
		}
		if slices.ContainsFunc(k.Resources, isFile) || k.Empty {
			return k
		}
	}
	return nil
}
