package kubeconfig

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// fixes replace the fix of rules of package trust whose own fix is about a topology.
var fixes = map[*diag.Rule]string{
	trust.TokenExpired:      "use the token of a Secret of type kubernetes.io/service-account-token, which does not expire: " + ranCreate,
	trust.TokenExpiresSoon:  "use the token of a Secret of type kubernetes.io/service-account-token, which does not expire: " + ranCreate,
	trust.BoundToken:        "use the token of a Secret of type kubernetes.io/service-account-token: " + ranCreate,
	trust.MalformedToken:    ranCreate,
	trust.EncodedToken:      "decode it: kubectl get secret NAME -n NAMESPACE -o jsonpath='{.data.token}' | base64 -d",
	trust.TokenOfAnother:    "use the token of istio-reader-service-account: " + ranCreate,
	trust.PrivateKeyExposed: "put the certificate there, and replace the key: whoever may read certificates has read it",
	trust.CertificateForKey: "put the private key there",
}

// whys replace the why of rules of package trust whose own is about one use only.
var whys = map[*diag.Rule]string{
	trust.TokenOfAnother: "whoever it belongs to may lack the rights that istiod needs, or have far more",
}

// adapt says what a finding of package trust means in a kubeconfig.
func adapt(d *diag.Diagnostic, rule *diag.Rule) {
	if fix := fixes[rule]; fix != "" {
		d.Fix = fix
	}
	if why := whys[rule]; why != "" {
		d.Why = why
	}
}
