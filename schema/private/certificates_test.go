package private

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
)

// TestWithoutCertificates proves that certificates may be shown, and nothing that stands among them.
func TestWithoutCertificates(t *testing.T) {
	block := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	generated, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(generated)
	if err != nil {
		t.Fatal(err)
	}
	certificate, key := block("CERTIFICATE", []byte(strings.Repeat("0123456789", 40))), block("PRIVATE KEY", der)
	encoded := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	indented := strings.ReplaceAll("ca: |\n"+certificate, "\n", "\n    ")
	for text, private := range map[string]bool{
		certificate: false, certificate + certificate: false, "a line\n" + certificate: false, indented: false,
		"ca: " + encoded(certificate): false, `ca: "` + encoded("TEST\n"+certificate+certificate) + `"`: false,
		certificate + key: true, key: true, "ca: " + encoded(certificate+key): true, "ca: " + encoded(key+certificate): true,
		"ca: " + encoded(certificate+"password: x\n"): true, "ca: " + encoded(strings.Repeat("x", 300)): true,
		strings.ReplaceAll(certificate, "CERTIFICATE", "PRIVATE KEY"):         true,
		strings.Replace(certificate, "\n", "\nProc-Type: 4,ENCRYPTED\n\n", 1): true,
		certificate + "token: s3cr3t\n":                                       true,
	} {
		if got := InFile(WithoutCertificates([]byte(text))); got != private {
			t.Errorf("InFile(WithoutCertificates()) = %v, want %v of\n%s", got, private, text)
		}
	}
}
