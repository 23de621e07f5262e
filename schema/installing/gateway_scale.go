package installing

import (
	"meshtopo.dev/meshtopo/schema/diag"
)

var gatewayScale = &diag.Rule{
	Code: "gateway-scale", Severity: diag.Error, Fixed: true,
	Title:  "numbers of gateways that contradict each other",
	Why:    "an autoscaler and a fixed number would change each other's pods, Kubernetes refuses a minimum above the maximum, and with one gateway a PodDisruptionBudget keeps its node from ever being drained: Istio's charts leave it out without a word",
	Fix:    "give replicas or autoscaling, and two gateways or more where there is a podDisruptionBudget",
	Source: "manifests/charts/gateway/templates/poddisruptionbudget.yaml",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {podDisruptionBudget: {minAvailable: 1}}}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {replicas: 2, podDisruptionBudget: {minAvailable: 1}}}}`,
}

func (g gatewayFields) checkScale() {
	gateway := g.EastWestGateway
	if g.given("replicas") && g.given("autoscaling") {
		g.report(gatewayScale, "replicas", "the gateway of cluster %q has replicas and autoscaling", g.Name).Fix = "delete one of them"
		return
	}
	if a := gateway.Autoscaling; a != nil && a.Max > 0 && a.Min > a.Max {
		d := g.found.Add(g.Pos(g.path("autoscaling", "maxReplicas")...), gatewayScale, "the gateway of cluster %q has at least %d and at most %d", g.Name, a.Min, a.Max)
		d.Fix = "give a maxReplicas that is not less than minReplicas"
		return
	}
	const budget = "podDisruptionBudget"
	if !g.given(budget) || g.HoldsBroken(g.path()...) {
		return
	}
	fewest := gateway.FewestGateways()
	least, most := gateway.DisruptionBudget["minAvailable"], gateway.DisruptionBudget["maxUnavailable"]
	number, whole := least.(int64)
	switch {
	case fewest < 2:
		g.report(gatewayScale, budget, "the gateway of cluster %q may have only one pod", g.Name).Fix = "write replicas: 2, or autoscaling with a minReplicas of 2 or more"
	case whole && number >= fewest || least == "100%" || most == int64(0) || most == "0%":
		g.report(gatewayScale, budget, "the budget of cluster %q lets no pod go, of %d", g.Name, fewest).Fix = "let one pod go: maxUnavailable: 1"
	}
}
