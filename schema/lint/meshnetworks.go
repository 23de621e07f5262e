package lint

import (
	"net/netip"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

var (
	registryTwice = &diag.Rule{
		Code: "registry-of-two-networks", Severity: diag.Error,
		Title:  "a cluster that meshNetworks puts on two networks",
		Why:    "istiod takes one of them and ignores the other: endpoints count as on the wrong network",
		Fix:    "keep each fromRegistry in one network",
		Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
		Bad:    "network1: {endpoints: [{fromRegistry: east}]}\nnetwork2: {endpoints: [{fromRegistry: east}]}",
		Good:   "network1: {endpoints: [{fromRegistry: east}]}\nnetwork2: {endpoints: [{fromRegistry: west}]}",
	}
	rangesOverlap = &diag.Rule{
		Code: "network-ranges-overlap", Severity: diag.Error,
		Title:  "an address range that meshNetworks puts on two networks",
		Why:    "the first range that matches decides, in no order that is promised: endpoints count as on the wrong network",
		Fix:    "give each network ranges that no other has",
		Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
		Bad:    "network1: {endpoints: [{fromCidr: 10.0.0.0/8}]}\nnetwork2: {endpoints: [{fromCidr: 10.1.0.0/16}]}",
		Good:   "network1: {endpoints: [{fromCidr: 10.0.0.0/16}]}\nnetwork2: {endpoints: [{fromCidr: 10.1.0.0/16}]}",
	}
)

var meshNetworksRules = []*diag.Rule{registryTwice, rangesOverlap}

// claim is what one network of meshNetworks says is its own.
type claim struct {
	network string
	pos     diag.Pos
	prefix  netip.Prefix
}

// checkMeshNetworks checks the networks that an installation states.
func (i *install) checkMeshNetworks(found *diag.List) {
	if i.networks == nil || i.networks.Kind != document.Map {
		return
	}
	if nested := i.networks.Entry("networks"); nested != nil && nested.Value.At("endpoints") == nil && nested.Value.At("gateways") == nil {
		found.Add(nested.KeyPos, schema.MeshNetworksForm, "meshNetworks has a key networks, which the chart adds itself")
		return
	}
	registries, ranges := map[string]claim{}, []claim(nil)
	for _, e := range i.networks.Fields {
		checkName(value{e.Key, e.KeyPos}, "network", found)
		for _, item := range items(e.Value, "endpoints") {
			checkRegistry(valueAt(item, "fromRegistry"), e.Key, registries, found)
			ranges = checkRange(valueAt(item, "fromCidr"), e.Key, ranges, found)
		}
		for _, item := range items(e.Value, "gateways") {
			checkGatewayPort(valueAt(item, "port"), found)
		}
	}
}

func checkRegistry(v value, network string, registries map[string]claim, found *diag.List) {
	if v.text == "" {
		return
	}
	earlier, ok := registries[v.text]
	if !ok {
		registries[v.text] = claim{network: network, pos: v.pos}
		return
	}
	if earlier.network != network {
		d := found.Add(v.pos, registryTwice, "cluster %q is on network %q, but on %q too", v.text, network, earlier.network)
		relate(d, earlier.pos, "on "+earlier.network)
	}
}

// checkRange gives the ranges with one more.
func checkRange(v value, network string, ranges []claim, found *diag.List) []claim {
	if v.text == "" {
		return ranges
	}
	prefix, err := netip.ParsePrefix(v.text)
	if err != nil {
		d := found.Add(v.pos, schema.InvalidCIDR, "%q is not a CIDR such as 10.0.0.0/16", v.text)
		d.Why = "istiod refuses the meshNetworks as a whole"
		return ranges
	}
	for _, earlier := range ranges {
		if earlier.network != network && earlier.prefix.Overlaps(prefix) {
			d := found.Add(v.pos, rangesOverlap, "%s of network %q overlaps with %s of %q", v.text, network, earlier.prefix, earlier.network)
			relate(d, earlier.pos, "the other")
			break
		}
	}
	return append(ranges, claim{network, v.pos, prefix})
}

func checkGatewayPort(v value, found *diag.List) {
	if !v.given() {
		return
	}
	if n, err := strconv.Atoi(v.text); err == nil && (n < 1 || n > 65535) {
		d := found.Add(v.pos, schema.InvalidValue, "the port %d of a gateway is not one of 1 to 65535", n)
		d.Why, d.Fix = "istiod refuses the meshNetworks as a whole", "write the port of the gateway, such as 15443"
	}
}
