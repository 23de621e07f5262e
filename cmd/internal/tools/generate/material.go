package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"time"
)

// The certificates are valid for a hundred years from here, so that the examples do not age.
var (
	notBefore = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)
	notAfter  = notBefore.AddDate(100, 0, 0)
)

// authority is a CA with its key.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newRoot(i int) authority {
	name := "Root CA"
	if i > 0 {
		name = fmt.Sprintf("Root CA %d", i+1)
	}
	return newAuthority(name, nil, &x509.Certificate{
		Subject:  pkix.Name{Organization: []string{"Istio"}, CommonName: name},
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	})
}

// newIntermediate makes the signing CA of one control plane in the shape of tools/certs/common.mk of Istio.
func newIntermediate(root authority, cluster, namespace string) authority {
	return newAuthority("Intermediate CA "+cluster, &root, &x509.Certificate{
		Subject:        pkix.Name{Organization: []string{"Istio"}, CommonName: "Intermediate CA", Locality: []string{cluster}},
		DNSNames:       []string{"istiod." + namespace + ".svc"},
		MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment |
			x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign,
	})
}

func newAPIServerCA(cluster string) authority {
	return newAuthority("API server "+cluster, nil, &x509.Certificate{
		Subject:  pkix.Name{CommonName: "kubernetes", Locality: []string{cluster}},
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment | x509.KeyUsageCertSign,
	})
}

// newAuthority makes a CA from a template, signed by a parent or by itself. Key, serial number and signature
// depend on its name alone.
func newAuthority(name string, parent *authority, template *x509.Certificate) authority {
	a := authority{cert: template, key: newKey(name)}
	if parent == nil {
		parent = &a
	}
	serial := sha256.Sum256([]byte("serial number of " + name))
	template.SerialNumber = new(big.Int).SetBytes(serial[:16])
	template.NotBefore, template.NotAfter = notBefore, notAfter
	template.IsCA, template.BasicConstraintsValid = true, true
	template.SignatureAlgorithm = x509.ECDSAWithSHA256
	der := must(x509.CreateCertificate(nil, template, parent.cert, a.key.Public(), reproducible{parent.key}))
	a.cert = must(x509.ParseCertificate(der))
	return a
}

// newKey makes a P-256 key out of a name: everybody can, so it keeps no secret.
func newKey(name string) *ecdsa.PrivateKey {
	scalar := sha256.Sum256([]byte("meshtopo test key of " + name))
	return must(ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:]))
}

// reproducible signs without randomness, by RFC 6979.
type reproducible struct{ *ecdsa.PrivateKey }

func (r reproducible) Sign(_ io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return r.PrivateKey.Sign(nil, digest, opts)
}

// maker is what the material says of its origin: where this command once was. Rendered trees hold it, so it stays.
const maker = "testdata/generate"

// certPEM gives the certificate, with a first line that says what it is.
func (a authority) certPEM(what string) string {
	return fmt.Sprintf("TEST %s, made by %s. Everybody knows its key.\n", what, maker) + a.block()
}

func (a authority) block() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw}))
}

func (a authority) keyPEM() string {
	der := must(x509.MarshalPKCS8PrivateKey(a.key))
	return "TEST KEY, made by " + maker + ". It keeps no secret.\n" +
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

// newToken makes what a Secret of type kubernetes.io/service-account-token holds: a JWT that does not expire.
func newToken(cluster, namespace, account string) string {
	const prefix = "kubernetes.io/serviceaccount/"
	key := newKey("service accounts of " + cluster)
	header := segment(map[string]string{"alg": "ES256", "kid": "testdata-generate-" + cluster})
	claims := segment(map[string]string{
		"iss":                            "kubernetes/serviceaccount",
		prefix + "namespace":             namespace,
		prefix + "secret.name":           account + "-istio-remote-secret-token",
		prefix + "service-account.name":  account,
		prefix + "service-account.uid":   uid(cluster + "/" + namespace + "/" + account),
		"sub":                            "system:serviceaccount:" + namespace + ":" + account,
		"meshtopo.dev/testdata-generate": "TEST TOKEN of " + cluster + ": no API server accepts it",
	})
	digest := sha256.Sum256([]byte(header + "." + claims))
	var signature struct{ R, S *big.Int }
	must(asn1.Unmarshal(must(key.Sign(nil, digest[:], crypto.SHA256)), &signature))
	raw := make([]byte, 64)
	signature.R.FillBytes(raw[:32])
	signature.S.FillBytes(raw[32:])
	return header + "." + claims + "." + base64.RawURLEncoding.EncodeToString(raw)
}

func segment(fields map[string]string) string {
	return base64.RawURLEncoding.EncodeToString(must(json.Marshal(fields)))
}

func uid(name string) string {
	sum := sha256.Sum256([]byte("uid of " + name))
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

// must gives the value of a call that fails only if this program is wrong.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
