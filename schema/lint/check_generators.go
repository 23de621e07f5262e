package lint

import (
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
