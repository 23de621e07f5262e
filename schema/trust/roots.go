package trust

import (
	"fmt"
	"slices"
	"time"
)

// CheckRoots checks a file of root certificates. Several are allowed, for rotation.
func CheckRoots(roots Certificates, now time.Time) []Problem {
	problems := roots.eachFault(now, certificate.faults)
	for _, c := range roots.list {
		switch {
		case !c.IsCA: // has been said
		case !c.selfSigned():
			problems = append(problems, Problem{Rule: rootNotSelfSigned, Message: roots.say(c, "is not a root: another CA signed it")})
		case c.tooShort(1):
			problems = append(problems, Problem{Rule: pathLength, Message: roots.say(c, "allows no CA below it (pathlen:0)")})
		}
	}
	return problems
}

// CheckServerCA checks the CA file of an API server: certificates that client-go trusts.
func CheckServerCA(cas Certificates, now time.Time) []Problem {
	problems := cas.eachFault(now, certificate.ageFaults)
	for _, c := range cas.list {
		if !c.IsCA {
			problems = append(problems, Problem{Rule: serverCertificateAsCA, Message: cas.say(c, "is not a CA")})
		}
	}
	return problems
}

// eachFault checks every certificate of a bundle. An expired one beside a valid one does no harm.
func (cs Certificates) eachFault(now time.Time, faults func(certificate, time.Time) []fault) []Problem {
	valid := slices.ContainsFunc(cs.list, func(c certificate) bool { return !c.expired(now) })
	var problems []Problem
	for _, c := range cs.list {
		if valid && c.expired(now) {
			problems = append(problems, Problem{Rule: expiredInBundle,
				Message: fmt.Sprintf("holds a certificate at line %d that expired on %s", c.line, date(c.NotAfter))})
			continue
		}
		for _, f := range faults(c, now) {
			problems = append(problems, Problem{Rule: f.rule, Message: cs.say(c, f.fact)})
		}
	}
	return problems
}
