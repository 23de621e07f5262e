package conformance

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/loader"
)

const symptomsFile = "testdata/symptoms.txt"

// TestSymptoms gives Istio's control plane a mutant for each rule that claims a symptom. What is to be seen in the mesh
// then is, but for the lines of testdata/symptoms.txt, what is to be seen in the mesh as it was rendered.
func TestSymptoms(t *testing.T) {
	all, claims := mutants(t), claiming()
	unspoilt := map[string][]string{}
	shown := map[string]string{}
	for _, code := range slices.Sorted(maps.Keys(claims)) {
		if unshown[code] != "" {
			continue
		}
		t.Run(code, func(t *testing.T) {
			m := choose(t, all, code)
			mesh := m.Example
			if given[code] != nil {
				mesh += " for " + code
			}
			before, ok := unspoilt[mesh]
			if !ok {
				e := exampleNamed(t, m.Example)
				before = newWorld(t, e, unspoiltTree(t, e, code)).observe(t)
				unspoilt[mesh] = before
			}
			lines := changes(before, m.world(t, code).observe(t))
			if reason := withoutEffect[code]; (len(lines) == 0) != (reason != "") {
				t.Errorf("%d lines change, and the reason why none does is %q", len(lines), reason)
			}
			shown[code] = section(code, m, lines)
		})
	}
	for _, code := range slices.Concat(sortedKeysOf(unshown), sortedKeysOf(withoutEffect), sortedKeysOf(byHand), sortedKeysOf(given)) {
		if claims[code] == nil {
			t.Errorf("%s claims no symptom", code)
		}
	}
	if still := len(unshown) + len(withoutEffect); still*10 > len(claims) {
		t.Errorf("%d of %d claims are not shown by a change", still, len(claims))
	}
	var text bytes.Buffer
	text.WriteString(symptomsHead)
	for _, code := range slices.Sorted(maps.Keys(shown)) {
		text.WriteString(shown[code])
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(symptomsFile, text.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	} else if !bytes.Equal(text.Bytes(), read(t, symptomsFile)) {
		t.Errorf("%s is not what is to be seen: UPDATE=1 writes it anew; read the diff\n%s", symptomsFile, text.Bytes())
	}
}

const symptomsHead = `# What a mistake changes in the mesh, by the code of the rule that finds it. Written by UPDATE=1 go test -run TestSymptoms .
`

func section(code string, m *mutant, lines []string) string {
	var text bytes.Buffer
	fmt.Fprintf(&text, "\n%s: %s (%s)\n", code, m.Name, m.Example)
	for _, line := range lines {
		fmt.Fprintf(&text, "  %s\n", line)
	}
	return text.String()
}

// claiming gives the rules that claim a symptom, by code.
func claiming() map[string]*diag.Rule {
	all := map[string]*diag.Rule{}
	for _, r := range append(loader.Rules(), lint.Rules()...) {
		if r.Symptom {
			all[r.Code] = r
		}
	}
	return all
}

// choose gives the mutant for a code: one of manifests or, where lint does not know the code, of a topology.
func choose(t *testing.T, all []*mutant, code string) *mutant {
	t.Helper()
	if by, ok := byHand[code]; ok {
		return &mutant{Name: by.name, Example: by.example}
	}
	var best *mutant
	for _, m := range all {
		if slices.Contains(m.Codes, code) && (best == nil || m.betterThan(best, code)) {
			best = m
		}
	}
	if best == nil {
		t.Fatal("no mistake in cmd/meshtopo has the code")
	}
	return best
}

func (m *mutant) betterThan(other *mutant, code string) bool {
	switch {
	case preferred[code] == other.Name || preferred[code] == m.Name:
		return preferred[code] == m.Name
	case (len(m.Files) > 0) != (len(other.Files) > 0):
		return len(m.Files) > 0
	}
	return len(m.Codes) < len(other.Codes)
}

// preferred names the mistake that shows best what a rule claims, where there are several.
var preferred = map[string]string{
	"cacerts-key":                  "key.pem",
	"deviates-from-topology":       "topology: trust domain",
	"gateway-revision":             "gateway of another revision",
	"injection-cluster":            "injection path of another cluster",
	"injection-path":               "no injection path",
	"kubeconfig-refused":           "token in a file",
	"istiod-host":                  "route to an istiod without revision",
	"malformed-pem":                "root cut off",
	"mesh-networks-form":           "port of a gateway in meshNetworks",
	"namespace-without-network":    "no network of the namespace",
	"no-cluster-name":              "no cluster name of a primary",
	"not-auto-passthrough":         "mode PASSTHROUGH",
	"port-not-open":                "no port 15012 on a primary",
	"primary-not-external":         "primary without externalIstiod",
	"reader-lacks-rights":          "right to read slices",
	"remote-secret-of-itself":      "key of the cluster itself",
	"remote-secret-unlabelled":     "no label",
	"remote-without-address":       "no address",
	"remote-without-control-plane": "no annotation",
	"secret-namespace":             "namespace of a remote Secret",
	"unread-variable":              "variable that nothing reads",
}

// withoutEffect are the rules that claim just that: what the mistake says is nothing to istiod.
var withoutEffect = map[string]string{
	"cacerts-unused":                  "no istiod runs where the Secret is",
	"chain-without-root":              "istiod takes the roots from another file",
	"expired-in-bundle":               "the root beside it is valid",
	"external-istiod-without-remotes": "no other cluster names the control plane as its own",
	"unused-on-remote":                "a remote has no mesh config",
}

// unshown says why a claim cannot be shown in process.
var unshown = map[string]string{
	"gateway-ends-tls":        "it is about what clouds make of an annotation",
	"gateway-proxy-protocol":  "it is about what clouds make of an annotation",
	"overlapping-pod-cidrs":   "it is about which pod has an address, and istiod hands out addresses whoever has them",
	"private-gateway-address": "it is about routes between networks, of which istiod knows nothing",
	"remote-takes-ipv4":       "the charts here are those of 1.32, which take IPv6",
	"unsupported-key":         "it is about what Envoy's TLS offers, and Go's offers more",
	"waypoint-in-one-cluster": "it is about pods of waypoints, which istiod's controller of Gateways makes, and none runs here",
	"ztunnel-differs":         "it is of ztunnel, which is no program in Go",
}
