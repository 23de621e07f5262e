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

// sameName are two roots with one name and no key identifiers, which Go does not make: openssl req -x509 with
// subjectKeyIdentifier=none. Nobody has their keys.
const sameName = `-----BEGIN CERTIFICATE-----
MIIBYzCCAQmgAwIBAgIUWT1CGUlC/Fm3r3KnnQOfyp2m5sowCgYIKoZIzj0EAwIw
HjENMAsGA1UECgwEc2hvcDENMAsGA1UEAwwEcm9vdDAgFw0yNjExMzAyMDAxMTda
GA8yMTI1MDYyNDIwMDExN1owHjENMAsGA1UECgwEc2hvcDENMAsGA1UEAwwEcm9v
dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJhT49wnbOtRQtTUMZmYDu2163b1
hCj9dceRwfyLJG+kH/9CLW3kLqHYicylClZpNVa2WpxZex3ss1C1/RSFEmOjIzAh
MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49BAMCA0gA
MEUCIQCCTASnZFxyLeoKl2TIQpihjLqFpdQOqRLg9P+HAINwAwIgXthdE6CCGl+8
rMUfwh9kyWUfFl7ITcbLeKiw/0vhPhY=
-----END CERTIFICATE-----
-----BEGIN CERTIFICATE-----
MIIBZDCCAQmgAwIBAgIUM6RPt4UT2BqB20BP8Jcin/tm+4EwCgYIKoZIzj0EAwIw
HjENMAsGA1UECgwEc2hvcDENMAsGA1UEAwwEcm9vdDAgFw0yNjExMzAyMDAxMTda
GA8yMTI1MDYyNDIwMDExN1owHjENMAsGA1UECgwEc2hvcDENMAsGA1UEAwwEcm9v
dDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMYIoQXrV4JpCNZF0sFLrlBRcR/q
Gt44vsrw5P5WTwmnu4HxTrvqrypQyv5MxHnJh+UPJqLnvhi3B1tkH/oJBGSjIzAh
MA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgEGMAoGCCqGSM49BAMCA0kA
MEYCIQCvo87A3r6ZzVW0LNqACqUHOTQ21tef22OqDUvXixlGwgIhAN54c/vc1FsJ
fUhrbXnm2zD0XrQepyA8cZXB93bllrBI
-----END CERTIFICATE-----
`

// smallKey is a root with an RSA key of 1024 bits.
const smallKey = `-----BEGIN CERTIFICATE-----
MIICLDCCAZWgAwIBAgIUd7yu1+PJMYXWh1xa3D1z6CL0si8wDQYJKoZIhvcNAQEL
BQAwHzENMAsGA1UECgwEc2hvcDEOMAwGA1UEAwwFc21hbGwwIBcNMjYxMTMwMjAw
MTE3WhgPMjEyNTA2MjQyMDAxMTdaMB8xDTALBgNVBAoMBHNob3AxDjAMBgNVBAMM
BXNtYWxsMIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC2ZTsLCThWt3OnKKsV
r7BoJWkbdz0Iq9ognIp+8I5yct18WZRwgDYNq7pVGoQfWNZdFq2C2ZUxIKRZhNzS
KElEvla8AYucptMkheTa/YyMTVTM/AT8h2t6Qt6/4AWk4ACgEvD7SBt8yoKOBV91
KL9RQkKc6Q06SJb9w5q//JbpswIDAQABo2MwYTAdBgNVHQ4EFgQUMuNxLBCENc+1
qaHW8133+/PaQi4wHwYDVR0jBBgwFoAUMuNxLBCENc+1qaHW8133+/PaQi4wDwYD
VR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwDQYJKoZIhvcNAQELBQADgYEA
WB6//9yh6we05XnDMPc1yIYUHp9U0Hr5eD9epTSImqJw9m9q/seQefia7lpW+RVg
2/FuU/59BSlrh2Lb4q1m2zioIocBG/UTqBhVkbNxQ4BVOi7PLPE4Oa2A23tLyhEH
H2FAUagIx6cNELugfSDe8pbv2nyi9bnyDg7CE4x7Co0=
-----END CERTIFICATE-----
`

// permitting has a CA stand above the identities of one trust domain only.
var permitting = trusttest.Within
