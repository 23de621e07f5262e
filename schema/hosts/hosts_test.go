package hosts

import (
	"strings"
	"testing"
)

// TestHosts takes what a resolver takes for a name, and no number in another guise.
func TestHosts(t *testing.T) {
	for text, want := range map[string]struct{ host, number bool }{
		"west.example.com":              {true, false},
		"WEST.example.com.":             {true, false},
		"k8s-1":                         {true, false},
		"1.example":                     {true, false},
		"0x7f.example":                  {true, false},
		"0xtra":                         {true, false},
		"xn--bcher-kva.example":         {true, false},
		"1-2":                           {true, false},
		"198.51.100.1":                  {true, true}, // an address, which nobody asks whether it is a name
		"2001:db8::1":                   {true, false},
		"fe80::1%eth0":                  {true, false},
		"0x7f.1":                        {true, true},
		"127.0x1":                       {true, true},
		"0x":                            {true, true},
		"example.42":                    {true, true},
		"k8s_paris":                     {false, false},
		"-west":                         {false, false},
		"west-":                         {false, false},
		"a..b":                          {false, false},
		".":                             {false, false},
		"":                              {false, false},
		"bücher.example":                {false, false},
		"a b":                           {false, false},
		strings.Repeat("a", 64):         {false, false},
		strings.Repeat("a.", 126) + "a": {true, false},
		strings.Repeat("abcdefg.", 31) + "abcdef": {false, false},
	} {
		if got := IsHost(text); got != want.host {
			t.Errorf("IsHost(%q) = %v", text, got)
		}
		if got := EndsInNumber(strings.TrimSuffix(text, ".")); got != want.number {
			t.Errorf("EndsInNumber(%q) = %v", text, got)
		}
	}
}
