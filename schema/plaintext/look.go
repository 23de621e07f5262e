package plaintext

import (
	"cmp"
	"slices"
	"sort"

	"meshtopo.dev/meshtopo/schema/diag"
)

// thing is something private at a place of a text.
type thing struct {
	rule *diag.Rule
	what string
	at   int // where it begins
}

// look is how one text is looked at: a file, or what a part of one is when it is decoded.
type look struct {
	text   []byte
	lines  []line
	depth  int
	budget *int             // how many bytes may still be decoded or parsed, of all that belongs to a file
	looked map[string]*look // what has been decoded: a value of a Secret is, twice
	again  func(*look)      // looks for everything

	keys  []line // where private keys in PEM are, in order, whatever they are worth
	found []thing
	known bool // there is test material of meshtopo
}

// maxDepth is how often something may be encoded in something else.
const maxDepth = 6

// inside looks at what a part of the text is when it is decoded.
func (l *look) inside(decoded []byte) *look {
	if below := l.looked[string(decoded)]; below != nil {
		return below
	}
	below := &look{text: decoded, depth: l.depth + 1, budget: l.budget, looked: l.looked, again: l.again}
	if l.depth < maxDepth && l.spend(len(decoded)) {
		l.again(below)
		l.looked[string(decoded)] = below
	}
	return below
}

// spend reports whether so many bytes may still be looked at.
func (l *look) spend(bytes int) bool {
	if *l.budget <= 0 {
		return false
	}
	*l.budget -= bytes + 1
	return *l.budget > 0
}

// most is how many things of one text are told: more help nobody.
const most = 1000

func (l *look) add(at int, rule *diag.Rule, what string) {
	if len(l.found) < most {
		l.found = append(l.found, thing{rule, what, at})
	}
}

// take adds the first of what was found in a part that begins at a place.
func (l *look) take(at int, below *look, how string) bool {
	l.known = l.known || below.known
	if len(below.found) == 0 {
		return false
	}
	below.sort()
	first := below.found[0]
	l.add(at, first.rule, first.what+how)
	return true
}

// sort puts what was found in order, and keeps one thing at a place.
func (l *look) sort() {
	slices.SortStableFunc(l.found, func(a, b thing) int { return cmp.Compare(a.at, b.at) })
	l.found = slices.CompactFunc(l.found, func(a, b thing) bool { return a.at == b.at })
}

// between reports whether something was found from one place up to another.
func (l *look) between(from, to int) bool {
	return slices.ContainsFunc(l.found, func(t thing) bool { return from <= t.at && t.at < to })
}

func (l *look) line(i int) []byte { return l.text[l.lines[i].from:l.lines[i].to] }

// lineOf gives the index of the line that a place is in.
func (l *look) lineOf(at int) int {
	return max(sort.Search(len(l.lines), func(i int) bool { return l.lines[i].from > at })-1, 0)
}
