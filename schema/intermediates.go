package schema

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// signer is an intermediate CA and the control planes that sign with it.
type signer struct {
	clusters []*Cluster
	pos      diag.Pos
	ca       trust.Intermediate
}

// intermediates judges the intermediate CAs of the primaries, each once, and how they go together.
func (c *materialCheck) intermediates(roots trust.Certificates) {
	var signers []signer
	for _, clusters := range groups(c.t.Clusters, c.ownIntermediate) {
		signers = append(signers, c.intermediate(clusters, roots))
	}
	c.checkSharedKeys(signers)
	if roots.Len() > 1 {
		c.checkAnchors(signers)
	}
}

// ownIntermediate gives the files of a primary's intermediate, or nothing where they are not to be judged.
func (c *materialCheck) ownIntermediate(cl *Cluster) Intermediate {
	if cl.Intermediate == nil || cl.Remote() || c.t.Unsure(ClusterPath(cl, "primary")...) || c.t.Broken(ClusterPath(cl, "intermediate")...) {
		return Intermediate{}
	}
	return *cl.Intermediate
}

func (c *materialCheck) intermediate(clusters []*Cluster, roots trust.Certificates) signer {
	first := clusters[0]
	files, who := *first.Intermediate, called(clusters...)
	cert := item{"the intermediate of " + who, Private{File: files.Cert}, c.t.Pos(ClusterPath(first, "intermediate", "cert")...)}
	chain := item{"the chain of " + who, Private{File: files.Chain}, c.t.Pos(ClusterPath(first, "intermediate", "chain")...)}
	key := item{"the CA key of " + who, files.Key, c.placePos(files.Key, ClusterPath(first, "intermediate", "key"))}
	if !c.t.Given(ClusterPath(first, "intermediate")...) { // all three are in the directory that the mesh names
		cert.pos = c.t.Pos("spec", "trust", "intermediates")
		chain.pos, key.pos = cert.pos, cert.pos
	}
	ca := trust.Intermediate{
		Cert:  c.certificates(cert, true),
		Chain: c.certificates(chain, true),
		Roots: roots,
	}
	if text, ok := c.private(key, true, clusters); ok {
		parsed, problems := trust.ParsePrivateKey(text)
		c.report(key, problems...)
		ca.Key = parsed
	}
	for _, p := range ca.Check(c.Now) {
		c.report(map[trust.Part]item{trust.Cert: cert, trust.Key: key, trust.Chain: chain}[p.Part], p)
	}
	return signer{clusters, cert.pos, ca}
}

// checkSharedKeys warns of control planes that sign with one key, in one file or in copies of it.
func (c *materialCheck) checkSharedKeys(signers []signer) {
	with := map[trust.Digest][]*Cluster{}
	pos := map[trust.Digest]diag.Pos{}
	for _, s := range signers {
		if key, ok := s.ca.Cert.Key(); ok {
			with[key] = append(with[key], s.clusters...)
			pos[key] = s.pos
		}
	}
	for key, clusters := range with {
		if len(clusters) > 1 {
			c.found.Add(pos[key], sharedIntermediateKey, "%s sign with one intermediate key", called(clusters...))
		}
	}
}

// checkAnchors warns of control planes that are under different roots. Every cluster gets all declared roots, so
// that this works once all of them have been applied; it is how a rotation looks half-way.
func (c *materialCheck) checkAnchors(signers []signer) {
	under := map[trust.Digest][]*Cluster{}
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

// patches checks that the files of patches can be read.
func (c *materialCheck) patches() {
	for _, p := range c.t.Patches() {
		i := item{"the patch", Private{File: p.Path}, c.t.Pos(append(p.At[:len(p.At):len(p.At)], "path")...)}
		if p.Path == "" || c.inline(i) {
			continue
		}
		switch _, err := c.Material.Public(p.Path); {
		case errors.Is(err, fs.ErrNotExist):
			d := c.found.Add(i.pos, missingFile, "%s is not there", c.shown(i))
			d.Why = "what it changes cannot be rendered"
		case err != nil:
			c.unreadable(i, err)
		}
	}
}
