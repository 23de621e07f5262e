package conformance

import (
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	pki "istio.io/istio/security/pkg/pki/util"
)

const authorityMesh = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop}
spec:
  istio: {version: "1.31.1"}
  trust: {roots: [certs/root-cert.pem], intermediates: "certs/{cluster}"}
  secrets: {protection: plaintext}
  networks: {network1: {}, network2: {}}
  clusters:
    cluster-a: {network: network1, state: joining}
    cluster-b: {network: network2, state: joining}
`

// TestAuthority has meshtopo ca make a mesh's CAs of both kinds of keys, one of them by a request that is signed, and
// shows what it made to openssl, to Go, and to istiod's own reader of cacerts.
func TestAuthority(t *testing.T) {
	for _, kind := range []string{"ecdsa-p256", "rsa-4096"} {
		t.Run(kind, func(t *testing.T) {
			dir := t.TempDir()
			ca := func(args ...string) {
				t.Helper()
				command := exec.Command(built, append([]string{"ca"}, args...)...)
				command.Dir, command.Env = dir, append(os.Environ(), "MESHTOPO_CA_PASSPHRASE=one that nobody guesses")
				output(t, command)
			}
			write := func(name, text string) {
				t.Helper()
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			write("topology.yaml", authorityMesh)
			ca("root", "--key-algorithm", kind)
			ca("intermediate", "--key-algorithm", kind, "cluster-a")
			ca("request", "--key-algorithm", kind, "cluster-b")
			if text := openssl(t, "req", "-in", filepath.Join(dir, "certs/cluster-b/ca-csr.pem"), "-noout", "-verify", "-text"); !strings.Contains(text, "CA:TRUE, pathlen:0") {
				t.Errorf("the request asks for something else:\n%s", text)
			}
			ca("sign", "certs/cluster-b/ca-csr.pem")
			ca("verify")
			for _, cluster := range []string{"cluster-a", "cluster-b"} {
				believed(t, filepath.Join(dir, "certs/root-cert.pem"), filepath.Join(dir, "certs", cluster))
			}
		})
	}
}

// believed wants a CA below a root, and a workload's certificate below that, to be good for everybody.
func believed(t *testing.T, root, dir string) {
	t.Helper()
	data := map[string][]byte{}
	for name, path := range map[string]string{rootCert: root, caCert: filepath.Join(dir, caCert), caKey: filepath.Join(dir, caKey), certChain: filepath.Join(dir, certChain)} {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		data[name] = text
	}
	if _, err := pki.NewVerifiedKeyCertBundleFromPem(data[caCert], data[caKey], data[certChain], data[rootCert], nil); err != nil {
		t.Errorf("istiod refuses %s: %v", dir, err)
	}
	signer, err := pki.ParsePemEncodedCertificate(data[caCert])
	if err != nil {
		t.Fatal(err)
	}
	key, err := pki.ParsePemEncodedKey(data[caKey])
	if err != nil {
		t.Fatal(err)
	}
	leaf, _, err := pki.GenCertKeyFromOptions(pki.CertOptions{
		Host: "spiffe://cluster.local/ns/shop/sa/web", SignerCert: signer, SignerPriv: key,
		ECSigAlg: pki.EcdsaSigAlg, IsServer: true, IsClient: true, TTL: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	intermediates, roots := x509.NewCertPool(), x509.NewCertPool()
	intermediates.AppendCertsFromPEM(data[certChain])
	roots.AppendCertsFromPEM(data[rootCert])
	cert, err := pki.ParsePemEncodedCertificate(leaf)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cert.Verify(x509.VerifyOptions{Intermediates: intermediates, Roots: roots}); err != nil {
		t.Errorf("Go refuses what %s signs: %v", dir, err)
	}
	openssl(t, "verify", "-x509_strict", "-CAfile", root, root)
	openssl(t, "verify", "-x509_strict", "-CAfile", root, filepath.Join(dir, caCert))
	openssl(t, "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", root, "-untrusted", filepath.Join(dir, certChain), pem(t, leaf))
	openssl(t, "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", root, "-untrusted", filepath.Join(dir, certChain), pem(t, leaf))
}
