package cacerts

import (
	"meshtopo.dev/meshtopo/schema/diag"
)

const bootstrapCA = "pilot/pkg/bootstrap/istio_ca.go (detectSigningCABundleAndCRL)"

var (
	// UnreadKey is about a key that istiod does not read.
	UnreadKey = &diag.Rule{
		Code: "cacerts-key", Severity: diag.Error, Symptom: true,
		Title:  "a key of the Secret cacerts that istiod does not read",
		Why:    "istiod looks for certain names of files: under another name it does not find a file",
		Fix:    "use ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem",
		Source: bootstrapCA,
		Bad:    "stringData: {key.pem: …}",
		Good:   "stringData: {ca-key.pem: …}",
	}
	incomplete = &diag.Rule{
		Code: "cacerts-incomplete", Severity: diag.Error, Symptom: true,
		Title:  "a Secret cacerts that lacks a file",
		Why:    `from 1.26.1 on istiod stops with "failed to create an istiod CA: incomplete signing CA bundle detected"; before, and with none of the files, it makes a root of its own: all looks well until a handshake with another cluster fails`,
		Fix:    "give all four: ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem",
		Source: bootstrapCA,
		Bad:    "stringData: {ca-cert.pem: …, cert-chain.pem: …}",
		Good:   "stringData: {ca-cert.pem: …, ca-key.pem: …, root-cert.pem: …, cert-chain.pem: …}",
	}
	twoForms = &diag.Rule{
		Code: "cacerts-two-forms", Severity: diag.Warning, Symptom: true,
		Title:  "a Secret cacerts in both forms that istiod reads",
		Why:    "where tls.crt is there, istiod reads tls.crt, tls.key and ca.crt and ignores ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem",
		Fix:    "delete the keys of one form",
		Source: bootstrapCA,
		Bad:    "stringData: {tls.crt: …, tls.key: …, ca.crt: …, ca-cert.pem: …}",
		Good:   "stringData: {tls.crt: …, tls.key: …, ca.crt: …}",
	}
)

// Rules gives every rule of this package.
func Rules() []*diag.Rule { return []*diag.Rule{UnreadKey, incomplete, twoForms} }
