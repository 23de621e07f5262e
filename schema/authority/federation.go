package authority

import (
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var federatedDomain = &diag.Rule{
	Code: "federated-trust-domain", Severity: diag.Error, Fixed: true,
	Title:  "another mesh with a trust domain that counts as this one's, or that is named twice",
	Why:    "identities of the two could not be told apart: whoever signs for the other mesh would sign for the workloads of this one, and every policy that names them would let them in",
	Fix:    "give the other mesh a trust domain of its own; or, if the two are one mesh, write its root in trust.roots",
	Source: "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-CertificateData",
	Bad:    `trust: {federatesWith: [{trustDomain: cluster.local, roots: [certs/root-cert.pem]}]}`,
	Good:   `trust: {federatesWith: [{trustDomain: partner.example.com, roots: [certs/root-cert.pem]}]}`,
}

var federatedRoots = &diag.Rule{
	Code: "federation-without-roots", Severity: diag.Error, Fixed: true,
	Title:  "another mesh whose roots are not named",
	Why:    "nothing would vouch for its workloads, and every call from there would be refused",
	Fix:    "name the PEM file of its root certificate in roots; if both meshes have one root, write the other trust domain in mesh.trustDomainAliases instead",
	Source: "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-CertificateData",
	Bad:    `trust: {federatesWith: [{trustDomain: partner.example.com, roots: []}]}`,
	Good:   `trust: {federatesWith: [{trustDomain: partner.example.com, roots: [certs/root-cert.pem]}]}`,
}

var ambientFederation = &diag.Rule{
	Code: "ambient-federation", Severity: diag.Error, Fixed: true,
	Title:  "other meshes whose workloads are accepted, in a mesh with ztunnel",
	Why:    "ztunnel knows no roots but those of its own istiod, and no trust domain but that of the mesh: calls from and to the other mesh end in CERTIFICATE_VERIFY_FAILED",
	Fix:    "use sidecars where the other mesh is called and calls; or give both meshes one root and one trust domain",
	Source: "https://github.com/istio/istio/issues/61719; https://github.com/istio/istio/issues/58427",
	Bad: `trust: {federatesWith: [{trustDomain: partner.example.com, roots: [certs/root-cert.pem]}]}
istio: {values: {pilot: {env: {PILOT_ENABLE_AMBIENT: "true"}}}}`,
	Good: `trust: {federatesWith: [{trustDomain: partner.example.com, roots: [certs/root-cert.pem]}]}`,
}

// checkFederations reports meshes that this one cannot accept.
func (t mesh) checkFederations(found *diag.List) {
	path := []string{"spec", "trust", "federatesWith"}
	if !t.Federates() || t.Unsure(path...) {
		return
	}
	if ambient := t.AmbientClusters(); len(ambient) > 0 {
		found.Add(t.Pos(path...), ambientFederation, "trust.federatesWith does not work with ztunnel, which %s has", diag.NameClusters(schema.Names(ambient)))
	}
	var seen []string
	for i, f := range t.Trust.FederatesWith {
		entry := append(slices.Clone(path), strconv.Itoa(i))
		if roots := append(slices.Clone(entry), "roots"); len(f.Roots) == 0 && !t.Unsure(roots...) && t.Given(roots...) {
			found.Add(t.Pos(roots...), federatedRoots, "roots is empty")
		}
		at := append(entry, "trustDomain")
		if f.TrustDomain == "" || t.Unsure(at...) {
			continue
		}
		switch {
		case f.TrustDomain == t.Mesh.TrustDomain:
			found.Add(t.Pos(at...), federatedDomain, "%q is the trust domain of this mesh", f.TrustDomain)
		case slices.Contains(t.Mesh.TrustDomainAliases, f.TrustDomain):
			found.Add(t.Pos(at...), federatedDomain, "%q is among mesh.trustDomainAliases", f.TrustDomain)
		case slices.Contains(seen, f.TrustDomain):
			d := found.Add(t.Pos(at...), federatedDomain, "%q is named twice", f.TrustDomain)
			d.Fix = "write all roots of a mesh in one entry"
		}
		seen = append(seen, f.TrustDomain)
	}
}
