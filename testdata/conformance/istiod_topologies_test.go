package conformance

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/mutation"
)

// How a mistake that only topologies have reaches the clusters, although meshtopo refuses to render it.
var (
	// warned are those of which meshtopo only warns.
	warned = []string{"auto-mtls-off", "dns-capture-off", "gateway-ip-family", "nothing-shared", "private-gateway-address"}

	// signed are about certificates, which cacerts would have as they are.
	signed = []string{
		"chain-incomplete", "different-roots", "path-length", "unsupported-key", "weak-signature",
	}

	// byHand are the others: what the tree would be. Two mistakes in manifests are here as well: as the table has them,
	// istioctl refuses one, and the other is made where nobody notices.
	byHand = map[string]struct {
		example string
		mistake mutation.Mistake
	}{
		"api-url-duplicate": {"mixed", mutation.In("eu-1/2-secrets/remote-secrets/us-2.yaml",
			mutation.Data(`  "us-2": "`, mutation.Turn("https://us-2.example.com:6443", "https://us-1.example.com:6443")))},
		"duplicate-gateway-address": {"mixed", mutation.In("us-2/"+controlPlane, mutation.Turn(`"203.0.113.20"`, `"203.0.113.10"`))},
		"escaped-slash":             {"mixed", mutation.In("us-2/"+controlPlane, mutation.Turn("/net/us", "/net/us--slash--2"))},
		"missing-api-server":        {"two-clusters", mutation.In("cluster-a/2-secrets/remote-secrets/cluster-b.yaml", mutation.Deleted)},
		"missing-credential":        {"two-clusters", mutation.In("cluster-a/2-secrets/remote-secrets/cluster-b.yaml", mutation.Deleted)},
		"missing-intermediate":      {"two-clusters", withoutCACerts},
		"missing-trust":             {"two-clusters", withoutCACerts},
		"no-roots":                  {"two-clusters", mutation.In("cluster-a/2-secrets/cacerts.yaml", mutation.Cut(`  root-cert.pem: "`))},
		"no-gateway-address":        {"primary-remote-multi-network", mutation.In("cluster-b/"+controlPlane, mutation.Cut("remotePilotAddress"))},
		"no-primary": {"primary-remote-multi-network", mutation.In("cluster-a/"+controlPlane,
			mutation.Turn(`profile: "default"`, "profile: remote"))},
		"owned-setting":           {"two-clusters", mutation.In("cluster-b/"+controlPlane, mutation.Turn(`trustDomain: "cluster.local"`, "trustDomain: b.local"))},
		"primary-without-gateway": {"primary-remote-multi-network", mutation.In("cluster-a/"+gateway, mutation.Deleted)},
		"remote-primary":          {"mixed", mutation.In("ap-1/"+controlPlane, mutation.Turn(`"203.0.113.20"`, `"203.0.113.105"`))},
		"root-not-self-signed": {"two-clusters", mutation.In("cluster-b/2-secrets/cacerts.yaml",
			mutation.Data(`  root-cert.pem: "`, mutation.CopiedData("cluster-b/2-secrets/cacerts.yaml", `  ca-cert.pem: "`)))},
		"gateway-of-cluster-kubernetes": {"two-clusters", mutation.In("cluster-a/"+gateway,
			mutation.Turn("injectionTemplate: gateway", `injectionTemplate: ""`))},
		"unknown-remote-cluster": {"mixed", mutation.In("us-1/2-secrets/remote-secrets/us-2.yaml", mutation.Turn(`  "us-2": "`, `  "us-22": "`))},
		"reserved-namespace":     {"two-clusters", mutation.Everywhere("istio-system", "kube-system")},
		"unknown-network": {"two-clusters", mutation.All(
			mutation.EverywhereIn("cluster-b/", "network2", "netwrok2"), mutation.In("cluster-b/"+gateway, mutation.Deleted))},
	}
)

func withoutCACerts(g *mutation.Texts, _ string) {
	mutation.Deleted(g, "cluster-a/2-secrets/cacerts.yaml")
	mutation.Deleted(g, "cluster-b/2-secrets/cacerts.yaml")
}

// topologyWorld gives the mesh in which the mutant of a topology is applied.
func (m *mutant) topologyWorld(t *testing.T, code string) *world {
	t.Helper()
	e := exampleNamed(t, m.Example)
	switch {
	case slices.Contains(warned, code):
		return m.renderedWorld(t, e)
	case slices.Contains(signed, code):
		return m.signedWorld(t, e)
	}
	tree := filepath.Join(e.dir, "want", "clusters")
	texts := &mutation.Texts{T: t, Name: e.name, Files: map[string]string{}}
	for _, name := range files(t, tree) {
		texts.Files[name] = string(read(t, filepath.Join(tree, name)))
	}
	texts.Before = maps.Clone(texts.Files)
	byHand[code].mistake(texts, "")
	return newWorld(t, e, differences(t, copyTree(t, tree), texts))
}

// differences writes texts that are not as before into a tree.
func differences(t *testing.T, tree string, texts *mutation.Texts) string {
	t.Helper()
	to := map[string]*string{}
	for name, text := range texts.Files {
		if texts.Before[name] != text {
			to[name] = &text
		}
	}
	for name := range texts.Before {
		if _, ok := texts.Files[name]; !ok {
			to[name] = nil
		}
	}
	changeFiles(t, tree, to)
	return tree
}

// input gives the example with the mistake, without a tree.
func (m *mutant) input(t *testing.T, e *example) string {
	t.Helper()
	dir := t.TempDir()
	err := fs.WalkDir(os.DirFS(e.dir), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == "want":
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(dir, name), 0o700)
		}
		return os.WriteFile(filepath.Join(dir, name), read(t, filepath.Join(e.dir, name)), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	changeFiles(t, dir, m.Topology)
	return dir
}

// renderedWorld renders the topology with the mistake, which says as well what the clusters are like.
func (m *mutant) renderedWorld(t *testing.T, e *example) *world {
	t.Helper()
	dir := m.input(t, e)
	out := t.TempDir()
	command := exec.Command(built, "render", "-o", out, e.file())
	command.Dir = dir
	if text, err := command.CombinedOutput(); err != nil {
		t.Fatalf("render: %v\n%s", err, text)
	}
	spoilt, err := loadExample(dir)
	if err != nil {
		t.Fatal(err)
	}
	return newWorld(t, spoilt, filepath.Join(out, "clusters"))
}

// signedWorld puts the certificates and keys with the mistake into cacerts.
func (m *mutant) signedWorld(t *testing.T, e *example) *world {
	t.Helper()
	dir := m.input(t, e)
	tree := copyTree(t, filepath.Join(e.dir, "want", "clusters"))
	for _, c := range e.topology.Clusters {
		file := filepath.Join(tree, c.Name, "2-secrets", "cacerts.yaml")
		if _, err := os.Stat(file); err != nil {
			continue
		}
		root := "certs/root-cert.pem"
		lines := strings.Split(string(read(t, file)), "\n")
		for key, from := range map[string]string{
			caCert: "certs/" + c.Name + "/ca-cert.pem", caKey: "certs/" + c.Name + "/ca-key.pem",
			certChain: "certs/" + c.Name + "/cert-chain.pem", rootCert: root,
		} {
			for i, line := range lines {
				if strings.HasPrefix(line, "  "+key+":") {
					lines[i] = fmt.Sprintf("  %s: %q", key, base64.StdEncoding.EncodeToString(read(t, filepath.Join(dir, from))))
				}
			}
		}
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return newWorld(t, e, tree)
}
