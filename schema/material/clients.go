package material

import (
	"errors"
	"io/fs"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/trust"
)

// clientCertificates checks the certificates by which control planes log in at API servers, and their keys.
func (c *Checker) clientCertificates() {
	for _, cl := range c.t.Clusters {
		if cl.Credential == nil || cl.Credential.Way != schema.ByClientCertificate {
			continue
		}
		holders := schema.HoldingTokens(c.t.ReadBy(cl))
		place, at := cl.Credential.Private, schema.ClusterPath(cl, "credential", "clientCertificate", "cert")
		cert := item{what: "the client certificate of " + called(cl), place: schema.Private{File: cl.Credential.Cert}, pos: c.t.Pos(at...)}
		key := item{what: "the client key of " + called(cl), place: place, pos: c.placePos(place, schema.PrivatePath(cl))}
		needed := c.active(cl) && len(holders) > 0
		certText := c.clientCertificate(cert, needed)
		datedClient(c.t.Topology, cl, cert.place, certText)
		keyText, _ := c.private(key, needed, holders)
		items := map[trust.Part]item{trust.Cert: cert, trust.Key: key}
		for _, p := range append(trust.CheckClient(certText, keyText, c.clock()), trust.CheckClientIsNoCA(certText)...) {
			i := items[p.Part]
			d := c.found.Add(i.pos, p.Rule, "%s %s", i, p)
			kubeconfig.AdaptClient(d, p.Rule)
		}
	}
}

// clientCertificate gives the text of a client certificate, or nil.
func (c *Checker) clientCertificate(i item, needed bool) []byte {
	if i.place.File == "" || c.inline(i) {
		return nil
	}
	text, err := c.Reader.Public(i.place.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if needed {
			c.missing(i)
		}
	case err != nil:
		c.unreadable(i, err)
	default:
		return text
	}
	return nil
}
