package render

import (
	"bytes"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
)

// cacerts is the signing CA of an istiod. The keys of the Secret are those that istiod reads
// (security/pkg/pki/ca/ca.go); with one missing it refuses to start.
func (d *directory) cacerts() {
	ca := d.c.Intermediate
	if ca == nil || d.err != nil {
		return
	}
	const path = layout.Secrets + "/cacerts.yaml"
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
		object
		CACert, CAKey, CertChain, RootCert string
	}{
		object:    d.object(),
		CACert:    encode(d.public(ca.Cert)),
		CAKey:     encode(key),
		CertChain: encode(d.public(ca.Chain)),
		RootCert:  encode(d.public(d.topology.Trust.Roots...)),
	}
	d.addFile(tree.File{Path: path, Body: [][]byte{d.mark, d.text("cacerts.yaml", data)}, Private: true})
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
