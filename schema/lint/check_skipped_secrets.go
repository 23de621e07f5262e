package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/remotesecret"
)

// addSealed reads a SealedSecret (https://github.com/bitnami-labs/sealed-secrets): a Secret that only its controller
// can read.
func (c *cluster) addSealed(o *object, found *diag.List) {
	template := o.Root.At("spec", "template", "metadata")
	name := first(valueAt(template, "name"), valueAt(o.Root, "metadata", "name"))
	c.addElsewhere(o.Object, secretFrom(o.Object, name, template.At("labels"), keysOf(o.Root.At("spec", "encryptedData"))), found)
}

// addElsewhere keeps a Secret that an operator makes, and notes that its values are not checked.
func (c *cluster) addElsewhere(o *manifest.Object, p *madeElsewhere, found *diag.List) {
	if !c.count(p) {
		return
	}
	d := found.Add(o.Pos(), manifest.EncryptedSkipped, "%s gives a Secret %s, which is not checked", o, p.name.text)
	d.Fix = "check the Secret itself before it is sealed or stored"
}

// countSecret keeps a Secret whose values will change, such as one that SOPS encrypted.
func (c *cluster) countSecret(o *manifest.Object) {
	if o.Is("", "Secret") {
		keys := slices.Concat(keysOf(o.Root.At("data")), keysOf(o.Root.At("stringData")))
		c.count(secretFrom(o, valueAt(o.Root, "metadata", "name"), o.Root.At("metadata", "labels"), keys))
	}
}

// addCertificate counts the Secret that cert-manager makes of a Certificate (https://cert-manager.io): istiod signs
// with one that is called cacerts.
func (c *cluster) addCertificate(o *object, _ *diag.List) {
	if name := valueAt(o.Root, "spec", "secretName"); name.text == "cacerts" {
		c.count(secretFrom(o.Object, name, nil, nil))
	}
}

// count keeps a Secret whose values are not known. It gives false for one that istiod does not read.
func (c *cluster) count(p *madeElsewhere) bool {
	cluster, named := strings.CutPrefix(p.name.text, schema.LabelledName)
	keys := p.keys
	switch {
	case p.name.text == "cacerts":
		c.cacerts = append(c.cacerts, &signer{namespace: p.namespace, pos: p.name.pos, place: p.place, elsewhere: true})
		return true
	case strings.HasPrefix(p.name.text, schema.MountedName):
		c.countMounted(p)
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

// addGenerated counts the Secrets that kustomize makes of other files
// (https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/secretgenerator/). istiod finds remote Secrets
// by their label, cacerts by its name only, which must then be kept as it is.
func (c *cluster) addGenerated(o *manifest.Object) {
	options := o.Root.At("generatorOptions")
	for _, g := range o.Root.ItemsAt("secretGenerator") {
		p := &madeElsewhere{
			name: valueAt(g, "name"), namespace: first(valueAt(g, "namespace"), valueAt(o.Root, "namespace")).text, keys: generatedKeys(g),
			labelled: g.StringAt("options", "labels", remotesecret.Label) == "true" || options.StringAt("labels", remotesecret.Label) == "true",
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

// countMounted keeps a Secret for the volume whose values are not known: by its keys, or by its name.
func (c *cluster) countMounted(p *madeElsewhere) {
	keys := p.keys
	if len(keys) == 0 {
		keys = []value{{strings.TrimPrefix(p.name.text, schema.MountedName), p.name.pos}}
	}
	for _, key := range keys {
		key.text = remotesecret.Cluster(key.text)
		c.remoteSecrets = append(c.remoteSecrets, &remoteSecret{
			cluster: key, namespace: p.namespace, namePos: p.name.pos, place: p.place, mounted: true, elsewhere: true,
		})
	}
}
