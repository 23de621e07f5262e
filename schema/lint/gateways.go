package lint

import (
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

const (
	networkLabel     = "topology.istio.io/network"
	controlPlanes    = "topology.istio.io/controlPlaneClusters"
	remoteLabel      = "istio/multiCluster"
	eastWestGateway  = "istio-eastwestgateway"
	crossNetworkPort = "15443"
)

var gatewaySelectsNothing = &diag.Rule{
	Code: "gateway-selects-nothing", Severity: diag.Error,
	Title:  "a Gateway whose selector matches no gateway of its cluster",
	Why:    "no proxy opens its ports: connection refused, as if the Gateway were not there",
	Fix:    "select by the labels of the gateway's pods",
	Source: "pilot/pkg/model/gateway.go",
}

var gatewayRules = []*diag.Rule{gatewaySelectsNothing}

// deployment is a gateway's pods and Service, as an IstioOperator or a Helm release makes them.
type deployment struct {
	name    string
	pos     diag.Pos // of its name
	labels  map[string]value
	ports   []port
	view    value // ISTIO_META_REQUESTED_NETWORK_VIEW
	network value // values.global.network
}

// port is one port of a Service or a server.
type port struct {
	number, target, name value
}

// eastWest reports whether the gateway is meant for traffic between clusters.
func (d *deployment) eastWest() bool {
	if _, ok := d.labels[networkLabel]; ok {
		return true
	}
	return d.name == eastWestGateway || d.labels["istio"].text == "eastwestgateway" || d.view.given() ||
		slices.ContainsFunc(d.ports, func(p port) bool { return p.number.text == crossNetworkPort })
}

// readDeployments gives the gateways of an IstioOperator.
func readDeployments(spec *document.Node) []*deployment {
	var all []*deployment
	for _, kind := range []string{"ingressGateways", "egressGateways"} {
		list := spec.At("components", kind)
		if list == nil {
			continue
		}
		for _, item := range list.Items {
			d := &deployment{
				name: item.StringAt("name"), pos: item.Pos, labels: labels(item.At("label")),
				network: valueAt(spec, "values", "global", "network"),
			}
			if name := valueAt(item, "name"); name.given() {
				d.pos = name.pos
			}
			if len(d.labels) == 0 && kind == "ingressGateways" {
				d.labels = map[string]value{"istio": {text: "ingressgateway"}, "app": {text: "istio-ingressgateway"}}
			}
			d.ports = readPorts(item.At("k8s", "service", "ports"))
			if env := item.At("k8s", "env"); env != nil {
				for _, e := range env.Items {
					if e.StringAt("name") == "ISTIO_META_REQUESTED_NETWORK_VIEW" {
						d.view = valueAt(e, "value")
					}
				}
			}
			all = append(all, d)
		}
	}
	return all
}

// labels gives a map of strings with the place of each value.
func labels(n *document.Node) map[string]value {
	m := map[string]value{}
	if n == nil {
		return m
	}
	for _, e := range n.Fields {
		m[e.Key] = value{e.Value.Text, e.Value.Pos}
	}
	return m
}

func readPorts(list *document.Node) []port {
	if list == nil {
		return nil
	}
	var ports []port
	for _, item := range list.Items {
		ports = append(ports, port{number: valueAt(item, "port"), target: valueAt(item, "targetPort"), name: valueAt(item, "name")})
	}
	return ports
}

// service is a Service.
type service struct {
	name, namespace string
	pos             diag.Pos
	kind            value // its type
	headless        bool
	labels          map[string]value
	annotations     map[string]value
	selector        map[string]value
	ports           []port
}

func (c *cluster) addService(o *manifest.Object, _ *diag.List) {
	c.services = append(c.services, &service{
		name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"),
		kind: valueAt(o.Root, "spec", "type"), headless: o.Root.StringAt("spec", "clusterIP") == "None",
		labels: labels(o.Root.At("metadata", "labels")), annotations: labels(o.Root.At("metadata", "annotations")),
		selector: labels(o.Root.At("spec", "selector")), ports: readPorts(o.Root.At("spec", "ports")),
	})
}

// namespace is a Namespace.
type namespace struct {
	name          string
	pos           diag.Pos
	network       value
	controlPlanes value
}

func (c *cluster) addNamespace(o *manifest.Object, _ *diag.List) {
	c.namespaces = append(c.namespaces, &namespace{
		name: o.Name, pos: o.At("metadata", "name"),
		network:       valueAt(o.Root, "metadata", "labels", networkLabel),
		controlPlanes: valueAt(o.Root, "metadata", "annotations", controlPlanes),
	})
}

// gateway is a Gateway of networking.istio.io.
type gateway struct {
	name, namespace string
	pos             diag.Pos
	selector        map[string]value
	selectorPos     diag.Pos
	servers         []server
}

// server is one server of a Gateway.
type server struct {
	pos   diag.Pos
	port  port
	mode  value
	hosts []value
}

func (c *cluster) addGateway(o *manifest.Object, _ *diag.List) {
	g := &gateway{
		name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name"),
		selector: labels(o.Root.At("spec", "selector")), selectorPos: o.At("spec", "selector"),
	}
	if list := o.Root.At("spec", "servers"); list != nil {
		for i, item := range list.Items {
			s := server{
				pos:  o.At("spec", "servers", strconv.Itoa(i), "port"),
				port: port{number: valueAt(item, "port", "number"), name: valueAt(item, "port", "name")},
				mode: valueAt(item, "tls", "mode"),
			}
			if hosts := item.At("hosts"); hosts != nil {
				for _, h := range hosts.Items {
					s.hosts = append(s.hosts, value{h.Text, h.Pos})
				}
			}
			g.servers = append(g.servers, s)
		}
	}
	c.gateways = append(c.gateways, g)
}

// virtualService is a VirtualService.
type virtualService struct {
	name, namespace string
	pos             diag.Pos
	gateways        []value
}

func (c *cluster) addVirtualService(o *manifest.Object, _ *diag.List) {
	v := &virtualService{name: o.Name, namespace: o.Namespace, pos: o.At("metadata", "name")}
	if list := o.Root.At("spec", "gateways"); list != nil {
		for _, item := range list.Items {
			v.gateways = append(v.gateways, value{item.Text, item.Pos})
		}
	}
	c.virtualServices = append(c.virtualServices, v)
}

// kustomization is a file of kustomize.
type kustomization struct {
	file      string
	namespace string // that it gives to all objects
	resources []value
}

func (c *cluster) addKustomization(o *manifest.Object, _ *diag.List) {
	k := &kustomization{file: o.Pos().File, namespace: o.Root.StringAt("namespace")}
	if list := o.Root.At("resources"); list != nil {
		for _, item := range list.Items {
			k.resources = append(k.resources, value{item.Text, item.Pos})
		}
	}
	c.kustomizations = append(c.kustomizations, k)
}

// checkGateways compares the Gateways of a cluster with the gateways that it has. Where its manifests have no gateway at all,
// somebody else installs them, and nothing is said.
func (c *cluster) checkGateways(found *diag.List) {
	if len(c.deployments) == 0 {
		return
	}
	for _, g := range c.gateways {
		if len(g.selector) > 0 && !slices.ContainsFunc(c.deployments, g.selects) {
			found.Add(g.selectorPos, gatewaySelectsNothing, "Gateway %s selects no gateway of cluster %q", g.name, c.name)
		}
	}
}

// selects reports whether the pods of a gateway have all labels of the selector.
func (g *gateway) selects(d *deployment) bool {
	for key, want := range g.selector {
		if d.labels[key].text != want.text {
			return false
		}
	}
	return true
}
