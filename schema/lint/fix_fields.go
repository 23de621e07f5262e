package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/istio"
)

// quote makes a scalar the string that it looks like.
func (f *fix) quote() []diag.Edit { return f.Quote(f.finding.Pos) }

// correctField renames a misspelt field, corrects a misspelt word of Istio's, and adds or takes quotes. Another version of Istio may
// have the field, or the word.
func (f *fix) correctField() []diag.Edit {
	for _, p := range f.problems() {
		switch {
		case p.Pos != f.finding.Pos:
		case p.LacksQuotes():
			return f.Quote(p.Pos)
		case p.Quoted:
			return f.Unquote(p.Pos)
		case p.Instead != "" && (p.Reader == istio.APIServer || known(f.object)):
			return f.Replace(p.Pos, p.Instead)
		}
	}
	return nil
}
