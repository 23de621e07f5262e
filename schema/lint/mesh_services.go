package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

var servicePortsDiffer = &diag.Rule{
	Code: "service-ports-differ", Severity: diag.Warning, Symptom: true,
	Title:  "a Service that has other ports, or another kind, in another cluster",
	Why:    "istiod joins Services of one name and namespace to one: it is not defined which cluster's ports it has (IST0170)",
	Fix:    "give the Service the same ports in every cluster",
	Source: "pkg/config/analysis/analyzers/multicluster/service.go",
}

var serviceGroup = group{rules: []*diag.Rule{servicePortsDiffer}}

// checkServices compares Services of one name and namespace.
func (m *mesh) checkServices() {
	type place struct {
		service *service
		owner   *cluster
	}
	seen := map[string]place{}
	for _, c := range m.clusters {
		for _, s := range c.services {
			if c.hasOwn(s) {
				continue
			}
			key := s.namespace + "/" + s.name
			first, ok := seen[key]
			if !ok {
				seen[key] = place{s, c}
				continue
			}
			if difference := first.service.differs(s); difference != "" {
				d := m.found.Add(s.pos, servicePortsDiffer, "Service %s of cluster %q %s than in cluster %q", s.name, c.name, difference, first.owner.name)
				d.Relate(first.service.pos, "the Service in "+first.owner.name)
			}
		}
	}
}

// hasOwn reports whether a Service is independent of those with the same name in other clusters: gateways of networks;
// istiod, which has other ports on a remote than on its primary; and the Services that Kubernetes never shares.
func (c *cluster) hasOwn(s *service) bool {
	istiod := s.name == "istiod" || strings.HasPrefix(s.name, "istiod-")
	return s.labels[networkLabel].given() || s.name == "kubernetes" || s.namespace == "kube-system" || istiod && c.hasControlPlaneIn(s.namespace)
}
