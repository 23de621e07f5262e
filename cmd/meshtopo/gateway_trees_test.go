package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestGatewayTrees renders two clusters with each kind of gateway that is plain objects, makes a mistake in the tree of
// one, and has lint find it: alone, or as it is where it changes nothing.
func TestGatewayTrees(t *testing.T) {
	const service, deployment, gateway = "service.yaml", "deployment.yaml", "gateway.yaml"
	for name, m := range map[string]struct{ kind, file, old, new, code string }{
		"no label on the Service":         {"deployment", service, "    topology.istio.io/network: \"network1\"\nspec", "spec", "network-without-gateway"},
		"another network's label":         {"deployment", service, "topology.istio.io/network: \"network1\"\nspec", "topology.istio.io/network: \"network2\"\nspec", "network-mismatch"},
		"no port 15443":                   {"deployment", service, "  - name: tls\n    port: 15443\n    targetPort: 15443\n", "", "no-gateway-port"},
		"a misspelt network label":        {"deployment", service, "    topology.istio.io/network: \"network1\"\nspec", "    topology.istio.io/netwrok: \"network1\"\nspec", "network-without-gateway"},
		"a port that is another":          {"deployment", service, "port: 15443", "port: 1544", "no-gateway-port"},
		"a label with another port":       {"deployment", service, "    topology.istio.io/network: \"network1\"\nspec", "    topology.istio.io/network: \"network1\"\n    networking.istio.io/gatewayPort: \"16443\"\nspec", "no-gateway-port"},
		"a label that is no number":       {"deployment", service, "    topology.istio.io/network: \"network1\"\nspec", "    topology.istio.io/network: \"network1\"\n    networking.istio.io/gatewayPort: tls\nspec", ""},
		"another network of the pods":     {"deployment", deployment, "        topology.istio.io/network: \"network1\"\n        sidecar", "        topology.istio.io/network: \"network2\"\n        sidecar", "network-mismatch"},
		"another network's view":          {"deployment", deployment, "value: \"network1\"", "value: \"network2\"", "network-mismatch"},
		"pods that the Gateway misses":    {"deployment", deployment, "        istio: eastwestgateway\n", "        istio: ingressgateway\n", "gateway-selects-nothing"},
		"a class that nobody has":         {"gateway-api", gateway, "gatewayClassName: istio", "gatewayClassName: isto", "network-without-gateway"},
		"the class of ambient gateways":   {"gateway-api", gateway, "gatewayClassName: istio", "gatewayClassName: istio-east-west", "gateway-for-other-data-plane"},
		"no label for the Service":        {"gateway-api", gateway, "      topology.istio.io/network: \"network1\"\n  listeners", "  listeners", "gateway-without-network"},
		"another label for the Service":   {"gateway-api", gateway, "      topology.istio.io/network: \"network1\"\n  listeners", "      topology.istio.io/network: \"network2\"\n  listeners", "network-mismatch"},
		"a listener at another port":      {"gateway-api", gateway, "port: 15443", "port: 443", "no-gateway-port"},
		"a listener that ends TLS":        {"gateway-api", gateway, "mode: Passthrough", "mode: Terminate", "east-west-listener"},
		"a listener of another protocol":  {"gateway-api", gateway, "protocol: TLS", "protocol: HTTPS", "east-west-listener"},
		"an option that 15443 needs not":  {"gateway-api", gateway, "      options:\n        gateway.istio.io/listener-protocol: auto-passthrough\n", "", ""},
		"another gateway beside it stays": {"gateway-api", gateway, "  - name: tls\n", "  - name: https\n    port: 443\n    protocol: TLS\n    tls: {mode: Passthrough}\n  - name: tls\n", ""},
	} {
		t.Run(m.kind+"/"+name, func(t *testing.T) {
			dir := copyExample(t, "two-clusters")
			own := "spec: {clusters: {cluster-a: {eastWestGateway: {kind: " + m.kind + "}}}}\n"
			if err := os.WriteFile(filepath.Join(dir, "own.yaml"), []byte(own), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := inProcess(t, dir, "", "render", "topology.yaml", "own.yaml"); got.code != exitOK {
				t.Fatalf("meshtopo render exits with %d:\n%s%s", got.code, got.out, got.err)
			}
			file := filepath.Join(dir, "clusters", "cluster-a", "4-gateway", m.file)
			before := read(t, file)
			after := strings.Replace(before, m.old, m.new, 1)
			if after == before {
				t.Fatalf("%s does not hold %q", m.file, m.old)
			}
			if err := os.WriteFile(file, []byte(after), 0o600); err != nil {
				t.Fatal(err)
			}
			got := inProcess(t, dir, "", "lint", "clusters")
			want := strings.Fields(m.code)
			if !slices.Equal(got.codes(), want) {
				t.Errorf("lint finds %q, want %q:\n%s", got.codes(), want, got.out)
			}
		})
	}
}
