package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"net"
	"strings"
	"testing"
)

func TestRequest(t *testing.T) {
	for _, kind := range []Algorithm{ECDSA, RSA} {
		text, key, err := NewRequest(holder1, kind)
		if err != nil {
			t.Fatal(err)
		}
		r, err := ParseRequest(text)
		if err != nil || r.Holder != holder1 {
			t.Fatalf("%s: %+v, %v", kind, r, err)
		}
		root := newRoot(t, ECDSA, Validity{Now: now})
		issued, err := root.Intermediate(r.Holder, r.Public, Validity{Now: now})
		if err != nil || !belongs(issued.Certificate, key) {
			t.Errorf("%s: the certificate is for another key: %v", kind, err)
		}
		block, _ := pem.Decode(text)
		asked, err := x509.ParseCertificateRequest(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range asked.Extensions { // what is asked for is what is issued
			for _, given := range issued.Extensions {
				if e.Id.Equal(given.Id) && string(e.Value) != string(given.Value) {
					t.Errorf("%s: extension %v asks for %x and gets %x", kind, e.Id, e.Value, given.Value)
				}
			}
		}
	}
}

// Requests for anything else are refused, and for the reason that is wrong with them.
func TestWrongRequests(t *testing.T) {
	extension := func(id asn1.ObjectIdentifier, value any) func(*x509.CertificateRequest) {
		return func(r *x509.CertificateRequest) {
			der, err := asn1.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			r.ExtraExtensions = append(r.ExtraExtensions, pkix.Extension{Id: id, Value: der})
		}
	}
	bits := func(text ...byte) asn1.BitString { return asn1.BitString{Bytes: text, BitLength: 8 * len(text)} }
	for _, c := range []struct {
		name, want string
		change     func(*x509.CertificateRequest)
	}{
		{"as it should be", "", func(*x509.CertificateRequest) {}},
		{"another common name", "subject", func(r *x509.CertificateRequest) { r.Subject.CommonName = "Root CA" }},
		{"no cluster", "subject", func(r *x509.CertificateRequest) { r.Subject.Locality = nil }},
		{"two clusters", "subject", func(r *x509.CertificateRequest) { r.Subject.Locality = []string{"a", "b"} }},
		{"a cluster with a line", "subject", func(r *x509.CertificateRequest) { r.Subject.Locality = []string{"a\nb"} }},
		{"more in the subject", "subject", func(r *x509.CertificateRequest) { r.Subject.Country = []string{"XX"} }},
		{"another host", "names", func(r *x509.CertificateRequest) { r.DNSNames = []string{"kubernetes.default.svc"} }},
		{"another host as well", "names", func(r *x509.CertificateRequest) { r.DNSNames = append(r.DNSNames, "example.com") }},
		{"a host below", "names", func(r *x509.CertificateRequest) { r.DNSNames = []string{"istiod.a.b.svc"} }},
		{"no host", "names", func(r *x509.CertificateRequest) { r.DNSNames = nil }},
		{"an address", "names", func(r *x509.CertificateRequest) { r.IPAddresses = []net.IP{net.IPv4(10, 0, 0, 1)} }},
		{"no path length", "pathlen:0", extension(constraintsID, constraints{CA: true, PathLen: -1})},
		{"a longer path", "pathlen:0", extension(constraintsID, constraints{CA: true, PathLen: 1})},
		{"no CA", "pathlen:0", extension(constraintsID, constraints{PathLen: -1})},
		{"lists of revoked certificates", "key usage", extension(keyUsageID, bits(0x06))},
		{"a long key usage", "key usage", extension(keyUsageID, bits(0, 0x80))},
		{"an extended key usage", "extension", extension(asn1.ObjectIdentifier{2, 5, 29, 37}, []asn1.ObjectIdentifier{{2, 5, 29, 37, 0}})},
		{"an unknown extension", "extension", extension(asn1.ObjectIdentifier{1, 2, 3}, 1)},
	} {
		r := &x509.CertificateRequest{Subject: holder1.subject(), DNSNames: []string{holder1.host()}}
		c.change(r)
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, c.name, c.want, made(t, r, key))
	}
}

// Keys that are weak or of no use, and texts that are no request, are refused.
func TestWrongKeys(t *testing.T) {
	r := &x509.CertificateRequest{Subject: holder1.subject(), DNSNames: []string{holder1.host()}}
	_, edwards, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "Ed25519", "neither RSA nor ECDSA", made(t, r, edwards))
	refused(t, "RSA 1024", "1024", made(t, r, small))
	refused(t, "P-224", "P-256", made(t, r, curve))

	good := made(t, r, newRoot(t, ECDSA, Validity{Now: now}).Key)
	block, _ := pem.Decode(good)
	forged := append([]byte(nil), block.Bytes...)
	forged[len(forged)-1] ^= 1
	key, err := KeyPEM(curve)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, "a forged signature", "own key", pem.EncodeToMemory(&pem.Block{Type: requestBlock, Bytes: forged}))
	refused(t, "two requests", "behind", append(append([]byte(nil), good...), good...))
	refused(t, "a key before it", "no certificate request", append(key, good...))
	refused(t, "a certificate", "no certificate request", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: block.Bytes}))
	refused(t, "nothing", "no certificate request", nil)
	refused(t, "half of one", "cannot be read", pem.EncodeToMemory(&pem.Block{Type: requestBlock, Bytes: block.Bytes[:90]}))
}

func made(t *testing.T, r *x509.CertificateRequest, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.CreateCertificateRequest(rand.Reader, r, key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: requestBlock, Bytes: der})
}

// refused wants an error with those words, or none.
func refused(t *testing.T, name, want string, text []byte) {
	t.Helper()
	_, err := ParseRequest(text)
	switch {
	case want == "" && err != nil:
		t.Errorf("%s is refused: %v", name, err)
	case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
		t.Errorf("%s gives %v, want an error about %q", name, err, want)
	}
}
