package lint

import (
	"path"
	"strings"

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

// localConfig is the annotation by which kustomize leaves an object out of what it builds.
const localConfig = "config.kubernetes.io/local-config"

// keptLocal reports whether an object has that annotation.
func keptLocal(o *manifest.Object) bool {
	local := valueAt(o.Root, "metadata", "annotations", localConfig)
	return local.given() && local.text != "false"
}
