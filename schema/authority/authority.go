// Package authority says what is wrong with where a topology has the CA come from that signs for workloads.
package authority

import (
	"fmt"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// Rules are those of this package.
func Rules() []*diag.Rule {
	return []*diag.Rule{otherProvider, secondRootIssued, issuerKind, issuedLifetime, issuedKeySize, federatedDomain, federatedRoots, ambientFederation}
}

var otherProvider = &diag.Rule{
	Code: "other-trust-provider", Severity: diag.Error, Fixed: true,
	Title: "a setting of another trust provider than the one in force",
	Why:   "nothing would come of it: who reads the topology would believe that a CA signs which does not",
	Fix:   "delete it, or set trust.provider to the one that it is for",
	Bad:   `trust: {certManager: {issuer: {name: mesh-root}}}`,
	Good:  `trust: {provider: cert-manager, intermediates: null, certManager: {issuer: {name: mesh-root}}}`,
}

var secondRootIssued = &diag.Rule{
	Code: "issued-with-one-root", Severity: diag.Error, Fixed: true,
	Title: "several roots, with Secrets cacerts that cert-manager makes",
	Why:   "cert-manager writes one root to ca.crt, that of the issuer, and istiod gives workloads the roots that stand there: workloads under the other root are refused",
	Fix: "keep one root; while the root rotates, set provider: files or existing and bring cacerts with both roots yourself, " +
		"or hand the other root over in istio.meshConfig.caCertificates",
	Source: "pilot/pkg/bootstrap/istio_ca.go (detectSigningCABundleAndCRL)",
	Bad:    `trust: {provider: cert-manager, intermediates: null, roots: [certs/root-cert.pem, certs/new-root.pem], certManager: {issuer: {name: mesh-root}}}`,
	Good:   `trust: {provider: cert-manager, intermediates: null, roots: [certs/root-cert.pem], certManager: {issuer: {name: mesh-root}}}`,
}

var issuerKind = &diag.Rule{
	Code: "issuer-kind", Severity: diag.Error, Fixed: true,
	Title:  "an issuer of a kind that cert-manager itself does not have",
	Why:    "nothing would sign what names it: the Certificate never becomes ready, and there is no CA",
	Fix:    "write kind: ClusterIssuer or kind: Issuer; or the group of the issuer that somebody else made",
	Source: "https://cert-manager.io/docs/configuration/issuers/",
	Bad:    `trust: {provider: cert-manager, intermediates: null, certManager: {issuer: {name: mesh-root, kind: MeshIssuer}}}`,
	Good:   `trust: {provider: cert-manager, intermediates: null, certManager: {issuer: {name: mesh-root, kind: MeshIssuer, group: ca.example.com}}}`,
}

var issuedLifetime = &diag.Rule{
	Code: "issued-ca-lifetime", Severity: diag.Error, Fixed: true,
	Title:  "an intermediate CA that cert-manager would not issue, or that ends before what it signed",
	Why:    "certificates of workloads last a day and never longer than the CA that signed them: with less than two days before its end they end at once, and cert-manager refuses one that is to be renewed before it is issued",
	Fix:    "set renewBefore to 48h or more, and duration to more than renewBefore",
	Source: "https://cert-manager.io/docs/usage/certificate/#renewal",
	Bad:    `trust: {provider: cert-manager, intermediates: null, certManager: {issuer: {name: mesh-root}, duration: 2160h}}`,
	Good:   `trust: {provider: cert-manager, intermediates: null, certManager: {issuer: {name: mesh-root}, duration: 2160h, renewBefore: 720h}}`,
}

var issuedKeySize = &diag.Rule{
	Code: "issued-key-size", Severity: diag.Error, Fixed: true,
	Title:  "a size that keys of this algorithm do not have",
	Why:    "cert-manager refuses the Certificate, and there is no CA",
	Fix:    "delete size, or write one that the algorithm has",
	Source: "https://cert-manager.io/docs/reference/api-docs/#cert-manager.io/v1.CertificatePrivateKey",
	Bad:    `trust: {provider: cert-manager, intermediates: null, certManager: {issuer: {name: mesh-root}, privateKey: {size: 4096}}}`,
	Good:   `trust: {provider: cert-manager, intermediates: null, certManager: {issuer: {name: mesh-root}, privateKey: {algorithm: RSA, size: 4096}}}`,
}

// mesh is what the rules look at. It may be partial: what was reported already is zero here.
type mesh struct{ schema.Written }

// Check applies the rules to a topology. They say nothing of certificates themselves.
func Check(t schema.Written, found *diag.List) {
	if t.Trust == nil || t.Unsure("spec", "trust") || t.Unsure("spec", "trust", "provider") {
		return
	}
	m := mesh{t}
	m.checkMissing(found)
	m.checkOthers(found)
	m.checkFederations(found)
	switch t.Trust.Provider {
	case schema.CertManager:
		m.checkSecondRoot(found)
		m.checkIssuer("certManager", t.Trust.CertManager.Issuer, found)
		m.checkLifetime(found)
		m.checkKeySize(found)
	case schema.IstioCSR:
		m.checkIssuer("istioCSR", t.Trust.IstioCSR.Issuer, found)
	}
}

// settings are those below trust that only one provider uses, with what to write where it is needed.
var settings = []struct {
	provider schema.Provider
	field    string
	needed   string
}{
	{schema.Files, "roots", "roots: a list of files, such as [certs/root-cert.pem]"},
	{schema.Files, "intermediates", ""},
	{schema.CertManager, "certManager", "certManager: {issuer: {name: NAME}}"},
	{schema.IstioCSR, "istioCSR", "istioCSR: {issuer: {name: NAME}}"},
}

// checkMissing reports what the provider needs and nobody wrote.
func (t mesh) checkMissing(found *diag.List) {
	for _, s := range settings {
		path := []string{"spec", "trust", s.field}
		if s.provider != t.Trust.Provider || s.needed == "" || s.provider == schema.Files && !t.TrustsFiles() || t.Given(path...) || t.Unsure(path...) {
			continue
		}
		d := found.Add(t.Pos(path...), grammar.MissingField, "%s is missing", schema.Grammar().DisplayPath(path))
		d.Fix = "add " + s.needed
	}
}

// checkOthers reports what only other providers use. Every provider can be told the roots.
func (t mesh) checkOthers(found *diag.List) {
	report := func(provider schema.Provider, path ...string) {
		if provider != t.Trust.Provider && t.Given(path...) && !t.Unsure(path...) {
			d := found.Add(t.Pos(path...), otherProvider, "%s is for provider: %s, and the provider is %s", schema.Grammar().DisplayPath(path), provider, t.Trust.Provider)
			if !t.Given("spec", "trust", "provider") {
				d.Fix = fmt.Sprintf("add provider: %s under trust, or delete it", provider)
			}
		}
	}
	for _, s := range settings {
		if s.field != "roots" {
			report(s.provider, "spec", "trust", s.field)
		}
	}
	for _, c := range t.Clusters {
		report(schema.Files, schema.ClusterPath(c, "intermediate")...)
	}
}

func (t mesh) checkSecondRoot(found *diag.List) {
	if len(t.Trust.Roots) > 1 && !t.Unsure("spec", "trust", "roots") {
		d := found.Add(t.Pos("spec", "trust", "roots", "1"), secondRootIssued, "trust has %d roots, and cert-manager gives each istiod that of its issuer only", len(t.Trust.Roots))
		d.Relate(t.Pos("spec", "trust", "provider"), "the provider")
	}
}

// checkIssuer looks at an issuer of cert-manager itself. What other issuers are called nobody here knows.
func (t mesh) checkIssuer(block string, issuer schema.Issuer, found *diag.List) {
	path := []string{"spec", "trust", block, "issuer"}
	if t.Unsure(path...) || t.HoldsBroken(path...) || issuer.Group != "cert-manager.io" || issuer.Kind == "ClusterIssuer" || issuer.Kind == "Issuer" {
		return
	}
	d := found.Add(t.Pos(append(path, "kind")...), issuerKind, "cert-manager has no kind %s of issuers", issuer.Kind)
	if near := diag.Nearest(issuer.Kind, []string{"ClusterIssuer", "Issuer"}); near != "" {
		d.Fix = "write kind: " + near
	}
}

// checkLifetime compares how long an intermediate CA lasts with what it signs.
func (t mesh) checkLifetime(found *diag.List) {
	path := []string{"spec", "trust", "certManager"}
	if t.Unsure(path...) || t.HoldsBroken(path...) || !t.Given(path...) {
		return
	}
	ca := t.Trust.CertManager
	lasts, renewed := ca.Lasts()
	field := "duration"
	if t.Given(append(path, "renewBefore")...) {
		field = "renewBefore"
	}
	at := t.Pos(append(path, field)...)
	switch {
	case renewed < schema.LeastBeforeRenewal:
		found.Add(at, issuedLifetime, "an intermediate CA would be renewed %s before its end, and certificates of workloads last up to a day", ca.RenewBefore)
	case renewed >= lasts:
		found.Add(at, issuedLifetime, "an intermediate CA lasts %s and would be renewed %s before its end", ca.Duration, ca.RenewBefore)
	}
}

// checkKeySize knows the sizes that cert-manager takes and istiod signs with.
func (t mesh) checkKeySize(found *diag.List) {
	path := []string{"spec", "trust", "certManager", "privateKey"}
	if t.Unsure(path...) || t.HoldsBroken(path...) || !t.Given(path...) {
		return
	}
	ca, sizes := t.Trust.CertManager, "256 or 384"
	right := ca.KeySize == 256 || ca.KeySize == 384
	if ca.KeyAlgorithm == "RSA" {
		right, sizes = ca.KeySize >= 2048, "2048 to 8192"
	}
	if !right {
		d := found.Add(t.Pos(append(path, "size")...), issuedKeySize, "%s keys have no size of %d bits", ca.KeyAlgorithm, ca.KeySize)
		d.Fix = fmt.Sprintf("delete size, or write one that %s keys have: %s", ca.KeyAlgorithm, sizes)
	}
}
