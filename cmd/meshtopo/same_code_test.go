package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
)

// otherNames are the mistakes that lint names otherwise than validate: the codes of both, and why.
var otherNames = map[[2]string]string{
	{"shared-sealing-certificate", "encrypted-skipped"}:       "what is rendered is sealed, and lint says that it cannot look into it",
	{"sealing-certificate-expires-soon", "encrypted-skipped"}: "as above",
	{"patch-loses-items", "gateway-without-label"}:            lostItems,
	{"patch-loses-items", "gateway-without-network-view"}:     lostItems,
	{"patch-loses-items", "no-gateway-port"}:                  lostItems,
	{"patch-loses-items", "server-without-tls"}:               lostItems,
	{"patch-loses-items", "services-not-exposed"}:             lostItems,
}

const lostItems = "validate sees the patch that loses items, lint what is missing without them"

// TestSameMistakeSameCode lints what wrong topologies render to, with their errors made notes, as far as that can be:
// lint finds their mistakes under the codes that validate gives them. Codes that both know and that are not found so,
// because the topology cannot be rendered or the mistake is not in the manifests, are found in manifests that have the
// mistake made by hand.
func TestSameMistakeSameCode(t *testing.T) {
	if testing.Short() {
		t.Skip("for a race detector it is one run a hundred times")
	}
	known := map[string]*diag.Rule{}
	for _, r := range allRules() {
		known[r.Code] = r
	}
	same, other := map[string]bool{}, map[[2]string]bool{}
	t.Run("of", func(t *testing.T) {
		for _, w := range slices.Concat(wrongs(t), doubtful(t)) {
			codes := w.each()
			if w.args != nil || slices.ContainsFunc(codes, func(code string) bool { return known[code].Fixed || ofKubeconfigs(code) }) {
				continue
			}
			t.Run(w.codes+"/"+w.name, func(t *testing.T) {
				found := w.lowered(t, codes)
				for _, code := range found {
					if same[code] = same[code] || slices.Contains(codes, code); slices.Contains(codes, code) {
						continue
					}
					pair := [2]string{codes[0], code}
					if other[pair] = true; otherNames[pair] == "" {
						t.Errorf("validate finds %q, and lint %s in what is rendered", codes, code)
					}
				}
			})
		}
		for _, m := range madeByHand(t) {
			t.Run("by hand/"+m.code, func(t *testing.T) {
				m.check(t)
			})
		}
	})
	for pair := range otherNames {
		if !other[pair] {
			t.Errorf("no topology has %s that lint calls %s", pair[0], pair[1])
		}
	}
	byHand := map[string]bool{}
	for _, m := range madeByHand(t) {
		if byHand[m.code] = true; same[m.code] {
			t.Errorf("%s need not be made by hand: a topology that is rendered has it", m.code)
		}
	}
	for code := range commonCodes(t) {
		if !same[code] && !byHand[code] && !ofKubeconfigs(code) {
			t.Errorf("validate and lint know %s, and nothing shows that they mean the same", code)
		}
	}
}

// ofKubeconfigs reports whether a rule is about kubeconfigs, which one package judges wherever they are. Nothing is
// rendered of one that breaks it.
func ofKubeconfigs(code string) bool {
	return slices.ContainsFunc(kubeconfig.Rules(), func(r *diag.Rule) bool { return r.Code == code })
}

// each gives the codes of a wrong topology, each once.
func (w wrong) each() []string {
	codes := strings.FieldsFunc(w.codes, func(r rune) bool { return r == ' ' || r == '+' })
	slices.Sort(codes)
	return slices.Compact(codes)
}

// lowered renders a wrong topology with its errors made notes, and gives the codes that lint finds in the tree.
func (w wrong) lowered(t *testing.T, codes []string) []string {
	t.Helper()
	dir := copyExample(t, w.exampleName())
	want := w.prepare(t, dir)
	var settings []string
	for _, code := range codes {
		settings = append(settings, code+": {severity: info, reason: tested}")
	}
	write(t, filepath.Join(dir, "rules.yaml"), "spec: {rules: {"+strings.Join(settings, ", ")+"}}\n")
	if got := inProcess(t, dir, want.stdin, "render", "-o", "out", w.arguments()[0], "rules.yaml"); got.code != exitOK {
		t.Fatalf("it cannot be rendered with notes:\n%s%s", got.out, got.err)
	}
	return inProcess(t, dir, "", "lint", "out").codes()
}

// codes gives the codes of a report, each once.
func (r result) codes() []string {
	return slices.Compact(codesOf(r))
}

// commonCodes gives the codes that both a topology of the tables and a case of package lint have.
func commonCodes(t *testing.T) map[string]bool {
	t.Helper()
	cases, err := filepath.Glob("../../schema/lint/testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	linted := map[string]bool{}
	for _, file := range cases {
		code, _, _ := strings.Cut(strings.TrimSuffix(filepath.Base(file), ".txtar"), "_")
		linted[code] = true
	}
	common := map[string]bool{}
	for _, w := range slices.Concat(wrongs(t), doubtful(t)) {
		for _, code := range w.each() {
			if linted[code] {
				common[code] = true
			}
		}
	}
	return common
}

// handmade is a mistake that is made in the rendered manifests of an example.
type handmade struct {
	code    string
	example string
	edits   []manifestEdit
}

// manifestEdit replaces a text of a file below clusters/, also in what a Secret holds.
type manifestEdit struct{ file, old, new string }

// madeByHand has the mistakes of topologies that do not come through: an error that cannot be a note, or what is not
// rendered.
func madeByHand(t *testing.T) []handmade {
	const (
		two, remote = "two-clusters", "primary-remote-multi-network"
		operator    = "3-control-plane/istio-operator.yaml"
		kubeconfig  = "cluster-a/2-secrets/remote-secrets/cluster-b.yaml"
		cacerts     = "cluster-a/2-secrets/cacerts.yaml"
		server      = `server: "https://198.51.100.1:6443"`
	)
	material := func(file string) string { return read(t, filepath.Join("../../testdata", two, file)) }
	token, key := strings.TrimSpace(material("tokens/cluster-b")), material("certs/cluster-a/ca-key.pem")
	encoded := base64.StdEncoding.EncodeToString([]byte(token))
	authority := func(cluster string) string {
		return base64.StdEncoding.EncodeToString([]byte(read(t, filepath.Join("../../testdata/mixed/certs", cluster, "api.pem"))))
	}
	tag := func(cluster, version string) manifestEdit {
		return manifestEdit{cluster + "/" + operator, "\nspec:\n", "\nspec:\n  tag: " + version + "\n"}
	}
	return []handmade{
		{"api-url-invalid", two, []manifestEdit{{kubeconfig, server, `server: "https://me@198.51.100.1:6443"`}}},
		{"api-url-not-https", two, []manifestEdit{{kubeconfig, server, `server: "http://198.51.100.1:6443"`}}},
		{"proxy-url-invalid", two, []manifestEdit{{kubeconfig, server, server + "\n    proxy-url: ftp://proxy.example.com"}}},
		{"ca-of-another-cluster", "mixed", []manifestEdit{{"eu-1/2-secrets/remote-secrets/us-2.yaml", authority("us-2"), authority("us-1")}}},
		{"encoded-token", two, []manifestEdit{{kubeconfig, token, encoded}}},
		{"malformed-token", two, []manifestEdit{{kubeconfig, token, "Bearer " + token}}},
		{"token-of-another-account", two, []manifestEdit{{kubeconfig, token, jwt(claims{"sub": "oidc:someone"})}}},
		{"unquoted-scalar", two, []manifestEdit{{kubeconfig, `token: "` + token + `"`, "token: on"}}},
		{"certificate-for-key", two, []manifestEdit{{cacerts, key, material("certs/cluster-a/ca-cert.pem")}}},
		{"key-mismatch", two, []manifestEdit{{cacerts, key, material("certs/cluster-b/ca-key.pem")}}},
		{"malformed-pem", two, []manifestEdit{{cacerts, key, "a key"}}},
		{"private-key-exposed", two, []manifestEdit{{cacerts, material("certs/root-cert.pem"), key}}},
		{"invalid-name", two, []manifestEdit{{"cluster-a/" + operator, `clusterName: "cluster-a"`, `clusterName: "Cluster_A"`}}},
		{"invalid-value", two, []manifestEdit{{"cluster-a/" + operator, "\nspec:\n", "\nspec:\n  revision: 1.31.1\n"}}},
		{"reserved-revision", two, []manifestEdit{{"cluster-a/" + operator, "\nspec:\n", "\nspec:\n  revision: default\n"}}},
		{"long-revision", two, []manifestEdit{{"cluster-a/" + operator, "\nspec:\n", "\nspec:\n  revision: " + strings.Repeat("r", 60) + "\n"}}},
		{"reserved-cluster-name", two, []manifestEdit{{"cluster-a/" + operator, `clusterName: "cluster-a"`, `clusterName: Kubernetes`}}},
		{"primaries-apart", two, []manifestEdit{tag("cluster-a", "1.31.1"), tag("cluster-b", "1.28.0")}},
		{"remote-newer", remote, []manifestEdit{tag("cluster-a", "1.30.0"), tag("cluster-b", "1.31.1")}},
		{"remote-older", remote, []manifestEdit{tag("cluster-a", "1.31.1"), tag("cluster-b", "1.28.0")}},
		{"hostname-not-resolved", two, []manifestEdit{{"cluster-a/" + operator, "\n  values:\n", "\n  values:\n    pilot: {env: {RESOLVE_HOSTNAME_GATEWAYS: \"false\"}}\n"},
			{"cluster-b/4-gateway/istio-operator.yaml", "k8s:\n", "k8s:\n        serviceAnnotations: {service.beta.kubernetes.io/aws-load-balancer-type: nlb}\n"}}},
		{"remote-takes-ipv4", remote, []manifestEdit{tag("cluster-b", "1.28.0"), {"cluster-b/" + operator, `"203.0.113.10"`, `"2001:db8::10"`}}},
		{"remote-namespace", remote, []manifestEdit{{"cluster-b/" + operator, `istioNamespace: "istio-system"`, `istioNamespace: "istio"`},
			{"cluster-b/1-prepare/namespace.yaml", `name: "istio-system"`, `name: "istio"`}}},
		{"remote-network-name", remote, []manifestEdit{{"cluster-b/" + operator, "net/network2", "net/network_2"}, {"cluster-b/" + operator, `network: "network2"`, `network: "network_2"`},
			{"cluster-b/1-prepare/namespace.yaml", `network: "network2"`, `network: "network_2"`}, {"cluster-b/4-gateway/istio-operator.yaml", "network2", "network_2"}}},
		{"remote-revision", remote, []manifestEdit{{"cluster-b/" + operator, "\nspec:\n", "\nspec:\n  revision: one\n"}}},
		{"revision-tag", two, []manifestEdit{{"cluster-a/1-prepare/namespace.yaml", "apiVersion: v1\n", sailTag + "apiVersion: v1\n"}}},
		{"unknown-primary", remote, []manifestEdit{{"cluster-b/1-prepare/namespace.yaml", `controlPlaneClusters: "cluster-a"`, `controlPlaneClusters: "cluster-c"`}}},
		{"unused-on-remote", remote, []manifestEdit{{"cluster-b/" + operator, "\nspec:\n", "\nspec:\n  meshConfig: {accessLogFile: /dev/stdout}\n"}}},
	}
}

// sailTag is a tag of the Sail operator with the name of its revision.
const sailTag = `apiVersion: sailoperator.io/v1
kind: Istio
metadata: {name: canary}
---
apiVersion: sailoperator.io/v1
kind: IstioRevisionTag
metadata: {name: canary}
spec: {targetRef: {kind: Istio, name: canary}}
---
`

// quotedData is a value of a Secret's data.
var quotedData = regexp.MustCompile(`(?m)(: ")([A-Za-z0-9+/=]{20,})("$)`)

// check makes the mistake and lints the tree.
func (m handmade) check(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("../../testdata", m.example, "want"))); err != nil {
		t.Fatal(err)
	}
	for _, e := range m.edits {
		e.make(t, filepath.Join(dir, "clusters", e.file))
	}
	if codes := inProcess(t, dir, "", "lint", ".").codes(); !slices.Contains(codes, m.code) {
		t.Errorf("lint finds %q, want %s among them", codes, m.code)
	}
}

// make makes the edit.
func (e manifestEdit) make(t *testing.T, file string) {
	t.Helper()
	text := read(t, file)
	changed := strings.Replace(text, e.old, e.new, 1)
	if changed == text {
		changed = quotedData.ReplaceAllStringFunc(text, func(value string) string {
			parts := quotedData.FindStringSubmatch(value)
			held, err := base64.StdEncoding.DecodeString(parts[2])
			if err != nil {
				t.Fatal(err)
			}
			return parts[1] + base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(held), e.old, e.new, 1))) + parts[3]
		})
	}
	if changed == text {
		t.Fatalf("%s does not have what is to be replaced", e.file)
	}
	write(t, file, changed)
}
