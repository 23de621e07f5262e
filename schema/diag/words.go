package diag

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
)

// OnceRegexp compiles an expression when it is first used: a run needs few of them, and compiling all would take
// a tenth of it.
func OnceRegexp(expr string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
}

// NameClusters names a few clusters and counts the rest.
func NameClusters(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("cluster %q", names[0])
	}
	return "clusters " + Few(QuoteAll(names))
}

// Few lists two or three words; of more, two and the number of the others.
func Few(words []string) string {
	if len(words) > 3 {
		words = append(words[:2:2], fmt.Sprintf("%d more", len(words)-2))
	}
	return Enumerate(words, "and")
}

// Enumerate joins words: a, b and c.
func Enumerate(words []string, last string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// QuoteAll gives each word in quotes.
func QuoteAll(words []string) []string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = fmt.Sprintf("%q", w)
	}
	return quoted
}

// QuoteValue writes a value as JSON does, strings in quotes, cut where it gets long.
func QuoteValue(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return fmt.Sprint(v)
	}
	text := strings.TrimSpace(b.String())
	if r := []rune(text); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return text
}
