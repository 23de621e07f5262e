package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
)

var (
	differentTrustDomains = &diag.Rule{
		Code: "different-trust-domains", Severity: diag.Error,
		Title:  "clusters with different trust domains, without aliases both ways",
		Why:    "proxies refuse each other's certificates: CERTIFICATE_VERIFY_FAILED, and only local endpoints answer",
		Fix:    "give all clusters one meshConfig.trustDomain",
		Source: "https://github.com/istio/istio/issues/39204",
	}
	differentMeshIDs = &diag.Rule{
		Code: "different-mesh-ids", Severity: diag.Error,
		Title:  "clusters with different mesh IDs",
		Why:    "they count as two meshes: telemetry splits, and federated trust is decided by the wrong name",
		Fix:    "give all clusters one values.global.meshID",
		Source: "manifests/charts/istio-control/istio-discovery/values.yaml",
	}
)

var meshRules = []*diag.Rule{differentTrustDomains, differentMeshIDs}

// mesh is what the manifests of all clusters say together.
type mesh struct {
	clusters []*cluster
	found    *diag.List
}

// check compares the clusters.
func (m *mesh) check() {
	m.checkTrustDomains()
	m.checkMeshIDs()
}

// checkTrustDomains compares what the control planes write into certificates.
func (m *mesh) checkTrustDomains() {
	m.same(differentTrustDomains, "the trust domain", func(i *install) value {
		if i.remote() {
			return value{}
		}
		if i.trustDomain.given() {
			return i.trustDomain
		}
		return value{"cluster.local", i.pos}
	})
}

func (m *mesh) checkMeshIDs() {
	m.same(differentMeshIDs, "the mesh ID", func(i *install) value { return i.meshID })
}

// same reports the clusters whose value differs from that of the first one.
func (m *mesh) same(rule *diag.Rule, what string, of func(*install) value) {
	var reference value
	var owner *cluster
	for _, c := range m.clusters {
		i := c.install()
		if i == nil {
			continue
		}
		v := of(i)
		switch {
		case !v.given():
		case owner == nil:
			reference, owner = v, c
		case v.text != reference.text:
			d := m.found.Add(v.pos, rule, "%s of cluster %q is %q, but that of %q is %q", what, c.name, v.text, owner.name, reference.text)
			relate(d, reference.pos, "that of "+owner.name)
		}
	}
}
