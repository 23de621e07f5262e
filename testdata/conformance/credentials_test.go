package conformance

import (
	"bytes"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"istio.io/istio/pkg/kube"
	corev1 "k8s.io/api/core/v1"
	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// TestClientCertificate renders a cluster that is read with a client certificate: istiod takes the kubeconfig, and logs
// in with that certificate and its key, and nothing else.
func TestClientCertificate(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../two-clusters")); err != nil {
		t.Fatal(err)
	}
	root := trusttest.New(nil)
	client := trusttest.New(root, trusttest.Leaf, trusttest.Extended(x509.ExtKeyUsageClientAuth))
	topology := strings.Replace(string(read(t, filepath.Join(dir, "topology.yaml"))), "{token: {file: tokens/cluster-b}}",
		"{clientCertificate: {cert: client.pem, key: {file: client-key.pem}}}", 1)
	for name, text := range map[string]string{"topology.yaml": topology, "client.pem": trusttest.PEM(client), "client-key.pem": client.KeyPEM()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := exec.Command(built, "render")
	command.Dir = dir
	output(t, command)
	secret := only[corev1.Secret](t, load(t, filepath.Join(dir, "clusters/cluster-a", remoteSecrets, "cluster-b.yaml")), "Secret")
	config, err := kube.NewUntrustedRestConfig(secret.Data["cluster-b"])
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(config.CertData, []byte(trusttest.PEM(client))) || !bytes.Equal(config.KeyData, []byte(client.KeyPEM())) {
		t.Error("the kubeconfig has another certificate or key") // not printed: it holds the key
	}
	equal(t, "token", config.BearerToken, "")
	equal(t, "host", config.Host, "https://198.51.100.1:6443")
}
