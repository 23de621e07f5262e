package render

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/loader"
)

// TestLintExamples lints what each example gives: there is nothing to report, not even a note.
func TestLintExamples(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		for _, d := range linted(t, topology, store) {
			t.Errorf("%s:%d:%d: %s: %s [%s]", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Severity, d.Message, d.Code)
		}
	})
}

// TestLintReaders lints what readers of each version get, and those whose settings take rights away.
func TestLintReaders(t *testing.T) {
	var settings []string
	for minor := 24; minor <= 31; minor++ {
		settings = append(settings, fmt.Sprintf(`version: "1.%d.0"`, minor))
	}
	const newest = `version: "1.31.1", `
	settings = append(settings,
		newest+`values: {pilot: {env: {PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: "false"}}}`,
		newest+`values: {pilot: {env: {ENABLE_CLUSTER_TRUST_BUNDLE_API: "true"}}}`,
		newest+`values: {global: {trustBundleName: roots}, pilot: {crlConfigMapName: revoked}}`,
		newest+`revision: canary`,
		newest+`revision: canary, values: {revisionTags: [prod]}`)
	for example, istio := range map[string]string{
		"primary-remote-one-network": `istio: {version: "1.31.1"}`, "multi-primary-one-network": `istio: {version: "1.30.2"}`,
	} {
		for _, text := range settings {
			topology, store := variant(t, example, istio, "istio: {"+text+"}")
			for _, d := range linted(t, topology, store) {
				if d.Code == "reader-lacks-rights" {
					t.Errorf("%s with %s: %s:%d: %s", example, text, d.Pos.File, d.Pos.Line, d.Message)
				}
			}
		}
	}
}

// linted lints the manifests that a topology gives, and compares them with it.
func linted(t testing.TB, topology *schema.Topology, store *secret.Store) []*diag.Diagnostic {
	t.Helper()
	var clusters []lint.Source
	for _, f := range render(t, topology, store).Files {
		name, file, _ := strings.Cut(strings.TrimPrefix(f.Path, "clusters/"), "/")
		if path.Ext(file) != ".yaml" {
			continue
		}
		if len(clusters) == 0 || clusters[len(clusters)-1].Cluster != name {
			clusters = append(clusters, lint.Source{Cluster: name})
		}
		c := &clusters[len(clusters)-1]
		c.Files = append(c.Files, lint.File{Name: f.Path, Read: func() ([]byte, error) { return bytes.Join(f.Body, nil), nil }})
	}
	found, err := lint.Run(lint.Input{Clusters: clusters, Topology: topology, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return found.Sorted()
}

// TestLintRandom lints what random topologies give.
func TestLintRandom(t *testing.T) {
	random, right := rand.New(rand.NewPCG(1, 2)), 0
	const topologies = 60
	for range topologies {
		if lintChosen(t, randomBytes(random)) {
			right++
		}
	}
	if right < topologies/2 {
		t.Errorf("%d of %d topologies are right: too few to prove anything", right, topologies)
	}
}

// FuzzLint does so with topologies of the fuzzer's choice.
func FuzzLint(f *testing.F) {
	f.Add([]byte{})
	f.Add(randomBytes(rand.New(rand.NewPCG(1, 2))))
	f.Fuzz(func(t *testing.T, choices []byte) { lintChosen(t, choices) })
}

func randomBytes(random *rand.Rand) []byte {
	all := make([]byte, 64)
	for i := range all {
		all[i] = byte(random.Uint32())
	}
	return all
}

// lintChosen renders a topology and lints what it gives, and reports whether it is right. Nothing may be found but what
// was found in the topology itself, under the same code.
func lintChosen(t *testing.T, choices []byte) bool {
	t.Helper()
	text := (&chooser{choices}).topology()
	fsys := overlay{fstest.MapFS{"topology.yaml": {Data: []byte(text)}}, os.DirFS("../testdata/mixed")}
	store := secret.NewStore(fsys, func(string) (string, bool) { return "", false })
	topology, found, err := loader.Load(loader.Input{FS: fsys, Files: []string{"topology.yaml"}, Material: store, Now: now, RequireMaterial: true})
	if err != nil {
		t.Fatal(err)
	}
	if topology == nil {
		return false
	}
	known := map[string]bool{}
	for _, d := range found.Sorted() {
		known[d.Code] = true
	}
	for _, d := range linted(t, topology, store) {
		if !known[d.Code] {
			t.Errorf("%s:%d:%d: %s: %s [%s], of\n%s", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Severity, d.Message, d.Code, text)
		}
	}
	return true
}

// chooser makes choices, one for each byte, and the first one where there are none left.
type chooser struct{ bytes []byte }

func (c *chooser) choose(of ...string) string {
	if len(c.bytes) == 0 {
		return of[0]
	}
	b := c.bytes[0]
	c.bytes = c.bytes[1:]
	return of[int(b)%len(of)]
}

// topology gives a topology of some of the clusters of the example mixed. Most are right.
func (c *chooser) topology() string {
	var out strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	line("apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: planet}\nspec:")
	line("  mesh: {trustDomain: %s, dnsCapture: %s, exposedHosts: [%s]}", c.choose("cluster.local", "example.com"),
		c.choose("true", "false"), c.choose(`"*.local"`, `"*.cluster.local"`, `"*"`))
	line("  istio:")
	line("    version: %q", c.choose("1.31.1", "1.31.1", "1.30.0", "1.29.2"))
	line("    namespace: %s", c.choose("istio-system", "mesh"))
	line("    revision: %q", c.choose("", "blue"))
	line("    profile: %s", c.choose("default", "minimal", "demo"))
	line("    tag: %q", c.choose("1.31.1", "custom"))
	line("    values: %s", c.choose("{}", "{global: {logAsJson: true}}", "{pilot: {env: {PILOT_ENABLE_ANALYSIS: \"true\"}}}"))
	line("    components: %s", c.choose("{}", "{ingressGateways: [{name: istio-ingressgateway, enabled: false}]}",
		"{egressGateways: [{name: istio-egressgateway, enabled: true}]}"))
	line("  trust: {roots: [certs/root-cert.pem, certs/next-root-cert.pem]}\n  secrets: {protection: plaintext}")
	line("  networks: {ap: {}, eu: {}, us: {}}\n  clusters:")
	primaries := []string{""}
	for i, name := range []string{"eu-1", "us-1", "eu-2", "us-2", "ap-1"} {
		if i > 0 && c.choose("there", "there", "not there") == "not there" {
			continue
		}
		primary := ""
		if i > 0 {
			primary = c.choose(primaries...)
		}
		if primary == "" {
			primaries = append(primaries, name)
		}
		c.cluster(line, name, i, primary)
	}
	return out.String()
}

func (c *chooser) cluster(line func(string, ...any), name string, i int, primary string) {
	line("    %s:", name)
	line("      network: %s", c.choose("eu", "us", "ap"))
	line("      apiServer: {url: \"https://%s.example.com:6443\", ca: certs/%s/api.pem}", name, name)
	line("      credential: {token: {file: tokens/%s}}", name)
	line("      state: %s", c.choose("active", "active", "joining"))
	gateway := []string{"", "", `serviceAnnotations: {a: b}, `, `serviceType: NodePort, serviceAnnotations: {traffic.istio.io/nodeSelector: "{}"}, `}
	if primary != "" {
		line("      primary: %s", primary)
		line("      istio: %s", c.choose("{}", "{}", "{version: \"1.30.0\"}"))
		gateway = append(gateway, "enabled: false, ")
	} else {
		line("      intermediate: {cert: certs/%s/ca-cert.pem, chain: certs/%[1]s/cert-chain.pem, key: {file: certs/%[1]s/ca-key.pem}}",
			c.choose("eu-1", "us-1"))
		line("      istio: %s", c.choose("{}", "{}", "{revision: green}", "{version: \"1.30.0\"}", "{namespace: other}", "{profile: minimal}"))
		gateway = append(gateway, "enabled: true, ")
	}
	line("      eastWestGateway: {%saddresses: [203.0.113.%d]}", c.choose(gateway...), i+1)
}
