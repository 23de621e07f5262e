package conformance

import (
	"bytes"
	"crypto/x509"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	pki "istio.io/istio/security/pkg/pki/util"
	corev1 "k8s.io/api/core/v1"
	"meshtopo.dev/meshtopo/schema"
)

// The keys of the Secret cacerts that istiod reads: pilot/pkg/bootstrap/istio_ca.go.
const (
	caCert    = "ca-cert.pem"
	caKey     = "ca-key.pem"
	certChain = "cert-chain.pem"
	rootCert  = "root-cert.pem"
)

// eachCA runs f for every cluster that has a signing CA.
func eachCA(t *testing.T, f func(t *testing.T, c *cluster, data map[string][]byte)) {
	t.Helper()
	eachCluster(t, func(t *testing.T, c *cluster) {
		issued := c.mesh.TrustFrom(schema.CertManager) && c.RunsControlPlane()
		equal(t, "has cacerts", c.has("2-secrets/cacerts.yaml"), c.Intermediate != nil || issued)
		if c.Intermediate != nil && c.plain() {
			secret := only[corev1.Secret](t, load(t, c.path("2-secrets/cacerts.yaml")), "Secret")
			equal(t, "name", secret.Namespace+"/"+secret.Name, c.Istio.Namespace+"/cacerts")
			f(t, c, secret.Data)
		}
	})
}

// TestCACerts loads each cacerts as istiod does at its start.
func TestCACerts(t *testing.T) {
	eachCA(t, func(t *testing.T, c *cluster, data map[string][]byte) {
		if len(data) != 4 {
			t.Errorf("%d keys, want the 4 that istiod reads", len(data))
		}
		bundle, err := pki.NewVerifiedKeyCertBundleFromPem(data[caCert], data[caKey], data[certChain], data[rootCert], nil)
		if err != nil {
			t.Fatal(err)
		}
		if cert, _, _, _ := bundle.GetAll(); !cert.IsCA || cert.KeyUsage&x509.KeyUsageCertSign == 0 {
			t.Error("the certificate may not sign others")
		}
		for key, want := range map[string][]byte{
			caCert:    c.example.public(t, c.Intermediate.Cert),
			certChain: c.example.public(t, c.Intermediate.Chain),
			caKey:     c.example.private(t, c.Intermediate.Key),
		} {
			if !bytes.Equal(data[key], want) {
				t.Errorf("%s is not what the topology names", key)
			}
		}
	})
}

// TestWorkloads signs a workload's certificate with each cluster's CA, as istiod does, and verifies it with the
// roots of every other cluster, in Go and with openssl. That is what makes clusters one mesh.
func TestWorkloads(t *testing.T) {
	all := map[string]map[string][]byte{}
	eachCA(t, func(t *testing.T, c *cluster, data map[string][]byte) { all[c.example.name+"/"+c.Name] = data })
	eachCA(t, func(t *testing.T, c *cluster, data map[string][]byte) {
		leaf := signWorkload(t, c, data)
		for _, other := range c.mesh.Clusters {
			peer, ok := all[c.example.name+"/"+other.Name]
			if !ok {
				continue
			}
			intermediates, roots := x509.NewCertPool(), x509.NewCertPool()
			intermediates.AppendCertsFromPEM(data[certChain])
			roots.AppendCertsFromPEM(peer[rootCert])
			cert, err := pki.ParsePemEncodedCertificate(leaf)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := cert.Verify(x509.VerifyOptions{Intermediates: intermediates, Roots: roots}); err != nil {
				t.Errorf("%s does not believe %s: %v", other.Name, c.Name, err)
			}
			openssl(t, "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", pem(t, peer[rootCert]),
				"-untrusted", pem(t, data[certChain]), pem(t, leaf))
		}
	})
}

// TestOpenSSL checks the signing CA itself: chain, lifetime, and that the key is the certificate's.
func TestOpenSSL(t *testing.T) {
	eachCA(t, func(t *testing.T, c *cluster, data map[string][]byte) {
		cert, key := pem(t, data[caCert]), pem(t, data[caKey])
		openssl(t, "verify", "-x509_strict", "-CAfile", pem(t, data[rootCert]), "-untrusted", pem(t, data[certChain]), cert)
		openssl(t, "x509", "-in", cert, "-noout", "-checkend", "0")
		public := openssl(t, "x509", "-in", cert, "-noout", "-pubkey")
		equal(t, "public key", public, openssl(t, "pkey", "-in", key, "-pubout"))
	})
}

// TestAPIServerCAs checks with openssl that what a kubeconfig trusts is a CA.
func TestAPIServerCAs(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		if c.APIServer == nil {
			return
		}
		file := pem(t, c.example.public(t, c.APIServer.CA))
		openssl(t, "verify", "-x509_strict", "-CAfile", file, file)
		constraints := openssl(t, "x509", "-in", file, "-noout", "-ext", "basicConstraints")
		if !bytes.Contains([]byte(constraints), []byte("CA:TRUE")) {
			t.Errorf("%s: %s, want CA:TRUE", c.APIServer.CA, constraints)
		}
	})
}

// signWorkload gives a certificate as istiod of that cluster would sign it.
func signWorkload(t *testing.T, c *cluster, data map[string][]byte) []byte {
	t.Helper()
	signer, err := pki.ParsePemEncodedCertificate(data[caCert])
	if err != nil {
		t.Fatal(err)
	}
	key, err := pki.ParsePemEncodedKey(data[caKey])
	if err != nil {
		t.Fatal(err)
	}
	leaf, _, err := pki.GenCertKeyFromOptions(pki.CertOptions{
		Host: "spiffe://" + c.mesh.Mesh.TrustDomain + "/ns/shop/sa/web", SignerCert: signer, SignerPriv: key,
		ECSigAlg: pki.EcdsaSigAlg, IsServer: true, IsClient: true, TTL: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

// pem puts a certificate or key where openssl can read it.
func pem(t *testing.T, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// openssl runs openssl and gives what it prints.
func openssl(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("openssl", args...).CombinedOutput()
	if err != nil {
		t.Errorf("openssl %v: %v\n%s", args, err, out)
	}
	return string(out)
}
