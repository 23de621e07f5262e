package authority

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Extensions that a request asks for (RFC 5280, section 4.2.1).
var (
	keyUsageID    = asn1.ObjectIdentifier{2, 5, 29, 15}
	namesID       = asn1.ObjectIdentifier{2, 5, 29, 17}
	constraintsID = asn1.ObjectIdentifier{2, 5, 29, 19}
	subjectKeyID  = asn1.ObjectIdentifier{2, 5, 29, 14}
)

// constraints are basicConstraints.
type constraints struct {
	CA      bool `asn1:"optional"`
	PathLen int  `asn1:"optional,default:-1"`
}

// NewRequest makes the key of a control plane and a request for its certificate (PKCS #10), which asks for the shape
// that an intermediate has here.
func NewRequest(h Holder, kind Algorithm) (text []byte, key crypto.Signer, err error) {
	if key, err = kind.generate(); err != nil {
		return nil, nil, err
	}
	ca, err := asn1.Marshal(constraints{CA: true, PathLen: 0})
	if err != nil {
		return nil, nil, err
	}
	use, err := marshalUsage(usage(key.Public()))
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{
		Subject: h.subject(), DNSNames: []string{h.host()}, SignatureAlgorithm: signature(key),
		ExtraExtensions: []pkix.Extension{{Id: constraintsID, Critical: true, Value: ca}, {Id: keyUsageID, Critical: true, Value: use}},
	}, key)
	return pem.EncodeToMemory(&pem.Block{Type: requestBlock, Bytes: der}), key, err
}

const requestBlock = "CERTIFICATE REQUEST"

// marshalUsage writes a key usage: a string of bits, the first of which is the lowest of the number.
func marshalUsage(usage x509.KeyUsage) ([]byte, error) {
	var octet byte
	last := 0
	for n := range 8 {
		if usage&(1<<n) != 0 {
			octet |= 0x80 >> n
			last = n
		}
	}
	return asn1.Marshal(asn1.BitString{Bytes: []byte{octet}, BitLength: last + 1})
}

// Request is a request that may be signed.
type Request struct {
	Holder Holder
	Public crypto.PublicKey
}

// ParseRequest reads a request, and says why it must not be signed: its maker has to have the key, and it must ask for
// no more than an intermediate of a control plane is. Nothing of it but the names and the key gets into a certificate.
func ParseRequest(text []byte) (*Request, error) {
	block, rest := pem.Decode(text)
	switch {
	case block == nil || block.Type != requestBlock && block.Type != "NEW "+requestBlock:
		return nil, errors.New("is no certificate request in PEM (PKCS #10)")
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, errors.New("holds something behind the request: give one file for each")
	}
	r, err := x509.ParseCertificateRequest(block.Bytes)
	if err != nil {
		return nil, errors.New("is a certificate request that cannot be read")
	}
	if err := r.CheckSignature(); err != nil {
		return nil, errors.New("is not signed with its own key, or with a hash that is not safe")
	}
	if err := checkKey(r.PublicKey); err != nil {
		return nil, err
	}
	if err := checkAsked(r); err != nil {
		return nil, err
	}
	h, err := holder(r)
	if err != nil {
		return nil, err
	}
	return &Request{h, r.PublicKey}, nil
}

// checkKey refuses keys that Istio cannot use, and weak ones.
func checkKey(public crypto.PublicKey) error {
	switch key := public.(type) {
	case *rsa.PublicKey:
		if key.N.BitLen() < 2048 {
			return fmt.Errorf("has an RSA key of %d bits: 2048 are the least", key.N.BitLen())
		}
		return nil
	case *ecdsa.PublicKey:
		if key.Curve != elliptic.P256() && key.Curve != elliptic.P384() {
			return errors.New("has an ECDSA key that is neither P-256 nor P-384")
		}
		return nil
	}
	return errors.New("has a key that is neither RSA nor ECDSA: istiod cannot sign with it")
}

// checkAsked refuses a request for more than an intermediate may do.
func checkAsked(r *x509.CertificateRequest) error {
	for _, e := range r.Extensions {
		switch {
		case e.Id.Equal(namesID), e.Id.Equal(subjectKeyID):
		case e.Id.Equal(constraintsID):
			asked := constraints{PathLen: -1}
			if rest, err := asn1.Unmarshal(e.Value, &asked); err != nil || len(rest) > 0 || !asked.CA || asked.PathLen != 0 {
				return errors.New("asks for basic constraints other than CA:true, pathlen:0: an intermediate of a control plane has no CA below it")
			}
		case e.Id.Equal(keyUsageID):
			var asked asn1.BitString
			if rest, err := asn1.Unmarshal(e.Value, &asked); err != nil || len(rest) > 0 || !within(asked, usage(r.PublicKey)) {
				return errors.New("asks for a key usage that an intermediate does not have: digitalSignature, nonRepudiation, " +
					"keyCertSign and for RSA keyEncipherment are those that it has")
			}
		default:
			return fmt.Errorf("asks for an extension that an intermediate does not have (%s)", e.Id)
		}
	}
	return nil
}

// within reports whether a string of bits has no bit that the usage lacks.
func within(asked asn1.BitString, usage x509.KeyUsage) bool {
	for n := range asked.BitLength {
		if asked.At(n) == 1 && (n > 8 || usage&(1<<n) == 0) {
			return false
		}
	}
	return true
}

// holder reads for whom a request is.
func holder(r *x509.CertificateRequest) (Holder, error) {
	h := Holder{}
	if s := r.Subject; len(s.Locality) == 1 {
		h.Cluster = s.Locality[0]
	}
	if h.Cluster == "" || !isName(h.Cluster) || r.Subject.String() != h.subject().String() || len(r.Subject.Names) != 3 {
		return h, fmt.Errorf("has another subject than O=%s, CN=%s, L=CLUSTER", organization, intermediateName)
	}
	one := len(r.DNSNames) == 1 && len(r.EmailAddresses)+len(r.IPAddresses)+len(r.URIs) == 0
	if one {
		h.Namespace = strings.TrimSuffix(strings.TrimPrefix(r.DNSNames[0], "istiod."), ".svc")
	}
	if !one || h.host() != r.DNSNames[0] || !isName(h.Namespace) || strings.Contains(h.Namespace, ".") {
		return h, errors.New("asks for other names than istiod.NAMESPACE.svc")
	}
	return h, nil
}

// isName reports whether a text can be the name of a cluster or a namespace.
func isName(text string) bool {
	return text != "" && len(text) <= 253 && !slices.ContainsFunc([]rune(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '.'
	})
}
