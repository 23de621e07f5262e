package lint

import (
	"maps"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// deployment is the pods and the Service of a gateway, as an IstioOperator or the gateway chart makes them.
type deployment struct {
	name   string
	pos    diag.Pos         // of its name
	labels map[string]value // of the pods and the Service: those in the manifest, and those that the chart adds
	ports  []port           // of the Service; none where the manifest has none
	view   value            // ISTIO_META_REQUESTED_NETWORK_VIEW

	network, clusterName value // values.global
	template             value // injectionTemplate
	revision             value
	serviceType          value
	annotations          map[string]value // of the Service
	external             bool             // its Service has addresses of its own
	root                 bool             // its pods run as root
	named                bool             // by a Helm release, like its labels app and istio by default
	written              *document.Node   // the item of the list in an IstioOperator, or nil
	chart                bool             // values of the gateway chart
	whole                bool             // they are all that the chart gets
	unsure               bool             // a field of it is misspelt
	passesThrough        bool             // a Gateway with AUTO_PASSTHROUGH selects it
	otherRevision        *diag.Diagnostic // the finding that the control plane has another revision, or nil
}

// profilePorts are the ports of a gateway's Service where the manifest has none.
var profilePorts = []string{"15021", "80", "443"}

// servesOneOf reports whether the Service has a port of one of the servers.
func (d *deployment) servesOneOf(servers []server) bool {
	return slices.ContainsFunc(servers, func(s server) bool {
		return opens(d, s.port.number.text) || len(d.ports) == 0 && slices.Contains(profilePorts, s.port.number.text)
	})
}

// eastWest reports whether the gateway is meant for traffic between clusters. Its ports do not say so: an ingress
// gateway may have port 15443, too.
func (d *deployment) eastWest() bool {
	return d.crosses() || d.passesThrough || namesEastWest(d.name) || namesEastWest(d.labels["istio"].text)
}

// namesEastWest reports whether a name is that of a gateway for traffic between clusters, by its words.
func namesEastWest(name string) bool {
	return strings.Contains(strings.ReplaceAll(name, "-", ""), "eastwest")
}

// crosses reports whether the manifests say that the gateway is that of a network.
func (d *deployment) crosses() bool { return d.labels[networkLabel].given() || d.view.given() }

// chartLabels are the labels of a gateway where its IstioOperator gives no others.
var chartLabels = map[string]map[string]value{
	"ingressGateways": {"app": {text: ingressGateway}, "istio": {text: "ingressgateway"}},
	"egressGateways":  {"app": {text: "istio-egressgateway"}, "istio": {text: "egressgateway"}},
}

// readDeployments gives the gateways of an IstioOperator that are not turned off.
func readDeployments(spec *document.Node) []*deployment {
	var all []*deployment
	for list, chart := range map[string]string{"ingressGateways": ingressGateway, "egressGateways": "istio-egressgateway"} {
		for _, item := range spec.ItemsAt("components", list) {
			if enabled := item.At("enabled"); enabled == nil || enabled.Text != "false" {
				all = append(all, readDeployment(item, chartLabels[list], spec.At("values", "gateways", chart), spec))
			}
		}
	}
	slices.SortFunc(all, func(a, b *deployment) int { return a.pos.Compare(b.pos) })
	return all
}

func readDeployment(item *document.Node, defaults map[string]value, chart, spec *document.Node) *deployment {
	d := &deployment{
		name: item.StringAt("name"), pos: item.Pos, labels: labels(item.At("label")),
		ports:    readPorts(item.At("k8s", "service", "ports")),
		network:  valueAt(spec, "values", "global", "network"),
		template: valueAt(chart, "injectionTemplate"), root: chart.BoolAt("runAsRoot"),
		clusterName: valueAt(spec, "values", "global", "multiCluster", "clusterName"),
		revision:    first(valueAt(spec, "revision"), valueAt(spec, "values", "revision")),
		serviceType: first(valueAt(item, "k8s", "service", "type"), valueAt(chart, "type")),
		annotations: labels(chart.At("serviceAnnotations")),
		external:    len(item.ItemsAt("k8s", "service", "externalIPs")) > 0,
		written:     item,
	}
	if name := valueAt(item, "name"); name.given() {
		d.pos = name.pos
	}
	maps.Copy(d.annotations, labels(item.At("k8s", "serviceAnnotations")))
	for _, overlay := range item.ItemsAt("k8s", "overlays") {
		for _, p := range overlay.ItemsAt("patches") {
			if overlay.StringAt("kind") == "Service" && strings.ReplaceAll(p.StringAt("path"), `\`, "") == "metadata.labels."+gatewayPort {
				d.labels[gatewayPort] = valueAt(p, "value")
			}
		}
	}
	for key, v := range defaults {
		if _, ok := d.labels[key]; !ok {
			d.labels[key] = v
		}
	}
	d.view = variableAt(item.At("k8s", "env"), networkView)
	return d
}

// profileGateway gives the gateway that a profile installs where an IstioOperator lists none.
func profileGateway(o *manifest.Object) *deployment {
	switch o.Root.StringAt("spec", "profile") {
	case "", "default", "demo", "openshift", "preview", "stable":
	default:
		return nil
	}
	if o.Root.At("spec", "components", "ingressGateways") != nil {
		return nil
	}
	return &deployment{name: ingressGateway, pos: o.Pos(), labels: chartLabels["ingressGateways"]}
}

// opens reports whether a port of a gateway's Service leads to a port of its pods.
func opens(d *deployment, number string) bool {
	return slices.ContainsFunc(d.ports, func(p port) bool {
		return placeholder.MaySame(p.number.text, number) || placeholder.MaySame(p.target.text, number)
	})
}

// addWorkload keeps the labels of pods, which a Gateway may select, and the network of a gateway that is a Deployment
// by itself.
func readWorkload(o *object) *deployment {
	d := &deployment{name: o.Name, pos: o.At("metadata", "name"), labels: labels(o.Root.At("spec", "template", "metadata", "labels"))}
	for _, container := range o.Root.ItemsAt("spec", "template", "spec", "containers") {
		d.view = first(d.view, variableAt(container.At("env"), networkView))
	}
	return d
}
