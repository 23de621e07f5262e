package trust

import (
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

func TestCRLs(t *testing.T) {
	root := newCA(nil, trusttest.Named("Root"), trusttest.SigningCRLs)
	tier := newCA(root, trusttest.Named("Policy CA"), trusttest.SigningCRLs)
	ca := newCA(tier, trusttest.SigningCRLs)
	twin := newCA(nil, trusttest.Named("Root"), trusttest.SigningCRLs)
	other := newCA(root, trusttest.Named("Another intermediate"), trusttest.SigningCRLs)
	stranger := newCA(nil, trusttest.Named("A stranger"), trusttest.SigningCRLs)
	mute := newCA(root, trusttest.Named("Mute"))
	begin, end := now.AddDate(0, -1, 0), now.AddDate(1, 0, 0)
	list := func(a *authority, revoked ...*authority) string { return a.CRL(begin, end, revoked...) }
	at := func(a *authority, from, until time.Time) string { return a.CRL(from, until) }
	yesterday, tomorrow := now.AddDate(0, 0, -1), now.AddDate(0, 0, 1)
	three := authorities{ca, tier, root}
	tests := []struct {
		name  string
		lists []string
		chain authorities // the intermediate first
		want  []string
	}{
		{"one of each CA", []string{list(ca), list(tier), list(root)}, three, nil},
		{"in another order", []string{list(root), list(ca), list(tier)}, three, nil},
		{"chain without the root", []string{list(ca), list(tier), list(root)}, authorities{ca, tier}, nil},
		{"something else revoked", []string{list(ca, stranger), list(tier, stranger), list(root, other)}, three, nil},
		{"with that of another control plane", []string{list(ca), list(tier), list(root), list(other)}, three, nil},
		{"the old one too", []string{at(ca, begin, yesterday), list(ca), list(tier), list(root)}, three, nil},
		{"the next one too", []string{list(ca), at(ca, tomorrow, end), list(tier), list(root)}, three, nil},

		{"none of the intermediate", []string{list(tier), list(root)}, three, []string{"crl-incomplete: holds no revocation list of the intermediate"}},
		{"none of the CA between", []string{list(ca), list(root)}, three,
			[]string{"crl-incomplete: holds no revocation list of the CA at line " + lines(string(pemOf(ca))) + " of the chain"}},
		{"none of the root", []string{list(ca), list(tier)}, three, []string{"crl-incomplete: holds no revocation list of the root"}},
		{"none of the root, which is not in the chain", []string{list(ca), list(tier)}, authorities{ca, tier}, []string{"crl-incomplete: holds no revocation list of the root"}},
		{"none of a certificate that is only in the chain", []string{list(ca), list(tier), list(root)}, authorities{ca, tier, root, twin},
			[]string{"crl-incomplete: holds no revocation list of the root"}},
		{"expired", []string{list(ca), list(tier), at(root, begin, yesterday)}, three,
			[]string{"crl-expired: holds a revocation list at line " + lines(list(ca)+list(tier)) + " that was to be replaced by 2026-05-31"}},
		{"expired, of another control plane", []string{list(ca), list(tier), list(root), at(other, begin, yesterday)}, three,
			[]string{"crl-expired: holds a revocation list at line " + lines(list(ca)+list(tier)+list(root)) + " that was to be replaced by 2026-05-31"}},
		{"of the future", []string{at(ca, tomorrow, end), list(tier), list(root)}, three,
			[]string{"crl-not-yet-valid: holds a revocation list at line 1 that is not valid before 2026-06-02"}},
		{"soon", []string{at(ca, begin, now.AddDate(0, 0, 30)), list(tier), list(root)}, three,
			[]string{"crl-expires-soon: holds a revocation list at line 1 that is to be replaced by 2026-07-01"}},
		{"not soon", []string{at(ca, begin, now.AddDate(0, 0, 91)), list(tier), list(root)}, three, nil},
		{"of a stranger", []string{list(stranger)}, three, []string{"crl-of-another-issuer: is of none of the CAs of the mesh, and none of the intermediate"}},
		{"of a stranger beside all that are wanted", []string{list(stranger), list(ca), list(tier), list(root)}, three, nil},
		{"of the root that was made twice", []string{list(twin)}, three, []string{"crl-not-verified: has the name of a CA of the mesh, whose key did not sign it"}},
		{"of a CA that may not sign lists", []string{list(mute)}, authorities{mute, root},
			[]string{"crl-not-verified: is of a CA that may not sign it: its key usage lacks cRLSign"}},
		{"the intermediate revoked", []string{list(ca), list(tier, ca), list(root)}, three,
			[]string{"crl-revokes-ca: holds a revocation list at line " + lines(list(ca)) + " that revokes the intermediate"}},
		{"the CA between revoked", []string{list(ca), list(tier), list(root, tier)}, three,
			[]string{"crl-revokes-ca: holds a revocation list at line " + lines(list(ca)+list(tier)) + " that revokes the CA at line " + lines(string(pemOf(ca))) + " of the chain"}},
		{"its number revoked by another CA", []string{list(ca, ca, tier), list(tier), list(root, ca)}, three, nil},
		{"roots not there", []string{list(stranger)}, nil, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var text string
			for _, l := range tt.lists {
				text += l
			}
			lists, problems := ParseCRLs([]byte(text))
			var i Intermediate
			if tt.chain != nil {
				i = Intermediate{Cert: parsed(t, tt.chain[0]), Chain: parsed(t, tt.chain...), Roots: parsed(t, root)}
			}
			expect(t, append(problems, i.CheckCRLs(lists, parsed(t, other, root), now)...), tt.want...)
		})
	}
}

func TestParseCRLs(t *testing.T) {
	root := newCA(nil, trusttest.SigningCRLs)
	for _, tt := range []struct{ name, text, want string }{
		{"a certificate", string(pemOf(root)), "malformed-crl: holds a certificate at line 1, where a revocation list is wanted"},
		{"a key", root.KeyPEM(), "private-key-exposed: holds a private key at line 1"},
		{"no list", trusttest.Block("X509 CRL", []byte("hunter")), "malformed-crl: holds a revocation list at line 1 that cannot be read"},
		{"empty", "", "malformed-pem: is empty"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			lists, problems := ParseCRLs([]byte(tt.text))
			expect(t, problems, tt.want)
			if lists.Len() > 0 || lists.Spans() != nil {
				t.Errorf("it gives %d lists", lists.Len())
			}
		})
	}
}

func TestLack(t *testing.T) {
	root := newCA(nil, trusttest.SigningCRLs)
	ca := newCA(root, trusttest.SigningCRLs)
	lists, problems := ParseCRLs([]byte(root.CRL(now.Time, now.AddDate(1, 0, 0))))
	expect(t, problems)
	if lists.Lack(parsed(t, root)) || !lists.Lack(parsed(t, ca, root)) {
		t.Error("of the root there is a list, of the intermediate there is none")
	}
}
