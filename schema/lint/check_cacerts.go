package lint

import (
	"maps"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/trust"
)

const bootstrapCA = "pilot/pkg/bootstrap/istio_ca.go (detectSigningCABundleAndCRL)"

var (
	cacertsKey = &diag.Rule{
		Code: "cacerts-key", Severity: diag.Error, Symptom: true,
		Title:  "a key of the Secret cacerts that istiod does not read",
		Why:    "istiod looks for certain names of files: under another name it does not find a file",
		Fix:    "use ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem",
		Source: bootstrapCA,
		Bad:    "stringData: {key.pem: …}",
		Good:   "stringData: {ca-key.pem: …}",
	}
	cacertsIncomplete = &diag.Rule{
		Code: "cacerts-incomplete", Severity: diag.Error, Symptom: true,
		Title:  "a Secret cacerts that lacks a file",
		Why:    `from 1.26.1 on istiod stops with "failed to create an istiod CA: incomplete signing CA bundle detected"; before, and with none of the files, it makes a root of its own: all looks well until a handshake with another cluster fails`,
		Fix:    "give all four: ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem",
		Source: bootstrapCA,
		Bad:    "stringData: {ca-cert.pem: …, cert-chain.pem: …}",
		Good:   "stringData: {ca-cert.pem: …, ca-key.pem: …, root-cert.pem: …, cert-chain.pem: …}",
	}
	cacertsTwoForms = &diag.Rule{
		Code: "cacerts-two-forms", Severity: diag.Warning, Symptom: true,
		Title:  "a Secret cacerts in both forms that istiod reads",
		Why:    "where tls.crt is there, istiod reads tls.crt, tls.key and ca.crt and ignores ca-cert.pem, ca-key.pem, root-cert.pem and cert-chain.pem",
		Fix:    "delete the keys of one form",
		Source: bootstrapCA,
		Bad:    "stringData: {tls.crt: …, tls.key: …, ca.crt: …, ca-cert.pem: …}",
		Good:   "stringData: {tls.crt: …, tls.key: …, ca.crt: …}",
	}
	cacertsUnused = &diag.Rule{
		Code: "cacerts-unused", Severity: diag.Info,
		Title:  "a Secret cacerts in a cluster where no istiod signs",
		Why:    "the workloads of a remote get their certificates from its primary: nothing reads the Secret, and it has the private key of a CA",
		Fix:    "delete it",
		Source: "https://istio.io/latest/docs/setup/install/multicluster/primary-remote/",
		Bad:    "kind: Secret   # beside an IstioOperator with profile: remote\nmetadata: {name: cacerts}",
		Good:   "kind: Secret   # beside a control plane\nmetadata: {name: cacerts}",
	}
)

var cacertsGroup = group{rules: []*diag.Rule{cacertsKey, cacertsIncomplete, cacertsTwoForms, cacertsUnused}, check: (*cluster).checkCACerts}

// form is one of the two sets of keys that istiod reads.
type form struct {
	cert, key, root string
	chain           []string // the files that make the chain
}

var (
	istioForm = form{"ca-cert.pem", "ca-key.pem", "root-cert.pem", []string{"cert-chain.pem"}}
	tlsForm   = form{"tls.crt", "tls.key", "ca.crt", []string{"tls.crt", "ca.crt"}}

	// otherKeys are read beside the four, or say where the Secret is from.
	otherKeys = []string{"ca-crl.pem", "istio-generated"}
)

// forIstio reports whether a Secret cacerts is meant for istiod: other programs have Secrets of that name, too.
func forIstio(o *manifest.Object) bool {
	known := slices.Concat(istioForm.keys(), []string{tlsForm.key, "istio-generated"}, slices.Collect(maps.Keys(usual)))
	return o.Namespace == "" || strings.HasPrefix(o.Namespace, "istio") ||
		slices.ContainsFunc(o.Items(), func(i manifest.Item) bool { return slices.Contains(known, i.Key) })
}

func (f form) keys() []string {
	all := []string{f.cert, f.key, f.root, f.chain[0]}
	slices.Sort(all)
	return slices.Compact(all)
}

func (c *cluster) addCACerts(o *manifest.Object, found *diag.List) {
	s := &cacerts{namespace: o.Namespace, pos: o.At("metadata", "name"), place: placeOf(o)}
	c.cacerts = append(c.cacerts, s)
	b := newBundle(o, o.Items(), found)
	b.checkKeys()
	if b.item("istio-generated") == nil {
		s.read(b, c.now)
	}
}

// read checks the certificates and the key, and keeps what the clusters are compared by.
func (s *cacerts) read(b *bundle, now time.Time) {
	roots := b.certificates(b.form.root)
	i := trust.Intermediate{Cert: b.certificates(b.form.cert), Roots: roots}
	s.roots = roots.Digests()
	if i.RootIsCert() {
		s.roots = nil
		s.reportRoot(b)
		return
	}
	b.report(b.form.root, trust.CheckRoots(roots, now))
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
	s.key, _ = i.Cert.Key()
	for _, p := range i.Check(now) {
		key := map[trust.Part]string{trust.Cert: b.form.cert, trust.Key: b.form.key, trust.Chain: b.form.chain[0]}[p.Part]
		switch p.Rule {
		case trust.UnknownRoot:
			s.roots = nil // they are not those of the intermediate
			if i.Complete() {
				key = b.form.root
			}
		case trust.KeyMismatch:
			s.key = trust.Digest{}
		}
		b.report(key, []trust.Problem{p})
	}
	s.anchor, _ = i.Anchor()
	if item := b.item(b.form.root); item != nil {
		s.rootsPos = item.KeyPos
	}
}

// reportRoot reports an intermediate under the key where its root should be.
func (s *cacerts) reportRoot(b *bundle) {
	d := b.report(b.form.root, []trust.Problem{{Rule: trust.IntermediateIsRoot, Message: "is the intermediate, not the root that signed it"}})
	d.Why = "inside the cluster nothing shows it; no other cluster trusts that certificate: CERTIFICATE_VERIFY_FAILED, and only local endpoints answer"
	d.Fix = "give the certificate at the end of the chain, which is self-signed"
}

// bundle is a Secret cacerts while it is checked.
type bundle struct {
	object *manifest.Object
	items  []manifest.Item
	form   form
	found  *diag.List
}

func newBundle(o *manifest.Object, items []manifest.Item, found *diag.List) *bundle {
	b := &bundle{object: o, items: items, form: istioForm, found: found}
	if b.item(tlsForm.cert) != nil {
		b.form = tlsForm
	}
	return b
}

func (b *bundle) missing() []string {
	return slices.DeleteFunc(b.form.keys(), func(key string) bool { return b.item(key) != nil })
}

func (b *bundle) item(key string) *manifest.Item {
	for n := range b.items {
		if b.items[n].Key == key {
			return &b.items[n]
		}
	}
	return nil
}

// text gives the text under a key. It gives false where it cannot be checked; another finding says so.
func (b *bundle) text(key string) ([]byte, bool) {
	item := b.item(key)
	if item == nil || item.Bad || placeholder.Whole(item.Raw()) {
		return nil, false
	}
	return item.Text, true
}

func (b *bundle) certificates(key string) trust.Certificates {
	text, ok := b.text(key)
	if !ok {
		return trust.Certificates{}
	}
	certificates, problems := trust.ParseCertificates(text)
	b.report(key, problems)
	return certificates
}

// cacertsFixes replace the fix of rules of package trust whose own fix is about a topology.
var cacertsFixes = map[*diag.Rule]string{
	trust.UnknownRoot:       "issue the intermediate from a root of root-cert.pem, or add its root there",
	trust.PrivateKeyExposed: "put the certificate there, and replace the key: whoever may read certificates has read it",
	trust.CertificateForKey: "put the private key there",
}

// report adds findings about a file, and gives the last one.
func (b *bundle) report(key string, problems []trust.Problem) (last *diag.Diagnostic) {
	item := b.item(key)
	if item == nil {
		return nil
	}
	for _, p := range problems {
		last = b.found.Add(item.KeyPos, p.Rule, "%s of %s %s", key, b.object, p.Message)
		if fix := cacertsFixes[p.Rule]; fix != "" {
			last.Fix = fix
		}
	}
	return last
}

// checkKeys checks which files there are. A file under another name does not count as missing too.
func (b *bundle) checkKeys() {
	missing := b.missing()
	absent := slices.Clone(missing)
	for _, item := range b.items {
		if !readKey(item.Key) {
			meant := b.reportUnknown(item, missing)
			absent = slices.DeleteFunc(absent, func(key string) bool { return key == meant })
		}
	}
	if len(absent) > 0 && b.item("istio-generated") == nil {
		b.found.Add(b.object.At("metadata", "name"), cacertsIncomplete, "%s lacks %s", b.object, strings.Join(absent, ", "))
	}
	if b.form.cert == tlsForm.cert {
		for _, key := range istioForm.keys() {
			if item := b.item(key); item != nil {
				b.found.Add(item.KeyPos, cacertsTwoForms, "%s has tls.crt, so that istiod ignores %s", b.object, key)
				return
			}
		}
	}
}

// readKey reports whether istiod reads a key, in one of the forms.
func readKey(key string) bool {
	return slices.Contains(slices.Concat(istioForm.keys(), tlsForm.keys(), otherKeys), key)
}

// usual are names of files that people give to one of the four.
var usual = map[string]string{
	"key.pem": "ca-key.pem", "ca.key": "ca-key.pem", "private-key.pem": "ca-key.pem", "cert.pem": "ca-cert.pem", "ca.pem": "ca-cert.pem",
	"root.pem": "root-cert.pem", "root-ca.pem": "root-cert.pem", "root.crt": "root-cert.pem", "chain.pem": "cert-chain.pem",
}

// reportUnknown reports a key that istiod does not read, and gives the missing one that it is probably meant for, or
// "". Where no key is missing, another one does no harm.
func (b *bundle) reportUnknown(item manifest.Item, missing []string) (meant string) {
	d := b.found.Add(item.KeyPos, cacertsKey, "istiod does not read this key of %s", b.object)
	if len(missing) == 0 {
		d.Severity, d.Fix = diag.Warning, "delete it"
		return ""
	}
	if meant = meantKey(item.Key, missing); meant != "" {
		d.Fix = "did you mean " + meant + "?"
	}
	return meant
}

// meantKey gives the missing file that a key of another name is probably meant for, or "".
func meantKey(key string, missing []string) string {
	meant := usual[key]
	if meant == "" {
		meant = diag.Nearest(key, missing)
	}
	if !slices.Contains(missing, meant) {
		return ""
	}
	return meant
}

// checkCACerts compares the Secret with the control plane that reads it.
func (c *cluster) checkCACerts(found *diag.List) {
	for _, s := range c.cacerts {
		if len(c.installs) > 0 && !slices.ContainsFunc(c.installs, func(i *install) bool { return !i.remote() }) {
			found.Add(s.pos, cacertsUnused, "%s is in a cluster whose control plane runs elsewhere", s.place.what)
			continue
		}
		c.checkNamespace(s.place, found)
	}
}
