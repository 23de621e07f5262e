package render

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

func TestWord(t *testing.T) {
	for s, want := range map[string]string{
		"tokens/a-b_c.1": "tokens/a-b_c.1",
		"my tokens/a":    "'my tokens/a'",
		"$(rm)":          "'$(rm)'",
		"it's":           `'it'\''s'`,
		"":               "''",
	} {
		if got := shell.Word(s); got != want {
			t.Errorf("word(%q) = %s, want %s", s, got, want)
		}
	}
}

func TestContextVariable(t *testing.T) {
	for name, want := range map[string]string{"cluster-a": "CTX_CLUSTER_A", "1": "CTX_1", "eu--1": "CTX_EU__1"} {
		if got := shell.ContextVariable(&schema.Cluster{Name: name}); got != want {
			t.Errorf("contextVariable(%q) = %s, want %s", name, got, want)
		}
	}
}

// TestNodePortAddress checks that nobody waits for an address that a Service never gets.
func TestNodePortAddress(t *testing.T) {
	readme := variantFiles(t, "primary-remote-one-network", "{addresses: [203.0.113.10]}",
		"{addresses: [203.0.113.10], serviceType: NodePort}")["clusters/README.md"]
	if strings.Contains(readme, ".status.loadBalancer") || !strings.Contains(readme, "of type NodePort") {
		t.Errorf("README.md:\n%s", readme)
	}
}

// TestContextVariables proves that clusters get different variables, and none that a README uses for something else.
func TestContextVariables(t *testing.T) {
	names := []string{"removed", "ctx", "removed-ctx", "topology-dir", "a-b", "a--b", "ab", "a-b-", "0", "ctx-a", "a"}
	taken := map[string]string{shell.RemovedVariable: "the cluster that is removed", shell.TopologyVariable: "the directory of the topology"}
	for _, name := range names {
		variable := shell.ContextVariable(&schema.Cluster{Name: name})
		if other, ok := taken[variable]; ok {
			t.Errorf("%s is the variable of %s and of %s", variable, other, name)
		}
		taken[variable] = name
	}
}

// TestReadmeVariables proves that the READMEs of all examples name no other variables than these.
func TestReadmeVariables(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		for name, text := range contents(renderExample(t, dir)) {
			for _, m := range regexp.MustCompile(`\$\{?([A-Za-z_]+)`).FindAllStringSubmatch(text, -1) {
				if path.Ext(name) == ".md" && !strings.HasPrefix(m[1], "CTX_") && !strings.HasPrefix(m[1], "ISTIOCTL_") && !slices.Contains([]string{shell.RemovedVariable, shell.TopologyVariable, shell.ChangedVariable, shell.RevisionVariable}, m[1]) {
					t.Errorf("%s names the variable %s", name, m[1])
				}
			}
		}
	})
}
