package rules

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

var exposedRules = group{[]*diag.Rule{UncoveredClusterDomain}, mesh.checkExposedHosts}

var UncoveredClusterDomain = &diag.Rule{
	Code: "uncovered-cluster-domain", Severity: diag.Error, Symptom: true,
	Title:  "exposed hosts that match no Service",
	Why:    "a gateway passes on what matches one of its hosts, by the Service's internal name such as web.shop.svc.cluster.local, never by a public one; connections from other networks would be reset",
	Fix:    `add "*." and the cluster domain to mesh.exposedHosts`,
	Source: "pilot/pkg/networking/core/gateway.go (builtAutoPassthroughFilterChains)",
	Bad:    `mesh: {exposedHosts: ["*.example.com"]}`,
	Good:   `mesh: {exposedHosts: ["*.cluster.local"]}`,
}

// checkExposedHosts reports gateways that would pass nothing on. Hosts that expose a part of the mesh's Services
// are fine: somebody meant that.
func (t mesh) checkExposedHosts(found *diag.List) {
	members, _ := t.members()
	hosts, domain := t.Mesh.ExposedHosts, t.Mesh.ClusterDomain
	if len(members) < 2 || domain == "" || t.Unsure("spec", "mesh", "clusterDomain") || t.Unsure("spec", "mesh", "exposedHosts") || slices.Contains(hosts, "") {
		return
	}
	if slices.ContainsFunc(hosts, func(h string) bool { return Exposes(h, domain) }) {
		return
	}
	at := "exposedHosts"
	if !t.Given("spec", "mesh", at) {
		at = "clusterDomain"
	}
	d := found.Add(t.Pos("spec", "mesh", at), UncoveredClusterDomain, "no Service matches an exposed host: their names end in %q", ".svc."+domain)
	if len(hosts) > 0 {
		d.Message = fmt.Sprintf("no Service matches %s: their names end in %q", diag.Enumerate(diag.QuoteAll(hosts), "or"), ".svc."+domain)
	}
	d.Fix = fmt.Sprintf("write exposedHosts: [%q]", "*."+domain)
}

// Exposes reports whether a host pattern matches the name of some Service, NAME.NAMESPACE.svc.DOMAIN.
func Exposes(pattern, domain string) bool {
	suffix, wild := strings.CutPrefix(pattern, "*.")
	if pattern == "*" || wild && (suffix == domain || strings.HasSuffix(domain, "."+suffix)) {
		return true
	}
	rest, ok := strings.CutSuffix("."+suffix, ".svc."+domain)
	labels := strings.Count(rest, ".") // of the namespace and the name
	return ok && (wild && labels < 2 || !wild && labels == 2)
}
