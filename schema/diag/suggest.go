package diag

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Nearest gives the candidate that a misspelt word most probably meant, or "" where none is near enough.
// Case, '-' and '_' do not count as differences.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	folded := fold(word)
	for _, c := range candidates {
		if d, ok := within(folded, fold(c), min(bestDistance, max(len(c), 2))); ok {
			best, bestDistance = c, d
		}
	}
	return best
}

// Hint asks whether the candidate was meant that Nearest gives; where there is none it says something else.
func Hint(word string, candidates []string, otherwise string) string {
	if near := Nearest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return otherwise
}

// Suggest advises to write the candidate that a misspelt word most probably meant, if there is one. A typing mistake is
// certain enough for lint --fix.
func (d *Diagnostic) Suggest(word string, candidates []string) {
	near := Nearest(word, candidates)
	if near == "" {
		return
	}
	d.Fix = "did you mean " + near + "?"
	d.Instead = Slip(word, candidates)
}

// Slip gives the candidate that differs from a word by a typing mistake only: one that differs in case, '-' and '_'
// only, or by two letters, in a short word by one. It gives "" where there is none, or where another one is as near.
func Slip(word string, candidates []string) string {
	const most = 2
	best, bestDistance, near, same := "", most+1, 0, 0
	folded := fold(word)
	for _, c := range candidates {
		d, ok := within(folded, fold(c), most+1)
		if !ok {
			continue
		}
		near++
		if d < bestDistance {
			best, bestDistance = c, d
		}
		if d == 0 {
			same++
		}
	}
	switch {
	case same == 1, near == 1 && bestDistance == 1 && len(best) > 2, near == 1 && bestDistance == most && len(best) > 5:
		return best
	}
	return ""
}

func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

// within gives the distance of two words, if it is less than a limit. Most words differ in length by more, and need not
// be compared: a key of a million letters would be, with each of a thousand fields.
func within(a, b string, limit int) (int, bool) {
	n, m := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
	if n-m >= limit || m-n >= limit {
		return 0, false
	}
	d := distance(a, b)
	return d, d < limit
}

// distance counts the insertions, deletions, replacements and swaps of neighbours between two words
// (optimal string alignment).
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, previous, current := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(x); i++ {
		current[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(y)]
}
