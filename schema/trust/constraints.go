package trust

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"math/big"
	"net/url"
	"slices"
	"time"
)

// Permit reports whether one of some CAs may stand above the identities of a trust domain.
func (cs Certificates) Permit(trustDomain string) bool {
	return slices.ContainsFunc(cs.list, func(c certificate) bool { return c.IsCA && c.permits(trustDomain) })
}

// permits reports whether the name constraints of a CA let it stand above the identities of a trust domain. Go's own
// verifier decides, which istiod and agents have, of a CA with the same constraints and a workload below it.
func (c certificate) permits(trustDomain string) bool {
	if len(c.PermittedURIDomains)+len(c.ExcludedURIDomains) == 0 {
		return true
	}
	start := time.Unix(0, 0)
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: start, NotAfter: start.AddDate(1, 0, 0), IsCA: true, BasicConstraintsValid: true,
		PermittedURIDomains: c.PermittedURIDomains, ExcludedURIDomains: c.ExcludedURIDomains, PermittedDNSDomainsCritical: true,
	}
	workload := &x509.Certificate{
		SerialNumber: big.NewInt(2), NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		URIs: []*url.URL{{Scheme: "spiffe", Host: trustDomain, Path: "/ns/default/sa/default"}},
	}
	roots := x509.NewCertPool()
	signed, err := signedBySelf(ca, workload, roots)
	if err != nil {
		return true // nothing is known of it
	}
	_, err = signed.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: start.AddDate(0, 1, 0), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
	return err == nil
}

// signedBySelf makes a CA, which is added to the roots, and a certificate below it, with a key that is forgotten.
func signedBySelf(ca, below *x509.Certificate, roots *x509.CertPool) (*x509.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	for _, template := range []*x509.Certificate{ca, below} {
		der, err := x509.CreateCertificate(rand.Reader, template, ca, &key.PublicKey, key)
		if err != nil {
			return nil, err
		}
		if below, err = x509.ParseCertificate(der); err != nil {
			return nil, err
		}
		if template == ca {
			roots.AddCert(below)
		}
	}
	return below, nil
}
