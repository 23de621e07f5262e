package main

import (
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// revoking are two control planes whose CAs sign revocation lists.
type revoking struct{ root, a, b authority }

func newRevoking() revoking {
	root := selfSigned("Ours", trusttest.SigningCRLs)
	return revoking{root, sign(root, called("A"), trusttest.SigningCRLs), sign(root, called("B"), trusttest.SigningCRLs)}
}

// listing gives the example with these CAs and lists for cluster-b, and one of cluster-a after them.
func (r revoking) listing(t *testing.T, code, name string, lists ...string) wrong {
	t.Helper()
	w := signed(t, code, name, cert, intermediate{ca: r.b, root: r.root})
	for name, text := range (intermediate{ca: r.a, root: r.root}).files("certs/cluster-a") {
		w.files[name] = text
	}
	var all string
	for _, l := range append(lists, listOf(r.a)) {
		all += l
	}
	w.files["certs/cluster-b/ca-crl.pem"] = all
	return w
}

func (r revoking) soon(t *testing.T, end time.Time) wrong {
	return r.listing(t, "crl-expires-soon", "of the root", r.root.CRL(time.Now().AddDate(0, 0, -3), end), listOf(r.b))
}

func listOf(ca authority, revoked ...authority) string {
	return ca.CRL(time.Now().AddDate(0, 0, -3), time.Now().AddDate(1, 0, 0), revoked...)
}

// wrongCRLs has revocation lists that istiod or proxies refuse.
func wrongCRLs(t *testing.T) []wrong {
	r := newRevoking()
	past, future := time.Now().AddDate(0, 0, -2), time.Now().AddDate(0, 0, 2)
	twin := selfSigned("Ours", trusttest.SigningCRLs)
	return []wrong{
		r.listing(t, "malformed-crl", "a certificate", listOf(r.root), pemOf(r.b)),
		r.listing(t, "crl-expired", "of the root", r.root.CRL(past, past.AddDate(0, 0, 1)), listOf(r.b)),
		r.listing(t, "crl-not-yet-valid", "of the intermediate", listOf(r.root), r.b.CRL(future, future.AddDate(1, 0, 0))),
		r.listing(t, "crl-of-another-issuer", "in the place of the intermediate's", listOf(r.root), listOf(selfSigned("Theirs"))),
		r.listing(t, "crl-incomplete", "none of the root", listOf(r.b)),
		r.listing(t, "crl-not-verified", "of the root that was made twice", listOf(twin), listOf(r.b)),
		r.listing(t, "crl-revokes-ca", "the intermediate", listOf(r.root, r.b), listOf(r.b)),
	}
}
