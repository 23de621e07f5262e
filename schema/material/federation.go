package material

import (
	"fmt"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

var unboundRoot = &diag.Rule{
	Code: "unbound-federated-root", Severity: diag.Warning,
	Title:  "a root of another mesh that can sign for the workloads of this one",
	Why:    "Istio binds no root to a trust domain: with the key of this root anybody makes certificates for any workload of this mesh, and every cluster accepts them",
	Fix:    "ask for a root with name constraints: permitted URI the trust domain of the other mesh, or excluded URI that of this one; or lower this rule with the reason why that mesh is trusted so far",
	Source: "pilot/pkg/trustbundle/trustbundle.go; RFC 5280, section 4.2.1.10",
	Bad:    `trust: {federatesWith: [{trustDomain: partner.example.com, roots: [certs/root-cert.pem]}]}`,
	Good:   `trust: {federatesWith: null}`,
}

// federations checks the roots of other meshes.
func (c *Checker) federations() {
	if c.t.Trust == nil {
		return
	}
	for i, f := range c.t.Trust.FederatesWith {
		var all []trust.Certificates
		for n, file := range f.Roots {
			path := []string{"spec", "trust", "federatesWith", fmt.Sprint(i), "roots", fmt.Sprint(n)}
			what := item{what: fmt.Sprintf("the root of %q", f.TrustDomain), place: schema.Private{File: file}, pos: c.t.Pos(path...)}
			roots := c.certificates(what, true)
			c.report(what, trust.CheckRoots(roots, c.clock())...)
			c.report(what, trust.CheckRepeated(trust.Join(all...), roots)...)
			if domain := c.t.Mesh.TrustDomain; domain != "" && roots.Permit(domain) {
				c.found.Add(what.pos, unboundRoot, "%s may sign for the trust domain %q of this mesh", what, domain)
			}
			all = append(all, roots)
		}
		c.t.Public.Federated = append(c.t.Public.Federated, schema.Federated{TrustDomain: f.TrustDomain, Roots: trust.Join(all...)})
	}
}
