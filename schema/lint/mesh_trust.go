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
		Title:  "clusters whose cacerts have no root in common",
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
		d := m.found.Add(p.install().pos, noCACerts, "cluster %q has no Secret cacerts, and other clusters have", p.name)
		if hashed := p.hashedCACerts; hashed.given() {
			d.Fix = "set generatorOptions: {disableNameSuffixHash: true}: kustomize adds a hash to the name, and istiod reads no Secret of another name"
			d.Relate(hashed.pos, "the generated one")
		}
	}
}

// checkRoots compares each cluster with the first whose roots are known.
func (m *mesh) checkRoots() {
	var reference *cacerts
	var owner *cluster
	for _, c := range m.clusters {
		s := c.signing()
		switch {
		case s == nil || len(s.roots) == 0:
		case reference == nil:
			reference, owner = s, c
		case !slices.ContainsFunc(s.roots, func(d trust.Digest) bool { return slices.Contains(reference.roots, d) }):
			d := m.found.Add(s.rootsPos, noCommonRoot, "clusters %q and %q have no root in common", c.name, owner.name)
			d.Relate(reference.rootsPos, "the roots of "+owner.name)
		}
	}
}

// checkKeys reports control planes that sign with one key.
func (m *mesh) checkKeys() {
	owners := map[trust.Digest]*cluster{}
	for _, c := range m.clusters {
		s := c.signing()
		if s == nil || s.key == (trust.Digest{}) {
			continue
		}
		if first := owners[s.key]; first != nil {
			d := m.found.Add(s.pos, material.SharedIntermediateKey, "clusters %q and %q sign with one intermediate key", first.name, c.name)
			d.Fix = "issue an intermediate of its own for each control plane"
			d.Relate(first.signing().pos, "the cacerts of "+first.name)
			continue
		}
		owners[s.key] = c
	}
}
