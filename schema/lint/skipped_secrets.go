package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addSealed reads a SealedSecret (https://github.com/bitnami-labs/sealed-secrets): a Secret that only its controller can read.
func (c *cluster) addSealed(o *manifest.Object, found *diag.List) {
	name := first(valueAt(o.Root, "spec", "template", "metadata", "name"), valueAt(o.Root, "metadata", "name"))
	c.addElsewhere(o, name, found)
}

// addExternal reads an ExternalSecret (https://external-secrets.io): a Secret whose values are kept in another store.
func (c *cluster) addExternal(o *manifest.Object, found *diag.List) {
	name := first(valueAt(o.Root, "spec", "target", "name"), valueAt(o.Root, "metadata", "name"))
	c.addElsewhere(o, name, found)
}

// addElsewhere counts a Secret that an operator will make as there, and says that it is not checked.
func (c *cluster) addElsewhere(o *manifest.Object, name value, found *diag.List) {
	if !c.countElsewhere(o, name) {
		return
	}
	d := found.Add(o.Pos(), manifest.EncryptedSkipped, "%s gives a Secret %s, which is not checked", o, name.text)
	d.Fix = "check the Secret itself before it is sealed or stored"
}

// addEncrypted counts an object that SOPS encrypted as there.
func (c *cluster) addEncrypted(o *manifest.Object) {
	if o.Is("", "Secret") {
		c.countElsewhere(o, valueAt(o.Root, "metadata", "name"))
	}
}

// countElsewhere keeps the name of a Secret whose values are not known. It reports false for one that istiod does not read.
func (c *cluster) countElsewhere(o *manifest.Object, name value) bool {
	p := placeOf(o)
	switch cluster, remote := strings.CutPrefix(name.text, remoteSecretName); {
	case name.text == "cacerts":
		c.cacerts = append(c.cacerts, &cacerts{namespace: o.Namespace, pos: name.pos, place: p, elsewhere: true})
	case remote && cluster != "":
		c.remoteSecrets = append(c.remoteSecrets, &remoteSecret{
			cluster: value{cluster, name.pos}, namespace: o.Namespace, namePos: name.pos, place: p, elsewhere: true,
		})
	default:
		return false
	}
	return true
}
