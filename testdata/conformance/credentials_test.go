package conformance

import (
	"bytes"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/util/sets"
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

// TestPrograms renders a cluster whose kubeconfig logs in by a program, and one by an OIDC provider: istiod takes the
// first with the option that is rendered for it and not without, the second without any.
func TestPrograms(t *testing.T) {
	for name, tt := range map[string]struct{ user, options, why string }{
		"exec": {`{exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: IfAvailable, command: aws, args: [eks, get-token, "7"]}}`, ", insecureOptions: [exec]", "exec is not allowed"},
		"oidc": {`{auth-provider: {name: oidc, config: {idp-issuer-url: "https://login.example.com", client-id: mesh, refresh-token: made-up}}}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS("../two-clusters")); err != nil {
				t.Fatal(err)
			}
			topology := strings.Replace(string(read(t, filepath.Join(dir, "topology.yaml"))), "{token: {file: tokens/cluster-b}}", "{kubeconfig: {file: b.yaml}"+tt.options+"}", 1)
			kubeconfig := "current-context: b\ncontexts: [{name: b, context: {cluster: b, user: b}}]\n" +
				"clusters: [{name: b, cluster: {server: \"https://198.51.100.1:6443\"}}]\nusers: [{name: b, user: " + tt.user + "}]\n"
			for file, text := range map[string]string{"topology.yaml": topology, "b.yaml": kubeconfig} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			command := exec.Command(built, "render")
			command.Dir = dir
			output(t, command)
			secret := only[corev1.Secret](t, load(t, filepath.Join(dir, "clusters/cluster-a", remoteSecrets, "cluster-b.yaml")), "Secret")
			if _, err := kube.NewUntrustedRestConfig(secret.Data["cluster-b"]); tt.why == "" && err != nil || tt.why != "" && (err == nil || !strings.Contains(err.Error(), tt.why)) {
				t.Errorf("without an option istiod says %v, want %q", err, tt.why)
			}
			if tt.options == "" {
				return
			}
			operator := decode(t, read(t, filepath.Join(dir, "clusters/cluster-a/3-control-plane/istio-operator.yaml")))
			allowed, _ := at(operator, "spec", "values", "pilot", "env", "PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS").(string)
			test.SetForTest(t, &features.InsecureKubeConfigOptions, sets.New(strings.Split(allowed, ",")...))
			config, err := kube.NewUntrustedRestConfig(secret.Data["cluster-b"])
			if err != nil {
				t.Fatal(err)
			}
			equal(t, "program", config.ExecProvider.Command+" "+strings.Join(config.ExecProvider.Args, " "), "aws eks get-token 7")
		})
	}
}
