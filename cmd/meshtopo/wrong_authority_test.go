package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"os"
	"testing"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

type (
	authority = *trusttest.Authority
	property  = trusttest.Property
)

var (
	sign, pemOf, block           = trusttest.New, trusttest.PEM, trusttest.Block
	called, until, from, pathlen = trusttest.Named, trusttest.Until, trusttest.From, trusttest.PathLen

	leaf            property = trusttest.Leaf
	onlyDigital     property = func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageDigitalSignature }
	onlyClients              = trusttest.Extended(x509.ExtKeyUsageClientAuth)
	sha1                     = trusttest.SignedWith(x509.SHA1WithRSA)
	unknownCritical property = func(c *x509.Certificate) {
		c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
	}
)

func selfSigned(name string, properties ...property) authority {
	return trusttest.New(nil, append([]property{trusttest.Named(name)}, properties...)...)
}

func newRSARoot(t *testing.T) authority {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return trusttest.WithKey(nil, key, trusttest.Named("RSA"))
}

func signEd25519(t *testing.T, parent authority) authority {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return trusttest.WithKey(parent, key)
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
	return map[string]string{dir + "/ca-cert.pem": pemOf(i.ca), dir + "/ca-key.pem": i.ca.KeyPEM(), dir + "/cert-chain.pem": pemOf(i.chain...)}
}

// reader is the account that the tokens of the examples belong to.
const reader = "system:serviceaccount:istio-system:istio-remote-reader"

type claims map[string]any

// jwt gives a token with these claims, which nobody has signed.
func jwt(c claims) string { return trusttest.Token(`{"alg":"RS256","kid":"test"}`, c) }

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
