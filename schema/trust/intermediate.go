package trust

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"slices"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Intermediate is the signing CA of one control plane, as the Secret cacerts gives it to istiod. What is zero was
// not there or could not be read, and is not checked.
type Intermediate struct {
	Cert  Certificates // ca-cert.pem; istiod takes the first
	Key   PrivateKey   // ca-key.pem
	Chain Certificates // cert-chain.pem: the intermediate, then up to the root
	Roots Certificates // all roots that the mesh declares

	TrustDomain string // of the identities that it signs for, or "" where that is not known

	proved [][]*x509.Certificate // paths whose signatures have been verified
}

// Check checks an intermediate and how its files fit together. Roots are checked by CheckRoots. What is asked of it
// later need not verify the same signatures again.
func (i *Intermediate) Check(now Clock) []Problem {
	if len(i.Cert.list) == 0 {
		return nil
	}
	ca := i.Cert.list[0]
	if i.Roots.contain(ca) || ca.selfSigned() {
		return []Problem{{Rule: IntermediateIsRoot, Part: Cert, Named: ca.named(), Message: i.describeRoot(ca)}}
	}
	verified := i.verify(ca, now)
	var problems []Problem
	for _, f := range ca.faults(now) {
		p := Problem{Rule: f.rule, Part: Cert, Named: ca.named(), Message: i.Cert.say(ca, f.fact)}
		if f.rule == CertificateExpiresSoon {
			p.Why, p.Fix = endsWhy, endsFix
		}
		problems = append(problems, p)
	}
	switch {
	case i.isAnother(ca) && len(problems) > 0: // it has to be another one anyway
		return problems
	case i.isAnother(ca):
		return append(problems, Problem{Rule: KeyMismatch, Part: Cert, Named: ca.named(), Message: "is not the certificate that the private key and the chain belong to"})
	}
	problems = append(problems, i.checkKey(ca)...)
	problems = append(problems, i.checkNames(ca)...)
	problems = append(problems, i.checkChain(ca, now)...)
	if !verified && !hasErrors(problems) && !hasErrors(CheckRoots(i.Roots, now)) {
		problems = append(problems, Problem{Rule: unverifiable, Part: Cert, Named: ca.named(), Message: "cannot be verified up to a declared root"})
	}
	return problems
}

// The root of an intermediate that ends stays, so its own end is another matter.
const (
	endsWhy = "no certificate of a workload outlives its signer: those that istiod signs get shorter and shorter, and at its end none is valid"
	endsFix = "make the next one below the same root: move the files of this one away, run meshtopo ca intermediate, or have a new request signed; render and apply, and istiod takes it without a restart"
)

// Complete reports whether the chain goes up to a certificate that signed itself.
func (i Intermediate) Complete() bool {
	return len(i.Cert.list) > 0 && i.top().selfSigned()
}

// top gives the last certificate of the path up from the intermediate, which is there.
func (i Intermediate) top() certificate {
	path := i.path(i.Cert.list[0])
	return path[len(path)-1]
}

// RootIsCert reports whether the intermediate itself stands where its root should be.
func (i Intermediate) RootIsCert() bool {
	return len(i.Cert.list) > 0 && i.Roots.contain(i.Cert.list[0]) && !i.Cert.list[0].selfSigned()
}

// isAnother reports whether the certificate is the wrong one: the key belongs to the first of the chain.
func (i Intermediate) isAnother(ca certificate) bool {
	return i.Key.public != nil && !i.Key.public.Equal(ca.PublicKey) && len(i.Chain.list) > 0 && i.Key.public.Equal(i.Chain.list[0].PublicKey)
}

func (i Intermediate) describeRoot(ca certificate) string {
	switch {
	case slices.ContainsFunc(i.Cert.list, func(c certificate) bool { return c.signedBy(ca) && !c.Equal(ca.Certificate) }):
		return "starts with the root: istiod takes the first certificate"
	case i.Roots.contain(ca):
		return i.Cert.say(ca, "is a declared root as well")
	}
	return i.Cert.say(ca, "is a root: it signed itself")
}

// Anchor identifies the declared root that the intermediate is under. It reports false where that is not known.
func (i Intermediate) Anchor() (Digest, bool) {
	if len(i.Cert.list) == 0 {
		return Digest{}, false
	}
	root, ok := i.anchor(i.top())
	if !ok {
		return Digest{}, false
	}
	return root.digest(), true
}

// checkKey reports a key that is not the intermediate's, or a kind of key that Istio cannot sign with.
func (i Intermediate) checkKey(ca certificate) []Problem {
	switch {
	case i.Key.public == nil:
		if !supported(ca.PublicKey) {
			return []Problem{{Rule: unsupportedKey, Part: Cert, Named: ca.named(), Message: i.Cert.say(ca, "has a key that is neither RSA nor ECDSA")}}
		}
	case i.Key.public.Equal(ca.PublicKey):
	default:
		message := "does not belong to the certificate of the intermediate"
		for _, other := range i.Cert.list[1:] {
			if i.Key.public.Equal(other.PublicKey) {
				message = fmt.Sprintf("belongs to the certificate at line %d of the intermediate's file, but istiod takes the first", other.line)
			}
		}
		return []Problem{{Rule: KeyMismatch, Part: Key, Message: message}}
	}
	return nil
}

// checkNames reports the first CA, from the intermediate up, that may not stand above the identities of the mesh.
func (i Intermediate) checkNames(ca certificate) []Problem {
	if i.TrustDomain == "" {
		return nil
	}
	for n, c := range i.path(ca) {
		if c.permits(i.TrustDomain) {
			continue
		}
		if n == 0 {
			return []Problem{{Rule: nameConstraints, Part: Cert, Named: c.named(), Message: i.Cert.say(c, fmt.Sprintf("may not sign for the trust domain %q", i.TrustDomain))}}
		}
		return []Problem{{Rule: nameConstraints, Part: Chain, Named: c.named(), Message: fmt.Sprintf("holds a CA at line %d that may not sign for the trust domain %q", c.line, i.TrustDomain)}}
	}
	return nil
}

// checkChain checks the chain file: the intermediate first, each certificate signed by the next, a declared root last.
func (i Intermediate) checkChain(ca certificate, now Clock) []Problem {
	if len(i.Chain.list) == 0 {
		return nil
	}
	path := i.path(ca)
	var problems []Problem
	add := func(p ...Problem) { problems = append(problems, p...) }
	if !i.Chain.contain(ca) {
		add(Problem{Rule: chainWithoutIntermediate, Named: ca.named(), Message: "does not hold the certificate of the intermediate"})
	} else if !i.inOrder(path) {
		add(Problem{Rule: chainOrder, Message: "does not start with the intermediate and go up to the root"})
	}
	add(i.checkTop(path, now)...)
	add(i.checkLinks(path, now)...)
	for n := range problems {
		problems[n].Part = Chain
	}
	return problems
}

// deepest is the greatest length of a path: no hierarchy is so deep, and a hostile chain file must not take minutes.
const deepest = 16

// path gives the intermediate and the certificates of the chain file above it, each signed by the next, in
// whatever order the file has them.
func (i Intermediate) path(ca certificate) []certificate {
	path := []certificate{ca}
	for len(path) < deepest {
		last := path[len(path)-1]
		next := slices.IndexFunc(i.Chain.list, func(c certificate) bool { return !Certificates{path}.contain(c) && i.signed(last, c) })
		if next < 0 {
			break
		}
		path = append(path, i.Chain.list[next])
	}
	return path
}

// inOrder reports whether the certificates of the path stand in the chain file in their order, the intermediate first.
func (i Intermediate) inOrder(path []certificate) bool {
	if !i.Chain.list[0].Equal(path[0].Certificate) {
		return false
	}
	at := 0
	for _, c := range i.Chain.list {
		if at < len(path) && c.Equal(path[at].Certificate) {
			at++
		}
	}
	return at == len(path)
}

// checkTop checks where the path ends, and what else the chain file holds.
func (i Intermediate) checkTop(path []certificate, now Clock) []Problem {
	top := path[len(path)-1]
	anchor, found := i.anchor(top)
	if !found {
		return i.withoutAnchor(path)
	}
	var problems []Problem
	if anchor.expired(now) && !i.allExpired(now) { // where all have expired, CheckRoots says so once
		problems = append(problems, Problem{Rule: CertificateExpired, Named: anchor.named(), Message: "leads to a root that expired on " + date(anchor.NotAfter)})
	}
	if left := path[0].NotAfter.Sub(anchor.NotAfter); left > sameDay && !anchor.expired(now) {
		problems = append(problems, Problem{Rule: intermediateOutlivesRoot, Named: path[0].named(), Message: fmt.Sprintf(
			"leads to a root that is valid until %s, but the intermediate until %s", date(anchor.NotAfter), date(path[0].NotAfter))})
	}
	if !anchor.Equal(top.Certificate) {
		problems = append(problems, Problem{Rule: chainWithoutRoot, Named: top.named(), Message: "stops below the root"})
	}
	// or the chain is another intermediate's, which has been said
	if n := i.stray(path); n >= 0 && i.Chain.contain(path[0]) {
		problems = append(problems, Problem{Rule: strayCertificate, Named: i.Chain.list[n].named(),
			Message: fmt.Sprintf("holds a certificate at line %d that is not between the intermediate and the root", i.Chain.list[n].line)})
	}
	return problems
}

// sameDay is how much longer an intermediate may live than its root that was made just before it, for the same time.
const sameDay = 24 * time.Hour

// anchor gives the declared root that a certificate is, or that signed it.
func (i Intermediate) anchor(top certificate) (certificate, bool) {
	if i.Roots.contain(top) {
		return top, true
	}
	n := slices.IndexFunc(i.Roots.list, func(root certificate) bool { return i.signed(top, root) })
	if n < 0 {
		return certificate{}, false
	}
	return i.Roots.list[n], true
}

func (i Intermediate) allExpired(now Clock) bool {
	return !slices.ContainsFunc(i.Roots.list, func(r certificate) bool { return !r.expired(now) })
}

// stray gives the index of a certificate in the chain file that is not on the path, or -1.
func (i Intermediate) stray(path []certificate) int {
	return slices.IndexFunc(i.Chain.list, func(c certificate) bool { return !Certificates{path}.contain(c) })
}

// withoutAnchor says why a path leads to no declared root, as far as one can tell.
func (i Intermediate) withoutAnchor(path []certificate) []Problem {
	top := path[len(path)-1]
	sameName := func(name []byte) bool {
		return slices.ContainsFunc(i.Roots.list, func(r certificate) bool { return bytes.Equal(r.RawSubject, name) })
	}
	unknown := func(format string, args ...any) []Problem {
		return []Problem{{Rule: UnknownRoot, Named: top.named(), Message: fmt.Sprintf(format, args...)}}
	}
	switch {
	case len(i.Roots.list) == 0: // they could not be read, which has been said
		return nil
	case slices.ContainsFunc(path, i.Roots.contain): // istiod verifies up to that one; CheckRoots says what it is
		return nil
	case sameName(top.RawIssuer):
		return unknown("leads to a root that has the name of a declared one but another key: that root is not declared any more, or it was made twice")
	case top.selfSigned():
		return unknown("ends in a root that is not among the declared ones")
	case i.stray(path) < 0:
		return unknown("ends in %s, which no declared root signed", i.name(path))
	}
	return []Problem{{Rule: chainIncomplete, Named: top.named(), Message: fmt.Sprintf("lacks the CA that signed %s", i.name(path))}}
}

// name names the last certificate of a path.
func (i Intermediate) name(path []certificate) string {
	if len(path) == 1 {
		return "the intermediate"
	}
	return fmt.Sprintf("the certificate at line %d", path[len(path)-1].line)
}

// checkLinks checks the certificates above the intermediate, and whether each may have so many CAs below it. Roots
// by themselves are the business of CheckRoots.
func (i Intermediate) checkLinks(path []certificate, now Clock) []Problem {
	var problems []Problem
	for below, c := range path {
		declared := i.Roots.contain(c)
		if below > 0 && !declared {
			for _, f := range c.faults(now) {
				problems = append(problems, Problem{Rule: f.rule, Named: c.named(), Message: i.Chain.say(c, f.fact)})
			}
		}
		if c.tooShort(below) && (below > 1 || !declared) {
			problems = append(problems, Problem{Rule: pathLength, Named: c.named(),
				Message: i.Chain.say(c, fmt.Sprintf("has pathlen:%d, too little for the %d below it", c.MaxPathLen, below))})
		}
	}
	return problems
}

// verify does what istiod does, so that nothing it refuses passes here, and keeps the signatures that it has
// verified: verifying one takes longer than all other checks. Without a chain or roots there is nothing to verify.
func (i *Intermediate) verify(ca certificate, now Clock) bool {
	if len(i.Chain.list) == 0 || len(i.Roots.list) == 0 {
		return true
	}
	var err error
	between := i.Chain.without(i.Roots) // a root among them would have its signature verified twice
	i.proved, err = ca.Verify(x509.VerifyOptions{Roots: i.Roots.pool(), Intermediates: between.pool(), CurrentTime: now.Time})
	return err == nil
}

// signed reports whether the key of parent signed c.
func (i Intermediate) signed(c, parent certificate) bool {
	for _, path := range i.proved {
		for n := range path[1:] {
			if path[n].Equal(c.Certificate) && path[n+1].Equal(parent.Certificate) {
				return true
			}
		}
	}
	return c.signedBy(parent)
}

func (cs Certificates) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	for _, c := range cs.list {
		pool.AddCert(c.Certificate)
	}
	return pool
}

func hasErrors(problems []Problem) bool {
	return slices.ContainsFunc(problems, func(p Problem) bool { return p.Rule.Severity == diag.Error })
}
