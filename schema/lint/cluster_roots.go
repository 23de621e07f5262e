package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// multiRoot is the variable by which istiod tells proxies of roots beside its own (pilot/pkg/xds/pcds.go).
const multiRoot = "ISTIO_MULTIROOT_MESH"

// trusting is a cluster with a Secret cacerts, and the roots that its proxies trust.
type trusting struct {
	*cluster
	*signer
	added   []trust.Digest // roots of meshConfig.caCertificates
	unknown bool           // more of them are elsewhere
	read    bool
}

// usual gives the root that is compared first: the one that signed, or else the first.
func (t *trusting) usual() trust.Digest {
	if t.Anchor != (trust.Digest{}) {
		return t.Anchor
	}
	return t.Roots[0]
}

// adds reports whether, and where, the mesh config names roots beside those of cacerts, whether they count or not.
func (t *trusting) adds() (at diag.Pos, adds bool) {
	if t.install() == nil {
		return at, false
	}
	return t.install().given.AddsRoots()
}

// trusts reports whether proxies of the cluster accept, or may accept, the certificates of another.
func (t *trusting) trusts(other *trusting) bool {
	accepted := func(root trust.Digest) bool { return slices.Contains(t.Roots, root) || slices.Contains(t.more(), root) }
	if other.Anchor != (trust.Digest{}) {
		return accepted(other.Anchor) || t.unknown
	}
	return slices.ContainsFunc(other.Roots, accepted) || t.unknown
}

// more gives the roots that the mesh config adds. ztunnel has none.
func (t *trusting) more() []trust.Digest {
	i := t.install()
	if t.read || i == nil || i.ambient() || !i.given.On(multiRoot) {
		return t.added
	}
	t.read = true
	texts, elsewhere := i.given.Roots()
	t.unknown = elsewhere
	for _, text := range texts {
		certificates, problems := trust.ParseCertificates([]byte(text))
		t.unknown = t.unknown || len(problems) > 0
		t.added = append(t.added, certificates.Digests()...)
	}
	return t.added
}
