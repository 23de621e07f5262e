package render

import (
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
)

// TestGatewayKinds renders each example with each kind of gateway, and walks its README.
func TestGatewayKinds(t *testing.T) {
	for _, kind := range []schema.GatewayKind{schema.DeploymentGateway, schema.GatewayAPI} {
		eachExample(t, func(t *testing.T, dir string) {
			if strings.HasSuffix(dir, "/patches") {
				t.Skip("its patches are about an IstioOperator")
			}
			topology, store := load(t, dir)
			for _, c := range topology.Clusters {
				if c.EastWestGateway.Kind = kind; c.ServedByPrimary() {
					c.EastWestGateway.Kind = schema.DeploymentGateway
				}
				c.EastWestGateway.Namespace = "istio-gateways"
			}
			files := contents(render(t, topology, store))
			if err := newWalk(topology, files).run(firstTime(files["clusters/README.md"])); err != nil {
				t.Errorf("%s: %v", kind, err)
			}
			for _, c := range topology.Clusters {
				checkLayersApplied(t, c, files)
				checkGatewayNamespace(t, c, files)
			}
		})
	}
}

// checkGatewayNamespace wants what is in the namespace of the gateway to be told of there, and the namespace to be made
// before.
func checkGatewayNamespace(t *testing.T, c *schema.Cluster, files map[string]string) {
	t.Helper()
	dir := "clusters/" + c.Name + "/"
	if _, gateway := files[dir+"4-gateway/kustomization.yaml"]; !gateway {
		return
	}
	if !strings.Contains(files[dir+"1-prepare/kustomization.yaml"], `"gateway-namespace.yaml"`) {
		t.Errorf("%s: 1-prepare does not make the namespace of the gateway", c.Name)
	}
	for line := range strings.Lines(files[dir+"README.md"]) {
		if command := strings.HasPrefix(line, "kubectl "); command && strings.Contains(line, "istio-eastwestgateway") && !strings.Contains(line, " --namespace istio-gateways ") {
			t.Errorf("%s: not in the namespace of the gateway: %s", c.Name, line)
		}
	}
}

// gatewayPatch is a change of a gateway's object, as a JSON 6902 operation.
type gatewayPatch struct{ kind, operation string }

// TestPatchesOfGateways proves that patches cannot change what others count on in the objects of a gateway, and may
// change everything else.
func TestPatchesOfGateways(t *testing.T) {
	const pod = "/spec/template"
	for kind, tt := range map[string]struct{ owned, allowed []gatewayPatch }{
		"deployment": {
			owned: []gatewayPatch{
				{"Deployment", `{op: replace, path: /spec/selector/matchLabels/app, value: other}`},
				{"Deployment", `{op: replace, path: ` + pod + `/metadata/labels/istio, value: ingressgateway}`},
				{"Deployment", `{op: replace, path: ` + pod + `/metadata/labels/topology.istio.io~1network, value: network2}`},
				{"Deployment", `{op: add, path: ` + pod + `/metadata/labels/topology.istio.io~1cluster, value: cluster-b}`},
				{"Deployment", `{op: replace, path: ` + pod + `/metadata/labels/sidecar.istio.io~1inject, value: "false"}`},
				{"Deployment", `{op: remove, path: ` + pod + `/metadata/annotations/inject.istio.io~1templates}`},
				{"Deployment", `{op: replace, path: ` + pod + `/spec/containers/0/image, value: nginx}`},
				{"Deployment", `{op: replace, path: ` + pod + `/spec/containers/0/env/0/value, value: network2}`},
				{"Deployment", `{op: remove, path: ` + pod + `/spec/containers/0/env}`},
				{"Service", `{op: replace, path: /metadata/labels/topology.istio.io~1network, value: network2}`},
				{"Service", `{op: remove, path: /metadata/labels/topology.istio.io~1network}`},
				{"Service", `{op: replace, path: /spec/selector/istio, value: ingressgateway}`},
				{"Service", `{op: replace, path: /spec/type, value: ClusterIP}`},
				{"Service", `{op: remove, path: /spec/ports/1}`},
				{"Service", `{op: replace, path: /spec/ports/1/port, value: 443}`},
				{"Service", `{op: add, path: /spec/ports/-, value: {name: other, port: 15443}}`},
			},
			allowed: []gatewayPatch{
				{"Deployment", `{op: add, path: /spec/replicas, value: 3}`},
				{"Deployment", `{op: add, path: ` + pod + `/spec/tolerations, value: [{key: edge, operator: Exists}]}`},
				{"Deployment", `{op: add, path: ` + pod + `/metadata/annotations/proxy.istio.io~1config, value: "concurrency: 4"}`},
				{"Deployment", `{op: add, path: ` + pod + `/spec/containers/0/env/-, value: {name: ISTIO_META_IDLE_TIMEOUT, value: 5s}}`},
				{"Deployment", `{op: replace, path: ` + pod + `/spec/containers/0/resources/limits, value: {memory: 2Gi}}`},
				{"Service", `{op: add, path: /spec/ports/-, value: {name: https, port: 443, targetPort: 8443}}`},
				{"Service", `{op: add, path: /spec/loadBalancerSourceRanges, value: [192.0.2.0/24]}`},
				{"HorizontalPodAutoscaler", `{op: replace, path: /spec/minReplicas, value: 2}`},
			},
		},
		"gateway-api": {
			owned: []gatewayPatch{
				{"Gateway", `{op: replace, path: /spec/gatewayClassName, value: istio-east-west}`},
				{"Gateway", `{op: add, path: /spec/addresses, value: [{type: IPAddress, value: 203.0.113.1}]}`},
				{"Gateway", `{op: remove, path: /spec/listeners/0/tls/options}`},
				{"Gateway", `{op: replace, path: /spec/listeners/0/port, value: 443}`},
				{"Gateway", `{op: replace, path: /spec/listeners/0/hostname, value: "*.com"}`},
				{"Gateway", `{op: replace, path: /spec/infrastructure/labels/topology.istio.io~1network, value: network2}`},
				{"Gateway", `{op: remove, path: /spec/infrastructure/labels/istio}`},
				{"Gateway", `{op: replace, path: /metadata/labels/topology.istio.io~1network, value: network2}`},
				{"Gateway", `{op: replace, path: /metadata/annotations/networking.istio.io~1service-type, value: ClusterIP}`},
				{"Gateway", `{op: add, path: /metadata/annotations/gateway.istio.io~1name-override, value: other}`},
			},
			allowed: []gatewayPatch{
				{"Gateway", `{op: add, path: /spec/listeners/-, value: {name: https, port: 443, protocol: TLS, tls: {mode: Passthrough}}}`},
				{"Gateway", `{op: add, path: /spec/infrastructure/annotations, value: {example.com/internal: "true"}}`},
				{"Gateway", `{op: add, path: /spec/infrastructure/labels/team, value: mesh}`},
			},
		},
	} {
		t.Run(kind, func(t *testing.T) {
			for _, p := range tt.owned {
				if got, want := patchedGateway(t, kind, p), []string{"patch-owned"}; !slices.Equal(got, want) {
					t.Errorf("%s of %s: found %q, want %q", p.operation, p.kind, got, want)
				}
			}
			for _, p := range tt.allowed {
				if got := patchedGateway(t, kind, p); len(got) > 0 {
					t.Errorf("%s of %s: found %q", p.operation, p.kind, got)
				}
			}
		})
	}
}

// patchedGateway gives what is found where a gateway of a kind is patched.
func patchedGateway(t *testing.T, kind string, p gatewayPatch) []string {
	t.Helper()
	text := string(read(t, "../testdata/two-clusters/topology.yaml"))
	patch := "    patches: [{target: {kind: " + p.kind + ", name: istio-eastwestgateway}, patch: '[" + p.operation + "]'}]\n"
	text = strings.Replace(text, "    version: \"1.31.1\"\n", "    version: \"1.31.1\"\n"+patch, 1)
	changed := strings.ReplaceAll(text, "      network: network1\n", "      network: network1\n      eastWestGateway: {kind: "+kind+"}\n")
	if changed == text {
		t.Fatal("the example has changed")
	}
	_, _, found := checked(t, changed)
	return codes(found)
}
