package diag

import "strings"

// Nearest gives the candidate that a misspelt word most probably meant, or "" where none is near enough.
// Case, '-' and '_' do not count as differences.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	for _, c := range candidates {
		if d := distance(fold(word), fold(c)); d < bestDistance && d < max(len(c), 2) {
			best, bestDistance = c, d
		}
	}
	return best
}

// Suggest advises to write the candidate that a misspelt word most probably meant, if there is one. One that is a slip of the
// fingers away, and the only one, needs no judgement.
func (d *Diagnostic) Suggest(word string, candidates []string) {
	near := Nearest(word, candidates)
	if near == "" {
		return
	}
	d.Fix = "did you mean " + near + "?"
	slips := 0
	for _, c := range candidates {
		if distance(fold(word), fold(c)) <= 2 {
			slips++
		}
	}
	if slips == 1 && distance(fold(word), fold(near)) <= 2 {
		d.Instead = near
	}
}

func fold(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(s), "-", ""), "_", "")
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
