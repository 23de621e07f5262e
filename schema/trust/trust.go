// Package trust checks certificates, chains, keys and tokens: are they sound, do they fit together, how long do
// they last. It works on bytes; where they come from, and where in a topology they are named, is the business of
// package schema.
//
// It follows what istiod does with the same files (security/pkg/pki/util/keycertbundle.go and
// security/pkg/pki/ca/ca.go of Istio) and adds what istiod accepts silently although the mesh fails later.
//
// Of what stands in a file, messages have lines and dates, and of a certificate its subject and serial number, which
// are public. Of anything else they have nothing: it may be a key in the wrong place.
package trust

import (
	"cmp"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Problem is something wrong with one file.
type Problem struct {
	Rule    *diag.Rule
	Part    Part   // the file, where several were checked together
	Message string // says what is wrong, and reads on from the name of the file: "expired on 2026-01-01"
	Named   string // the certificate that it is about, by its subject and serial number, or ""

	Why, Fix string // where the rule's own are about another use of the file; "" for those
}

// String is what is wrong, and with which certificate.
func (p Problem) String() string {
	if p.Named == "" {
		return p.Message
	}
	return p.Message + " (" + p.Named + ")"
}

// Explain gives a finding the reason and the advice of the problem, where it has its own.
func (p Problem) Explain(d *diag.Diagnostic) {
	if p.Why != "" {
		d.Why, d.Fix = p.Why, p.Fix
	}
}

// Part is one of the files of an intermediate CA.
type Part int

// The parts of an intermediate CA, named as Istio's certificate Makefile names the files.
const (
	Cert  Part = iota // ca-cert.pem
	Key               // ca-key.pem
	Chain             // cert-chain.pem
)

// Clock is the time at which certificates and tokens must be valid, and how long before its end one is worth a warning.
type Clock struct {
	time.Time
	Horizon time.Duration // 0 for 90 days
}

// At gives a clock with the usual horizon.
func At(now time.Time) Clock { return Clock{Time: now} }

// soon gives the time before which no certificate should end.
func (c Clock) soon() time.Time { return c.Add(cmp.Or(c.Horizon, 90*24*time.Hour)) }

// date writes a day; the time of day helps nobody to plan.
func date(t time.Time) string { return t.UTC().Format(time.DateOnly) }
