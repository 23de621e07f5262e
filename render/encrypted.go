package render

import (
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/sealed"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
)

// secretContents is what a Secret is made of that lies in the tree as ciphertext.
type secretContents struct {
	template    string // of the Secret in clear
	option      string // what is merged into it, or ""
	public      protect.Public
	unguessable []byte              // what the digest of its private part is made of, or nil
	values      []protect.Value     // none where its private part is not here
	unknown     bool                // what is public of it is not here either
	data        func(d digests) any // what fills the template: placeholders in the place of the values
}

// digests are holes that the objects of all encrypted Secrets have.
type digests struct {
	PublicDigest, PublicParts, PrivateDigest, ProtectionDigest, SealingKey string
}

// encryptedPlace is what decides how the object of an encrypted Secret comes out.
type encryptedPlace struct {
	credential, namespace string
	remote                schema.RemoteSecrets
	protection            schema.Protection
	guard                 string
}

// encrypt adds the file of a Secret that is encrypted once all files are known (settle.go). Clusters share the object.
func (d *directory) encrypt(path, credential string, read func() *secretContents) {
	whole := d.path(path)
	g := d.guard(whole)
	if d.err != nil {
		return
	}
	place := encryptedPlace{credential: credential, namespace: d.c.Istio.Namespace, protection: d.c.Secrets.Protection, remote: d.c.Secrets.Remote}
	if g != nil {
		place.guard = g.Digest()
	}
	common, ok := d.encrypted[place]
	if !ok {
		common = d.item(credential, read(), g)
		d.encrypted[place] = common
	}
	if d.err != nil {
		return
	}
	item := *common
	item.Path, item.Guard = whole, g
	d.files = append(d.files, tree.File{Path: whole, Body: [][]byte{d.mark, item.Object}, Private: true})
	d.items = append(d.items, &item)
}

// guard gives what encrypts a file, by its path in the tree; nothing where patches alone are checked, or others matter.
func (d *directory) guard(path string) (g protect.Guard) {
	if d.placeholders || d.err != nil || !d.guards.Matters(path) {
		return nil
	}
	g, d.err = d.guards.Of(d.c, path)
	return g
}

// item gives what the items of a Secret have in common in all clusters.
func (d *directory) item(credential string, of *secretContents, g protect.Guard) *protect.Item {
	if d.err != nil {
		return nil
	}
	all := digests{PublicDigest: of.public.Digest(), PublicParts: of.public.Parts()}
	if len(of.values) > 0 {
		all.PrivateDigest = protect.PrivateDigest(all.PublicDigest, of.unguessable)
	}
	if g != nil {
		all.ProtectionDigest = g.Digest()
	}
	if s, ok := g.(*sealed.Guard); ok {
		all.SealingKey = s.Fingerprint()
	}
	kind := ""
	if d.c.Secrets.Protection == schema.Sealed {
		kind = "sealed-"
	}
	options := append(d.encryptedOptions(all), text.If(of.option != "", "options/"+kind+of.option+".yaml")...)
	return &protect.Item{
		Mark: d.mark, Object: d.Compose(text.Composition{Object: kind + of.template, Options: options}, of.data(all)), Credential: credential,
		Public: of.public, Unknown: of.unknown, Private: all.PrivateDigest, Values: of.values,
	}
}

// encryptedOptions are the optional parts of an encrypted object.
func (d *directory) encryptedOptions(all digests) []string {
	options := []string{"options/digests.yaml"}
	if all.PrivateDigest != "" {
		options = append(options, "options/private-digest.yaml")
	}
	if d.c.Secrets.Protection != schema.Sealed {
		return options
	}
	options = append(options, "options/sealing-key.yaml")
	if scope := d.c.Secrets.Sealed.Scope; sealed.ScopeAnnotation(scope) != "" {
		options = append(options, "options/sealed-"+scope+".yaml")
	}
	return options
}
