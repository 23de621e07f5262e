package sealed

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"

	"meshtopo.dev/meshtopo/render/protect"
)

func certificate(t *testing.T, public, private any) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(0, 0), NotAfter: time.Unix(4e9, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func newKey(t *testing.T) (*rsa.PrivateKey, *Certificate) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse(certificate(t, key.Public(), key))
	if err != nil {
		t.Fatal(err)
	}
	return key, c
}

// TestScopes seals for each scope, and opens with the label that the controller makes of it.
func TestScopes(t *testing.T) {
	key, c := newKey(t)
	for scope, label := range map[string]string{Strict: "istio-system/cacerts", NamespaceWide: "istio-system", ClusterWide: ""} {
		object := "kind: SealedSecret\nmetadata: {name: cacerts, namespace: istio-system}\nspec: {encryptedData: {a: " + protect.Placeholder("a") + "}}\n"
		g := New(c, "seal.pem", scope, time.Unix(1e9, 0))
		text, err := g.Encrypt(context.Background(), "x", []byte(object), []protect.Value{protect.NewValue("a", []byte("hunter2"))})
		if err != nil {
			t.Fatal(err)
		}
		o, err := protect.ReadObject(text)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := base64.StdEncoding.DecodeString(o.Text("spec", "encryptedData", "a"))
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]*rsa.PrivateKey{"": key}
		if plain, err := crypto.HybridDecrypt(rand.Reader, keys, sealed, []byte(label)); err != nil || string(plain) != "hunter2" {
			t.Errorf("%s opens to %q, %v", scope, plain, err)
		}
		if _, err := crypto.HybridDecrypt(rand.Reader, keys, sealed, []byte(label+"x")); err == nil {
			t.Errorf("%s opens with another label", scope)
		}
	}
}

// TestParse refuses what nothing can be sealed with.
func TestParse(t *testing.T) {
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"nothing": "", "no certificate": "-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n", "another key": string(certificate(t, other.Public(), other)),
	} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s is taken for the certificate of a controller", name)
		}
	}
	_, c := newKey(t)
	if !strings.HasPrefix(c.Fingerprint, "SHA256:") {
		t.Errorf("the fingerprint is %s", c.Fingerprint)
	}
}

// TestExpired seals nothing with a certificate that has ended.
func TestExpired(t *testing.T) {
	_, c := newKey(t)
	if err := New(c, "seal.pem", Strict, time.Unix(5e9, 0)).Check(nil); err == nil || !strings.Contains(err.Error(), "seal.pem expired") {
		t.Errorf("Check gives %v", err)
	}
	if err := New(c, "seal.pem", Strict, time.Unix(1e9, 0)).Check(nil); err != nil {
		t.Error(err)
	}
}

func FuzzJudge(f *testing.F) {
	f.Add([]byte("kind: SealedSecret\nmetadata: {annotations: {meshtopo.dev/sealing-key: x}}\nspec: {encryptedData: {a: YQ==}}\n"))
	g := New(&Certificate{Fingerprint: "x"}, "seal.pem", Strict, time.Unix(0, 0))
	f.Fuzz(func(t *testing.T, text []byte) {
		if o, err := protect.ReadObject(text); err == nil {
			g.Judge(o)
		}
	})
}
