package installing

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
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

var gatewayService = &diag.Rule{
	Code: "gateway-service", Severity: diag.Error, Fixed: true,
	Title:  "a field of a gateway's Service that its type or another port does not allow",
	Why:    "the API server refuses the Service, and the gateway gets no address",
	Fix:    "delete it, or change serviceType",
	Source: "pkg/apis/core/validation/validation.go in kubernetes/kubernetes (ValidateService)",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {loadBalancerClass: example.com/nlb, serviceType: NodePort, serviceAnnotations: {traffic.istio.io/nodeSelector: '{}'}}}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {loadBalancerClass: example.com/nlb}}}`,
}

var gatewayScale = &diag.Rule{
	Code: "gateway-scale", Severity: diag.Error, Fixed: true,
	Title:  "numbers of gateways that contradict each other",
	Why:    "an autoscaler and a fixed number would change each other's pods, Kubernetes refuses a minimum above the maximum, and with one gateway a PodDisruptionBudget keeps its node from ever being drained: Istio's charts leave it out without a word",
	Fix:    "give replicas or autoscaling, and two gateways or more where there is a podDisruptionBudget",
	Source: "manifests/charts/gateway/templates/poddisruptionbudget.yaml",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {podDisruptionBudget: {minAvailable: 1}}}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {replicas: 2, podDisruptionBudget: {minAvailable: 1}}}}`,
}

var gatewayPod = &diag.Rule{
	Code: "gateway-pod", Severity: diag.Error, Fixed: true,
	Title:  "what Kubernetes does not take in a gateway's pods or their PodDisruptionBudget",
	Why:    "the API server refuses the Deployment, and with kind gateway-api istiod only logs that: there is no gateway",
	Fix:    "write it as Kubernetes has it",
	Source: "https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/",
	Bad:    `clusters: {cluster-a: {eastWestGateway: {tolerations: [{key: edge, operater: Exists}]}}}`,
	Good:   `clusters: {cluster-a: {eastWestGateway: {tolerations: [{key: edge, operator: Exists}]}}}`,
}

var gatewayOutOfScope = &diag.Rule{
	Code: "gateway-out-of-scope", Severity: diag.Error, Fixed: true,
	Title:  "a gateway in another namespace than the Gateways that open its ports",
	Why:    "with PILOT_SCOPE_GATEWAY_TO_NAMESPACE a Gateway is for the pods of its own namespace, and those of the mesh are in the namespace of the control plane: nothing would listen on the gateway's ports",
	Fix:    "leave eastWestGateway.namespace out, or the variable",
	Source: "pilot/pkg/model/push_context.go (mergeGateways)",
	Bad:    "istio: {values: {pilot: {env: {PILOT_SCOPE_GATEWAY_TO_NAMESPACE: \"true\"}}}}\nclusters: {cluster-a: {eastWestGateway: {namespace: istio-gateways}}}",
	Good:   "clusters: {cluster-a: {eastWestGateway: {namespace: istio-gateways}}}",
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
		g.checkScope()
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

// otherPorts are the other ports of the Service, and what is there.
var otherPorts = map[int64]string{
	15000: "the administration of Envoy", 15001: "outbound traffic of sidecars", 15006: "inbound traffic of sidecars",
	15008: "HBONE of ambient clusters", 15012: "istiod", 15017: "istiod's webhooks", 15020: "the metrics of the agent",
	15021: "the health of the gateway", 15090: "the metrics of Envoy",
}

func (g gatewayFields) checkService() {
	gateway := g.EastWestGateway
	if use := otherPorts[gateway.Port]; use != "" && g.given("port") {
		g.report(gatewayService, "port", "port %d of the gateway of cluster %q is for %s", gateway.Port, g.Name, use).Fix = "choose another port"
	}
	if g.Broken(g.path("serviceType")...) {
		return
	}
	g.checkAddresses()
	balanced := gateway.ServiceType == "LoadBalancer"
	for _, name := range []string{"loadBalancerClass", "loadBalancerSourceRanges"} {
		if !balanced && g.given(name) && gateway.Service[name] != nil {
			g.report(gatewayService, name, "%s is for serviceType: LoadBalancer, and the gateway of cluster %q has %s", name, g.Name, gateway.ServiceType)
		}
	}
	const policy = "externalTrafficPolicy"
	if gateway.ServiceType == "ClusterIP" && gateway.Service["externalIPs"] == nil && g.given(policy) {
		g.report(gatewayService, policy, "%s is for a Service that is reached from outside, and the gateway of cluster %q has ClusterIP", policy, g.Name)
	}
}

// checkAddresses reports addresses and ranges that Kubernetes does not take for a Service.
func (g gatewayFields) checkAddresses() {
	for i, text := range g.Root().At(g.path("externalIPs")...).StringsAt() {
		a, err := netip.ParseAddr(text)
		if text != "" && (err != nil || a.IsUnspecified() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast()) {
			g.found.Add(g.Pos(g.path("externalIPs", fmt.Sprint(i))...), gatewayService, "%q is no address at which others reach a Service", text).Fix = "give an address that leads to a node"
		}
	}
	for i, text := range g.Root().At(g.path("loadBalancerSourceRanges")...).StringsAt() {
		if _, err := netip.ParsePrefix(text); text != "" && err != nil {
			g.found.Add(g.Pos(g.path("loadBalancerSourceRanges", fmt.Sprint(i))...), gatewayService, "%q is no address range", text).Fix = "write it like 198.51.100.0/24"
		}
	}
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

// checkScope reports a namespace in which no Gateway of the mesh is.
func (g gatewayFields) checkScope() {
	primary := g.Cluster
	if g.ServedByPrimary() {
		primary = g.PrimaryOf(g.Cluster)
	}
	if primary == nil || !g.given("namespace") || g.EastWestGateway.Namespace == primary.Istio.Namespace {
		return
	}
	scoped, ok := g.Setting(primary, []string{"values", "pilot", "env", "PILOT_SCOPE_GATEWAY_TO_NAMESPACE"})
	if text := fmt.Sprint(scoped.Value); !ok || text != "true" && text != "1" {
		return
	}
	d := g.report(gatewayOutOfScope, "namespace", "no Gateway is in the namespace of the gateway of cluster %q", g.Name)
	d.Relate(g.Pos(scoped.Path...), "Gateways are for their own namespace")
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
