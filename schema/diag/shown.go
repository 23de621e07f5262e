package diag

import "fmt"

// A report shows so many findings of one rule in one file, and so many in all. Nobody reads more of them, and a file of
// 100 KB can have very many.
const (
	mostAlike = 100
	mostShown = 5000
)

// Shown gives the findings as Sorted does, but of very many only the first ones. The others of a rule in a file are one
// finding, at the place of the first of them, which says how many they are.
func (l *List) Shown() []*Diagnostic {
	type kind struct{ file, code string }
	seen, more := map[kind]int{}, map[kind]*Diagnostic{}
	hidden := map[*Diagnostic]int{}
	var shown []*Diagnostic
	for _, d := range l.Sorted() {
		k := kind{d.Pos.File, d.Code}
		rest := more[k]
		switch {
		case rest == nil && seen[k] < mostAlike && len(shown) < mostShown:
			seen[k]++
			shown = append(shown, d)
			continue
		case rest == nil:
			rest = &Diagnostic{
				Pos: d.Pos, Severity: d.Severity, Code: d.Code, Why: "very many findings of one kind have one cause, or a few",
				Fix: "mend those that are shown, and run the command again",
			}
			more[k] = rest
			shown = append(shown, rest)
		}
		rest.Severity = max(rest.Severity, d.Severity)
		hidden[rest]++
	}
	for d, n := range hidden {
		d.Message = fmt.Sprintf("%d more of this kind in this file, from here on", n)
	}
	return shown
}
