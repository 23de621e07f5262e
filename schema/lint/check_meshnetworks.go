package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/rules"
)

var registryTwice = &diag.Rule{
	Code: "registry-of-two-networks", Severity: diag.Error, Symptom: true,
	Title:  "a cluster that meshNetworks puts on two networks",
	Why:    "istiod takes one of them and ignores the other: endpoints count as on the wrong network",
	Fix:    "keep each fromRegistry in one network",
	Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
	Bad:    "network1: {endpoints: [{fromRegistry: east}]}\nnetwork2: {endpoints: [{fromRegistry: east}]}",
	Good:   "network1: {endpoints: [{fromRegistry: east}]}\nnetwork2: {endpoints: [{fromRegistry: west}]}",
}

var meshNetworksGroup = group{rules: []*diag.Rule{registryTwice}}

// registry is a cluster in a network of meshNetworks.
type registry struct {
	network string
	pos     diag.Pos
}

// checkMeshNetworks checks the networks that an installation states, at a path of its object.
func (i *install) checkMeshNetworks(root *document.Node, path []string, found *diag.List) {
	registries := map[string]registry{}
	rules.CheckMeshNetworks(root, path, found, func(network, cluster string, pos diag.Pos) {
		checkRegistry(value{cluster, pos}, network, registries, found)
	})
	if i.networks == nil {
		return
	}
	for _, e := range i.networks.Fields {
		checkName(value{e.Key, e.KeyPos}, "network", found)
	}
}

func checkRegistry(v value, network string, registries map[string]registry, found *diag.List) {
	if v.text == "" {
		return
	}
	earlier, ok := registries[v.text]
	if !ok {
		registries[v.text] = registry{network, v.pos}
		return
	}
	if earlier.network != network {
		d := found.Add(v.pos, registryTwice, "cluster %q is on network %q, but on %q too", v.text, network, earlier.network)
		d.Relate(earlier.pos, "on "+earlier.network)
	}
}
