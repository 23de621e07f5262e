package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPagePatches pastes the patches of render/README.md where it says, into the topology that schema/README.md shows.
func TestPagePatches(t *testing.T) {
	_, section, _ := strings.Cut(read(t, "../../render/README.md"), "\n## Patches\n")
	block := fencedBlock(t, section, "yaml")
	dir := copyExample(t, "two-clusters")
	file := filepath.Join(dir, "topology.yaml")
	write(t, file, apply(t, read(t, file), []edit{{"    meshConfig: {accessLogFile: /dev/stdout}\n", "    meshConfig: {accessLogFile: /dev/stdout}\n" + block}}))
	if got := meshtopo(t, dir, "", "render"); got.code != exitOK {
		t.Fatalf("meshtopo exits with %d: %s%s", got.code, got.out, got.err)
	}
	for name, want := range map[string]string{
		"4-gateway/istio-operator.yaml": "          - name: https\n            port: 443\n            targetPort: 8443\n        hpaSpec:\n          maxReplicas: 5\n          minReplicas: 2\n",
		"1-prepare/namespace.yaml":      "    pod-security.kubernetes.io/enforce: privileged\n",
	} {
		for _, cluster := range []string{"cluster-a", "cluster-b"} {
			if text := read(t, filepath.Join(dir, "clusters", cluster, name)); !strings.Contains(text, want) {
				t.Errorf("%s of %s is\n%s\nwant in it\n%s", name, cluster, text, want)
			}
		}
	}
}
