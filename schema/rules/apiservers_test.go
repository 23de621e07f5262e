package rules

import (
	"strings"
	"testing"
)

// TestCheckAPIURL checks URLs in words that hold nothing of them.
func TestCheckAPIURL(t *testing.T) {
	for raw, want := range map[string]string{
		"https://192.0.2.1:6443":              "",
		"HTTPS://api.example.com":             "",
		"https://10.0.0.1:6443":               "", // who can route it depends on the other clusters
		"http://hunter2:6443":                 "api-url-not-https: is not https",
		"hunter2:6443":                        "api-url-not-https: has no https:// in front",
		"https://me:hunter2@192.0.2.1":        "api-url-invalid: is more, or less, than https://HOST:PORT and the path of a proxy",
		"https://192.0.2.1/api/hunter2":       "api-url-invalid: is more, or less, than https://HOST:PORT and the path of a proxy",
		"https://%zz.hunter2":                 "api-url-invalid: is more, or less, than https://HOST:PORT and the path of a proxy",
		"https://localhost:6443":              "api-url-unreachable: has a host that is always the machine that looks it up",
		"https://hunter2.svc.mesh.example":    "api-url-unreachable: has a host that is the name of a Service: another one in every cluster",
		"https://hunter2.svc.another.example": "",
	} {
		rule, words := CheckAPIURL(raw, "mesh.example", false)
		got := words
		if rule != nil {
			got = rule.Code + ": " + words
		}
		if got != want || strings.Contains(got, "hunter2") {
			t.Errorf("CheckAPIURL(%q) = %q, want %q", raw, got, want)
		}
	}
}
