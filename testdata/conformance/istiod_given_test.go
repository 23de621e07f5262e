package conformance

import (
	"path/filepath"
	"testing"

	"meshtopo.dev/meshtopo/schema/mutation"
)

// given is what the mesh is like in which a mistake shows, where the rendered tree is not like that. It is in the
// unspoilt mesh as well.
var given = map[string]mutation.Mistake{
	"waits-for-every-cluster": mutation.In("cluster-a/2-secrets/remote-secrets/cluster-b.yaml",
		mutation.Data(`  "cluster-b": "`, mutation.Turn("198.51.100.1", "198.51.100.99"))),
	"mesh-networks-overlap":         mutation.All(mutation.In("cluster-b/1-prepare/namespace.yaml", mutation.Cut("topology.istio.io/network")), networksByRange),
	"mesh-networks-registry":        mutation.All(mutation.In("cluster-b/1-prepare/namespace.yaml", mutation.Cut("topology.istio.io/network")), networksByRegistry),
	"hidden-from-discovery":         shopOfATeam,
	"gateway-not-read":              gatewayElsewhere,
	"remote-gateway-address":        gatewayElsewhere,
	"ambient-without-multi-network": ambientMesh,
	"east-west-listener":            ambientMesh,
	"global-in-one-cluster":         ambientMesh,
	"gateway-for-other-data-plane":  ambientMesh,
}

// unspoiltTree gives the tree of an example that a test may spoil, with what a mistake needs in order to show.
func unspoiltTree(t *testing.T, e *example, code string) string {
	t.Helper()
	tree := copyTree(t, filepath.Join(e.dir, "want", "clusters"))
	if given[code] != nil {
		spoil(t, e, tree, given[code])
	}
	return tree
}

// networksByRange has the networks of two-clusters told by the addresses of pods.
func networksByRange(g *mutation.Texts, _ string) {
	mutation.In("cluster-a/"+controlPlane, mutation.Add(`      network: "network1"`, "      meshNetworks:\n"+
		"        network1:\n          endpoints:\n          - {fromCidr: 10.1.0.0/16}\n"+
		"        network2:\n          endpoints:\n          - {fromCidr: 10.2.0.0/16}"))(g, "")
}

// networksByRegistry has the networks of two-clusters told by the clusters.
func networksByRegistry(g *mutation.Texts, _ string) {
	mutation.In("cluster-a/"+controlPlane, mutation.Add(`      network: "network1"`, "      meshNetworks:\n"+
		"        network1:\n          endpoints:\n          - {fromRegistry: cluster-a}\n"+
		"        network2:\n          endpoints:\n          - {fromRegistry: cluster-b}"))(g, "")
}

// shopOfATeam has the sample in a namespace that selectors select.
func shopOfATeam(g *mutation.Texts, _ string) {
	for _, cluster := range []string{"cluster-a", "cluster-b"} {
		g.Files[cluster+"/shop.yaml"] = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {istio-injection: enabled, team: shop}\n"
	}
}

// gatewayElsewhere has cluster-a know the gateway of network2 by a Gateway only.
func gatewayElsewhere(g *mutation.Texts, _ string) {
	mutation.In("cluster-b/"+gateway, mutation.Cut(`        topology.istio.io/network: "network2"`))(g, "")
	g.Files["cluster-a/own.yaml"] = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: elsewhere
  namespace: istio-system
  labels: {topology.istio.io/network: network2}
spec:
  gatewayClassName: istio-remote
  addresses:
  - type: IPAddress
    value: 203.0.113.20
  listeners:
  - name: cross-network
    port: 15443
    protocol: TLS
    tls: {mode: Passthrough, options: {gateway.istio.io/listener-protocol: auto-passthrough}}
`
}

// ambientMesh makes an ambient mesh of two-clusters, with a gateway of class istio-east-west in each.
func ambientMesh(g *mutation.Texts, _ string) {
	for _, cluster := range []string{"cluster-a", "cluster-b"} {
		network := "network" + map[string]string{"cluster-a": "1", "cluster-b": "2"}[cluster]
		mutation.In(cluster+"/"+controlPlane, mutation.All(
			mutation.Turn(`profile: "default"`, "profile: ambient"),
			mutation.Add("  values:", "    pilot:\n      env:\n        PILOT_ENABLE_AMBIENT: \"true\"\n        AMBIENT_ENABLE_MULTI_NETWORK: \"true\""),
		))(g, "")
		mutation.Deleted(g, cluster+"/"+gateway)
		mutation.Deleted(g, cluster+"/5-expose/cross-network-gateway.yaml")
		mutation.Deleted(g, cluster+"/5-expose/kustomization.yaml")
		g.Files[cluster+"/own.yaml"] = `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: istio-eastwestgateway
  namespace: istio-system
  labels: {topology.istio.io/network: ` + network + `}
spec:
  gatewayClassName: istio-east-west
  listeners:
  - name: mesh
    port: 15008
    protocol: HBONE
    tls: {mode: Terminate, options: {gateway.istio.io/tls-terminate-mode: ISTIO_MUTUAL}}
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {istio.io/dataplane-mode: ambient}
---
apiVersion: v1
kind: Service
metadata:
  name: echo
  namespace: shop
  labels: {app: echo, istio.io/global: "true"}
spec:
  selector: {app: echo}
  ports:
  - {name: http, port: 7070}
`
	}
}
