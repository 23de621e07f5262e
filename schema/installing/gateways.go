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
	}
}
