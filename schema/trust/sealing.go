package trust

import (
	"crypto/rsa"

	"meshtopo.dev/meshtopo/schema/diag"
)

// CheckSealing checks the file that Secrets are sealed with: kubeseal takes the first certificate of it.
func CheckSealing(certs Certificates, now Clock) []Problem {
	c := certs.list[0]
	if _, ok := c.PublicKey.(*rsa.PublicKey); !ok {
		return []Problem{{Rule: notForSealing, Named: c.named(), Message: certs.say(c, "has no RSA key")}}
	}
	switch {
	case c.expired(now):
		return []Problem{{Rule: SealingExpired, Named: c.named(), Message: certs.say(c, "expired on "+date(c.NotAfter))}}
	case now.soon().After(c.NotAfter):
		return []Problem{{Rule: SealingExpiresSoon, Named: c.named(), Message: certs.say(c, "expires on "+date(c.NotAfter))}}
	}
	return nil
}

const sealedSecrets = "https://github.com/bitnami-labs/sealed-secrets#secret-rotation"

var (
	notForSealing = &diag.Rule{
		Code: "not-for-sealing", Severity: diag.Error, Fixed: true,
		Title:  "a certificate that nothing can be sealed with",
		Why:    "the controller of Sealed Secrets has an RSA key, and its certificate is the only one with which it can open what was sealed",
		Fix:    "name the file that `kubeseal --fetch-cert` prints",
		Source: sealedSecrets,
	}
	SealingExpired = &diag.Rule{
		Code: "sealing-certificate-expired", Severity: diag.Warning,
		Title:  "the certificate that Secrets are sealed with has expired",
		Why:    "the controller opens what was sealed with it, but nothing new is sealed: render refuses to",
		Fix:    "fetch the certificate of today with kubeseal --fetch-cert, and run meshtopo render",
		Source: sealedSecrets,
	}
	SealingExpiresSoon = &diag.Rule{
		Code: "sealing-certificate-expires-soon", Severity: diag.Warning,
		Title:  "the certificate that Secrets are sealed with expires soon",
		Why:    "from then on nothing new is sealed with it",
		Fix:    "fetch the certificate of today with kubeseal --fetch-cert, and run meshtopo render",
		Source: sealedSecrets,
	}
)
