package rules

import (
	"strings"
	"testing"
)

func TestWindowsProblem(t *testing.T) {
	for path, want := range map[string]string{
		"certs/root-cert.pem":       "",
		"certs/{cluster}":           "",
		"./certs/../certs/a.pem":    "",
		"cluster-a":                 "",
		"con-1":                     "",
		"console":                   "",
		"com":                       "",
		"com10":                     "",
		"lpt":                       "",
		"auxiliary":                 "",
		"null":                      "",
		"é/ü.pem":                   "",
		"":                          "",
		"con":                       `"con" is a device there`,
		"CoN":                       `"CoN" is a device there`,
		"aux":                       `"aux" is a device there`,
		"prn":                       `"prn" is a device there`,
		"nul":                       `"nul" is a device there`,
		"com1":                      `"com1" is a device there`,
		"com0":                      `"com0" is a device there`,
		"lpt9":                      `"lpt9" is a device there`,
		"COM²":                      `"COM²" is a device there`,
		"conin$":                    `"conin$" is a device there`,
		"certs/nul/ca.pem":          `"nul" is a device there`,
		"certs/aux.pem":             `"aux.pem" is a device there`,
		"nul.tar.gz":                `"nul.tar.gz" is a device there`,
		"con .pem":                  `"con .pem" is a device there`,
		"nul:stream":                `"nul:stream" is a device there`,
		"C:/certs/a.pem":            `"C:" holds ':', which no name may hold there`,
		"c:a.pem":                   `"c:a.pem" holds ':', which no name may hold there`,
		`certs\a.pem`:               `"certs\\a.pem" holds '\\', which no name may hold there`,
		"certs/a?.pem":              `"a?.pem" holds '?', which no name may hold there`,
		"certs/*":                   `"*" holds '*', which no name may hold there`,
		`a"b`:                       `"a\"b" holds '"', which no name may hold there`,
		"a<b":                       `"a<b" holds '<', which no name may hold there`,
		"a|b":                       `"a|b" holds '|', which no name may hold there`,
		"a\tb":                      `"a\tb" holds '\t', which no name may hold there`,
		"certs./a.pem":              `"certs." ends with ".", which is dropped there`,
		"certs/a.pem ":              `"a.pem " ends with " ", which is dropped there`,
		"certs/...":                 `"..." ends with ".", which is dropped there`,
		strings.Repeat("x", 300):    "", // too long for most systems, and not a matter of Windows
		"tokens/cluster-a/.hidden":  "",
		"a b/c d.pem":               "",
		"certs/com1x/lpt1-backup.d": "",
	} {
		if got := windowsProblem(path); got != want {
			t.Errorf("windowsProblem(%q) = %q, want %q", path, got, want)
		}
	}
}
