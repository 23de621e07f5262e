package trust

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

var now = time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC)

// authority is a CA made for a test.
type authority struct {
	*x509.Certificate
	key crypto.Signer
}

type edit func(*x509.Certificate)

// newCA makes a CA as Istio recommends it, with edits, signed by a parent or by itself.
func newCA(t testing.TB, parent *authority, edits ...edit) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return newCAWithKey(t, parent, key, edits...)
}

func newCAWithKey(t testing.TB, parent *authority, key crypto.Signer, edits ...edit) *authority {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<60))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Root CA"},
		NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	if parent != nil {
		template.Subject.CommonName = "Intermediate CA"
	}
	for _, e := range edits {
		e(template)
	}
	a := &authority{key: key}
	issuer, signer := template, key
	if parent != nil {
		issuer, signer = parent.Certificate, parent.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, issuer, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	if a.Certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return a
}

func named(name string) edit   { return func(c *x509.Certificate) { c.Subject.CommonName = name } }
func leaf(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = false, true }
func usage(u x509.KeyUsage) edit {
	return func(c *x509.Certificate) { c.KeyUsage = u }
}
func extended(u ...x509.ExtKeyUsage) edit {
	return func(c *x509.Certificate) { c.ExtKeyUsage = u }
}
func pathlen(n int) edit {
	return func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = n, n == 0 }
}
func until(end time.Time) edit  { return func(c *x509.Certificate) { c.NotAfter = end } }
func from(start time.Time) edit { return func(c *x509.Certificate) { c.NotBefore = start } }
func signedWith(a x509.SignatureAlgorithm) edit {
	return func(c *x509.Certificate) { c.SignatureAlgorithm = a }
}

// pemOf writes a file of certificates.
func pemOf(cas ...*authority) []byte {
	var text []byte
	for _, a := range cas {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.Raw})...)
	}
	return text
}

func keyPEM(t testing.TB, label string, der []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der})
}

func pkcs8(t testing.TB, key any) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return keyPEM(t, "PRIVATE KEY", der, err)
}

// parsed gives certificates that must be well-formed.
func parsed(t *testing.T, cas ...*authority) Certificates {
	t.Helper()
	cs, problems := ParseCertificates(pemOf(cas...))
	if len(problems) > 0 {
		t.Fatalf("ParseCertificates found %s", brief(problems))
	}
	return cs
}

// brief writes problems as "code: message", one a line.
func brief(problems []Problem) string {
	var lines []string
	for _, p := range problems {
		lines = append(lines, p.Rule.Code+": "+p.Message)
	}
	return strings.Join(lines, "\n")
}

// expect compares problems with "code: message" lines.
func expect(t *testing.T, got []Problem, want ...string) {
	t.Helper()
	if brief(got) != strings.Join(want, "\n") {
		t.Errorf("found:\n%s\nwant:\n%s", brief(got), strings.Join(want, "\n"))
	}
}

func TestRules(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if r.Code == "" || r.Title == "" || r.Why == "" || r.Fix == "" || r.Source == "" {
			t.Errorf("rule %+v has an empty field", *r)
		}
		if seen[r.Code] {
			t.Errorf("rule %s is listed twice", r.Code)
		}
		if r.Severity != diag.Error && r.Severity != diag.Warning {
			t.Errorf("rule %s has severity %s", r.Code, r.Severity)
		}
		seen[r.Code] = true
	}
}
