package fields

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

// registry is a cluster in a network of meshNetworks.
type registry struct {
	network string
	pos     diag.Pos
}

// CheckMeshNetworks checks the networks that an installation states, at a path of its object.
func CheckMeshNetworks(root *document.Node, path []string, found *diag.List) {
	registries := map[string]registry{}
	rules.CheckMeshNetworks(root, path, found, func(network, cluster string, pos diag.Pos) {
		checkRegistry(cluster, pos, network, registries, found)
	})
	for _, e := range root.At(path...).Fields {
		CheckName(e.Key, e.KeyPos, "network", found)
	}
}

func checkRegistry(cluster string, pos diag.Pos, network string, registries map[string]registry, found *diag.List) {
	if cluster == "" {
		return
	}
	earlier, ok := registries[cluster]
	if !ok {
		registries[cluster] = registry{network, pos}
		return
	}
	if earlier.network != network {
		d := found.Add(pos, registryTwice, "cluster %q is on network %q, but on %q too", cluster, network, earlier.network)
		d.Relate(earlier.pos, "on "+earlier.network)
	}
}
