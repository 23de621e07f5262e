package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// gatewayName is the name of the east-west gateway's Service, Deployment and what belongs to them, whatever they are
// made from.
const gatewayName = "istio-eastwestgateway"

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

// goneGateways deletes what earlier trees made in other ways, and in this one where there is no gateway any more. A
// gateway of an IstioOperator is the usual one for istioctl: its cluster has had no other.
func (i Installer) goneGateways() []string {
	var commands []string
	for _, g := range gateways {
		used, usual := g.kind == i.EastWestGateway.Kind, i.EastWestGateway.Kind == schema.OperatorGateway
		if used && i.Has(layout.Gateway) || usual && !used {
			continue
		}
		commands = append(commands, g.of(i.Target).gone()...)
	}
	return commands
}
