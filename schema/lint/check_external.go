package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/external"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addExternal reads an ExternalSecret (https://external-secrets.io): a Secret whose values are kept in another store.
func (c *cluster) addExternal(o *object, found *diag.List) {
	if made := external.Secret(o.Object); made != nil {
		c.addSecret(&object{made, nil}, found)
		return
	}
	target := o.Root.At("spec", "target")
	name := first(valueAt(target, "name"), valueAt(o.Root, "metadata", "name"))
	c.addElsewhere(o.Object, secretFrom(o.Object, name, target.At("template", "metadata", "labels"), externalKeys(o.Object)), found)
}

func externalKeys(o *manifest.Object) []value {
	var keys []value
	for _, key := range external.Keys(o) {
		keys = append(keys, value{key.Text, key.Pos})
	}
	return keys
}
