package rules

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/hosts"
)

const meshNetworksSource = "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshNetworks"

var meshNetworksRules = group{[]*diag.Rule{MeshNetworksForm, MeshNetworksRegistry, MeshNetworksOverlap}, mesh.checkMeshNetworks}

var MeshNetworksForm = &diag.Rule{
	Code: "mesh-networks-form", Severity: diag.Error, Symptom: true,
	Title:  "a meshNetworks that istiod cannot read",
	Why:    "istiod refuses it as a whole, and knows only the gateways that it finds by their labels: calls that should take another one time out",
	Fix:    "write NETWORK: {endpoints: [{fromRegistry: CLUSTER} or {fromCidr: CIDR}], gateways: [{address: HOST, port: 15443} or {registryServiceName: NAME, port: 15443}]}",
	Source: meshNetworksSource,
	Bad:    `istio: {values: {global: {meshNetworks: {networks: {network1: {gateways: [{address: 203.0.113.10, port: 15443}]}}}}}}`,
	Good:   `istio: {values: {global: {meshNetworks: {network1: {gateways: [{address: 203.0.113.10, port: 15443}]}}}}}`,
}

var MeshNetworksRegistry = &diag.Rule{
	Code: "mesh-networks-registry", Severity: diag.Error, Symptom: true,
	Title:  "a meshNetworks that names a cluster which is not there, or is on another network",
	Why:    "istiod knows no endpoints of such a registry (IST0126); and the network label of a cluster, which follows from the topology, goes before meshNetworks",
	Fix:    "name a cluster of the topology under its own network",
	Source: "pilot/pkg/serviceregistry/kube/controller/controller.go (Network)",
	Bad:    `istio: {values: {global: {meshNetworks: {network1: {endpoints: [{fromRegistry: cluster-c}]}}}}}`,
	Good:   `istio: {values: {global: {meshNetworks: {network1: {endpoints: [{fromRegistry: cluster-a}]}}}}}`,
}

var MeshNetworksOverlap = &diag.Rule{
	Code: "mesh-networks-overlap", Severity: diag.Warning, Symptom: true,
	Title:  "a meshNetworks that has the same addresses on two networks",
	Why:    "istiod takes one of the networks for an address that is in both ranges, and sends calls through the wrong gateway",
	Fix:    "give each network ranges of its own",
	Source: meshNetworksSource,
	Bad:    `istio: {values: {global: {meshNetworks: {network1: {endpoints: [{fromCidr: 10.0.0.0/8}]}, network2: {endpoints: [{fromCidr: 10.1.0.0/16}]}}}}}`,
	Good:   `istio: {values: {global: {meshNetworks: {network1: {endpoints: [{fromCidr: 10.0.0.0/16}]}, network2: {endpoints: [{fromCidr: 10.1.0.0/16}]}}}}}`,
}

// networkRange is a range of addresses that a meshNetworks gives a network.
type networkRange struct {
	prefix  netip.Prefix
	network string
	pos     diag.Pos
}

func (r networkRange) String() string { return fmt.Sprintf("%s on network %q", r.prefix, r.network) }

// checkMeshNetworks checks each meshNetworks where it stands: the mesh's, and those of clusters.
func (t mesh) checkMeshNetworks(found *diag.List) {
	for _, istio := range t.IstioNodes() {
		path := slices.Concat(istio.Path, []string{"values", "global", "meshNetworks"})
		CheckMeshNetworks(t.Root(), path, found, func(network, cluster string, pos diag.Pos) {
			t.checkRegistry(network, cluster, pos, found)
		})
	}
}

// CheckMeshNetworks checks the meshNetworks at a path of a document. What it says of a cluster goes to registry.
func CheckMeshNetworks(root *document.Node, path []string, found *diag.List, registry func(network, cluster string, pos diag.Pos)) {
	networks := root.At(path...)
	if networks == nil || networks.Broken || networks.Kind == document.Null {
		return
	}
	c := &meshNetworks{networks: networks, path: path, positions: document.Positions{Root: root}, found: found, registry: registry}
	c.check()
	c.checkOverlaps()
}

// meshNetworks goes through one of them.
type meshNetworks struct {
	networks  *document.Node
	path      []string // of it in its document
	positions document.Positions
	found     *diag.List
	registry  func(network, cluster string, pos diag.Pos)
	ranges    []networkRange
}

func (c *meshNetworks) malformed(path []string, format string, args ...any) *diag.Diagnostic {
	d := c.found.Add(c.positions.Pos(path), MeshNetworksForm, format, args...)
	below := path[len(c.path):]
	d.About = diag.About{Setting: strings.Join(below, "."), Value: c.networks.StringAt(below...)}
	return d
}

func (c *meshNetworks) check() {
	if c.networks.Kind != document.Map {
		c.malformed(c.path, "meshNetworks must be a map of networks, not %s", c.networks.Kind)
		return
	}
	for _, e := range c.networks.Fields {
		below := slices.Concat(c.path, []string{e.Key})
		switch {
		case e.Value.Broken:
		case e.Value.Kind != document.Map:
			c.malformed(below, "network %q must be a map with endpoints and gateways, not %s", e.Key, e.Value.Kind)
		case e.Key == "networks" && e.Value.At("endpoints") == nil && e.Value.At("gateways") == nil:
			d := c.malformed(below, "meshNetworks has the networks right below it")
			d.Fix = "take the line networks: out; the chart adds it"
		default:
			c.endpoints(e.Key, e.Value.At("endpoints"), slices.Concat(below, []string{"endpoints"}))
			c.gateways(e.Value.At("gateways"), slices.Concat(below, []string{"gateways"}))
		}
	}
}

// items gives the items of a list with their paths, those that are maps.
func (c *meshNetworks) items(list *document.Node, path []string, visit func(item *document.Node, path []string)) {
	switch {
	case list == nil || list.Broken || list.Kind == document.Null:
		return
	case list.Kind != document.List:
		c.malformed(path, "%s must be a list, not %s", path[len(path)-1], list.Kind)
		return
	}
	for i, item := range list.Items {
		below := slices.Concat(path, []string{strconv.Itoa(i)})
		switch {
		case item.Broken:
		case item.Kind != document.Map:
			c.malformed(below, "an item of %s must be a map, not %s", path[len(path)-1], item.Kind)
		default:
			visit(item, below)
		}
	}
}

// one reports whether an item has one of two fields, and not both.
func (c *meshNetworks) one(item *document.Node, path []string, a, b string) bool {
	hasA, hasB := item.Entry(a) != nil, item.Entry(b) != nil
	if hasA == hasB {
		d := c.malformed(path, "an item of %s has neither %s nor %s", path[len(path)-2], a, b)
		if hasA {
			d.Reword("an item of %s has both %s and %s", path[len(path)-2], a, b)
		}
	}
	return hasA != hasB
}

func (c *meshNetworks) endpoints(network string, list *document.Node, path []string) {
	c.items(list, path, func(item *document.Node, path []string) {
		if !c.one(item, path, "fromRegistry", "fromCidr") {
			return
		}
		if cluster := item.StringAt("fromRegistry"); cluster != "" {
			c.registry(network, cluster, c.positions.Pos(slices.Concat(path, []string{"fromRegistry"})))
		}
		if text := item.StringAt("fromCidr"); text != "" {
			c.cidr(network, text, slices.Concat(path, []string{"fromCidr"}))
		}
	})
}

// checkRegistry looks for a cluster of that name, on that network.
func (t mesh) checkRegistry(network, name string, pos diag.Pos, found *diag.List) {
	cluster := t.Cluster(name)
	switch {
	case cluster == nil && !t.Given("spec", "clusters", name):
		d := found.Add(pos, MeshNetworksRegistry, "meshNetworks names %q, which is not a cluster", name)
		if near := diag.Nearest(name, schema.Names(t.Clusters)); near != "" {
			d.Fix = fmt.Sprintf("did you mean %q?", near)
		}
	case cluster != nil && t.onKnownNetwork(cluster) && cluster.Network != network:
		d := found.Add(pos, MeshNetworksRegistry, "meshNetworks has cluster %q on network %q, but it is on %q", name, network, cluster.Network)
		d.Relate(t.Pos(schema.ClusterPath(cluster, "network")...), fmt.Sprintf("the network of cluster %q", name))
	}
}

func (c *meshNetworks) cidr(network, text string, path []string) {
	prefix, err := netip.ParsePrefix(text)
	if err != nil {
		c.malformed(path, "%q is not a CIDR such as 10.0.0.0/16", text)
		return
	}
	c.ranges = append(c.ranges, networkRange{prefix.Masked(), network, c.positions.Pos(path)})
}

func (c *meshNetworks) gateways(list *document.Node, path []string) {
	c.items(list, path, func(item *document.Node, path []string) {
		if !c.one(item, path, "address", "registryServiceName") {
			return
		}
		c.gatewayName(item, path)
		port := item.At("port")
		switch n, err := portNumber(port); {
		case port == nil:
			c.malformed(path, "a gateway of meshNetworks has no port").Fix = "add port: 15443"
		case !port.Broken && (err != nil || n < 1 || n > 65535):
			c.malformed(slices.Concat(path, []string{"port"}), "the port of a gateway is a number between 1 and 65535").Fix = "write port: 15443"
		}
	})
}

// gatewayName checks where a gateway is: at an address, or behind a Service, which istiod knows by its whole name only
// (pilot/pkg/serviceregistry/kube/controller/network.go).
func (c *meshNetworks) gatewayName(item *document.Node, path []string) {
	address, service := item.StringAt("address"), item.StringAt("registryServiceName")
	_, notIP := netip.ParseAddr(address)
	switch {
	case address != "" && (!hosts.IsHost(address) || notIP != nil && hosts.EndsInNumber(address)):
		d := c.malformed(slices.Concat(path, []string{"address"}), "the address %q of a gateway is neither an IP address nor a host name", address)
		d.Fix = "write the address alone, without a scheme and a port"
	case service != "" && (!hosts.IsHost(service) || !strings.Contains(service, ".svc.")):
		d := c.malformed(slices.Concat(path, []string{"registryServiceName"}), "the registryServiceName %q of a gateway is not the whole name of a Service", service)
		d.Why = "istiod compares it with the whole names of Services, and finds no gateway"
		d.Fix = "write it like istio-eastwestgateway.istio-system.svc.cluster.local"
	}
}

func portNumber(n *document.Node) (int, error) {
	if n == nil || n.Kind != document.Int {
		return 0, strconv.ErrSyntax
	}
	return strconv.Atoi(n.Text)
}

// checkOverlaps compares each range with the widest before it, as checkPodCIDRs does.
func (c *meshNetworks) checkOverlaps() {
	slices.SortStableFunc(c.ranges, func(a, b networkRange) int {
		return cmp.Or(a.prefix.Addr().Compare(b.prefix.Addr()), cmp.Compare(a.prefix.Bits(), b.prefix.Bits()), strings.Compare(a.network, b.network))
	})
	var outer networkRange
	for _, r := range c.ranges {
		if outer.network == "" || !outer.prefix.Overlaps(r.prefix) {
			outer = r
			continue
		}
		if outer.network == r.network {
			continue
		}
		first, second := outer, r
		if first.pos.Compare(second.pos) > 0 {
			first, second = second, first
		}
		d := c.found.Add(second.pos, MeshNetworksOverlap, "%s overlaps %s", second, first)
		d.About = diag.About{Setting: second.String(), Value: first.String()}
		d.Relate(first.pos, first.String())
	}
}
