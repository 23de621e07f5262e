package material

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/trust"
)

// signer is an intermediate CA and the control planes that sign with it.
type signer struct {
	clusters []*schema.Cluster
	pos      diag.Pos
	ca       trust.Intermediate
	sound    bool // no error was found in its certificates

	crl   item
	lists trust.CRLs
}

// intermediates checks the intermediate CAs of the primaries, each once, and how they go together.
func (c *Checker) intermediates(roots trust.Certificates) {
	var signers []signer
	for _, clusters := range grouped(c.t.Clusters, c.ownIntermediate) {
		signers = append(signers, c.intermediate(clusters, roots))
	}
	c.checkSharedKeys(signers)
	c.checkCRLs(signers)
	if roots.Len() > 1 {
		c.checkAnchors(signers)
	}
}

// ownIntermediate gives the files of a primary's intermediate, or nothing where they are not to be checked.
func (c *Checker) ownIntermediate(cl *schema.Cluster) schema.Intermediate {
	if cl.Intermediate == nil || !cl.RunsControlPlane() || c.t.Unsure(schema.ClusterPath(cl, "primary")...) || c.t.Broken(schema.ClusterPath(cl, "intermediate")...) {
		return schema.Intermediate{}
	}
	if _, misread := document.FindLookAlike(cl.Name); misread && !c.t.Given(schema.ClusterPath(cl, "intermediate")...) {
		return schema.Intermediate{} // its directory has the name that is meant
	}
	return *cl.Intermediate
}

func (c *Checker) intermediate(clusters []*schema.Cluster, roots trust.Certificates) signer {
	first := clusters[0]
	files, who := *first.Intermediate, called(clusters...)
	cert := item{what: "the intermediate of " + who, place: schema.Private{File: files.Cert}, pos: c.t.Pos(schema.ClusterPath(first, "intermediate", "cert")...)}
	chain := item{what: "the chain of " + who, place: schema.Private{File: files.Chain}, pos: c.t.Pos(schema.ClusterPath(first, "intermediate", "chain")...)}
	key := item{what: "the CA key of " + who, place: files.Key, pos: c.placePos(files.Key, schema.ClusterPath(first, "intermediate", "key"))}
	if !c.t.Given(schema.ClusterPath(first, "intermediate")...) { // all three are in the directory that the mesh names
		cert.pos = c.t.Pos("spec", "trust", "intermediates")
		chain.pos, key.pos = cert.pos, cert.pos
	}
	certs := c.certificates(cert, true)
	ca := trust.Intermediate{
		Cert:  certs,
		Chain: c.chain(files, chain, certs),
		Roots: roots,

		TrustDomain: c.t.Mesh.TrustDomain,
	}
	ca.Key = c.key(key, schema.Holding(clusters))
	problems := ca.Check(c.clock()) // first, because it keeps what it has verified
	s := signer{clusters: clusters, pos: cert.pos, ca: ca, sound: ca.CAs().Len() > 0}
	for _, p := range problems {
		s.sound = s.sound && p.Rule.Severity != diag.Error
		c.report(map[trust.Part]item{trust.Cert: cert, trust.Key: key, trust.Chain: chain}[p.Part], p)
	}
	dated(c.t.Topology, schema.DatedIntermediate, clusters, cert.place, ca.Signer().Spans()...)
	dated(c.t.Topology, schema.DatedIntermediate, clusters, chain.place, ca.Between().Spans()...)
	c.readCRLs(&s)
	return s
}

// chain gives the certificates from an intermediate to its root: those of a file, or those beside the intermediate and
// the CAs above it in a file of their own.
func (c *Checker) chain(files schema.Intermediate, chain item, certs trust.Certificates) trust.Certificates {
	if files.Issuers == "" {
		return c.certificates(chain, true)
	}
	chain.place = schema.Private{File: files.Issuers}
	issuers := c.certificates(chain, true)
	if certs.Len() == 0 || issuers.Len() == 0 { // which has been said
		return trust.Certificates{}
	}
	return trust.Join(certs, issuers)
}

// key gives a CA key that goes into the files of the holders. Where there are none it is in a store, and not read.
func (c *Checker) key(i item, holders []*schema.Cluster) trust.PrivateKey {
	if len(holders) == 0 {
		return trust.PrivateKey{}
	}
	text, ok := c.private(i, true, holders)
	if !ok {
		return trust.PrivateKey{}
	}
	parsed, problems := trust.ParsePrivateKey(text)
	c.report(i, problems...)
	return parsed
}

// public is what everybody may know of a signer whose certificate could be read.
func (s signer) public() schema.Signer {
	root, _ := s.ca.Anchor()
	return schema.Signer{Cert: s.ca.Cert.Digests()[0], Root: root}
}

// checkSharedKeys warns of control planes that sign with one key, in one file or in copies of it.
func (c *Checker) checkSharedKeys(signers []signer) {
	with := map[trust.Digest][]*schema.Cluster{}
	pos := map[trust.Digest]diag.Pos{}
	for _, s := range signers {
		if key, ok := s.ca.Cert.Key(); ok {
			for _, cl := range s.clusters {
				c.t.Public.Keys[cl.Name], c.t.Public.Signers[cl.Name] = key, s.public()
			}
			with[key] = append(with[key], s.clusters...)
			pos[key] = s.pos
		}
	}
	for key, clusters := range with {
		if len(clusters) > 1 {
			c.found.Add(pos[key], SharedIntermediateKey, "%s sign with one intermediate key", called(clusters...))
		}
	}
}

// checkAnchors tells of control planes that are under different roots. Every cluster gets all declared roots, so
// that this works once all of them have been applied; it is how a rotation looks half-way.
func (c *Checker) checkAnchors(signers []signer) {
	under := map[trust.Digest][]*schema.Cluster{}
	for _, s := range signers {
		if root, ok := s.ca.Anchor(); ok {
			under[root] = append(under[root], s.clusters...)
		}
	}
	if len(under) < 2 {
		return
	}
	var sides []string
	for _, clusters := range under {
		sides = append(sides, called(clusters...))
	}
	slices.Sort(sides)
	c.found.Add(c.t.Pos("spec", "trust", "roots"), differentRoots, "the control planes of %s are under different roots", strings.Join(sides, " and of "))
}

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

// checkCRLs checks the revocation lists of each signer. A proxy with any list wants one of each CA that it meets, and
// so of those of the other clusters. Where a signer is not sound itself, it is not known which they are.
func (c *Checker) checkCRLs(signers []signer) {
	if !slices.ContainsFunc(signers, func(s signer) bool { return s.lists.Len() > 0 }) {
		return
	}
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
