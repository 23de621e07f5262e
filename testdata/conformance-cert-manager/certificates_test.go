package conformance

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	v1 "github.com/cert-manager/cert-manager/pkg/apis/certmanager/v1"
	"github.com/cert-manager/cert-manager/pkg/util/pki"
	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"
)

// meshtopo is the program, as its users build it.
var meshtopo string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	meshtopo = filepath.Join(dir, "meshtopo")
	if out, err := exec.Command("go", "-C", "../..", "build", "-o", meshtopo, "./cmd/meshtopo").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// decode decodes a Certificate as strictly as an API server: the case of letters counts.
func decode(text []byte) (*v1.Certificate, error) {
	data, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	c := &v1.Certificate{}
	problems, err := kjson.UnmarshalStrict(data, c)
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("%v", problems)
	}
	return c, err
}

// tree renders the example with one part of its topology replaced, and gives its directory and the Certificates in it.
func tree(t *testing.T, old, new string) (dir string, certificates map[string][]byte) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../cert-manager")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "topology.yaml")
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%v: there is no %q in %s", err, old, text)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), old, new, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	render := exec.Command(meshtopo, "render", "-o", "out", "topology.yaml")
	render.Dir = dir
	if out, err := render.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	certificates = map[string][]byte{}
	found, err := filepath.Glob(filepath.Join(dir, "out", "clusters", "*", "2-secrets", "cacerts.yaml"))
	if err != nil || len(found) != 2 {
		t.Fatalf("%v: %q, want one for each primary", err, found)
	}
	for _, file := range found {
		if certificates[file], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	return dir, certificates
}

// authority is the CA behind an issuer.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Mesh Root"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(20, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

// issued is the Secret that cert-manager makes of a Certificate.
type issued struct {
	cert, root, key []byte
	signer          crypto.Signer
}

// issue goes the way of cert-manager: it makes a key and a request of the Certificate, and the issuer signs that.
func (a authority) issue(t *testing.T, c *v1.Certificate) issued {
	t.Helper()
	key, err := pki.GeneratePrivateKeyForCertificate(c)
	if err != nil {
		t.Fatal(err)
	}
	request, err := pki.GenerateCSR(c)
	if err != nil {
		t.Fatal(err)
	}
	der, err := pki.EncodeCSR(request, key)
	if err != nil {
		t.Fatal(err)
	}
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil {
		t.Fatal(err)
	}
	usage, extended, err := pki.KeyUsagesForCertificateOrCertificateRequest(c.Spec.Usages, c.Spec.IsCA)
	if err != nil {
		t.Fatal(err)
	}
	template, err := pki.CertificateTemplateFromCSR(csr, pki.CertificateTemplateOverrideDuration(c.Spec.Duration.Duration),
		pki.CertificateTemplateValidateAndOverrideBasicConstraints(c.Spec.IsCA, nil), pki.CertificateTemplateValidateAndOverrideKeyUsages(usage, extended))
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := pki.SignCSRTemplate([]*x509.Certificate{a.cert}, a.key, template)
	if err != nil {
		t.Fatal(err)
	}
	pem, err := pki.EncodePrivateKey(key, c.Spec.PrivateKey.Encoding)
	if err != nil {
		t.Fatal(err)
	}
	return issued{bundle.ChainPEM, bundle.CAPEM, pem, key}
}

// workload signs for a workload as istiod does.
func (i issued) workload(t *testing.T, ca *x509.Certificate) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	identity, err := url.Parse("spiffe://cluster.local/ns/shop/sa/web")
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), URIs: []*url.URL{identity}, NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(24 * time.Hour),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca, key.Public(), i.signer)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return leaf
}

// TestCertificates decodes every Certificate, has it issued, and proves that what comes of it is what istiod needs: a
// CA below the root of the issuer that may sign, whose own signatures verify in every other cluster.
func TestCertificates(t *testing.T) {
	const settings = "      renewBefore: 1440h\n"
	for name, test := range map[string]struct {
		edit      [2]string
		algorithm x509.PublicKeyAlgorithm
		names     []string
	}{
		"the example": {[2]string{settings, settings}, x509.ECDSA, []string{"istiod-stable.istio-system.svc"}},
		"RSA":         {[2]string{settings, settings + "      privateKey: {algorithm: RSA, size: 2048}\n"}, x509.RSA, []string{"istiod-stable.istio-system.svc"}},
		"P-384":       {[2]string{settings, settings + "      privateKey: {size: 384}\n"}, x509.ECDSA, []string{"istiod-stable.istio-system.svc"}},
		"another issuer": {[2]string{`issuer: {name: "mesh-root-{cluster}"}`, "issuer: {name: mesh, kind: AWSPCAClusterIssuer, group: awspca.cert-manager.io}"}, x509.ECDSA,
			[]string{"istiod-stable.istio-system.svc"}},
		"two control planes": {[2]string{"istio: {revision: stable}", "istio: {revisions: [{name: old, version: 1.30.3, default: true}, {name: new, version: 1.31.1}]}"}, x509.ECDSA,
			[]string{"istiod-old.istio-system.svc", "istiod-new.istio-system.svc"}},
	} {
		t.Run(name, func(t *testing.T) {
			dir, certificates := tree(t, test.edit[0], test.edit[1])
			root := newAuthority(t)
			for file, text := range certificates {
				c, err := decode(text)
				if err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				if c.Spec.SecretName != "cacerts" || c.Namespace != "istio-system" || c.Spec.PrivateKey.RotationPolicy != v1.RotationPolicyAlways {
					t.Errorf("%s is %+v", file, c.Spec)
				}
				made := root.issue(t, c)
				check(t, c, made, root.cert, test.algorithm)
				if strings.Contains(file, "cluster-b") && !slices.Equal(c.Spec.DNSNames, test.names) {
					t.Errorf("the names are %q, want %q", c.Spec.DNSNames, test.names)
				}
				if err := os.WriteFile(file, made.secret(), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if out, err := exec.Command(meshtopo, "lint", "--fail-on", "warning", filepath.Join(dir, "out", "clusters")).CombinedOutput(); err != nil {
				t.Errorf("lint finds something wrong with the Secrets: %v\n%s", err, out)
			}
		})
	}
}

func check(t *testing.T, c *v1.Certificate, made issued, root *x509.Certificate, algorithm x509.PublicKeyAlgorithm) {
	t.Helper()
	chain, err := pki.DecodeX509CertificateChainBytes(made.cert)
	if err != nil {
		t.Fatal(err)
	}
	ca := chain[0]
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	between.AddCert(ca)
	if !roots.AppendCertsFromPEM(made.root) || !root.Equal(first(t, made.root)) {
		t.Fatalf("ca.crt is not the root of the issuer:\n%s", made.root)
	}
	if !ca.IsCA || ca.KeyUsage&x509.KeyUsageCertSign == 0 || len(ca.ExtKeyUsage) > 0 || ca.PublicKeyAlgorithm != algorithm {
		t.Errorf("the CA is none that may sign: CA %v, usage %b, %v, %s", ca.IsCA, ca.KeyUsage, ca.ExtKeyUsage, ca.PublicKeyAlgorithm)
	}
	if lasts := ca.NotAfter.Sub(ca.NotBefore); lasts != c.Spec.Duration.Duration {
		t.Errorf("the CA lasts %s, want %s", lasts, c.Spec.Duration.Duration)
	}
	renewal, err := pki.RenewalTime(ca.NotBefore, ca.NotAfter, c.Spec.RenewBefore, c.Spec.RenewBeforePercentage, nil)
	if err != nil {
		t.Fatal(err)
	}
	if left := ca.NotAfter.Sub(renewal.Time); left < 48*time.Hour || !renewal.After(ca.NotBefore) {
		t.Errorf("it is renewed %s before its end", left)
	}
	leaf := made.workload(t, ca)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: roots, Intermediates: between, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}); err != nil {
		t.Errorf("another cluster refuses a workload: %v", err)
	}
}

func first(t *testing.T, pem []byte) *x509.Certificate {
	t.Helper()
	all, err := pki.DecodeX509CertificateChainBytes(pem)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// secret is what cert-manager writes.
func (i issued) secret() []byte {
	value := base64.StdEncoding.EncodeToString
	return fmt.Appendf(nil, "apiVersion: v1\nkind: Secret\nmetadata: {name: cacerts, namespace: istio-system}\ntype: kubernetes.io/tls\ndata:\n  ca.crt: %s\n  tls.crt: %s\n  tls.key: %s\n",
		value(i.root), value(i.cert), value(i.key))
}

// TestCertificatesAreChecked proves that a misspelt field is found, also where only the case of a letter is wrong.
func TestCertificatesAreChecked(t *testing.T) {
	_, certificates := tree(t, "provider", "provider")
	for _, text := range certificates {
		for _, edit := range [][2]string{{"isCA: true", "isCa: true"}, {"secretName:", "secretname:"}, {"rotationPolicy:", "rotation:"}, {"duration: \"", "duration: \"a"}, {"issuerRef:", "issuer:"}} {
			if !strings.Contains(string(text), edit[0]) {
				t.Errorf("there is no %q in %s", edit[0], text)
			}
			if _, err := decode([]byte(strings.Replace(string(text), edit[0], edit[1], 1))); err == nil {
				t.Errorf("%q is taken", edit[1])
			}
		}
	}
}
