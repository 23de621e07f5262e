// Package trusttest makes certificates, keys and tokens for the tests of other packages. It panics where it cannot.
package trusttest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"strings"
	"time"
)

// Authority is a CA, or with the property Leaf none.
type Authority struct {
	*x509.Certificate
	Key crypto.Signer
}

// Property changes a certificate before it is signed.
type Property func(*x509.Certificate)

// New makes a CA as Istio recommends it, with a key of its own, signed by a parent or by itself.
func New(parent *Authority, properties ...Property) *Authority {
	return WithKey(parent, must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader)), properties...)
}

// WithKey makes a CA as New does, with this key.
func WithKey(parent *Authority, key crypto.Signer, properties ...Property) *Authority {
	template := &x509.Certificate{
		SerialNumber: must(rand.Int(rand.Reader, big.NewInt(1<<60))), Subject: pkix.Name{CommonName: "Root CA"},
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	Around(time.Now())(template)
	if parent != nil {
		template.Subject.CommonName = "Intermediate CA"
	}
	for _, change := range properties {
		change(template)
	}
	if parent == nil {
		parent = &Authority{template, key}
	}
	der := must(x509.CreateCertificate(rand.Reader, template, parent.Certificate, key.Public(), parent.Key))
	return &Authority{must(x509.ParseCertificate(der)), key}
}

// Key makes a key of a name: the same one each time, with which a certificate is signed in the same way each time.
func Key(name string) crypto.Signer {
	scalar := sha256.Sum256([]byte(name))
	scalar[0] = 0 // below the order of the curve
	return reproducible{must(ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:]))}
}

// reproducible signs without chance, as in RFC 6979.
type reproducible struct{ *ecdsa.PrivateKey }

func (r reproducible) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return r.PrivateKey.Sign(nil, digest, opts)
}

// Named gives a certificate another name.
func Named(name string) Property { return func(c *x509.Certificate) { c.Subject.CommonName = name } }

// Numbered makes the serial number of a certificate of a name.
func Numbered(name string) Property {
	sum := sha256.Sum256([]byte(name))
	return func(c *x509.Certificate) { c.SerialNumber = new(big.Int).SetBytes(append([]byte{0}, sum[1:8]...)) }
}

// From has a certificate be valid from a time on.
func From(start time.Time) Property { return func(c *x509.Certificate) { c.NotBefore = start } }

// Until has a certificate be valid until a time.
func Until(end time.Time) Property { return func(c *x509.Certificate) { c.NotAfter = end } }

// SigningCRLs lets a CA sign revocation lists too.
func SigningCRLs(c *x509.Certificate) { c.KeyUsage |= x509.KeyUsageCRLSign }

// CRL writes a revocation list of the CA, with the serial numbers of others, whether it may sign one or not.
func (a *Authority) CRL(from, until time.Time, revoked ...*Authority) string {
	template := &x509.RevocationList{Number: big.NewInt(1), ThisUpdate: from, NextUpdate: until}
	for _, r := range revoked {
		template.RevokedCertificateEntries = append(template.RevokedCertificateEntries, x509.RevocationListEntry{SerialNumber: r.SerialNumber, RevocationTime: from})
	}
	issuer := *a.Certificate
	issuer.KeyUsage |= x509.KeyUsageCRLSign
	return Block("X509 CRL", must(x509.CreateRevocationList(rand.Reader, template, &issuer, a.Key)))
}

// Leaf makes a certificate that is no CA's.
func Leaf(c *x509.Certificate) { c.IsCA = false }

// PathLen limits how many CAs may stand below.
func PathLen(n int) Property {
	return func(c *x509.Certificate) { c.MaxPathLen, c.MaxPathLenZero = n, n == 0 }
}

// Extended limits what a certificate is for.
func Extended(usages ...x509.ExtKeyUsage) Property {
	return func(c *x509.Certificate) { c.ExtKeyUsage = usages }
}

// Within limits a CA to a trust domain.
func Within(trustDomain string) Property {
	return func(c *x509.Certificate) {
		c.PermittedURIDomains, c.PermittedDNSDomainsCritical = []string{trustDomain}, true
	}
}

// SignedWith chooses the algorithm of the signature.
func SignedWith(a x509.SignatureAlgorithm) Property {
	return func(c *x509.Certificate) { c.SignatureAlgorithm = a }
}

// Around has a certificate be valid for a year before a time, and for nine after it.
func Around(now time.Time) Property {
	return func(c *x509.Certificate) { c.NotBefore, c.NotAfter = now.AddDate(-1, 0, 0), now.AddDate(9, 0, 0) }
}

// PEM writes a file of certificates.
func PEM(authorities ...*Authority) string {
	var text strings.Builder
	for _, a := range authorities {
		text.WriteString(Block("CERTIFICATE", a.Raw))
	}
	return text.String()
}

// KeyDER encodes the key as PKCS #8.
func (a *Authority) KeyDER() []byte {
	if r, ok := a.Key.(reproducible); ok {
		return must(x509.MarshalPKCS8PrivateKey(r.PrivateKey))
	}
	return must(x509.MarshalPKCS8PrivateKey(a.Key))
}

// KeyPEM writes a file with the key.
func (a *Authority) KeyPEM() string { return Block("PRIVATE KEY", a.KeyDER()) }

// Block writes one block of PEM.
func Block(label string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: label, Bytes: der}))
}

// Token writes a JWT with these claims, which nobody has signed.
func Token(header string, claims any) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(header)) + "." + encode(must(json.Marshal(claims))) + "." + encode([]byte("signature"))
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
