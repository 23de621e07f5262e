// Package cacerts checks Secrets cacerts, from which istiod takes the CA that it signs with, and gives what clusters
// are compared by.
package cacerts

import (
	"slices"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Bundle is a Secret cacerts while it is checked.
type Bundle struct {
	object *manifest.Object
	items  []manifest.Item
	form   form
	found  *diag.List
}

// New takes a Secret, and its items: those that it has, or that it would have.
func New(o *manifest.Object, items []manifest.Item, found *diag.List) *Bundle {
	b := &Bundle{object: o, items: items, form: istioForm, found: found}
	if b.item(tlsForm.cert) != nil {
		b.form = tlsForm
	}
	return b
}

// Facts are what clusters are compared by.
type Facts struct {
	Roots    []trust.Digest // of the certificates that the cluster trusts; none where they could not be read
	RootsPos diag.Pos       // of their key
	Key      trust.Digest   // of the intermediate's public key; zero where it could not be read
	KeyPos   diag.Pos       // of the key of the intermediate's certificate
	Anchor   trust.Digest   // the root that signed the intermediate; zero where it is not known
}

// Check checks the keys, the certificates and the private key, and gives what clusters are compared by. A bundle that
// istiod made is not read.
func (b *Bundle) Check(now time.Time) (s Facts) {
	b.checkKeys()
	if b.item("istio-generated") != nil {
		return s
	}

	roots := b.certificates(b.form.root)
	i := trust.Intermediate{Cert: b.certificates(b.form.cert), Roots: roots}
	s.Roots = roots.Digests()
	if i.RootIsCert() {
		s.Roots = nil
		b.reportRoot()
		return s
	}
	b.report(b.form.root, trust.CheckRoots(roots, trust.At(now)))
	b.report(b.form.root, trust.CheckRepeated(trust.Certificates{}, roots))
	if text, ok := b.text(b.form.key); ok {
		key, problems := trust.ParsePrivateKey(text)
		b.report(b.form.key, problems)
		i.Key = key
	}
	var chain []trust.Certificates
	for _, key := range b.form.chain {
		part := roots
		if key != b.form.root {
			part = i.Cert
		}
		if key != b.form.root && key != b.form.cert {
			part = b.certificates(key)
		}
		chain = append(chain, part)
	}
	i.Chain = trust.Join(chain...)
	s.Key, _ = i.Cert.Key()
	for _, p := range i.Check(trust.At(now)) {
		key := map[trust.Part]string{trust.Cert: b.form.cert, trust.Key: b.form.key, trust.Chain: b.form.chain[0]}[p.Part]
		switch p.Rule {
		case trust.UnknownRoot:
			s.Roots = nil // they are not those of the intermediate
			if i.Complete() {
				key = b.form.root
			}
		case trust.KeyMismatch:
			s.Key = trust.Digest{}
		}
		b.report(key, []trust.Problem{p})
	}
	s.Anchor, _ = i.Anchor()
	if item := b.item(b.form.root); item != nil {
		s.RootsPos = item.KeyPos
	}
	if item := b.item(b.form.cert); item != nil {
		s.KeyPos = item.KeyPos
	}
	return s
}

// reportRoot reports an intermediate under the key where its root should be.
func (b *Bundle) reportRoot() {
	d := b.report(b.form.root, []trust.Problem{{Rule: trust.IntermediateIsRoot, Message: "is the intermediate, not the root that signed it"}})
	d.Why = "inside the cluster nothing shows it; no other cluster trusts that certificate: CERTIFICATE_VERIFY_FAILED, and only local endpoints answer"
	d.Fix = "give the certificate at the end of the chain, which is self-signed"
}

func (b *Bundle) missing() []string {
	return slices.DeleteFunc(b.form.keys(), func(key string) bool { return b.item(key) != nil })
}

func (b *Bundle) item(key string) *manifest.Item {
	for n := range b.items {
		if b.items[n].Key == key {
			return &b.items[n]
		}
	}
	return nil
}

// text gives the text under a key. It gives false where it cannot be checked; another finding says so.
func (b *Bundle) text(key string) ([]byte, bool) {
	item := b.item(key)
	if item == nil || item.Bad || placeholder.Whole(item.Raw()) {
		return nil, false
	}
	return item.Text, true
}

func (b *Bundle) certificates(key string) trust.Certificates {
	text, ok := b.text(key)
	if !ok {
		return trust.Certificates{}
	}
	certificates, problems := trust.ParseCertificates(text)
	b.report(key, problems)
	return certificates
}

// fixes replace the fix of rules of package trust whose own fix is about a topology.
var fixes = map[*diag.Rule]string{
	trust.UnknownRoot:       "issue the intermediate from a root of root-cert.pem, or add its root there",
	trust.PrivateKeyExposed: "put the certificate there, and replace the key: whoever may read certificates has read it",
	trust.CertificateForKey: "put the private key there",
}

// report adds findings about a file, and gives the last one.
func (b *Bundle) report(key string, problems []trust.Problem) (last *diag.Diagnostic) {
	item := b.item(key)
	if item == nil {
		return nil
	}
	for _, p := range problems {
		last = b.found.Add(item.KeyPos, p.Rule, "%s of %s %s", key, b.object, p)
		if fix := fixes[p.Rule]; fix != "" {
			last.Fix = fix
		}
	}
	return last
}
