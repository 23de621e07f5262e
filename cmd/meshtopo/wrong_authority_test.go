package main

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
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"os"
	"strings"
	"testing"
	"time"
)

// authority is a CA made for a test.
type authority struct {
	cert *x509.Certificate
	key  crypto.Signer
}

// property changes a certificate before it is signed.
type property func(*x509.Certificate)

func called(name string) property   { return func(c *x509.Certificate) { c.Subject.CommonName = name } }
func until(end time.Time) property  { return func(c *x509.Certificate) { c.NotAfter = end } }
func from(start time.Time) property { return func(c *x509.Certificate) { c.NotBefore = start } }
func pathlen(n int) property {
	return func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = n, n == 0 }
}
func leaf(c *x509.Certificate)        { c.IsCA = false }
func onlyDigital(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }
func onlyClients(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }
func sha1(c *x509.Certificate)        { c.SignatureAlgorithm = x509.SHA1WithRSA }
func unknownCritical(c *x509.Certificate) {
	c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
}

func selfSigned(t *testing.T, name string, properties ...property) authority {
	t.Helper()
	return issue(t, nil, ecdsaKey(t), append([]property{called(name)}, properties...))
}

func newRSARoot(t *testing.T) authority {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return issue(t, nil, key, []property{called("RSA")})
}

func sign(t *testing.T, parent authority, properties ...property) authority {
	t.Helper()
	return issue(t, &parent, ecdsaKey(t), properties)
}

func signEd25519(t *testing.T, parent authority) authority {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return issue(t, &parent, key, nil)
}

func ecdsaKey(t *testing.T) crypto.Signer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// issue makes a CA that is sound but for its properties, signed by a parent or by itself.
func issue(t *testing.T, parent *authority, key crypto.Signer, properties []property) authority {
	t.Helper()
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<60))
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: pkix.Name{CommonName: "Intermediate CA"},
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(9, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	for _, change := range properties {
		change(template)
	}
	if parent == nil {
		parent = &authority{template, key}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent.cert, key.Public(), parent.key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key}
}

func (a authority) keyDER() []byte {
	der, err := x509.MarshalPKCS8PrivateKey(a.key)
	if err != nil {
		panic(err)
	}
	return der
}

func (a authority) keyPEM() string { return block("PRIVATE KEY", a.keyDER()) }

func block(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

func pemOf(authorities ...authority) string {
	var text strings.Builder
	for _, a := range authorities {
		text.WriteString(block("CERTIFICATE", a.cert.Raw))
	}
	return text.String()
}

// intermediate is the CA of a cluster, its chain (itself and the root, unless another one is given) and the root
// that the topology declares.
type intermediate struct {
	ca    authority
	chain []authority
	root  authority
}

func (i intermediate) files(dir string) map[string]string {
	if i.chain == nil {
		i.chain = []authority{i.ca, i.root}
	}
	return map[string]string{dir + "/ca-cert.pem": pemOf(i.ca), dir + "/ca-key.pem": i.ca.keyPEM(), dir + "/cert-chain.pem": pemOf(i.chain...)}
}

// reader is the account that the tokens of the examples belong to.
const reader = "system:serviceaccount:istio-system:istio-remote-reader"

type claims map[string]any

// jwt gives a token with these claims, which nobody has signed.
func jwt(t *testing.T, c claims) string {
	t.Helper()
	body, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"RS256","kid":"test"}`)) + "." + encode(body) + "." + encode([]byte("no signature at all"))
}

func base64Of(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
func halfOf(text string) string   { return text[:len(text)/2] }

func remove(t *testing.T, root *os.Root, files ...string) {
	t.Helper()
	for _, file := range files {
		if err := root.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}
