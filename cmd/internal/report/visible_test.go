package report

import (
	"strings"
	"testing"
	"unicode"

	"meshtopo.dev/meshtopo/schema/diag"
)

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "clusters/eu-1: 3 files": "clusters/eu-1: 3 files", "größe 日本 1::2 # ## [x]": "größe 日本 1::2 # ## [x]", "a\tb": "a\tb",
		"a\n::error file=x::y": `a\n::error file=x::y`, "a\r\nb": `a\r\nb`, "\x1b[31mred\x1b[0m": `\x1b[31mred\x1b[0m`, "\x00\x7f": `\x00\x7f`,
		"\u009b2J\u0085": `\u009b2J\u0085`, "\u202etxt.exe": `\u202etxt.exe`, "a\u2028b": `a\u2028b`, "\ufeffa": `\ufeffa`, "\U000e0041": `\U000e0041`,
		"a\xffb": `a\xffb`, "\ufffd": "\ufffd",
		"::error::a": `\::error::a`, "  ::error::a": `  \::error::a`, "\u00a0\t::x": "\u00a0\t" + `\::x`, "a ::error::": "a ::error::",
		"a ##[error]b": `a ##\[error]b`, "##vso[task.complete]": `##\vso[task.complete]`, "###[x] ##[": `###\[x] ##\[`, "##a b[": "##a b[",
	} {
		if got := Visible(text); got != want {
			t.Errorf("Visible(%q) = %q, want %q", text, got, want)
		}
	}
}

// FuzzVisible proves that any text stays in its line, and is no command there.
func FuzzVisible(f *testing.F) {
	f.Add("a\n::error::b\x1b[2J\u202e##[x]##vso[\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := Visible(text)
		strange := func(r rune) bool {
			return r != '\t' && (unicode.IsControl(r) || unicode.In(r, unicode.Bidi_Control, unicode.Cf, unicode.Zl, unicode.Zp))
		}
		if strings.ContainsFunc(got, strange) || strings.Contains(got, "##[") || strings.Contains(got, "##vso[") ||
			strings.HasPrefix(strings.TrimSpace(got), "::") || Visible(got) != got {
			t.Errorf("Visible(%q) = %q", text, got)
		}
	})
}

// TestTexts proves that results of a function, which kustomize prints, hide nothing either.
func TestTexts(t *testing.T) {
	const wrong = "a\u202eb\x1b[2J\nc"
	message, tags := Texts(&diag.Diagnostic{Message: wrong, Why: wrong, Fix: wrong, Code: "code"})
	for _, got := range []string{message, tags["why"], tags["fix"]} {
		if want := `a\u202eb\x1b[2J\nc`; got != want {
			t.Errorf("Texts gives %q, want %q", got, want)
		}
	}
}
