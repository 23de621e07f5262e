package installing

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
)

var gatewayPod = &diag.Rule{
	Code: "gateway-pod", Severity: diag.Error, Fixed: true,
	Title:  "what Kubernetes does not take in a gateway's pods or their PodDisruptionBudget",
	Why:    "the API server refuses the Deployment, and with kind gateway-api istiod only logs that: there is no gateway",
	Fix:    "write it as Kubernetes has it",
	Source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {tolerations: [{key: edge, operater: Exists}]}}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {tolerations: [{key: edge, operator: Exists}]}}}`,
}

// checkPod reports what Kubernetes does not take.
func (g gatewayFields) checkPod() {
	for name, of := range istio.GatewayFields() {
		n := g.Root().At(g.path(name)...)
		if n == nil || !g.given(name) {
			continue
		}
		problems := istio.Check(n, of)
		for _, p := range problems {
			g.found.Add(p.Pos, gatewayPod, "%s", p.Message(name)).Fix = p.Fix()
		}
		if len(problems) == 0 {
			g.checkContent(name, n)
		}
	}
}

// checkContent reports what is of the right types, and not what Kubernetes wants.
func (g gatewayFields) checkContent(name string, n *document.Node) {
	switch name {
	case "podDisruptionBudget":
		g.checkBudget(n)
	case "topologySpreadConstraints":
		seen := map[string]bool{}
		for i, item := range n.Items {
			at, twice := fmt.Sprintf("%s[%d]", name, i), item.StringAt("topologyKey")+" "+item.StringAt("whenUnsatisfiable")
			if g.checkSpread(at, item); seen[twice] {
				g.found.Add(placeOf(item), gatewayPod, "%s has the topologyKey and whenUnsatisfiable of another one", at).Fix = "delete one of them"
			}
			seen[twice] = true
		}
	case "tolerations":
		for i, item := range n.Items {
			at := fmt.Sprintf("%s[%d]", name, i)
			g.oneOf(at, item, "operator", "Exists", "Equal", "Lt", "Gt") // the last two from Kubernetes 1.35 on
			g.oneOf(at, item, "effect", "NoSchedule", "PreferNoSchedule", "NoExecute")
			if value := given(item, "value"); value != nil && value.Value.Text != "" && item.StringAt("operator") == "Exists" {
				g.found.Add(value.KeyPos, gatewayPod, "%s has a value beside operator: Exists", at).Fix = "delete it, or write operator: Equal"
			}
			if given(item, "key") == nil && item.StringAt("operator") != "Exists" {
				g.found.Add(placeOf(item), gatewayPod, "%s has no key", at).Fix = "add it, or write operator: Exists for all taints"
			}
		}
	}
}

func (g gatewayFields) checkBudget(n *document.Node) {
	least, most, selector := given(n, "minAvailable"), given(n, "maxUnavailable"), given(n, "selector")
	for _, e := range []*document.Entry{least, most} {
		negative := e != nil && strings.HasPrefix(e.Value.Text, "-")
		if negative || e != nil && e.Value.Kind == document.String && !percentage().MatchString(e.Value.Text) {
			g.found.Add(e.Value.Pos, gatewayPod, "%s must be a whole number or a percentage", e.Key).Fix = "write it like 1 or 50%"
		}
	}
	g.oneOf("podDisruptionBudget", n, "unhealthyPodEvictionPolicy", "IfHealthyBudget", "AlwaysAllow")
	switch {
	case selector != nil:
		g.found.Add(selector.KeyPos, gatewayPod, "the selector of the PodDisruptionBudget is that of the gateway").Fix = "delete it"
	case least == nil && most == nil:
		g.report(gatewayPod, "podDisruptionBudget", "podDisruptionBudget has neither minAvailable nor maxUnavailable").Fix = "give one of them"
	case least != nil && most != nil:
		g.found.Add(most.KeyPos, gatewayPod, "podDisruptionBudget has minAvailable and maxUnavailable").Fix = "delete one of them"
	}
}

var percentage = diag.OnceRegexp(`^(100|[0-9]{1,2})%$`)

// given gives a field of a value that is not empty, or nil.
func given(n *document.Node, name string) *document.Entry {
	if e := n.Entry(name); e != nil && e.Value.Kind != document.Null {
		return e
	}
	return nil
}

// placeOf gives the place of an item of a list: that of its first field, which can be marked.
func placeOf(item *document.Node) diag.Pos {
	if len(item.Fields) > 0 {
		return item.Fields[0].KeyPos
	}
	return item.Pos
}

func (g gatewayFields) checkSpread(at string, n *document.Node) {
	for _, name := range []string{"maxSkew", "topologyKey", "whenUnsatisfiable"} {
		if given(n, name) == nil {
			g.found.Add(placeOf(n), gatewayPod, "%s has no %s", at, name).Fix = "add it: Kubernetes has no default"
		}
	}
	if skew := n.At("maxSkew"); skew != nil && (skew.Text == "0" || strings.HasPrefix(skew.Text, "-")) {
		g.found.Add(skew.Pos, gatewayPod, "%s.maxSkew must be 1 or more", at).Fix = "write 1"
	}
	g.oneOf(at, n, "whenUnsatisfiable", "DoNotSchedule", "ScheduleAnyway")
}

// oneOf reports a field that has none of the words that Kubernetes knows.
func (g gatewayFields) oneOf(at string, n *document.Node, field string, words ...string) {
	value := n.At(field)
	if value == nil || value.Text == "" || slices.Contains(words, value.Text) {
		return
	}
	d := g.found.Add(value.Pos, gatewayPod, "%s.%s %q is not one of %s", at, field, value.Text, strings.Join(words, ", "))
	d.Fix = "use one of " + strings.Join(words, ", ")
	if near := diag.Nearest(value.Text, words); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	}
}
