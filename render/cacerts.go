package render

import (
	"bytes"
	"cmp"
	"fmt"

	"meshtopo.dev/meshtopo/render/authority"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/trust"
)

// authority is where the cluster gets its certificates from, where that is not files.
func (d *directory) authority() authority.Cluster {
	return authority.Cluster{Cluster: d.c, Topology: d.topology, Public: d.public, Compose: d.Compose}
}

// cacerts is the signing CA of an istiod. The keys of the Secret are those that istiod reads
// (security/pkg/pki/ca/ca.go); with one missing it refuses to start.
func (d *directory) cacerts() {
	ca := d.c.Intermediate
	if ca == nil || d.err != nil {
		return
	}
	const path = layout.Secrets + "/cacerts.yaml"
	if d.c.Secrets.Protection.Encrypts() {
		d.encrypt(path, fmt.Sprintf("the CA key of cluster %q", d.c.Name), d.encryptedCacerts)
		return
	}
	key, err := d.private(ca.Key)
	if err != nil {
		d.err = err
		return
	}
	if key == nil {
		d.addUnknownSecret(path, "cacerts")
		return
	}
	data := struct {
		text.Object
		CACert, CAKey, CertChain, RootCert, CRL string
	}{
		Object:    d.object(),
		CACert:    encode(d.public(ca.Cert)),
		CAKey:     encode(key),
		CertChain: encode(d.public(ca.ChainFiles()...)),
		RootCert:  encode(d.public(d.topology.Trust.Roots...)),
		CRL:       encode(d.public(ca.CRLs()...)),
	}
	d.addFile(tree.File{Path: path, Body: [][]byte{d.mark, d.text("cacerts.yaml", data, text.If(ca.CRL != "", "options/crl.yaml")...)}, Private: true})
}

// encryptedCacerts gives what the Secret is made of where it is encrypted.
func (d *directory) encryptedCacerts() *secretContents {
	ca, roots := d.c.Intermediate, d.public(d.topology.Trust.Roots...)
	key, err := d.private(ca.Key)
	if d.err = cmp.Or(d.err, err); d.err != nil {
		return nil
	}
	cert, chain := d.public(ca.Cert), d.public(ca.ChainFiles()...)
	c := &secretContents{
		template: "cacerts.yaml",
		public: []protect.Part{
			{Name: "certificate", Value: trust.DER(cert)}, {Name: "chain", Value: trust.DER(chain)}, {Name: "roots", Value: trust.DER(roots)}},
		data: func(all digests) any {
			return struct {
				text.Object
				digests
				CACert, CAKey, CertChain, RootCert, CRL string
			}{d.object(), all, protect.Placeholder("ca-cert.pem"), protect.Placeholder("ca-key.pem"), protect.Placeholder("cert-chain.pem"), protect.Placeholder("root-cert.pem"), protect.Placeholder("ca-crl.pem")}
		},
	}
	if key != nil {
		c.unguessable = trust.DER(key)
		c.values = []protect.Value{
			protect.NewValue("ca-cert.pem", cert), protect.NewValue("ca-key.pem", key), protect.NewValue("cert-chain.pem", chain), protect.NewValue("root-cert.pem", roots),
		}
	}
	if crls := d.public(ca.CRLs()...); crls != nil {
		c.option, c.public = "crl", append(c.public, protect.Part{Name: "revoked", Value: trust.DER(crls)})
		if key != nil {
			c.values = append(c.values, protect.NewValue("ca-crl.pem", crls))
		}
	}
	c.public = protect.PublicOf(c.public...)
	return c
}

// public reads certificates, one file after the other.
func (d *directory) public(paths ...string) []byte {
	var all []byte
	for _, path := range paths {
		pem, err := d.store.Public(path)
		if err != nil {
			d.err = err
			return nil
		}
		if len(all) > 0 && !bytes.HasSuffix(all, []byte("\n")) {
			all = append(all, '\n')
		}
		all = append(all, pem...)
	}
	return all
}
