package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// withToken gives a kubeconfig a token with these claims.
func withToken(c claims) mistake {
	return tokenText(func(string) string { return jwt(c) })
}

// exampleRoot is the root of the examples, made by cmd/internal/tools/generate, which makes keys of names.
func exampleRoot(t *testing.T) authority {
	t.Helper()
	b, _ := pem.Decode([]byte(read(t, "../../testdata/two-clusters/certs/root-cert.pem")))
	cert, err := x509.ParseCertificate(b.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return &trusttest.Authority{Certificate: cert, Key: exampleKey(t, "Root CA")}
}

func exampleKey(t *testing.T, name string) crypto.Signer {
	t.Helper()
	scalar := sha256.Sum256([]byte("meshtopo test key of " + name))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// reissued has the root of the examples sign the intermediate of cluster-b again, with other properties.
func reissued(t *testing.T, properties ...property) mistake {
	parent := exampleRoot(t)
	ca := trusttest.WithKey(parent, exampleKey(t, "Intermediate CA cluster-b"), properties...)
	return all(data(`  ca-cert.pem: "`, text(pemOf(ca))), data(`  cert-chain.pem: "`, text(pemOf(ca, parent))))
}

// signedBy replaces the certificates and the key by those of another mesh.
func signedBy(root authority) mistake {
	ca := sign(root)
	return all(data(`  ca-cert.pem: "`, text(pemOf(ca))), data(`  ca-key.pem: "`, text(ca.KeyPEM())),
		data(`  cert-chain.pem: "`, text(pemOf(ca, root))), data(`  root-cert.pem: "`, text(pemOf(root))))
}
