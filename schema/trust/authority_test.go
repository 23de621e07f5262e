package trust

import (
	"crypto"
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

var now = At(time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC))

type (
	authority = trusttest.Authority
	edit      = trusttest.Property
)

// newCA makes a CA that is sound now, with edits, signed by a parent or by itself.
func newCA(parent *authority, edits ...edit) *authority {
	return trusttest.New(parent, append([]edit{trusttest.Around(now.Time)}, edits...)...)
}

func newCAWithKey(parent *authority, key crypto.Signer, edits ...edit) *authority {
	return trusttest.WithKey(parent, key, append([]edit{trusttest.Around(now.Time)}, edits...)...)
}

func usage(u x509.KeyUsage) edit { return func(c *x509.Certificate) { c.KeyUsage = u } }

// pemOf writes a file of certificates.
func pemOf(cas ...*authority) []byte { return []byte(trusttest.PEM(cas...)) }

func keyPEM(t testing.TB, label string, der []byte, err error) []byte {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return []byte(trusttest.Block(label, der))
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
