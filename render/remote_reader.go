package render

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// readerObjects is what the templates of the reader account hold.
type readerObjects struct {
	text.Object
	ServiceAccount string
	Role           string
	TokenSecret    string
	Rules          []reader.Rule
}

// remoteReader is the account with which other control planes read this cluster. No installer owns its name and it
// needs nothing of Istio, so its token can be fetched before Istio is installed anywhere.
func (d *directory) remoteReader() {
	if len(d.readers(d.c)) == 0 {
		return
	}
	rights := d.mesh.Rights(d.c)
	data := readerObjects{
		Object:         d.object(),
		ServiceAccount: d.c.Istio.Reader.ServiceAccount,
		Role:           readerRole(d.c),
		Rules:          rights.Everywhere,
	}
	objects := [][]byte{
		d.text("service-account.yaml", data),
		d.text("remote-reader-cluster-role.yaml", data),
		d.text("remote-reader-cluster-role-binding.yaml", data),
	}
	if data.Rules = rights.InSystem; len(data.Rules) > 0 {
		objects = append(objects, d.text("role.yaml", data), d.text("role-binding.yaml", data))
	}
	for _, data.TokenSecret = range d.c.TokenSecrets() {
		objects = append(objects, d.text("remote-reader-token.yaml", data))
	}
	d.Add(layout.Prepare+"/remote-reader.yaml", objects...)
}

// readerRole names the reader's roles and their bindings.
func readerRole(c *schema.Cluster) string { return "istio-remote-reader-" + c.Istio.Namespace }
