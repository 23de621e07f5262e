package installing

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var gatewaySetting = &diag.Rule{
	Code: "gateway-setting", Severity: diag.Error, Fixed: true,
	Title:  "a setting of a gateway that its kind does not have in this version of Istio",
	Why:    "istiod reads what infrastructure.parametersRef names from 1.26 on, the chart gateway has networkGatewayPorts from 1.30 on and loadBalancerClass from 1.26 on: before, the setting would be ignored, or Helm would refuse it",
	Fix:    "write kind: deployment, or leave the setting out",
	Source: "pilot/pkg/config/kube/gateway/deploymentcontroller.go; manifests/charts/gateway",
	Bad:    "istio: {version: \"1.25.5\"}\nclusters: {cluster-a: {eastWestGateway: {kind: gateway-api, resources: {limits: {memory: 1Gi}}}}}",
	Good:   "istio: {version: \"1.25.5\"}\nclusters: {cluster-a: {eastWestGateway: {kind: deployment, resources: {limits: {memory: 1Gi}}}}}",
}

// gatewayFields says what is wrong with the fields of the gateway of one cluster.
type gatewayFields struct {
	schema.Written
	*schema.Cluster
	found *diag.List
}

// path gives the place of a field of the gateway in the topology.
func (g gatewayFields) path(field ...string) []string {
	return schema.ClusterPath(g.Cluster, append([]string{"eastWestGateway"}, field...)...)
}

// given reports whether the user wrote a field, and it is right by itself.
func (g gatewayFields) given(field ...string) bool {
	return g.Given(g.path(field...)...) && !g.Broken(g.path(field...)...)
}

func (g gatewayFields) report(rule *diag.Rule, field, format string, args ...any) *diag.Diagnostic {
	return g.found.Add(g.Pos(g.path(field)...), rule, format, args...)
}

func checkGatewayFields(t schema.Written, found *diag.List) {
	for _, c := range t.Clusters {
		g := gatewayFields{t, c, found}
		g.checkVersion()
		g.checkService()
		g.checkScale()
		g.checkPod()
		g.checkListeners()
	}
}

// checkVersion reports what the version of Istio does not have for the kind of the gateway.
func (g gatewayFields) checkVersion() {
	minor := g.Istio.Version.Minor()
	if g.Istio.Version == "" || g.Broken(g.IstioPath(g.Cluster, "version")...) {
		return
	}
	missing := func(until int, names ...string) {
		for _, name := range names {
			if minor < until && g.given(name) {
				g.report(gatewaySetting, name, "Istio %s has no %s for the gateway of cluster %q, which is of kind %s", g.Istio.Version, name, g.Name, g.EastWestGateway.Kind)
			}
		}
	}
	switch g.EastWestGateway.Kind {
	case schema.GatewayAPI:
		missing(26, slices.Concat([]string{"resources", "replicas", "autoscaling", "podDisruptionBudget"}, schema.ServiceFields, schema.PodFields)...)
	case schema.ChartGateway:
		missing(26, "loadBalancerClass")
		if g.EastWestGateway.Port != schema.GatewayPort {
			missing(30, "port")
		}
	}
}

// mostListeners is how many listeners a Gateway may have.
const mostListeners = 64

// checkListeners reports a Gateway with more listeners than the API server takes: one for each host, two for istiod.
func (g gatewayFields) checkListeners() {
	hosts := map[string]bool{}
	for _, host := range g.Mesh.ExposedHosts {
		hosts[strings.ToLower(host)] = true
	}
	if g.EastWestGateway.Kind != schema.GatewayAPI || len(hosts) <= mostListeners-2 || g.Broken("spec", "mesh", "exposedHosts") {
		return
	}
	d := g.found.Add(g.Pos("spec", "mesh", "exposedHosts"), gatewaySetting, "mesh.exposedHosts has %d hosts, and the gateway of cluster %q is a Gateway", len(hosts), g.Name)
	d.Why = "the API server takes at most 64 listeners in a Gateway: it refuses the object, and there is no gateway"
	d.Fix = "expose a domain that covers the hosts, such as \"*.local\", or write kind: deployment"
}
