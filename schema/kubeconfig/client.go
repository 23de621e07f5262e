package kubeconfig

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/trust"
)

// checkClient checks the certificate by which istiod logs in, and its key. client-go needs both
// (tools/clientcmd/validation.go).
func (k *Config) checkClient() {
	user := k.root.At(k.user...)
	data := map[trust.Part][]string{trust.Cert: at(k.user, "client-certificate-data"), trust.Key: at(k.user, "client-key-data")}
	cert, key := k.material(data[trust.Cert]), k.material(data[trust.Key])
	hasKey := present(user.At("client-key-data")) || present(user.At("client-key"))
	if present(user.At("client-certificate-data")) && !hasKey {
		k.lacks(data[trust.Cert], "has a client certificate without its key")
	}
	for _, p := range trust.CheckClient(cert, key, k.now) {
		path := data[p.Part]
		d := k.add(p.Rule, path, "has a %s that %s", path[len(path)-1], p)
		AdaptClient(d, p.Rule)
	}
}

// material gives the bytes of a field in base64, or nil where there is nothing to check.
func (k *Config) material(path []string) []byte {
	if v := valueAt(k.root, path...); v.Text == "" || placeholder.Whole(v.Text) {
		return nil
	}
	text, ok := k.decode(path)
	if !ok {
		return nil
	}
	return text
}

// AdaptClient says what a client certificate that breaks a rule of package trust does to its cluster, and how to fix
// it.
func AdaptClient(d *diag.Diagnostic, rule *diag.Rule) {
	d.Why = "istiod cannot make a client of the kubeconfig: it logs an error once, and never sees the cluster's endpoints"
	switch rule {
	case trust.CertificateExpired:
		d.Why = "the API server answers Unauthorized: the cluster's endpoints freeze, and vanish when istiod restarts"
	case trust.CertificateExpiresSoon:
		d.Why = "a remote Secret is static: when the certificate has expired, the API server answers Unauthorized, and the endpoints freeze"
	case trust.CertificateNotYetValid:
		d.Why = "the API server answers Unauthorized until then"
	case trust.IncompatibleUsage:
		d.Why = "the API server takes no such certificate from a client, and answers Unauthorized: the cluster's endpoints never appear"
	}
	switch rule {
	case trust.CertificateExpired, trust.CertificateExpiresSoon, trust.IncompatibleUsage:
		d.Fix = fixes[trust.TokenExpired]
	case trust.KeyMismatch:
		d.Fix = "give the key that the certificate was issued for, or use a token: " + ranCreate
	case trust.EncryptedKey:
		d.Fix = "decrypt it: openssl pkey -in FILE, or use a token: " + ranCreate
	case trust.CertificateForKey:
		d.Fix = fixes[rule]
	case trust.CertificateNotYetValid:
	case trust.ClientIsCA:
		d.Why, d.Fix = rule.Why, rule.Fix
	default:
		d.Fix = "take both as they were issued, in PEM, or use a token: " + ranCreate
	}
}
