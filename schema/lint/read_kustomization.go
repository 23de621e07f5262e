package lint

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// generatedKeys gives the keys of a generated Secret, or none where another file has them.
func generatedKeys(g *document.Node) []value {
	if g.At("env") != nil || g.At("envs") != nil {
		return nil
	}
	var keys []value
	for _, list := range []string{"files", "literals"} {
		for _, item := range g.ItemsAt(list) {
			key, _, ok := strings.Cut(item.Text, "=")
			if !ok {
				key = path.Base(item.Text)
			}
			keys = append(keys, value{key, item.Pos})
		}
	}
	return keys
}

// kustomization is a file of kustomize.
type kustomization struct {
	file      string
	namespace string // that it gives to all objects
	resources []value
	pos       diag.Pos        // of the list of resources
	empty     bool            // there is a list without any
	plugins   bool            // other programs add objects
	names     map[string]bool // of files, and all other texts
}

// localConfig is the annotation by which kustomize leaves an object out of what it builds.
const localConfig = "config.kubernetes.io/local-config"

// keptLocal reports whether an object has that annotation.
func keptLocal(o *manifest.Object) bool {
	local := valueAt(o.Root, "metadata", "annotations", localConfig)
	return local.given() && local.text != "false"
}

func readKustomization(o *object) *kustomization {
	k := &kustomization{
		file: o.Pos().File, namespace: o.Root.StringAt("namespace"), resources: texts(o.Root, "resources"), pos: o.At("resources"),
		empty:   o.Root.Entry("resources") != nil && len(texts(o.Root, "resources")) == 0,
		plugins: o.Root.At("generators") != nil || o.Root.At("transformers") != nil, names: map[string]bool{},
	}
	k.noteTexts(o.Root)
	return k
}

// noteTexts keeps every text of a kustomization: one of them may name a file.
func (k *kustomization) noteTexts(n *document.Node) {
	if n.Kind == document.String {
		for _, text := range strings.FieldsFunc(n.Text, func(r rune) bool { return r == '\n' || r == '=' || r == ' ' }) {
			k.names[path.Join(path.Dir(k.file), text)] = true
		}
	}
	for _, e := range n.Fields {
		k.noteTexts(e.Value)
	}
	for _, item := range n.Items {
		k.noteTexts(item)
	}
}

// lists reports whether a kustomization names a file, or a directory that it is in.
func (k *kustomization) lists(file string) bool {
	for ; file != "." && file != "/"; file = path.Dir(file) {
		if k.names[file] {
			return true
		}
	}
	return false
}
