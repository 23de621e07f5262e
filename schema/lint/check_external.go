package lint

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/external"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/rbac"
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

// addAccount keeps a ServiceAccount. One that only External Secrets of other clusters uses is no reader.
func (c *cluster) addAccount(o *object, _ *diag.List) {
	a := rbac.ReadAccount(o.Object)
	a.Rendered = a.Rendered && a.Name != schema.TokenReader
	c.rights.Accounts = append(c.rights.Accounts, a)
}

func externalKeys(o *manifest.Object) []value {
	var keys []value
	for _, key := range external.Keys(o) {
		keys = append(keys, value{key.Text, key.Pos})
	}
	return keys
}
