package trust

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// source gives the text of this package, in which every word of every message stands.
func source(f *testing.F) string {
	f.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		f.Fatal(err)
	}
	var all strings.Builder
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// contentless fails where a message has a word that this package did not bring itself. Numbers are lines and dates.
func contentless(t *testing.T, own string, problems []Problem) {
	t.Helper()
	for _, p := range problems {
		words := strings.FieldsFunc(p.Message, func(r rune) bool { return !unicode.IsLetter(r) })
		for _, w := range words {
			if !strings.Contains(own, w) {
				t.Fatalf("the message %q has the word %q, which is not ours", p.Message, w)
			}
		}
	}
}

func FuzzCertificates(f *testing.F) {
	root := newCA(nil)
	ca := newCA(root)
	f.Add(pemOf(ca), pemOf(ca, root))
	f.Add([]byte("-----BEGIN CERTIFICATE-----\nsecret\n-----END CERTIFICATE-----"), root.Raw)
	f.Add([]byte("-----BEGIN HUNTER PRIVATE KEY-----\nAAAA\n-----END HUNTER PRIVATE KEY-----"), []byte("\ufeff-----BEGIN "))
	own := source(f)
	f.Fuzz(func(t *testing.T, a, b []byte) {
		cert, problems := ParseCertificates(a)
		contentless(t, own, problems)
		chain, problems := ParseCertificates(b)
		contentless(t, own, problems)
		contentless(t, own, CheckRoots(chain, now))
		contentless(t, own, CheckServerCA(chain, now))
		i := Intermediate{Cert: cert, Chain: chain, Roots: Join(chain, cert)}
		contentless(t, own, i.Check(now))
		i.Roots = Certificates{}
		contentless(t, own, i.Check(now))
		i.Anchor()
	})
}

func FuzzKey(f *testing.F) {
	f.Add(pkcs8(f, newCA(nil).Key))
	f.Add([]byte("-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"))
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: hunter\n\nAAAA\n-----END RSA PRIVATE KEY-----\n"))
	own := source(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		_, problems := ParsePrivateKey(text)
		contentless(t, own, problems)
		contentless(t, own, CheckClient(text, text, now))
	})
}

func FuzzCRLs(f *testing.F) {
	root := newCA(nil, trusttest.SigningCRLs)
	ca := newCA(root)
	f.Add([]byte(root.CRL(now.Time, now.AddDate(1, 0, 0), ca)), pemOf(ca, root))
	f.Add([]byte("-----BEGIN X509 CRL-----\nsecret\n-----END X509 CRL-----"), pemOf(root))
	f.Add([]byte("-----BEGIN HUNTER PRIVATE KEY-----\nAAAA\n-----END HUNTER PRIVATE KEY-----"), root.Raw)
	own := source(f)
	f.Fuzz(func(t *testing.T, text, b []byte) {
		lists, problems := ParseCRLs(text)
		contentless(t, own, problems)
		chain, _ := ParseCertificates(b)
		i := Intermediate{Cert: chain, Chain: chain, Roots: chain}
		contentless(t, own, i.CheckCRLs(lists, Certificates{}, now))
		contentless(t, own, i.CheckCRLs(lists, chain, now))
		lists.Lack(chain)
		lists.Spans()
	})
}

func FuzzToken(f *testing.F) {
	f.Add([]byte(newToken(map[string]any{"exp": 1, "hunter": "two"})))
	f.Add([]byte("Bearer hunter"))
	f.Add([]byte(base64PEM([]byte(newToken(map[string]any{})))))
	own := source(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		contentless(t, own, CheckToken(text, "", now))
	})
}
