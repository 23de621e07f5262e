package render

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/secret"
)

// renderedSecret is what the tests read of a rendered Secret.
type renderedSecret struct {
	Metadata struct {
		Name, Namespace     string
		Labels, Annotations map[string]string
	}
	Data       map[string]string
	StringData map[string]string `yaml:"stringData"`
}

func readSecret(t *testing.T, text string) (s renderedSecret) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	for key, encoded := range s.Data {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			t.Fatalf("%s: %v", key, err)
		}
		s.Data[key] = string(decoded)
	}
	return s
}

func TestRemoteSecret(t *testing.T) {
	const example = "../testdata/multi-primary-multi-network/"
	files := contents(renderExample(t, example))
	got := readSecret(t, files["clusters/east-1/2-secrets/remote-secrets/west-1.yaml"])
	if got.Metadata.Name != "istio-remote-secret-west-1" || got.Metadata.Namespace != "istio-system" {
		t.Errorf("it is %s in %s", got.Metadata.Name, got.Metadata.Namespace)
	}
	if got.Metadata.Labels["istio/multiCluster"] != "true" || got.Metadata.Annotations["networking.istio.io/cluster"] != "west-1" {
		t.Errorf("labels %v, annotations %v", got.Metadata.Labels, got.Metadata.Annotations)
	}
	if len(got.Data) != 1 || len(got.StringData) != 0 {
		t.Fatalf("%d keys of data and %d of stringData, want one and none", len(got.Data), len(got.StringData))
	}
	var kubeconfig any
	if err := yaml.Unmarshal([]byte(got.Data["west-1"]), &kubeconfig); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"apiVersion": "v1", "kind": "Config", "current-context": "west-1",
		"clusters": []any{map[string]any{"name": "west-1", "cluster": map[string]any{
			"certificate-authority-data": base64.StdEncoding.EncodeToString(read(t, example+"certs/west-1/api.pem")),
			"server":                     "https://192.0.2.30:6443",
			"tls-server-name":            "west-1.example.com",
		}}},
		"contexts": []any{map[string]any{"name": "west-1", "context": map[string]any{"cluster": "west-1", "user": "west-1"}}},
		"users": []any{map[string]any{"name": "west-1", "user": map[string]any{
			"token": strings.TrimSpace(string(read(t, example+"tokens/west-1"))),
		}}},
	}
	if !reflect.DeepEqual(kubeconfig, want) {
		t.Errorf("the kubeconfig differs from what istioctl create-remote-secret gives:\n%s", got.Data["west-1"])
	}
}

func TestCACerts(t *testing.T) {
	const example = "../testdata/mixed/"
	files := contents(renderExample(t, example))
	got := readSecret(t, files["clusters/us-1/2-secrets/cacerts.yaml"])
	want := map[string]string{
		"ca-cert.pem":    string(read(t, example+"certs/us-1/ca-cert.pem")),
		"ca-key.pem":     string(read(t, example+"certs/us-1/ca-key.pem")),
		"cert-chain.pem": string(read(t, example+"certs/us-1/cert-chain.pem")),
		"root-cert.pem": string(read(t, example+"certs/root-cert.pem")) +
			string(read(t, example+"certs/next-root-cert.pem")),
	}
	if !reflect.DeepEqual(got.Data, want) {
		t.Error("cacerts does not hold what the topology names, with all roots")
	}
}

// TestReaderNamespaces checks that a remote Secret lands where its reader's istiod looks for it.
func TestReaderNamespaces(t *testing.T) {
	files := variantFiles(t, "mixed", "us-1:\n", "us-1:\n      istio: {namespace: mesh}\n",
		"us-2:\n", "us-2:\n      istio: {namespace: mesh}\n", "ap-1:\n", "ap-1:\n      istio: {namespace: mesh}\n")
	for reader, want := range map[string]string{"eu-1": "istio-system", "us-1": "mesh"} {
		got := readSecret(t, files["clusters/"+reader+"/2-secrets/remote-secrets/us-2.yaml"])
		if got.Metadata.Namespace != want || got.Data["us-2"] == "" {
			t.Errorf("the Secret in %s is in namespace %s, want %s", reader, got.Metadata.Namespace, want)
		}
	}
}

// TestUnreadableMaterial checks that only material that is not there is passed over.
func TestUnreadableMaterial(t *testing.T) {
	topology, _ := load(t, "../testdata/two-clusters")
	for _, broken := range []string{"tokens/cluster-b", "certs/cluster-a/ca-key.pem", "certs/root-cert.pem", "certs/cluster-b/api.pem"} {
		store := secret.NewStore(brokenFile{os.DirFS("../testdata/two-clusters"), broken}, os.LookupEnv)
		_, err := NewPlan(topology, store).Render()
		if err == nil || !strings.Contains(err.Error(), broken) {
			t.Errorf("with %s unreadable: %v", broken, err)
		}
	}
}

// brokenFile refuses to open one file.
type brokenFile struct {
	fs.FS
	name string
}

func (b brokenFile) Open(name string) (fs.File, error) {
	if name == b.name {
		return nil, fmt.Errorf("open %s: %w", name, fs.ErrPermission)
	}
	return b.FS.Open(name)
}
