package material

import (
	"bytes"
	"path"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust"
)

// istioCert is what a directory in Istio's own form has.
const istioCert = "ca-cert.pem"

// forms finds out in which form the directories of trust.intermediates hold the signing CAs.
func (c *Checker) forms() {
	if c.List == nil || c.t.Trust == nil || c.t.Trust.Intermediates == "" || c.t.Broken("spec", "trust", "intermediates") {
		return
	}
	for _, clusters := range grouped(c.t.Clusters, c.patternDirectory) {
		dir := c.patternDirectory(clusters[0])
		names := c.List(dir)
		switch {
		case !slices.Contains(names, schema.TLSCert):
		case !slices.Contains(names, istioCert):
			for _, cl := range clusters {
				cl.Intermediate = schema.TLSForm(dir)
			}
		case c.differ(path.Join(dir, schema.TLSCert), path.Join(dir, istioCert)):
			c.found.Add(c.t.Pos("spec", "trust", "intermediates"), twoForms, "%s has %s and %s, with different certificates", dir, schema.TLSCert, istioCert)
		}
	}
}

// patternDirectory is where trust.intermediates has the CA of a control plane, or "".
func (c *Checker) patternDirectory(cl *schema.Cluster) string {
	if cl.Intermediate == nil || !cl.RunsControlPlane() || c.t.Given(schema.ClusterPath(cl, "intermediate")...) {
		return ""
	}
	return path.Dir(cl.Intermediate.Cert)
}

// differ reports whether two files that can be read begin with different certificates.
func (c *Checker) differ(one, other string) bool {
	a, err := c.Reader.Public(one)
	b, too := c.Reader.Public(other)
	return err == nil && too == nil && !bytes.Equal(trust.FirstDER(a), trust.FirstDER(b))
}
