package trust

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Certificates are the certificates of one PEM file, in its order. The zero value stands for a file that was not
// there or could not be read: whatever needs it is not checked.
type Certificates struct {
	list []certificate
}

type certificate struct {
	*x509.Certificate
	line int // of its BEGIN
}

// ParseCertificates reads a PEM file of certificates. With a problem it gives none.
func ParseCertificates(text []byte) (Certificates, []Problem) { return (&Parser{}).Certificates(text) }

// Parser reads PEM files that have certificates in common, as those of a mesh have its root, and parses each
// certificate once. The zero value is ready.
type Parser struct{ parsed map[string]*x509.Certificate } // by their DER

// Certificates reads a PEM file of certificates. With a problem it gives none.
func (p *Parser) Certificates(text []byte) (Certificates, []Problem) {
	blocks, problems := scan(text)
	var list []certificate
	for _, b := range blocks {
		c, p := p.certificate(b)
		if p != nil {
			problems = append(problems, *p)
			continue
		}
		list = append(list, certificate{c, b.line})
	}
	if len(problems) > 0 {
		return Certificates{}, problems
	}
	return Certificates{list}, nil
}

func (p *Parser) certificate(b block) (*x509.Certificate, *Problem) {
	switch {
	case b.privateKey():
		return nil, &Problem{Rule: PrivateKeyExposed, Message: fmt.Sprintf("holds a private key at line %d", b.line)}
	case b.Type != "CERTIFICATE":
		return nil, &Problem{Rule: unexpectedBlock, Message: fmt.Sprintf("holds %s at line %d, where a certificate is wanted", b.kind(), b.line)}
	case len(b.Headers) > 0: // x509.CertPool skips such a block
		return nil, &Problem{Rule: malformedPEM, Message: fmt.Sprintf("has headers in the PEM block at line %d", b.line)}
	}
	if c := p.parsed[string(b.Bytes)]; c != nil {
		return c, nil
	}
	c, err := x509.ParseCertificate(b.Bytes)
	if err != nil {
		// The error may quote the certificate.
		return nil, &Problem{Rule: malformedCertificate, Message: fmt.Sprintf("holds a certificate at line %d that cannot be read", b.line)}
	}
	if p.parsed == nil {
		p.parsed = map[string]*x509.Certificate{}
	}
	p.parsed[string(b.Bytes)] = c
	return c, nil
}

// PEM gives each certificate as a block of its own, and nothing of what stood between them.
func (cs Certificates) PEM() []string {
	var all []string
	for _, c := range cs.list {
		all = append(all, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})))
	}
	return all
}

// Len gives the number of certificates.
func (cs Certificates) Len() int { return len(cs.list) }

// Digest identifies a certificate or a public key without showing it.
type Digest [sha256.Size]byte

func (c certificate) digest() Digest { return sha256.Sum256(c.Raw) }

// Key identifies the public key of the first certificate, which is the one that istiod signs with.
func (cs Certificates) Key() (d Digest, ok bool) {
	if len(cs.list) == 0 {
		return Digest{}, false
	}
	return sha256.Sum256(cs.list[0].RawSubjectPublicKeyInfo), true
}

// Digests identifies every certificate, in the order of the file.
func (cs Certificates) Digests() []Digest {
	var all []Digest
	for _, c := range cs.list {
		all = append(all, c.digest())
	}
	return all
}

// Join gives the certificates of several files, such as all roots of a mesh.
func Join(files ...Certificates) Certificates {
	var all Certificates
	for _, f := range files {
		all.list = append(all.list, f.list...)
	}
	return all
}

func (cs Certificates) contain(c certificate) bool {
	return slices.ContainsFunc(cs.list, func(o certificate) bool { return o.Equal(c.Certificate) })
}

// without gives the certificates that are not among others.
func (cs Certificates) without(others Certificates) Certificates {
	return Certificates{slices.DeleteFunc(slices.Clone(cs.list), others.contain)}
}

// say states a fact about one certificate of the file; the line is named where the file has several.
func (cs Certificates) say(c certificate, fact string) string {
	if len(cs.list) == 1 {
		return fact
	}
	return fmt.Sprintf("holds a certificate at line %d that %s", c.line, fact)
}

// signedBy reports whether the key of parent signed c. Whether parent may sign is another question, so that each
// mistake gets its own message. SHA-1 is accepted here and reported as what it is.
func (c certificate) signedBy(parent certificate) bool {
	return bytes.Equal(c.RawIssuer, parent.RawSubject) &&
		parent.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil
}

func (c certificate) selfSigned() bool { return c.signedBy(c) }

// fault is a rule that a certificate breaks, and how.
type fault struct {
	rule *diag.Rule
	fact string
}

// faults gives what is wrong with c as a CA of workload certificates, at a time.
func (c certificate) faults(now Clock) []fault {
	var found []fault
	switch {
	case !c.BasicConstraintsValid || !c.IsCA: // its key usage is that of a workload then
		found = append(found, fault{notCA, "is not a CA"})
	case c.KeyUsage != 0 && c.KeyUsage&x509.KeyUsageCertSign == 0:
		found = append(found, fault{noCertSign, "may not sign certificates: its key usage lacks keyCertSign"})
	}
	if missing := c.missingUsage(); missing != "" {
		found = append(found, fault{IncompatibleUsage, "has an extended key usage without " + missing})
	}
	if c.hashName() != "" && !c.selfSigned() {
		found = append(found, fault{weakSignature, "is signed with " + c.hashName()})
	}
	if key, ok := c.PublicKey.(*rsa.PublicKey); ok && key.N.BitLen() < 2048 {
		found = append(found, fault{weakKey, fmt.Sprintf("has an RSA key of %d bits", key.N.BitLen())})
	}
	return append(found, c.ageFaults(now)...)
}

// missingUsage names what the extended key usage of a CA lacks for mutual TLS.
func (c certificate) missingUsage() string {
	switch {
	case c.excludes(x509.ExtKeyUsageServerAuth):
		return "serverAuth"
	case c.excludes(x509.ExtKeyUsageClientAuth):
		return "clientAuth"
	}
	return ""
}

// excludes reports whether the extended key usage leaves one out. The usage of a CA restricts what stands below it;
// without any it restricts nothing.
func (c certificate) excludes(usage x509.ExtKeyUsage) bool {
	return len(c.ExtKeyUsage)+len(c.UnknownExtKeyUsage) > 0 &&
		!slices.Contains(c.ExtKeyUsage, x509.ExtKeyUsageAny) && !slices.Contains(c.ExtKeyUsage, usage)
}

// hashName names the hash of a weak signature, or "".
func (c certificate) hashName() string {
	switch c.SignatureAlgorithm {
	case x509.SHA1WithRSA, x509.ECDSAWithSHA1, x509.DSAWithSHA1:
		return "SHA-1"
	case x509.MD2WithRSA, x509.MD5WithRSA:
		return "MD5"
	}
	return ""
}

func (c certificate) expired(now Clock) bool { return now.After(c.NotAfter) }

// ageFaults gives what is wrong with the validity of c at a time.
func (c certificate) ageFaults(now Clock) []fault {
	switch {
	case c.expired(now):
		return []fault{{CertificateExpired, "expired on " + date(c.NotAfter)}}
	case now.Before(c.NotBefore):
		return []fault{{CertificateNotYetValid, "is not valid before " + date(c.NotBefore)}}
	case now.soon().After(c.NotAfter):
		return []fault{{CertificateExpiresSoon, "expires on " + date(c.NotAfter)}}
	}
	return nil
}

// tooShort reports whether c allows fewer CAs below it than the given number.
func (c certificate) tooShort(below int) bool {
	return c.BasicConstraintsValid && c.IsCA && c.MaxPathLen >= 0 && c.MaxPathLen < below
}
