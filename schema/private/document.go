package private

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// InDocument reports whether a document may be, or hold, a Secret, also where it cannot be read: its kind may be
// misspelt, given twice, written with escapes, or cut off.
func InDocument(text []byte) bool {
	text = bytes.ToLower(Legible(text))
	has := func(part string) bool { return bytes.Contains(text, []byte(part)) }
	switch {
	case has("stringdata"), has("secretgenerator"), has(`\u`), has(`\x`):
		return true
	case has("secret") && saysSecret().Match(commentLine().ReplaceAll(text, nil)):
		return true
	case has("users") && kubeconfig().Match(text):
		return true
	}
	return hasData(text) && !publicKind().Match(text)
}

// hasData reports whether there is a field called data.
func hasData(text []byte) bool {
	return holds(text, "data", func(before, after []byte) bool {
		after = bytes.TrimLeft(after, `"' `)
		begins := len(before) == 0 || bytes.IndexByte([]byte("\n\t {,\"'"), before[len(before)-1]) >= 0
		return begins && (len(after) == 0 || bytes.IndexByte([]byte(":\r\n"), after[0]) >= 0)
	})
}

// Legible gives a text without what cannot be seen, and without what one of another encoding has between its letters.
func Legible(text []byte) []byte {
	return bytes.Map(func(r rune) rune {
		isOdd := r < ' ' && r != '\n' && r != '\t' && r != '\r' || r >= 0x7f
		if r == utf8.RuneError || isOdd && unicode.In(r, unicode.C, unicode.Z) {
			return -1
		}
		return r
	}, text)
}

// IsSecret reports whether a kind is that of Secrets, or of what becomes one.
func IsSecret(kind string) bool { return strings.Contains(strings.ToLower(kind), "secret") }

// InPatch reports whether the text of a patch might hold private material: it is about a Secret or about data. A "\"
// may spell any word in another way.
func InPatch(text string) bool {
	return containsAny(text, "Secret", `\`) || dataInPatch().MatchString(text)
}

// InTarget reports whether the target of a patch could fit a Secret. It goes by the name where no kind is given. One
// that cannot be compared could fit. Objects of public names are no Secrets.
func InTarget(kind, name string, public []string) bool {
	switch {
	case kind != "":
		whole, err := regexp.Compile("^(?:" + kind + ")$")
		return err != nil || strings.Contains(kind, "Secret") || whole.MatchString("Secret")
	case name == "" || strings.ContainsAny(name, `\^$|?*+()[]{}`):
		return true
	}
	return !slices.Contains(public, name)
}
