package conformance

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Programs as their users build them: with the dependencies of the product's module.
var meshtopo, generate string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	meshtopo, generate = filepath.Join(dir, "meshtopo"), filepath.Join(dir, "generate")
	for program, path := range map[string]string{meshtopo: "./cmd/meshtopo", generate: "./cmd/internal/tools/generate"} {
		if out, err := exec.Command("go", "-C", "../..", "build", "-o", program, path).CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
			return 1
		}
	}
	return m.Run()
}

// mesh is a topology whose Secrets are to be the same, whoever makes them: one API server is behind a proxy and has a
// name of its own, and a certificate says what a template would take for its own.
const mesh = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop}
spec:
  istio: {version: "1.31.1"}
  trust: {roots: [certs/root-cert.pem], intermediates: "certs/{cluster}"}
  secrets: SECRETS
  networks: {network1: {}, network2: {}}
  clusters:
    cluster-a:
      network: network1
      apiServer: {url: "https://192.0.2.1:6443", ca: certs/cluster-a/api.pem}
      credential: {token: {file: tokens/cluster-a}}
      eastWestGateway: {addresses: [203.0.113.10]}
    cluster-b:
      network: network2
      apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-b/api.pem BEHIND}
      credential: {token: {file: tokens/cluster-b}}
    cluster-c:
      network: network1
      primary: cluster-a
      apiServer: {url: "https://192.0.2.3:6443", ca: certs/cluster-c/api.pem}
      credential: {token: {file: tokens/cluster-c}}
`

// The ways to write the Secrets of the mesh.
const (
	plaintext = `{protection: plaintext}`
	external  = `{protection: external-secrets`
	sealed    = `{protection: sealed-secrets, sealedSecrets: {certificate: certs/sealing.pem, scope: SCOPE}}`
	vault     = external + `, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}/{reader}", cacertsKey: "mesh/ca/{cluster}", fill: FILL}}`
)

// behindProxy is what an API server has that External Secrets itself cannot reach.
const behindProxy = `, tlsServerName: b.example.com, proxyURL: "http://proxy.example.com:3128"`

// material makes the certificates, keys and tokens of the mesh.
func material(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "topology.yaml"), strings.NewReplacer("SECRETS", plaintext, "BEHIND", "").Replace(mesh))
	output(t, exec.Command(generate, dir))
	file := filepath.Join(dir, "certs", "cluster-a", "ca-cert.pem")
	write(t, file, "{{ .key }} and {{ fail }}\n"+read(t, file))
	return dir
}

// rendered renders the mesh over its material and gives the directory of its clusters. With external secrets there is
// no private file any more.
func rendered(t *testing.T, material, secrets, behind string) string {
	t.Helper()
	dir := t.TempDir()
	output(t, exec.Command("cp", "-R", material+"/certs", dir))
	if !strings.HasPrefix(secrets, external) {
		output(t, exec.Command("cp", "-R", material+"/tokens", dir))
	} else {
		keys, err := filepath.Glob(filepath.Join(dir, "certs", "*", "ca-key.pem"))
		if err != nil || len(keys) == 0 {
			t.Fatalf("there are no keys: %v", err)
		}
		for _, key := range keys {
			if err := os.Remove(key); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(t, filepath.Join(dir, "topology.yaml"), strings.NewReplacer("SECRETS", secrets, "BEHIND", behind).Replace(mesh))
	command := exec.Command(meshtopo, "render", "--verify", "topology.yaml")
	command.Dir = dir
	output(t, command)
	return filepath.Join(dir, "clusters")
}

func output(t *testing.T, command *exec.Cmd) string {
	t.Helper()
	out, err := command.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			err = fmt.Errorf("%w: %s", err, exit.Stderr)
		}
		t.Fatalf("%v: %v\n%s", command.Args, err, out)
	}
	return string(out)
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// files gives the YAML files of the layer of secrets of a cluster, without what lists them.
func files(t *testing.T, cluster string) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.yaml", "remote-secrets/*.yaml"} {
		found, err := filepath.Glob(filepath.Join(cluster, "2-secrets", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range found {
			if filepath.Base(file) != "kustomization.yaml" {
				all = append(all, file)
			}
		}
	}
	return all
}

// objects gives the documents of a file by their kind.
func objects(t *testing.T, file string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for document := range strings.SplitSeq(read(t, file), "\n---\n") {
		for line := range strings.Lines(document) {
			if kind, ok := strings.CutPrefix(strings.TrimSpace(line), "kind: "); ok && strings.HasPrefix(line, "kind: ") {
				all[kind] = document
			}
		}
	}
	return all
}
