package trust

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net/url"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// files are the files of an intermediate in a test.
type files struct {
	cert, chain, roots []*authority
	key                *authority // the one whose key it is
}

func (f files) check(t *testing.T) []Problem {
	t.Helper()
	i := Intermediate{Cert: parsed(t, f.cert...)}
	if f.chain != nil {
		i.Chain = parsed(t, f.chain...)
	}
	if f.roots != nil {
		i.Roots = parsed(t, f.roots...)
	}
	var problems []Problem
	if f.key != nil {
		i.Key, problems = ParsePrivateKey(pkcs8(t, f.key.Key))
	}
	return append(problems, i.Check(now)...)
}

type authorities = []*authority

func TestIntermediate(t *testing.T) {
	root := newCA(nil, trusttest.Named("Root"))
	ca := newCA(root, trusttest.PathLen(0))
	tier := newCA(root, trusttest.Named("Policy CA"), trusttest.PathLen(1))
	under := newCA(tier, trusttest.PathLen(0))
	other := newCA(nil, trusttest.Named("Another root"))
	twin := newCA(nil, trusttest.Named("Root"))
	old := newCA(nil, trusttest.Named("Old root"), trusttest.Until(now.AddDate(0, 0, -1)))
	underOld := newCA(old)
	shallow := newCA(root, trusttest.Named("Policy CA"), trusttest.PathLen(0))
	beyond := newCA(shallow)
	late := newCA(root, trusttest.Named("Policy CA"), trusttest.Until(now.AddDate(0, 0, -1)))
	underLate := newCA(late)
	narrow := newCA(nil, trusttest.PathLen(1))
	second := newCA(narrow, trusttest.Named("Policy CA"))
	third := newCA(second)
	line := func(before ...*authority) string { return lines(string(pemOf(before...))) }
	// sound gives the files of an intermediate directly under the root.
	sound := func(ca *authority) files {
		return files{authorities{ca}, authorities{ca, root}, authorities{root}, ca}
	}
	tests := []struct {
		name  string
		files files
		want  []string
	}{
		{"sound", sound(ca), nil},
		{"as Istio makes it", sound(newCA(root, trusttest.PathLen(0), usage(
			x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment|x509.KeyUsageKeyEncipherment|x509.KeyUsageCertSign))), nil},
		{"a CA between", files{authorities{under}, authorities{under, tier, root}, authorities{root}, under}, nil},
		{"declared up to a CA between", files{authorities{under}, authorities{under, tier, root}, authorities{tier}, under}, nil},
		{"key not there", files{authorities{ca}, authorities{ca, root}, authorities{root}, nil}, nil},
		{"chain not there", files{authorities{ca}, nil, authorities{root}, ca}, nil},
		{"roots not there", files{authorities{ca}, authorities{ca, root}, nil, ca}, nil},
		{"two roots", files{authorities{ca}, authorities{ca, root}, authorities{other, root}, ca}, nil},
		{"rest of the bundle in the certificate file", files{authorities{ca, root}, authorities{ca, root}, authorities{root}, ca}, nil},
		{"mutual TLS in its usage", sound(newCA(root, trusttest.Extended(x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth))), nil},
		{"made with its root, for the same time", sound(newCA(root, trusttest.Until(root.NotAfter.Add(time.Hour)))), nil},
		{"longer than its root", sound(newCA(root, trusttest.Until(root.NotAfter.AddDate(1, 0, 0)))),
			[]string{"intermediate-outlives-root: leads to a root that is valid until 2035-06-01, but the intermediate until 2036-06-01"}},

		{"not a CA", sound(newCA(root, trusttest.Leaf)), []string{"not-a-ca: is not a CA"}},
		{"no keyCertSign", sound(newCA(root, usage(x509.KeyUsageDigitalSignature))),
			[]string{"no-cert-sign: may not sign certificates: its key usage lacks keyCertSign"}},
		{"clients only", sound(newCA(root, trusttest.Extended(x509.ExtKeyUsageClientAuth))),
			[]string{"incompatible-extended-key-usage: has an extended key usage without serverAuth"}},
		{"expired", sound(newCA(root, trusttest.Until(now.AddDate(0, 0, -1)))), []string{"certificate-expired: expired on 2026-05-31"}},
		{"not yet valid", sound(newCA(root, trusttest.From(now.AddDate(0, 0, 1)))), []string{"certificate-not-yet-valid: is not valid before 2026-06-02"}},
		{"expires soon", sound(newCA(root, trusttest.Until(now.AddDate(0, 0, 30)))), []string{"certificate-expires-soon: expires on 2026-07-01"}},

		{"the root itself", files{authorities{root}, authorities{root}, authorities{root}, root}, []string{"intermediate-is-root: is a declared root as well"}},
		{"a root of its own", files{authorities{other}, authorities{other}, authorities{root}, other}, []string{"intermediate-is-root: is a root: it signed itself"}},
		{"declared as the root", files{authorities{ca}, authorities{ca}, authorities{ca}, ca}, []string{"intermediate-is-root: is a declared root as well"}},
		{"root first", files{authorities{root, ca}, authorities{ca, root}, authorities{root}, ca},
			[]string{"intermediate-is-root: starts with the root: istiod takes the first certificate"}},

		{"another key", files{authorities{ca}, authorities{ca, root}, authorities{root}, other},
			[]string{"key-mismatch: does not belong to the certificate of the intermediate"}},
		{"key of the second certificate", files{authorities{under, ca}, authorities{under, tier, root}, authorities{root}, ca},
			[]string{"key-mismatch: belongs to the certificate at line " + line(under) + " of the intermediate's file, but istiod takes the first"}},

		{"root only in the chain", files{authorities{ca}, authorities{root}, authorities{root}, ca},
			[]string{"chain-without-intermediate: does not hold the certificate of the intermediate"}},
		{"root first in the chain", files{authorities{ca}, authorities{root, ca}, authorities{root}, ca},
			[]string{"chain-order: does not start with the intermediate and go up to the root"}},
		{"middle last in the chain", files{authorities{under}, authorities{under, root, tier}, authorities{root}, under},
			[]string{"chain-order: does not start with the intermediate and go up to the root"}},
		{"a CA missing in the chain", files{authorities{under}, authorities{under, root}, authorities{root}, under},
			[]string{"chain-incomplete: lacks the CA that signed the intermediate"}},
		{"chain without the root", files{authorities{ca}, authorities{ca}, authorities{root}, ca},
			[]string{"chain-without-root: stops below the root"}},
		{"a certificate too many", files{authorities{ca}, authorities{ca, root, other}, authorities{root}, ca},
			[]string{"stray-certificate: holds a certificate at line " + line(ca, root) + " that is not between the intermediate and the root"}},
		{"undeclared root", files{authorities{ca}, authorities{ca, root}, authorities{other}, ca},
			[]string{"unknown-root: ends in a root that is not among the declared ones"}},
		{"undeclared root, not in the chain", files{authorities{ca}, authorities{ca}, authorities{other}, ca},
			[]string{"unknown-root: ends in the intermediate, which no declared root signed"}},
		{"undeclared root above a CA between", files{authorities{under}, authorities{under, tier}, authorities{other}, under},
			[]string{"unknown-root: ends in the certificate at line " + line(under) + ", which no declared root signed"}},
		{"root made twice", files{authorities{ca}, authorities{ca, root}, authorities{twin}, ca},
			[]string{"unknown-root: leads to a root that has the name of a declared one but another key: that root is not declared any more, or it was made twice"}},
		{"root made twice, the new one in the chain", files{authorities{ca}, authorities{ca, twin}, authorities{twin}, ca},
			[]string{"unknown-root: leads to a root that has the name of a declared one but another key: that root is not declared any more, or it was made twice"}},
		{"under an expired root of two", files{authorities{underOld}, authorities{underOld, old}, authorities{old, root}, underOld},
			[]string{"certificate-expired: leads to a root that expired on 2026-05-31"}},
		{"CA between expired", files{authorities{underLate}, authorities{underLate, late, root}, authorities{root}, underLate},
			[]string{"certificate-expired: holds a certificate at line " + line(underLate) + " that expired on 2026-05-31"}},
		{"CA between allows none below it", files{authorities{beyond}, authorities{beyond, shallow, root}, authorities{root}, beyond},
			[]string{"path-length: holds a certificate at line " + line(beyond) + " that has pathlen:0, too little for the 1 below it"}},
		{"root allows one", files{authorities{third}, authorities{third, second, narrow}, authorities{narrow}, third},
			[]string{"path-length: holds a certificate at line " + line(third, second) + " that has pathlen:1, too little for the 2 below it"}},
		{"root allows none, which is said of the root", func() files {
			root := newCA(nil, trusttest.PathLen(0))
			ca := newCA(root)
			return files{authorities{ca}, authorities{ca, root}, authorities{root}, ca}
		}(), nil},
		{"a critical extension that nobody knows", sound(newCA(root, func(c *x509.Certificate) {
			c.ExtraExtensions = []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
		})), []string{"unverifiable-chain: cannot be verified up to a declared root"}},
		{"name constraints that exclude it", func() files {
			root := newCA(nil, func(c *x509.Certificate) {
				c.PermittedURIDomains, c.PermittedDNSDomainsCritical = []string{"example.com"}, true
			})
			ca := newCA(root, func(c *x509.Certificate) { c.URIs = []*url.URL{{Scheme: "spiffe", Host: "cluster.local"}} })
			return files{authorities{ca}, authorities{ca, root}, authorities{root}, ca}
		}(), []string{"unverifiable-chain: cannot be verified up to a declared root"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			expect(t, tt.files.check(t), tt.want...)
		})
	}
}

func TestWeakSignature(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	root := newCAWithKey(nil, rsaKey)
	for algorithm, want := range map[x509.SignatureAlgorithm][]string{
		x509.SHA1WithRSA:   {"weak-signature: is signed with SHA-1"},
		x509.SHA256WithRSA: nil,
	} {
		ca := newCA(root, trusttest.SignedWith(algorithm))
		expect(t, files{authorities{ca}, authorities{ca, root}, authorities{root}, ca}.check(t), want...)
	}
}

func TestEd25519(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	root := newCA(nil)
	ca := newCAWithKey(root, key)
	f := files{authorities{ca}, authorities{ca, root}, authorities{root}, ca}
	expect(t, f.check(t), "unsupported-key: is neither an RSA nor an ECDSA key")
	f.key = nil
	expect(t, f.check(t), "unsupported-key: has a key that is neither RSA nor ECDSA")
}

func TestAnchor(t *testing.T) {
	root, other := newCA(nil), newCA(nil, trusttest.Named("Other"))
	ca, foreign := newCA(root), newCA(other)
	anchor := func(ca *authority, chain, roots authorities) (Digest, bool) {
		return Intermediate{Cert: parsed(t, ca), Chain: parsed(t, chain...), Roots: parsed(t, roots...)}.Anchor()
	}
	a, ok := anchor(ca, authorities{ca, root}, authorities{other, root})
	b, okWithout := anchor(ca, authorities{ca}, authorities{other, root})
	c, okOther := anchor(foreign, authorities{foreign, other}, authorities{other, root})
	if !ok || !okWithout || !okOther || a != b || a == c {
		t.Errorf("Anchor() = %x %v, %x %v without the root in the chain, %x %v under another root", a, ok, b, okWithout, c, okOther)
	}
	if _, ok := anchor(ca, authorities{ca, root}, authorities{other}); ok {
		t.Error("Anchor() is known although the root is not declared")
	}
	if _, ok := (Intermediate{}).Anchor(); ok {
		t.Error("Anchor() of nothing is known")
	}
}
