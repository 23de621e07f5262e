package trust

import (
	"bytes"
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

// CheckRoots checks a file of root certificates. Several are allowed, for rotation.
func CheckRoots(roots Certificates, now Clock) []Problem {
	problems := roots.eachFault(now, certificate.faults)
	for _, c := range roots.list {
		switch {
		case !c.IsCA: // has been said
		case !c.selfSigned():
			problems = append(problems, Problem{Rule: rootNotSelfSigned, Named: c.named(), Message: roots.say(c, "is not a root: another CA signed it")})
		case c.tooShort(1):
			problems = append(problems, Problem{Rule: pathLength, Named: c.named(), Message: roots.say(c, "allows no CA below it (pathlen:0)")})
		}
	}
	return problems
}

// CheckRepeated checks a file of root certificates beside those that were named before it.
func CheckRepeated(earlier, roots Certificates) []Problem {
	var problems []Problem
	for n, c := range roots.list {
		before := Certificates{slices.Concat(earlier.list, roots.list[:n])}
		if before.contain(c) {
			problems = append(problems, Problem{Rule: duplicateRoot, Named: c.named(), Message: roots.say(c, "is among the roots already")})
			continue
		}
		if slices.ContainsFunc(before.list, c.mistakenFor) {
			problems = append(problems, Problem{Rule: ambiguousRoot, Named: c.named(), Message: roots.say(c, "has the name of another root, and another key")})
		}
	}
	return problems
}

// mistakenFor reports whether only its key tells a CA from another one.
func (c certificate) mistakenFor(other certificate) bool {
	identified := len(c.SubjectKeyId) > 0 && len(other.SubjectKeyId) > 0
	return !identified && bytes.Equal(c.RawSubject, other.RawSubject) && !bytes.Equal(c.RawSubjectPublicKeyInfo, other.RawSubjectPublicKeyInfo)
}

// serverCAs say what the age of an API server's CA breaks. Nothing in the mesh is signed with it.
var serverCAs = map[*diag.Rule]string{
	CertificateExpired: "no control plane can verify the API server: its log has x509: certificate has expired, the cluster's endpoints freeze, " +
		"and vanish when istiod restarts",
	CertificateExpiresSoon: "then no control plane can verify the API server any more: the cluster's endpoints freeze, and vanish when istiod restarts",
	CertificateNotYetValid: "until then no control plane can verify the API server, and the cluster's endpoints do not appear",
}

// newServerCA is what to do about it.
const newServerCA = "take the CA that the API server has now, or both while it changes: kubectl config view --minify --flatten --raw; apply the remote Secrets " +
	"of this cluster again"

// CheckServerCA checks the CA file of an API server: certificates that client-go trusts.
func CheckServerCA(cas Certificates, now Clock) []Problem {
	problems := cas.eachFault(now, certificate.ageFaults)
	for i, p := range problems {
		if why := serverCAs[p.Rule]; why != "" {
			problems[i].Why, problems[i].Fix = why, newServerCA
		}
	}
	for _, c := range cas.list {
		if !c.IsCA {
			problems = append(problems, Problem{Rule: serverCertificateAsCA, Named: c.named(), Message: cas.say(c, "is not a CA")})
		}
	}
	return problems
}

// eachFault checks every certificate of a bundle. An expired one beside a valid one does no harm.
func (cs Certificates) eachFault(now Clock, faults func(certificate, Clock) []fault) []Problem {
	valid := slices.ContainsFunc(cs.list, func(c certificate) bool { return !c.expired(now) })
	var problems []Problem
	for _, c := range cs.list {
		if valid && c.expired(now) {
			problems = append(problems, Problem{Rule: expiredInBundle, Named: c.named(),
				Message: fmt.Sprintf("holds a certificate at line %d that expired on %s", c.line, date(c.NotAfter))})
			continue
		}
		for _, f := range faults(c, now) {
			problems = append(problems, Problem{Rule: f.rule, Named: c.named(), Message: cs.say(c, f.fact)})
		}
	}
	return problems
}
