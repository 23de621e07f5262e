package authority

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"time"
)

// rootYears is how long a root is valid if nothing else is asked for.
const rootYears = 10

// NewRoot makes a root: it may have any number of CAs below it, and its key signs certificates and lists of revoked
// ones.
func NewRoot(kind Algorithm, v Validity) (*CA, error) {
	end := v.until(rootYears)
	if !end.After(v.Now) {
		return nil, fmt.Errorf("a root that ends on %s has ended already", end.Format(time.DateOnly))
	}
	key, err := kind.generate()
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:   pkix.Name{Organization: []string{organization}, CommonName: "Root CA"},
		NotBefore: v.Now.Add(-early), NotAfter: end,
		BasicConstraintsValid: true, IsCA: true, MaxPathLen: -1,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	cert, err := issue(template, template, key.Public(), key)
	return &CA{cert, key}, err
}

// organization is in the subject of all that is issued, as Istio's own tools have it.
const organization = "Istio"
