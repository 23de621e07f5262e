package rules

import (
	"strings"
	"testing"
)

// TestCheckProxyURL checks URLs in words that hold nothing of them.
func TestCheckProxyURL(t *testing.T) {
	for raw, want := range map[string]string{
		"http://proxy.example.com:3128":      "",
		"https://192.0.2.1":                  "",
		"SOCKS5://[2001:db8::1]:1080":        "",
		"http://me:hunter2@10.0.0.1:3128":    "", // in a Secret it may stand
		"http://hunter2.egress.svc:3128":     "", // the reader has a Service of that name
		"http://proxy.egress.svc.example.":   "",
		"hunter2:3128":                       "proxy-url-invalid: is not http://, https:// or socks5://",
		"hunter2.example.com":                "proxy-url-invalid: is not http://, https:// or socks5://",
		"socks5h://hunter2:1080":             "proxy-url-invalid: is not http://, https:// or socks5://",
		"http://hunter2:hunter2":             "proxy-url-invalid: is not a URL",
		"http://":                            "proxy-url-invalid: has no host",
		"http://hunter_2:3128":               "proxy-url-invalid: has a host that is neither a name nor an IP address",
		"http://hunter2:hunter2@localhost:1": "proxy-url-unreachable: has a host that is always the machine that looks it up",
		"http://0.0.0.0:3128":                "proxy-url-unreachable: has a host that is the unspecified address, to which nothing can be sent",
	} {
		rule, words := CheckProxyURL(raw)
		got := words
		if rule != nil {
			got = rule.Code + ": " + words
		}
		if got != want || strings.Contains(got, "hunter2") {
			t.Errorf("CheckProxyURL(%q) = %q, want %q", raw, got, want)
		}
	}
}
