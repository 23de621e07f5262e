package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/material"
	"meshtopo.dev/meshtopo/schema/trust"
)

var (
	noCommonRoot = &diag.Rule{
		Code: "no-common-root", Severity: diag.Error, Symptom: true,
		Title:  "clusters that do not trust each other's root",
		Why:    "proxies of one refuse the certificates of the other: CERTIFICATE_VERIFY_FAILED, TLSV1_ALERT_UNKNOWN_CA, and only local endpoints answer",
		Fix:    "issue the intermediates of all clusters under one root, and give its certificate as root-cert.pem everywhere",
		Source: "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
	}
	noCACerts = &diag.Rule{
		Code: "no-cacerts", Severity: diag.Warning, Symptom: true,
		Title:  "a control plane without cacerts, beside one that has them",
		Why:    "istiod makes a CA of its own, which no other cluster trusts: CERTIFICATE_VERIFY_FAILED between the two",
		Fix:    "give it an intermediate under the same root, as Secret cacerts, before istiod starts",
		Source: "pilot/pkg/bootstrap/istio_ca.go",
	}
)

var trustGroup = group{rules: []*diag.Rule{noCommonRoot, noCACerts}}

// checkTrust compares what the control planes sign with and what they trust.
func (m *mesh) checkTrust() {
	m.checkRoots()
	m.checkKeys()
	some := slices.ContainsFunc(m.clusters, func(c *cluster) bool { return len(c.cacerts) > 0 })
	for _, p := range m.primaries() {
		if !some || len(p.cacerts) > 0 || p.install().otherCA || p.unread || m.hasOtherRole(p) {
			continue
		}
		if _, adds := p.install().given.AddsRoots(); adds && !p.install().ambient() && p.install().given.On(multiRoot) {
			continue // its own root may be among those that the others add
		}
		d := m.found.Add(p.install().pos, noCACerts, "cluster %q has no Secret cacerts, and other clusters have", p.name)
		if hashed := p.hashedCACerts; hashed.given() {
			d.Fix = "set generatorOptions: {disableNameSuffixHash: true}: kustomize adds a hash to the name, and istiod reads no Secret of another name"
			d.Relate(hashed.pos, "the generated one")
		}
	}
}

// checkRoots compares each cluster with the first of those that have the usual root.
func (m *mesh) checkRoots() {
	var all []*trusting
	count := map[trust.Digest]int{}
	for _, c := range m.clusters {
		if s := c.signing(); s != nil && len(s.Roots) > 0 {
			t := &trusting{cluster: c, signer: s}
			all = append(all, t)
			count[t.usual()]++
		}
	}
	if len(all) == 0 {
		return
	}
	reference := slices.MaxFunc(all, func(a, b *trusting) int { return count[a.usual()] - count[b.usual()] })
	if i := slices.IndexFunc(all, func(t *trusting) bool { return m.topology != nil && !m.othersRoots(t.cluster) }); i >= 0 {
		reference = all[i]
	}
	for _, t := range all {
		if !t.trusts(reference) || !reference.trusts(t) {
			m.reportRoots(t, reference)
		}
	}
}

// reportRoots reports that one of two clusters does not trust the other, where it may be mended.
func (m *mesh) reportRoots(t, reference *trusting) {
	_, one := t.adds()
	_, other := reference.adds()
	share := slices.ContainsFunc(t.Roots, func(d trust.Digest) bool { return slices.Contains(reference.Roots, d) })
	switch {
	case !share && !one && !other:
		m.found.Add(t.RootsPos, noCommonRoot, "clusters %q and %q have no root in common", t.name, reference.name).
			Relate(reference.RootsPos, "the roots of "+reference.name)
	case !t.trusts(reference):
		m.distrusts(t, reference)
	default:
		m.distrusts(reference, t)
	}
}

// distrusts reports that a cluster lacks the root of another.
func (m *mesh) distrusts(c, other *trusting) {
	pos, fix := c.RootsPos, "add its root to root-cert.pem as well"
	if at, adds := c.adds(); adds {
		switch i := c.install(); {
		case i.ambient():
			fix = "add its root to root-cert.pem: ztunnel knows nothing of meshConfig.caCertificates (https://github.com/istio/istio/issues/61719)"
		case !i.given.On(multiRoot):
			pos, fix = at, "set values.pilot.env."+multiRoot+`: "true": without, istiod passes over meshConfig.caCertificates`
		default:
			pos, fix = at, "add its root to meshConfig.caCertificates, or to root-cert.pem"
		}
	}
	d := m.found.Add(pos, noCommonRoot, "cluster %q does not trust the root of cluster %q", c.name, other.name)
	d.Fix = fix
	d.Relate(other.RootsPos, "the roots of "+other.name)
}

// checkKeys reports control planes that sign with one key.
func (m *mesh) checkKeys() {
	owners := map[trust.Digest]*cluster{}
	for _, c := range m.clusters {
		s := c.signing()
		if s == nil || s.Key == (trust.Digest{}) {
			continue
		}
		if first := owners[s.Key]; first != nil {
			if m.othersKey(first) && !m.othersKey(c) {
				first, c = c, first
				owners[s.Key] = first
			}
			d := m.found.Add(c.signing().pos, material.SharedIntermediateKey, "clusters %q and %q sign with one intermediate key", first.name, c.name)
			d.Fix = "issue an intermediate of its own for each control plane"
			d.Relate(first.signing().pos, "the cacerts of "+first.name)
			continue
		}
		owners[s.Key] = c
	}
}
