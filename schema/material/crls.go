package material

import (
	"path"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// crlFile is what istiod calls the file of revocation lists (security/pkg/pki/ca/ca.go).
const crlFile = "ca-crl.pem"

// readCRLs reads the revocation lists of a signer. In the directory that the mesh names they may be missing; where they
// are there, the clusters are told.
func (c *Checker) readCRLs(s *signer) {
	first := s.clusters[0]
	given := c.t.Given(schema.ClusterPath(first, "intermediate")...)
	s.crl = item{what: "the file of revocation lists of " + called(s.clusters...), pos: s.pos, place: schema.Private{File: first.Intermediate.CRL}}
	switch {
	case given:
		s.crl.pos = c.t.Pos(schema.ClusterPath(first, "intermediate", "crl")...)
	case c.found.ErrorAt(s.pos): // so that the directory may be another one
		return
	default:
		s.crl.place.File = path.Join(path.Dir(first.Intermediate.Cert), crlFile)
	}
	text, ok := c.public(s.crl, given)
	if !ok {
		return
	}
	for _, cl := range s.clusters {
		cl.Intermediate.CRL = s.crl.place.File
	}
	lists, problems := trust.ParseCRLs(text)
	c.report(s.crl, problems...)
	dated(c.t.Topology, schema.DatedCRL, s.clusters, s.crl.place, lists.Spans()...)
	s.lists = lists
}

// checkCRLs checks the revocation lists of each signer. A proxy with any list wants one of each CA that it meets, and so
// of those of the other clusters. Where a signer is not sound itself, it is not known which they are.
func (c *Checker) checkCRLs(signers []signer) {
	var all []trust.Certificates
	for _, s := range signers {
		if !s.sound {
			return
		}
		all = append(all, s.ca.CAs())
	}
	known := trust.Join(all...)
	for _, s := range signers {
		if s.lists.Len() == 0 {
			continue
		}
		problems := s.ca.CheckCRLs(s.lists, known, c.clock())
		c.report(s.crl, problems...)
		if slices.ContainsFunc(problems, func(p trust.Problem) bool { return p.Rule.Severity == diag.Error }) {
			continue
		}
		var lacking []*schema.Cluster
		for n, other := range signers {
			if s.lists.Lack(all[n]) {
				lacking = append(lacking, other.clusters...)
			}
		}
		if len(lacking) > 0 {
			c.found.Add(s.crl.pos, trust.CRLIncomplete, "%s holds no revocation list of the CA of %s, so that proxies here refuse what comes from there", s.crl, called(lacking...))
		}
	}
}
