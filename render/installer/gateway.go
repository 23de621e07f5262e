package installer

import "meshtopo.dev/meshtopo/schema"

// gateways are the ways of making a gateway.
var gateways = []struct {
	kind schema.GatewayKind
	of   func(Target) part
}{
	{schema.OperatorGateway, func(t Target) part { return operatorGateway{t} }},
	{schema.ChartGateway, func(t Target) part { return chartGateway{t} }},
	{schema.DeploymentGateway, func(t Target) part { return deploymentGateway{t} }},
	{schema.GatewayAPI, func(t Target) part { return apiGateway{t} }},
}

// gateway is that of the cluster.
func gateway(t Target) part {
	for _, g := range gateways {
		if g.kind == t.EastWestGateway.Kind {
			return g.of(t)
		}
	}
	return operatorGateway{t}
}
