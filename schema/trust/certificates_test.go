package trust

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

func TestParseCertificates(t *testing.T) {
	ca := newCA(nil)
	good := string(pemOf(ca))
	second := string(pemOf(newCA(nil)))
	key := string(pkcs8(t, ca.Key))
	block := func(label string, headers map[string]string, content []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Headers: headers, Bytes: content}))
	}
	tests := []struct{ name, text, want string }{
		{"one", good, ""},
		{"two, with text around them", "root:\n" + good + "another:\n" + second + "the end\n", ""},
		{"line ends of Windows", strings.ReplaceAll(good, "\n", "\r\n"), ""},
		{"no newline at the end", strings.TrimSuffix(good, "\n"), ""},
		{"spaces after the markers", strings.ReplaceAll(good, "CERTIFICATE-----", "CERTIFICATE----- "), ""},
		{"nothing", "", "malformed-pem: is empty"},
		{"white space", " \n\n", "malformed-pem: is empty"},
		{"another text", "apiVersion: v1\n", "malformed-pem: holds no PEM block"},
		{"DER", string(ca.Raw), "der-encoded: is DER, not PEM"},
		{"base64 of DER", base64.StdEncoding.EncodeToString(ca.Raw), "malformed-pem: is base64 without BEGIN and END lines"},
		{"base64 of PEM", base64.StdEncoding.EncodeToString([]byte(good)), "malformed-pem: is base64 of PEM, as a Secret or kubeconfig holds it: decode it once more"},
		{"UTF-16", "\xff\xfe-\x00-\x00", "malformed-pem: is UTF-16, as some Windows programs write it: save it as UTF-8"},
		{"byte order mark", "\ufeff" + good, "malformed-pem: starts with a byte order mark, which hides the first PEM block"},
		{"indented", "pem:\n  " + strings.ReplaceAll(good, "\n", "\n  "), "malformed-pem: has characters before the BEGIN at line 2"},
		{"cut off", good[:len(good)-40], "malformed-pem: has a PEM block at line 1 that never ends: the file is cut off"},
		{"first cut off", good[:len(good)-40] + "\n" + second, "malformed-pem: has a PEM block at line 1 that does not end before the next begins"},
		{"END alone", "text\n-----END CERTIFICATE-----\n", "malformed-pem: has an END at line 2 without a BEGIN"},
		{"another END", strings.Replace(good, "END CERTIFICATE", "END PRIVATE KEY", 1), "malformed-pem: has a PEM block at line 1 whose BEGIN and END differ"},
		{"no base64", "a\n" + strings.Replace(good, "MII", "M!I", 1), "malformed-pem: has a PEM block at line 2 that cannot be decoded"},
		{"empty block", "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", "malformed-pem: has a PEM block at line 1 that cannot be decoded"},
		{"headers", block("CERTIFICATE", map[string]string{"Name": "x"}, ca.Raw), "malformed-pem: has headers in the PEM block at line 1"},
		{"no certificate inside", block("CERTIFICATE", nil, []byte("hello")), "malformed-certificate: holds a certificate at line 1 that cannot be read"},
		{"key after the certificate", good + key, "private-key-exposed: holds a private key at line " + lines(good)},
		{"request", block("CERTIFICATE REQUEST", nil, ca.Raw), "unexpected-pem-block: holds a certificate request at line 1, where a certificate is wanted"},
		{"OpenSSL's trusted form", block("TRUSTED CERTIFICATE", nil, ca.Raw), "unexpected-pem-block: holds a certificate in another form (TRUSTED CERTIFICATE) at line 1, where a certificate is wanted"},
		{"unknown label", block("MY SECRET", nil, ca.Raw), "unexpected-pem-block: holds a PEM block of another kind at line 1, where a certificate is wanted"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cs, problems := ParseCertificates([]byte(tt.text))
			if got := brief(problems); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			if len(problems) > 0 != (len(cs.list) == 0) {
				t.Errorf("%d certificates with the problems %q", len(cs.list), brief(problems))
			}
		})
	}
}

// lines gives the number of the line after text.
func lines(text string) string { return strconv.Itoa(strings.Count(text, "\n") + 1) }

func TestAllProblemsOfAFile(t *testing.T) {
	ca := newCA(nil)
	text := "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n" + string(pkcs8(t, ca.Key))
	_, problems := ParseCertificates([]byte(text))
	expect(t, problems,
		"malformed-pem: has a PEM block at line 1 that cannot be decoded",
		"private-key-exposed: holds a private key at line 4")
}

func TestCheckRoots(t *testing.T) {
	root := newCA(nil)
	old := newCA(nil, trusttest.Named("Old"), trusttest.Until(now.AddDate(0, -1, 0)))
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsaCA := newCAWithKey(nil, rsaKey)
	tests := []struct {
		name  string
		roots []*authority
		want  string
	}{
		{"sound", []*authority{root}, ""},
		{"two", []*authority{root, newCA(nil)}, ""},
		{"RSA", []*authority{rsaCA}, ""},
		{"room for one CA", []*authority{newCA(nil, trusttest.PathLen(1))}, ""},
		{"any key usage", []*authority{newCA(nil, usage(0))}, ""},
		{"any extended key usage", []*authority{newCA(nil, trusttest.Extended(x509.ExtKeyUsageAny))}, ""},
		{"SHA-1 by itself, which nobody verifies", []*authority{newCAWithKey(nil, rsaKey, trusttest.SignedWith(x509.SHA1WithRSA))}, ""},
		{"expires in 91 days", []*authority{newCA(nil, trusttest.Until(now.AddDate(0, 0, 91)))}, ""},
		{"leaf", []*authority{newCA(nil, trusttest.Leaf)}, "not-a-ca: is not a CA"},
		{"no keyCertSign", []*authority{newCA(nil, usage(x509.KeyUsageDigitalSignature))},
			"no-cert-sign: may not sign certificates: its key usage lacks keyCertSign"},
		{"pathlen 0", []*authority{newCA(nil, trusttest.PathLen(0))}, "path-length: allows no CA below it (pathlen:0)"},
		{"intermediate", []*authority{newCA(root)}, "root-not-self-signed: is not a root: another CA signed it"},
		{"clients only", []*authority{newCA(nil, trusttest.Extended(x509.ExtKeyUsageClientAuth))},
			"incompatible-extended-key-usage: has an extended key usage without serverAuth"},
		{"servers only", []*authority{newCA(nil, trusttest.Extended(x509.ExtKeyUsageServerAuth))},
			"incompatible-extended-key-usage: has an extended key usage without clientAuth"},
		{"expired", []*authority{old}, "certificate-expired: expired on 2026-05-01"},
		{"future", []*authority{newCA(nil, trusttest.From(now.AddDate(0, 1, 0)))}, "certificate-not-yet-valid: is not valid before 2026-07-01"},
		{"expires in 89 days", []*authority{newCA(nil, trusttest.Until(now.AddDate(0, 0, 89)))}, "certificate-expires-soon: expires on 2026-08-29"},
		{"old one in a bundle", []*authority{root, old},
			"expired-in-bundle: holds a certificate at line " + lines(string(pemOf(root))) + " that expired on 2026-05-01"},
		{"leaf in a bundle", []*authority{newCA(nil, trusttest.Leaf), root}, "not-a-ca: holds a certificate at line 1 that is not a CA"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := brief(CheckRoots(parsed(t, tt.roots...), now)); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestCheckServerCA(t *testing.T) {
	ca := newCA(nil)
	tests := []struct {
		name string
		cas  []*authority
		want string
	}{
		{"CA", []*authority{ca}, ""},
		{"intermediate CA, usage of its own", []*authority{newCA(ca, trusttest.Extended(x509.ExtKeyUsageServerAuth), trusttest.PathLen(0))}, ""},
		{"the server's certificate", []*authority{newCA(ca, trusttest.Leaf)}, "server-certificate-as-ca: is not a CA"},
		{"expired", []*authority{newCA(nil, trusttest.Until(now.AddDate(0, 0, -1)))}, "certificate-expired: expired on 2026-05-31"},
		{"rotation", []*authority{newCA(nil, trusttest.Until(now.AddDate(0, 0, -1))), ca},
			"expired-in-bundle: holds a certificate at line 1 that expired on 2026-05-31"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := brief(CheckServerCA(parsed(t, tt.cas...), now)); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// TestServerCAExplains says of an API server's CA what its end breaks, and of a signing CA something else.
func TestServerCAExplains(t *testing.T) {
	soon := newCA(nil, trusttest.Until(now.AddDate(0, 0, 30)))
	for _, ca := range []*authority{soon, newCA(nil, trusttest.Until(now.AddDate(0, 0, -1))), newCA(nil, trusttest.From(now.AddDate(0, 0, 1)))} {
		problems := CheckServerCA(parsed(t, ca), now)
		if len(problems) != 1 || !strings.Contains(problems[0].Why, "verify the API server") || !strings.Contains(problems[0].Fix, "remote Secrets") {
			t.Errorf("found %+v", problems)
		}
	}
	if problems := CheckRoots(parsed(t, soon), now); len(problems) != 1 || problems[0].Why != "" {
		t.Errorf("of a root it says %+v", problems)
	}
}

func TestFirstKey(t *testing.T) {
	root := newCA(nil)
	ca := newCA(root)
	again := newCAWithKey(root, ca.Key, trusttest.Named("Renewed"))
	a, ok := parsed(t, ca, root).Key()
	b, _ := parsed(t, again).Key()
	c, _ := parsed(t, root).Key()
	if !ok || a != b || a == c {
		t.Errorf("Key() = %x, %x for the same key and %x for another", a, b, c)
	}
	if _, ok := (Certificates{}).Key(); ok {
		t.Error("Key() of no certificate is known")
	}
}

// TestPermits proves that name constraints are read as crypto/x509 reads them when a workload is verified.
func TestPermits(t *testing.T) {
	for _, tt := range []struct {
		name                string
		permitted, excluded []string
	}{
		{"none", nil, nil}, {"the domain", []string{"mesh.example.com"}, nil}, {"another", []string{"other.example.com"}, nil},
		{"below a domain", []string{".example.com"}, nil}, {"below itself", []string{".mesh.example.com"}, nil}, {"in another case", []string{"Mesh.Example.com"}, nil},
		{"excluded", nil, []string{"mesh.example.com"}}, {"excluded below", nil, []string{".example.com"}}, {"another excluded", nil, []string{"example.com"}},
		{"one of two", []string{"other.example.com", "mesh.example.com"}, nil}, {"permitted and excluded", []string{".example.com"}, []string{"mesh.example.com"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ca := newCA(nil, func(c *x509.Certificate) {
				c.PermittedURIDomains, c.ExcludedURIDomains, c.PermittedDNSDomainsCritical = tt.permitted, tt.excluded, true
			})
			leaf := newCA(ca, trusttest.Leaf, func(c *x509.Certificate) {
				c.URIs, c.KeyUsage = []*url.URL{{Scheme: "spiffe", Host: "mesh.example.com", Path: "/ns/a/sa/b"}}, x509.KeyUsageDigitalSignature
				c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
			})
			roots := x509.NewCertPool()
			roots.AddCert(ca.Certificate)
			_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now.Time})
			if got := (certificate{Certificate: ca.Certificate}).permits("mesh.example.com"); got != (err == nil) {
				t.Errorf("permits gives %t, and a certificate of the mesh is verified with %v", got, err)
			}
		})
	}
}

// TestHorizon proves that what ends soon is a matter of the clock.
func TestHorizon(t *testing.T) {
	ca := parsed(t, newCA(nil, trusttest.Until(now.AddDate(0, 0, 50))))
	for days, want := range map[int]int{49: 0, 51: 1, 0: 1} { // 0 is 90 days
		clock := Clock{Time: now.Time, Horizon: time.Duration(days) * 24 * time.Hour}
		if got := CheckRoots(ca, clock); len(got) != want {
			t.Errorf("with %d days: %v, want %d problems", days, got, want)
		}
	}
}
