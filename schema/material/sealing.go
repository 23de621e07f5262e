package material

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust"
)

// sealing checks the certificates that Secrets are sealed with, each once.
func (c *Checker) sealing() {
	for _, clusters := range grouped(c.t.Clusters, c.sealedWith) {
		file := clusters[0].Secrets.Sealed.Certificate
		i := item{what: "the sealing certificate of " + called(clusters...), place: schema.Private{File: file}, pos: c.t.Pos(c.t.SecretsPath(clusters[0], "sealedSecrets", "certificate")...)}
		unusable := i
		unusable.why = "nothing can be sealed with it: the controller opens only what was sealed with its own certificate"
		if certs := c.certificates(unusable, true); certs.Len() > 0 {
			c.report(i, trust.CheckSealing(certs, c.clock())...)
			dated(c.t.Topology, schema.DatedSealing, clusters, i.place, certs.Spans()[0])
		}
	}
}

// sealedWith gives the file of the certificate that the Secrets of a cluster are sealed with, or "".
func (c *Checker) sealedWith(cl *schema.Cluster) string {
	if cl.Secrets.Protection != schema.Sealed || !cl.RunsControlPlane() || c.t.Broken(c.t.SecretsPath(cl, "sealedSecrets")...) {
		return ""
	}
	return cl.Secrets.Sealed.Certificate
}
