package authority

import "meshtopo.dev/meshtopo/render/patch"

// What goes wrong when a patch changes what follows from the topology.
const (
	lostSecret = "istiod looks for the Secret cacerts, and signs only with a CA: without it it makes a CA of its own, which no other cluster trusts"
	lostIssuer = "the other clusters trust the root of this issuer: under another one calls between clusters fail with CERTIFICATE_VERIFY_FAILED"
)

// Owned gives what of an object of cert-manager follows from the topology.
func Owned(kind string) []patch.Owned {
	if kind != "Certificate" {
		return nil
	}
	own := func(field, why, fix string) patch.Owned { return patch.Own("spec."+field, why, fix) }
	const settings = "change trust.certManager in the topology"
	return []patch.Owned{
		own("isCA", lostSecret, "leave it"), own("secretName", lostSecret, "leave it"), own("usages", lostSecret, "leave it"),
		own("issuerRef", lostIssuer, settings), own("duration", lostSecret, settings), own("renewBefore", lostSecret, settings),
		own("privateKey", lostSecret, settings),
	}
}
