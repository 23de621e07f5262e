package authority

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"time"
)

// Holder is the control plane that an intermediate is for.
type Holder struct {
	Cluster   string
	Namespace string // of istiod
}

// subject is the name that Istio's tools give an intermediate.
func (h Holder) subject() pkix.Name {
	return pkix.Name{Organization: []string{organization}, CommonName: intermediateName, Locality: []string{h.Cluster}}
}

const intermediateName = "Intermediate CA"

// host is the name of istiod's Service.
func (h Holder) host() string { return "istiod." + h.Namespace + ".svc" }

// intermediateYears is how long an intermediate is valid if nothing else is asked for.
const intermediateYears = 2

// Issued is an intermediate, and whether it ends earlier than was asked for.
type Issued struct {
	*x509.Certificate
	Capped bool
}

// Intermediate issues a certificate for the key of a control plane. It never outlives the root: what it signs would be
// refused from the root's end on.
func (root *CA) Intermediate(h Holder, public crypto.PublicKey, v Validity) (Issued, error) {
	if err := root.maySign(v.Now); err != nil {
		return Issued{}, err
	}
	end := v.until(intermediateYears)
	capped := end.After(root.Cert.NotAfter)
	if capped {
		end = root.Cert.NotAfter
	}
	if !end.After(v.Now) {
		return Issued{}, fmt.Errorf("an intermediate that ends on %s has ended already", end.Format(time.DateOnly))
	}
	begin := v.Now.Add(-early)
	if begin.Before(root.Cert.NotBefore) {
		begin = root.Cert.NotBefore
	}
	cert, err := issue(&x509.Certificate{
		Subject: h.subject(), DNSNames: []string{h.host()}, NotBefore: begin, NotAfter: end,
		BasicConstraintsValid: true, IsCA: true, MaxPathLen: 0, MaxPathLenZero: true, KeyUsage: usage(public),
	}, root.Cert, public, root.Key)
	return Issued{cert, capped}, err
}

// NewIntermediate makes the key of a control plane as well.
func (root *CA) NewIntermediate(h Holder, kind Algorithm, v Validity) (Issued, crypto.Signer, error) {
	if err := root.maySign(v.Now); err != nil {
		return Issued{}, nil, err
	}
	key, err := kind.generate()
	if err != nil {
		return Issued{}, nil, err
	}
	cert, err := root.Intermediate(h, key.Public(), v)
	return cert, key, err
}

// usage is what the key of an intermediate is for. Only an RSA key can encipher another one.
func usage(public crypto.PublicKey) x509.KeyUsage {
	all := x509.KeyUsageDigitalSignature | x509.KeyUsageContentCommitment | x509.KeyUsageCertSign
	if _, ok := public.(*rsa.PublicKey); ok {
		all |= x509.KeyUsageKeyEncipherment
	}
	return all
}

// maySign says why the certificate of a root must not stand above intermediates.
func (root *CA) maySign(now time.Time) error {
	c := root.Cert
	switch {
	case !c.IsCA || c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		return errors.New("the certificate of the root is none of a CA: what it signs is refused")
	case c.MaxPathLen == 0 && c.MaxPathLenZero:
		return errors.New("the root has pathlen:0 and allows no intermediate below it: workloads would be refused with \"too many intermediates\"")
	case now.After(c.NotAfter):
		return fmt.Errorf("the root expired on %s: make a new one", c.NotAfter.Format(time.DateOnly))
	case now.Before(c.NotBefore):
		return fmt.Errorf("the root is not valid before %s: the clock of this machine may be wrong", c.NotBefore.Format(time.DateOnly))
	}
	return nil
}
