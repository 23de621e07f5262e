package lint

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addGenerated counts the Secrets that kustomize makes of other files
// (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/secretgenerator/). istiod finds remote Secrets by their label,
// cacerts by its name only, which must then be kept as it is.
func (c *cluster) addGenerated(o *manifest.Object) {
	options := o.Root.At("generatorOptions")
	for _, g := range items(o.Root, "secretGenerator") {
		p := &promise{
			name: valueAt(g, "name"), namespace: first(valueAt(g, "namespace"), valueAt(o.Root, "namespace")).text, keys: generatedKeys(g),
			labelled: g.StringAt("options", "labels", remoteLabel) == "true" || options.StringAt("labels", remoteLabel) == "true",
		}
		p.place = placed{"the Secret " + p.name.text + " of a secretGenerator", valueAt(g, "namespace"), p.name.pos}
		kept := g.BoolAt("options", "disableNameSuffixHash") || options.BoolAt("disableNameSuffixHash")
		if p.name.text == "cacerts" && !kept {
			c.hashedCACerts = p.name
			continue
		}
		c.count(p)
	}
}

// generatedKeys gives the keys of a generated Secret, or none where another file has them.
func generatedKeys(g *document.Node) []value {
	if g.At("env") != nil || g.At("envs") != nil {
		return nil
	}
	var keys []value
	for _, list := range []string{"files", "literals"} {
		for _, item := range items(g, list) {
			key, _, ok := strings.Cut(item.Text, "=")
			if !ok {
				key = path.Base(item.Text)
			}
			keys = append(keys, value{key, item.Pos})
		}
	}
	return keys
}
