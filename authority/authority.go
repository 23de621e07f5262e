// Package authority makes the certificate authorities of a mesh: a root, and for each control plane an intermediate
// below it with which its istiod signs. What it issues always has the shape that Istio's own tools give it
// (https://github.com/istio/istio/blob/1.31.1/tools/certs/common.mk), whatever is asked for.
//
// It checks nothing that others made, which package trust does, and asks nobody anything.
package authority

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"
)

// Algorithm is a kind of key.
type Algorithm string

// The kinds of keys that are made, named as openssl names what they are made of.
const (
	ECDSA Algorithm = "ecdsa-p256"
	RSA   Algorithm = "rsa-4096"
)

// generate makes a key.
func (a Algorithm) generate() (crypto.Signer, error) {
	switch a {
	case ECDSA:
		return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case RSA:
		return rsa.GenerateKey(rand.Reader, 4096)
	}
	return nil, fmt.Errorf("%q is no kind of key", a)
}

// Fingerprint gives the SHA-256 of a certificate in hexadecimal.
func Fingerprint(c *x509.Certificate) string { return fmt.Sprintf("%x", sha256.Sum256(c.Raw)) }

// Describe names the kind and the size of a public key.
func Describe(public crypto.PublicKey) string {
	switch key := public.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", key.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + key.Params().Name
	}
	return "a key that Istio cannot use"
}

// signature gives the way in which a key signs: always with SHA-256, whatever its size suggests.
func signature(key crypto.Signer) x509.SignatureAlgorithm {
	if _, ok := key.Public().(*rsa.PublicKey); ok {
		return x509.SHA256WithRSA
	}
	return x509.ECDSAWithSHA256
}

// Validity is how long a certificate is to be valid.
type Validity struct {
	Now time.Time
	End time.Time // zero for the usual time
}

// early is how long before it is made a certificate begins to be valid: the clocks of clusters differ.
const early = time.Hour

// until gives the end: the one that is asked for, or that many years from now.
func (v Validity) until(years int) time.Time {
	end := v.End
	if end.IsZero() {
		end = v.Now.AddDate(years, 0, 0)
	}
	return end.UTC().Truncate(time.Second)
}

// serial gives a number of 128 random bits.
func serial() (*big.Int, error) {
	return rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 128))
}

// CA is a certificate with its private key.
type CA struct {
	Cert *x509.Certificate
	Key  crypto.Signer
}

// issue signs a certificate of the template for a public key.
func issue(template, parent *x509.Certificate, public crypto.PublicKey, key crypto.Signer) (*x509.Certificate, error) {
	var err error
	if template.SerialNumber, err = serial(); err != nil {
		return nil, err
	}
	template.SignatureAlgorithm = signature(key)
	der, err := x509.CreateCertificate(rand.Reader, template, parent, public, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// PEM writes certificates in their order.
func PEM(certs ...*x509.Certificate) []byte {
	var text []byte
	for _, c := range certs {
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return text
}

// KeyPEM writes a private key as istiod and openssl read it.
func KeyPEM(key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}
