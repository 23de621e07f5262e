package installing

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var gatewayKind = &diag.Rule{
	Code: "gateway-kind", Severity: diag.Error, Fixed: true,
	Title:  "a kind of gateway that a cluster cannot have",
	Why:    "an IstioOperator is for istioctl and values of the chart are for Helm. Of a Gateway only an istiod of the same cluster makes a Deployment and a Service, and a remote has none: no gateway would be there",
	Fix:    "write kind: deployment, which every cluster can have",
	Source: "https://istio.io/latest/docs/tasks/traffic-management/ingress/gateway-api/",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {kind: chart}}} # without installer: helm`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {kind: deployment}}}`,
}

var gatewayResources = &diag.Rule{
	Code: "gateway-resources", Severity: diag.Error, Fixed: true,
	Title:  "resources of a Gateway that its istiod does not set",
	Why:    "istiod takes them from the ConfigMap that infrastructure.parametersRef names, which it does from 1.26 on: before, the gateway would have the resources of a sidecar",
	Fix:    "write kind: deployment, or leave resources out",
	Source: "https://github.com/istio/istio/blob/release-1.26/pilot/pkg/config/kube/gateway/deploymentcontroller.go",
	Bad:    "istio: {version: \"1.25.5\"}\nclusters: {cluster-a: {eastWestGateway: {kind: gateway-api, resources: {limits: {memory: 1Gi}}}}}",
	Good:   "istio: {version: \"1.25.5\"}\nclusters: {cluster-a: {eastWestGateway: {kind: deployment, resources: {limits: {memory: 1Gi}}}}}",
}

// checkGateways reports kinds that do not go with the installer, the role or the version of their cluster.
func checkGateways(t schema.Written, found *diag.List) {
	for _, c := range t.Clusters {
		path := schema.ClusterPath(c, "eastWestGateway", "kind")
		kind, installer := c.EastWestGateway.Kind, c.Istio.Installer
		switch {
		case t.Broken(path...) || !t.Given(path...) || installer == "" || t.Broken(t.IstioPath(c, "installer")...):
		case kind == schema.OperatorGateway && installer != schema.Istioctl:
			found.Add(t.Pos(path...), gatewayKind, "the gateway of cluster %q is an IstioOperator, and %s installs its Istio", c.Name, installer)
		case kind == schema.ChartGateway && installer != schema.Helm:
			found.Add(t.Pos(path...), gatewayKind, "the gateway of cluster %q is from a chart, and %s installs its Istio", c.Name, installer)
		case kind == schema.GatewayAPI && c.ServedByPrimary():
			found.Add(t.Pos(path...), gatewayKind, "cluster %q is a remote, and the istiod of %q reads no Gateways there", c.Name, c.Primary)
		}
		own := schema.ClusterPath(c, "eastWestGateway", "resources")
		sets := len(c.EastWestGateway.Limits)+len(c.EastWestGateway.Requests) > 0
		if kind == schema.GatewayAPI && sets && c.Istio.Version != "" && c.Istio.Version.Minor() < 26 && !t.Broken(own...) {
			found.Add(t.Pos(own...), gatewayResources, "Istio %s has no resources for the gateway of cluster %q", c.Istio.Version, c.Name)
		}
	}
}
