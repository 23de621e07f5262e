package trust

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"testing"
)

func TestParsePrivateKey(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	exchange, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	block := func(label string, headers map[string]string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: label, Headers: headers, Bytes: der}))
	}
	pkcs1 := x509.MarshalPKCS1PrivateKey(rsaKey)
	cert := newCA(nil)
	tests := []struct{ name, text, want string }{
		{"PKCS #8, ECDSA", string(pkcs8(t, ec)), ""},
		{"PKCS #8, RSA", string(pkcs8(t, rsaKey)), ""},
		{"ECDSA", block("EC PRIVATE KEY", nil, sec1), ""},
		{"two keys", block("EC PRIVATE KEY", nil, sec1) + block("RSA PRIVATE KEY", nil, pkcs1), "unexpected-pem-block: holds another private key at line 6"},
		{"RSA", block("RSA PRIVATE KEY", nil, pkcs1), ""},
		{"text before it", "TEST KEY\n" + string(pkcs8(t, ec)), ""},
		{"certificate after it", string(pkcs8(t, ec)) + string(pemOf(cert)), ""},
		{"nothing", "", "malformed-pem: is empty"},
		{"DER", string(pkcs1), "der-encoded: is DER, not PEM"},
		{"certificate", string(pemOf(cert)), "certificate-for-key: holds a certificate where the private key should be"},
		{"certificate first", string(pemOf(cert)) + string(pkcs8(t, ec)), "certificate-for-key: holds a certificate where the private key should be"},
		{"parameters first", block("EC PARAMETERS", nil, []byte{6, 0}) + block("EC PRIVATE KEY", nil, sec1),
			"unexpected-pem-block: starts with key parameters (EC PARAMETERS), and istiod reads the first block only"},
		{"encrypted PKCS #8", block("ENCRYPTED PRIVATE KEY", nil, sec1), "encrypted-key: is protected with a passphrase"},
		{"encrypted by OpenSSL", block("RSA PRIVATE KEY", map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, pkcs1),
			"encrypted-key: is protected with a passphrase"},
		{"SSH", block("OPENSSH PRIVATE KEY", nil, sec1), "unsupported-key: is a kind of key that Istio cannot sign with"},
		{"key exchange", string(pkcs8(t, exchange)), "unsupported-key: is neither an RSA nor an ECDSA key"},
		{"no key inside", block("PRIVATE KEY", nil, []byte("hello")), "malformed-key: holds a private key that cannot be read"},
		{"wrong label", block("RSA PRIVATE KEY", nil, sec1), `malformed-key: holds a private key that cannot be read: its label should be "EC PRIVATE KEY"`},
		{"unknown label", block("MY PRIVATE KEY", nil, pkcs1), `malformed-key: holds a private key that cannot be read: its label should be "RSA PRIVATE KEY"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			key, problems := ParsePrivateKey([]byte(tt.text))
			if got := brief(problems); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
			if tt.want == "" && key.public == nil {
				t.Error("no problem and no key")
			}
		})
	}
}
