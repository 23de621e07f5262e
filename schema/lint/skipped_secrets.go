package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// promise is a Secret that will be there, though its values are not in the manifests.
type promise struct {
	name      value
	namespace string
	place     placed
	labelled  bool    // as a remote Secret
	keys      []value // none where they are not known
}

// promised gives the Secret that an operator makes of an object.
func promised(o *manifest.Object, name value, labels *document.Node, keys []value) *promise {
	return &promise{name, o.Namespace, placeOf(o), labels.StringAt(remoteLabel) == "true", keys}
}

// addSealed reads a SealedSecret (https://github.com/bitnami-labs/sealed-secrets): a Secret that only its controller can read.
func (c *cluster) addSealed(o *object, found *diag.List) {
	template := o.Root.At("spec", "template", "metadata")
	name := first(valueAt(template, "name"), valueAt(o.Root, "metadata", "name"))
	c.addElsewhere(o.Object, promised(o.Object, name, template.At("labels"), keysOf(o.Root.At("spec", "encryptedData"))), found)
}

// addExternal reads an ExternalSecret (https://external-secrets.io): a Secret whose values are kept in another store.
func (c *cluster) addExternal(o *object, found *diag.List) {
	target := o.Root.At("spec", "target")
	name := first(valueAt(target, "name"), valueAt(o.Root, "metadata", "name"))
	c.addElsewhere(o.Object, promised(o.Object, name, target.At("template", "metadata", "labels"), externalKeys(o.Root.At("spec"))), found)
}

// externalKeys gives the keys of the Secret that an ExternalSecret makes, or none where its store has them.
func externalKeys(spec *document.Node) []value {
	template := spec.At("target", "template")
	keys := keysOf(template.At("data"))
	if len(keys) == 0 && spec.At("dataFrom") == nil && template.At("templateFrom") == nil {
		for _, item := range items(spec, "data") {
			keys = append(keys, valueAt(item, "secretKey"))
		}
	}
	return keys
}

// keysOf gives the keys of a map, or none where one of them will be another.
func keysOf(n *document.Node) []value {
	if n == nil {
		return nil
	}
	var keys []value
	for _, e := range n.Fields {
		keys = append(keys, value{e.Key, e.KeyPos})
	}
	if slices.ContainsFunc(keys, func(k value) bool { return strings.Contains(k.text, "{{") }) {
		return nil
	}
	return keys
}

// addElsewhere counts a Secret that an operator will make as there, and says that it is not checked.
func (c *cluster) addElsewhere(o *manifest.Object, p *promise, found *diag.List) {
	if !c.count(p) {
		return
	}
	d := found.Add(o.Pos(), manifest.EncryptedSkipped, "%s gives a Secret %s, which is not checked", o, p.name.text)
	d.Fix = "check the Secret itself before it is sealed or stored"
}

// countSecret counts a Secret as there whose values will be others, such as one that SOPS encrypted.
func (c *cluster) countSecret(o *manifest.Object) {
	if o.Is("", "Secret") {
		keys := slices.Concat(keysOf(o.Root.At("data")), keysOf(o.Root.At("stringData")))
		c.count(promised(o, valueAt(o.Root, "metadata", "name"), o.Root.At("metadata", "labels"), keys))
	}
}

// addCertificate counts the Secret that cert-manager makes of a Certificate (https://cert-manager.io): istiod signs with one that is
// called cacerts.
func (c *cluster) addCertificate(o *object, _ *diag.List) {
	if name := valueAt(o.Root, "spec", "secretName"); name.text == "cacerts" {
		c.count(promised(o.Object, name, nil, nil))
	}
}

// count keeps a Secret whose values are not known. It reports false for one that istiod does not read.
func (c *cluster) count(p *promise) bool {
	cluster, named := strings.CutPrefix(p.name.text, remoteSecretName)
	keys := p.keys
	switch {
	case p.name.text == "cacerts":
		c.cacerts = append(c.cacerts, &cacerts{namespace: p.namespace, pos: p.name.pos, place: p.place, elsewhere: true})
		return true
	case !p.labelled && cluster == "", !p.labelled && !named, p.name.text == externalKubeconfig:
		return false
	case len(keys) > 0:
	case named && cluster != "":
		keys = []value{{cluster, p.name.pos}}
	default:
		c.otherRemotes = true
	}
	for _, key := range keys {
		c.remoteSecrets = append(c.remoteSecrets, &remoteSecret{
			cluster: key, namespace: p.namespace, namePos: p.name.pos, place: p.place, elsewhere: true,
		})
	}
	return true
}
