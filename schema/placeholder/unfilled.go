package placeholder

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// fillers are words that people write where something has to be put in.
var fillers = strings.Fields("replace replaceme change changeme your insert paste put fill here todo fixme tbd placeholder dummy example xxx")

// names are words that say, beside those, what has to be put in.
var names = strings.Fields("a the my me this with in of by it reader remote account service serviceaccount token secret value key real actual bearer istio cluster")

// bracketed matches names between signs in which some write what has to be put in.
var bracketed = diag.OnceRegexp(`^(?:<[^<>]*>|\[[A-Za-z][A-Za-z ._-]*\]|%[A-Za-z][A-Za-z._-]*%|\{[A-Za-z][A-Za-z ._-]*\})$`)

// repeated matches texts of nothing but one sign.
var repeated = diag.OnceRegexp(`^(?:[xX]{3,}|\.{3,}|\*{3,}|-{3,}|…+)$`)

// Unfilled reports whether a text that has to be filled in by now only says so. Texts that a plugin of Argo CD or vals
// finds in rendered Secrets, decoded, are filled in later.
func Unfilled(text string) bool {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "<path:") || strings.HasPrefix(text, "ref+") {
		return false
	}
	if name, ok := strings.CutPrefix(text, "$"); ok && isName(name) {
		return strings.ToUpper(name) == name // others may be made of any signs
	}
	return Whole(text) || bracketed().MatchString(text) || repeated().MatchString(text) || isFiller(text)
}

func isName(text string) bool { return text != "" && !strings.ContainsAny(text, "{}()") }

// isFiller knows REPLACE_ME, your-token-here and the like: words, and one at least that asks for something.
func isFiller(text string) bool {
	words := strings.FieldsFunc(strings.ToLower(text), func(c rune) bool { return strings.ContainsRune(" _-.", c) })
	isOther := func(word string) bool { return !slices.Contains(fillers, word) && !slices.Contains(names, word) }
	return slices.ContainsFunc(words, func(word string) bool { return slices.Contains(fillers, word) }) && !slices.ContainsFunc(words, isOther)
}
