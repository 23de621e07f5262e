package document

import (
	"bytes"
	"meshtopo.dev/meshtopo/schema/diag"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Where a document says, read or not, that it is a Secret, a kubeconfig, or something that Secrets are made of. The
// text is in lower case.
var (
	secretKind  = diag.OnceRegexp(`kind["']?\s*:\s*(?:[&!]\S+\s+)*["']?[a-z]*secret`)
	secretWord  = diag.OnceRegexp(`\bsecret\b["']?[ \t]*(?:[^"' \t:]|$)`) // but not as the key of a volume
	publicKind  = diag.OnceRegexp(`kind["']?\s*:\s*["']?configmap`)
	kubeconfig  = diag.OnceRegexp(`kind["']?\s*:\s*["']?config["'\s,}]`)
	commentLine = diag.OnceRegexp(`(?m)^\s*#.*$`)
)

// MayHoldSecret reports whether a document may be, or hold, a Secret, also where it cannot be read: its kind may be
// misspelt, given twice, written with escapes, or cut off.
func MayHoldSecret(text []byte) bool {
	text = bytes.ToLower(Legible(text))
	has := func(part string) bool { return bytes.Contains(text, []byte(part)) }
	switch {
	case has("stringdata"), has("secretgenerator"), has(`\u`), has(`\x`):
		return true
	case has("secret") && saysSecret(commentLine().ReplaceAll(text, nil)):
		return true
	case has("users") && kubeconfig().Match(text):
		return true
	}
	return hasData(text) && !publicKind().Match(text)
}

func saysSecret(text []byte) bool { return secretKind().Match(text) || secretWord().Match(text) }

// hasData reports whether there is a field called data.
func hasData(text []byte) bool {
	word := []byte("data")
	for at := 0; ; at += len(word) {
		next := bytes.Index(text[at:], word)
		if next < 0 {
			return false
		}
		at += next
		before, after := text[:at], bytes.TrimLeft(text[at+len(word):], `"' `)
		begins := len(before) == 0 || bytes.IndexByte([]byte("\n\t {,\"'"), before[len(before)-1]) >= 0
		if begins && (len(after) == 0 || bytes.IndexByte([]byte(":\r\n"), after[0]) >= 0) {
			return true
		}
	}
}

// Legible gives a text without what cannot be seen, and without what one of another encoding has between its letters.
func Legible(text []byte) []byte {
	if !slices.ContainsFunc(text, func(b byte) bool { return isOdd(rune(b)) }) {
		return text
	}
	return bytes.Map(dropOdd, text)
}

func isOdd(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f }

func dropOdd(r rune) rune {
	if r == utf8.RuneError || isOdd(r) && unicode.In(r, unicode.C, unicode.Z) {
		return -1
	}
	return r
}
