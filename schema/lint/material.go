package lint

import "meshtopo.dev/meshtopo/schema/diag"

// fixes are those of rules of package trust whose own speak of a topology.
var fixes = map[string]string{
	"token-expired":            "use the token of a Secret of type kubernetes.io/service-account-token, which does not expire: " + ranCreate,
	"token-expires-soon":       "use the token of a Secret of type kubernetes.io/service-account-token, which does not expire: " + ranCreate,
	"bound-token":              "use the token of a Secret of type kubernetes.io/service-account-token: " + ranCreate,
	"malformed-token":          ranCreate,
	"encoded-token":            "decode it: kubectl get secret NAME -n NAMESPACE -o jsonpath='{.data.token}' | base64 -d",
	"token-of-another-account": "use the token of istio-reader-service-account: " + ranCreate,
	"unknown-root":             "issue the intermediate from a root of root-cert.pem, or add its root there",
	"private-key-exposed":      "put the certificate there, and replace the key: whoever may read certificates has read it",
	"certificate-for-key":      "put the private key there",
}

// whys are those of rules of package trust that speak of one of their uses only.
var whys = map[string]string{
	"token-of-another-account": "whoever it belongs to may lack the rights that istiod needs, or have far more",
}

// sharpen says what a finding of package trust means in a manifest.
func sharpen(d *diag.Diagnostic) {
	if fix := fixes[d.Code]; fix != "" {
		d.Fix = fix
	}
	if why := whys[d.Code]; why != "" {
		d.Why = why
	}
}
