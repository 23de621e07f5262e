package trust

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"slices"
	"testing"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// TestCheckClient checks certificates and keys of kubeconfigs, and refuses what crypto/tls refuses.
func TestCheckClient(t *testing.T) {
	root := newCA(nil)
	client, other := newCA(root, trusttest.Leaf), newCA(root, trusttest.Leaf)
	expired := newCA(root, trusttest.Leaf, trusttest.Until(now.AddDate(0, 0, -1)))
	soon := newCA(root, trusttest.Leaf, trusttest.Until(now.AddDate(0, 0, 10)))
	early := newCA(root, trusttest.Leaf, trusttest.From(now.AddDate(0, 0, 1)))
	server := newCA(root, trusttest.Leaf, trusttest.Extended(x509.ExtKeyUsageServerAuth))
	both := newCA(root, trusttest.Leaf, trusttest.Extended(x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth))
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	sec1, err := x509.MarshalECPrivateKey(client.Key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	block := func(label string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}) }
	key := pkcs8(t, client.Key)
	tests := []struct {
		name      string
		cert, key []byte
		want      []string
	}{
		{"fits", pemOf(client), key, nil},
		{"a chain", slices.Concat(pemOf(client), pemOf(root)), key, nil},
		{"a key before the certificate", slices.Concat(key, pemOf(client)), key, nil},
		{"parameters before the key", pemOf(client), slices.Concat(block("EC PARAMETERS", []byte{6, 0}), block("EC PRIVATE KEY", sec1)), nil},
		{"a wrong label", pemOf(client), block("RSA PRIVATE KEY", sec1), nil},
		{"for both ends", pemOf(both), pkcs8(t, both.Key), nil},
		{"no certificate", nil, key, nil},
		{"no key", pemOf(client), nil, nil},
		{"the root first", slices.Concat(pemOf(root), pemOf(client)), key, []string{"key-mismatch: does not belong to the certificate"}},
		{"another's key", pemOf(client), pkcs8(t, other.Key), []string{"key-mismatch: does not belong to the certificate"}},
		{"another sort of key", pemOf(client), pkcs8(t, ed), []string{"key-mismatch: does not belong to the certificate"}},
		{"expired", pemOf(expired), pkcs8(t, expired.Key), []string{"certificate-expired: expired on " + date(now.AddDate(0, 0, -1))}},
		{"soon", pemOf(soon), pkcs8(t, soon.Key), []string{"certificate-expires-soon: expires on " + date(now.AddDate(0, 0, 10))}},
		{"too early", pemOf(early), pkcs8(t, early.Key), []string{"certificate-not-yet-valid: is not valid before " + date(now.AddDate(0, 0, 1))}},
		{"for servers", pemOf(server), pkcs8(t, server.Key), []string{"incompatible-extended-key-usage: has an extended key usage without clientAuth"}},
		{"a key as certificate", key, key, []string{"unexpected-pem-block: holds a private key, where a certificate is wanted"}},
		{"a certificate as key", pemOf(client), pemOf(client), []string{"certificate-for-key: holds a certificate where the private key should be"}},
		{"a public key as key", pemOf(client), block("PUBLIC KEY", sec1), []string{"unexpected-pem-block: holds a public key, where a private key is wanted"}},
		{"a passphrase", pemOf(client), block("ENCRYPTED PRIVATE KEY", []byte("hello")), []string{"encrypted-key: is protected with a passphrase"}},
		{"no key inside", pemOf(client), block("PRIVATE KEY", []byte("hello")), []string{"malformed-key: holds a private key that cannot be read"}},
		{"no certificate inside", block("CERTIFICATE", []byte("hello")), key, []string{"malformed-certificate: holds a certificate at line 1 that cannot be read"}},
		{"no PEM", []byte("hello"), []byte("hello"), []string{"malformed-pem: holds no PEM block", "malformed-pem: holds no PEM block"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			fits := true
			for _, p := range CheckClient(tt.cert, tt.key, now) {
				got = append(got, p.Rule.Code+": "+p.Message)
				fits = fits && slices.Contains([]string{
					"certificate-expired", "certificate-expires-soon", "certificate-not-yet-valid", "incompatible-extended-key-usage",
				}, p.Rule.Code)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("CheckClient gives %q, want %q", got, tt.want)
			}
			if _, err := tls.X509KeyPair(tt.cert, tt.key); tt.cert != nil && tt.key != nil && (err == nil) != fits {
				t.Errorf("CheckClient gives %q, but X509KeyPair %v", got, err)
			}
		})
	}
}
