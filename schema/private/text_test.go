package private

import (
	"strings"
	"testing"
)

func TestIsMaterial(t *testing.T) {
	body := strings.Repeat("MIIB", 30)
	for text, want := range map[string]bool{
		"tokens/cluster-a": false,
		"certs/{cluster}":  false,
		"eyJ.pem":          false,
		"":                 false,
		"-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n": true,
		"eyJhbGciOiJSUzI1NiJ9.e30.c2ln":                                          true,
		"LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t" + body:                            true,
		body:      true,
		body[:50]: false,
	} {
		if got := IsMaterial(text); got != want {
			t.Errorf("IsMaterial(%q) = %v, want %v", text, got, want)
		}
	}
}
