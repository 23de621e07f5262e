package conformance

import (
	"encoding/json"
	"errors"
	"os/exec"
	"path/filepath"
	"testing"
)

// foundAs are the codes that lint has for what mistakes of a topology make of a tree, where it does not have the
// topology's. Some are to be seen only beside the topology, and one not at all: where no cluster has cacerts, they
// may come from elsewhere.
var foundAs = map[string]string{
	"mounted-too-early":         "kubeconfig-not-mounted",
	"api-url-duplicate":         "server-of-two-clusters",
	"duplicate-gateway-address": "deviates-from-topology",
	"escaped-slash":             "network-mismatch",
	"missing-api-server":        "missing-remote-secret",
	"missing-credential":        "missing-remote-secret",
	"missing-intermediate":      "no-cacerts",
	"missing-trust":             "",
	"no-gateway-address":        "remote-without-address",
	"no-primary":                "remote-without-address",
	"no-roots":                  "cacerts-incomplete",
	"own-primary":               "deviates-from-topology",
	"owned-setting":             "different-trust-domains",
	"primary-without-gateway":   "network-without-gateway",
	"remote-primary":            "deviates-from-topology",
	"reserved-namespace":        "deviates-from-topology",
	"root-not-self-signed":      "intermediate-is-root",
	"unknown-network":           "network-without-gateway",
}

// wantFound checks that meshtopo finds a mistake in a tree in which it was made by hand.
func wantFound(t *testing.T, e *example, tree, code string) {
	t.Helper()
	want := code
	if other, ok := foundAs[code]; ok {
		want = other
	}
	if want == "" {
		return
	}
	var more []string
	if want == "deviates-from-topology" {
		more = []string{"--topology", filepath.Join(e.dir, e.file())}
	}
	if found := lintTree(t, e, tree, more...); !found[want] {
		t.Errorf("lint finds %q, want %q", sortedKeysOf(found), want)
	}
}

// lintTree gives the codes that meshtopo finds in a tree.
func lintTree(t *testing.T, e *example, tree string, more ...string) map[string]bool {
	t.Helper()
	command := exec.Command(built, append([]string{"lint", "--format", "json"}, more...)...)
	for _, c := range e.topology.Clusters {
		command.Args = append(command.Args, "--cluster", c.Name+"="+filepath.Join(tree, c.Name))
	}
	out, err := command.Output()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var report struct {
		Findings []struct{ Code string }
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	codes := map[string]bool{}
	for _, finding := range report.Findings {
		codes[finding.Code] = true
	}
	return codes
}
