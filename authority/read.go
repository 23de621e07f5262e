package authority

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"meshtopo.dev/meshtopo/schema/trust"
)

// ReadKey reads a private key in PEM, and says what is wrong without showing any of it.
func ReadKey(text []byte) (crypto.Signer, error) {
	key, problems := trust.ParseSigner(text)
	if len(problems) > 0 {
		return nil, errors.New(problems[0].String())
	}
	return key, nil
}

// ReadCertificates reads the certificates of a PEM file.
func ReadCertificates(text []byte) ([]*x509.Certificate, error) {
	if _, problems := trust.ParseCertificates(text); len(problems) > 0 {
		return nil, errors.New(problems[0].String())
	}
	var all []*x509.Certificate
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, errors.New("holds a certificate that cannot be read")
		}
		all = append(all, c)
	}
	return all, nil
}

// belongs reports whether a certificate is for a key.
func belongs(c *x509.Certificate, key crypto.Signer) bool {
	public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && public.Equal(c.PublicKey)
}

// Pair finds the certificate of a key among several, or gives nil.
func Pair(certs []*x509.Certificate, key crypto.Signer) *CA {
	for _, c := range certs {
		if belongs(c, key) {
			return &CA{c, key}
		}
	}
	return nil
}

// Above gives a certificate and those above it among others, each signed by the next.
func Above(c *x509.Certificate, others []*x509.Certificate) []*x509.Certificate {
	path := []*x509.Certificate{c}
	for range others {
		last := path[len(path)-1]
		next := signer(last, others)
		if next == nil || next.Equal(last) {
			break
		}
		path = append(path, next)
	}
	return path
}

func signer(c *x509.Certificate, others []*x509.Certificate) *x509.Certificate {
	for _, o := range others {
		if string(c.RawIssuer) == string(o.RawSubject) && o.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil {
			return o
		}
	}
	return nil
}
