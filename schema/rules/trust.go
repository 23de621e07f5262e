package rules

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var trustRules = group{[]*diag.Rule{missingTrust, noRoots, missingIntermediate}, mesh.checkTrust}

var missingTrust = &diag.Rule{
	Code: "missing-trust", Severity: diag.Error, Symptom: true,
	Title:  "several control planes without a common root",
	Why:    "each istiod would sign with a root that it makes itself, and calls between their clusters fail with CERTIFICATE_VERIFY_FAILED",
	Fix:    "add trust with roots and intermediates, or with the provider that brings the CA: cert-manager, istio-csr, or existing",
	Source: "https://istio.io/latest/docs/setup/install/multicluster/before-you-begin/#configure-trust",
	Bad:    `trust: null`,
	Good: `trust: {roots: [certs/root-cert.pem], intermediates: "certs/{cluster}"}
secrets: {protection: plaintext}`,
}

var noRoots = &diag.Rule{
	Code: "no-roots", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a trust without a root",
	Why:    "cacerts without root-cert.pem is incomplete, and istiod refuses to start with it",
	Fix:    "name the PEM file of the root certificate in trust.roots",
	Source: "pilot/pkg/bootstrap/istio_ca.go (detectSigningCABundleAndCRL)",
	Bad:    `trust: {roots: []}`,
	Good:   `trust: {roots: [certs/root-cert.pem]}`,
}

var missingIntermediate = &diag.Rule{
	Code: "missing-intermediate", Severity: diag.Error, Symptom: true,
	Title:  "a primary without an intermediate CA",
	Why:    "its istiod would sign with a root that it makes itself, and the other clusters would not trust its workloads",
	Fix:    "say where the intermediates are in trust.intermediates, or in the cluster's intermediate",
	Source: "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
	Bad:    `trust: {intermediates: null}`,
	Good:   `trust: {intermediates: "certs/{cluster}"}`,
}

// checkTrust reports control planes that would not trust each other's workloads.
func (t mesh) checkTrust(found *diag.List) {
	if t.Unsure("spec", "trust") {
		return
	}
	if t.Trust == nil {
		t.checkNoTrust(found)
		return
	}
	if !t.TrustsFiles() || t.saysNothing() {
		return
	}
	if len(t.Trust.Roots) == 0 && t.Given("spec", "trust", "roots") && !t.Unsure("spec", "trust", "roots") {
		d := found.Add(t.Pos("spec", "trust", "roots"), noRoots, "trust has no root certificate")
		if slices.ContainsFunc(t.primaries(), func(p *schema.Cluster) bool { return t.versionKnown(p) && p.Oldest().Before(26, 3) }) {
			d.Why = "cacerts without root-cert.pem is incomplete: before Istio 1.26.3, istiod signs with a root that it makes itself, and no other cluster trusts it; later ones refuse to start"
		}
	}
	for _, p := range t.primaries() {
		path := schema.ClusterPath(p, "intermediate")
		if p.Intermediate == nil && !t.Given(path...) && !t.Unsure("spec", "trust", "intermediates") && !t.foreignCA(p) {
			d := found.Add(t.Pos(path...), missingIntermediate, "cluster %q is a primary, and nothing says where its intermediate CA is", p.Name)
			d.Fix = fmt.Sprintf("add intermediates: certs/{cluster} under trust, or intermediate under cluster %q", p.Name)
		}
	}
}

// saysNothing reports whether a trust has neither roots nor intermediates: that is one mistake, and is reported.
func (t mesh) saysNothing() bool {
	return !t.Given("spec", "trust", "roots") && !t.Given("spec", "trust", "intermediates")
}

func (t mesh) checkNoTrust(found *diag.List) {
	own := slices.DeleteFunc(t.primaries(), t.foreignCA)
	if len(t.primaries()) < 2 || len(own) == 0 || t.Given("spec", "trust") {
		return
	}
	d := found.Add(t.Pos("spec", "trust"), missingTrust, "the mesh has %d control planes, but no trust gives them a common root", len(t.primaries()))
	d.Fix = "add trust: {roots: [certs/root-cert.pem], intermediates: certs/{cluster}} under spec; " +
		"where something else brings the CA, trust: {provider: PROVIDER} with cert-manager, istio-csr or existing"
	for _, p := range own {
		d.Relate(t.Pos(schema.ClusterPath(p)...), fmt.Sprintf("cluster %q would make its own root", p.Name))
	}
}

// foreignCA reports whether the user has a cluster's certificates signed elsewhere, as with istio-csr: its
// istiod then needs no CA of its own.
func (t mesh) foreignCA(c *schema.Cluster) bool {
	return t.Given(t.IstioPath(c, "values", "global", "caAddress")...)
}
