package cacerts

import (
	"maps"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

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

// ForIstio reports whether a Secret cacerts is meant for istiod: other programs have Secrets of that name, too.
func ForIstio(o *manifest.Object) bool {
	known := slices.Concat(istioForm.keys(), []string{tlsForm.key, "istio-generated"}, slices.Collect(maps.Keys(usual)))
	return o.Namespace == "" || strings.HasPrefix(o.Namespace, "istio") ||
		slices.ContainsFunc(o.Items(), func(i manifest.Item) bool { return slices.Contains(known, i.Key) })
}

func (f form) keys() []string {
	all := []string{f.cert, f.key, f.root, f.chain[0]}
	slices.Sort(all)
	return slices.Compact(all)
}

// checkKeys checks which files there are. A file under another name does not count as missing too.
func (b *Bundle) checkKeys() {
	missing := b.missing()
	absent := slices.Clone(missing)
	for _, item := range b.items {
		if !readKey(item.Key) {
			meant := b.reportUnknown(item, missing)
			absent = slices.DeleteFunc(absent, func(key string) bool { return key == meant })
		}
	}
	if len(absent) > 0 && b.item("istio-generated") == nil {
		b.found.Add(b.object.At("metadata", "name"), incomplete, "%s lacks %s", b.object, strings.Join(absent, ", "))
	}
	if b.form.cert == tlsForm.cert {
		for _, key := range istioForm.keys() {
			if item := b.item(key); item != nil {
				b.found.Add(item.KeyPos, twoForms, "%s has tls.crt, so that istiod ignores %s", b.object, key)
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
func (b *Bundle) reportUnknown(item manifest.Item, missing []string) (meant string) {
	d := b.found.Add(item.KeyPos, UnreadKey, "istiod does not read this key of %s", b.object)
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

// Meant gives, by their places, the names that keys which istiod does not read are meant to have: the only missing one,
// or that of the private key. There is none where two keys could be meant.
func (b *Bundle) Meant() map[diag.Pos]string {
	all, missing, count := map[diag.Pos]string{}, b.missing(), map[string]int{}
	for _, item := range b.items {
		if meant := meantKey(item.Key, missing); !readKey(item.Key) && (len(missing) == 1 || meant == b.form.key) {
			all[item.KeyPos] = meant
			count[meant]++
		}
	}
	maps.DeleteFunc(all, func(_ diag.Pos, meant string) bool { return count[meant] > 1 })
	return all
}
