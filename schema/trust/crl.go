package trust

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
)

// CRLs are the revocation lists of one PEM file, in its order. The zero value stands for a file that was not there or
// could not be read.
type CRLs struct {
	list []crl
}

type crl struct {
	*x509.RevocationList
	line int // of its BEGIN
}

// ParseCRLs reads a PEM file of revocation lists. With a problem it gives none.
func ParseCRLs(text []byte) (CRLs, []Problem) {
	blocks, problems := scan(text)
	var lists []crl
	for _, b := range blocks {
		l, p := parseCRL(b)
		if p != nil {
			problems = append(problems, *p)
			continue
		}
		lists = append(lists, crl{l, b.line})
	}
	if len(problems) > 0 {
		return CRLs{}, problems
	}
	return CRLs{lists}, nil
}

func parseCRL(b block) (*x509.RevocationList, *Problem) {
	switch {
	case b.privateKey():
		return nil, &Problem{Rule: PrivateKeyExposed, Message: fmt.Sprintf("holds a private key at line %d", b.line)}
	case b.Type != "X509 CRL":
		return nil, &Problem{Rule: malformedCRL, Message: fmt.Sprintf("holds %s at line %d, where a revocation list is wanted", b.kind(), b.line)}
	}
	l, err := x509.ParseRevocationList(b.Bytes)
	if err != nil { // which may quote the list
		return nil, &Problem{Rule: malformedCRL, Message: fmt.Sprintf("holds a revocation list at line %d that cannot be read", b.line)}
	}
	return l, nil
}

// Len gives the number of lists.
func (cs CRLs) Len() int { return len(cs.list) }

// Spans gives how long each list is valid, in the order of the file. One that does not say is left out.
func (cs CRLs) Spans() []Span {
	var all []Span
	for _, l := range cs.list {
		if !l.NextUpdate.IsZero() {
			all = append(all, Span{l.Issuer.String(), l.ThisUpdate, l.NextUpdate})
		}
	}
	return all
}

// signedBy reports whether a proxy takes l for a list of a CA: the name, the key and the usage have to fit.
func (l crl) signedBy(ca certificate) bool {
	return bytes.Equal(l.RawIssuer, ca.RawSubject) && l.CheckSignatureFrom(ca.Certificate) == nil
}

// of gives the list of a CA that a proxy goes by: one that is valid now, if there is one, and of those the last.
func (cs CRLs) of(ca certificate, now Clock) (best crl, ok bool) {
	for _, l := range cs.list {
		if !l.signedBy(ca) {
			continue
		}
		if !ok || l.valid(now) && !best.valid(now) || l.valid(now) == best.valid(now) && l.ThisUpdate.After(best.ThisUpdate) {
			best, ok = l, true
		}
	}
	return best, ok
}

func (l crl) expired(now Clock) bool { return !l.NextUpdate.IsZero() && now.After(l.NextUpdate) }

func (l crl) valid(now Clock) bool { return !l.expired(now) && !now.Before(l.ThisUpdate) }

// revokes reports whether a certificate is in l.
func (l crl) revokes(c certificate) bool {
	return slices.ContainsFunc(l.RevokedCertificateEntries, func(e x509.RevocationListEntry) bool { return e.SerialNumber.Cmp(c.SerialNumber) == 0 })
}

// CAs gives the CAs that have to be under a list each where there are any: the path of the intermediate up to the
// root, which proxies check, and the rest of the chain, which istiod checks. It gives none where that is not known.
func (i Intermediate) CAs() Certificates {
	if len(i.Cert.list) == 0 || len(i.Chain.list) == 0 || len(i.Roots.list) == 0 {
		return Certificates{}
	}
	path := Certificates{i.path(i.Cert.list[0])}
	if root, ok := i.anchor(i.top()); ok && !path.contain(root) {
		path.list = append(path.list, root)
	}
	return Join(path, i.Chain.without(path))
}

// CheckCRLs checks the lists that go with an intermediate. Those of the CAs of other control planes may be among them.
func (i Intermediate) CheckCRLs(lists CRLs, others Certificates, now Clock) []Problem {
	cas := i.CAs()
	if lists.Len() == 0 || cas.Len() == 0 {
		return nil
	}
	known := Join(cas, others.without(cas))
	problems := lists.checkSignatures(known)
	if hasErrors(problems) { // it is the list that would be missing
		return problems
	}
	for _, ca := range known.list {
		l, ok := lists.of(ca, now)
		switch {
		case ok:
			problems = append(problems, lists.faults(l, now)...)
		case cas.contain(ca):
			return append(problems, lists.missing(known, i.role(ca)))
		}
	}
	return append(problems, i.checkRevoked(lists, cas, now)...)
}

// Lack reports whether a CA is without a list.
func (cs CRLs) Lack(cas Certificates) bool {
	return slices.ContainsFunc(cas.list, func(ca certificate) bool {
		return !slices.ContainsFunc(cs.list, func(l crl) bool { return l.signedBy(ca) })
	})
}

// named gives those CAs that have the name of the issuer of l.
func (l crl) named(known Certificates) []certificate {
	return slices.DeleteFunc(slices.Clone(known.list), func(ca certificate) bool { return !bytes.Equal(l.RawIssuer, ca.RawSubject) })
}

// missing says that the list of a CA is missing. Lists of CAs that nobody knows harm nobody, such as that of a cluster
// that is gone; here one of them stands in the place of the one that is missing.
func (cs CRLs) missing(known Certificates, role string) Problem {
	for _, l := range cs.list {
		if len(l.named(known)) == 0 {
			return Problem{Rule: crlOfAnother, Message: cs.say(l, "is of none of the CAs of the mesh") + ", and none of " + role}
		}
	}
	return Problem{Rule: CRLIncomplete, Message: "holds no revocation list of " + role}
}

// checkSignatures reports lists that have the name of a known CA and are none of its.
func (cs CRLs) checkSignatures(known Certificates) []Problem {
	var problems []Problem
	for _, l := range cs.list {
		named := l.named(known)
		switch {
		case len(named) == 0, slices.ContainsFunc(named, l.signedBy):
		case slices.ContainsFunc(named, l.mayNotSign):
			problems = append(problems, Problem{Rule: crlNotVerified, Message: cs.say(l, "is of a CA that may not sign it: its key usage lacks cRLSign")})
		default:
			problems = append(problems, Problem{Rule: crlNotVerified, Message: cs.say(l, "has the name of a CA of the mesh, whose key did not sign it")})
		}
	}
	return problems
}

// mayNotSign reports whether the key of a CA signed l, but may not sign lists.
func (l crl) mayNotSign(ca certificate) bool {
	return ca.KeyUsage != 0 && ca.KeyUsage&x509.KeyUsageCRLSign == 0 && ca.CheckSignature(l.SignatureAlgorithm, l.RawTBSRevocationList, l.Signature) == nil
}

// faults gives what is wrong with the dates of a list.
func (cs CRLs) faults(l crl, now Clock) []Problem {
	switch {
	case l.expired(now):
		return []Problem{{Rule: crlExpired, Message: cs.say(l, "was to be replaced by "+date(l.NextUpdate))}}
	case !l.valid(now):
		return []Problem{{Rule: crlNotYetValid, Message: cs.say(l, "is not valid before "+date(l.ThisUpdate))}}
	case !l.NextUpdate.IsZero() && now.soon().After(l.NextUpdate):
		return []Problem{{Rule: crlExpiresSoon, Message: cs.say(l, "is to be replaced by "+date(l.NextUpdate))}}
	}
	return nil
}

// checkRevoked reports CAs that the list of another one revokes.
func (i Intermediate) checkRevoked(lists CRLs, cas Certificates, now Clock) []Problem {
	for _, issuer := range cas.list {
		l, ok := lists.of(issuer, now)
		for _, ca := range cas.list {
			if ok && bytes.Equal(ca.RawIssuer, issuer.RawSubject) && l.revokes(ca) {
				return []Problem{{Rule: crlRevokesCA, Message: lists.say(l, "revokes "+i.role(ca))}}
			}
		}
	}
	return nil
}

// role says which CA of the chain one is.
func (i Intermediate) role(ca certificate) string {
	switch {
	case ca.Equal(i.Cert.list[0].Certificate):
		return "the intermediate"
	case i.Roots.contain(ca) || ca.selfSigned():
		return "the root"
	}
	return fmt.Sprintf("the CA at line %d of the chain", ca.line)
}

// say states a fact about one list of the file; the line is named where the file has several.
func (cs CRLs) say(l crl, fact string) string {
	if len(cs.list) == 1 {
		return fact
	}
	return fmt.Sprintf("holds a revocation list at line %d that %s", l.line, fact)
}
