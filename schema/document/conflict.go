package document

import (
	"bytes"

	"meshtopo.dev/meshtopo/schema/diag"
)

// conflictMark matches a line that git writes where it could not merge; conflictMiddle the one between the sides, which
// alone may be something else.
var (
	conflictMark   = diag.OnceRegexp(`(?m)^(?:<{7}|>{7}|\|{7})(?: .*)?\r?$`)
	conflictMiddle = diag.OnceRegexp(`(?m)^={7}\r?$`)
)

// CheckConflict reports the first line of a text that git wrote where it could not merge. It reports false where there
// is one: the text holds both sides.
func CheckConflict(file string, p Part, found *diag.List) bool {
	if !bytes.Contains(p.Text, []byte("<<<<<<<")) && !bytes.Contains(p.Text, []byte(">>>>>>>")) && !bytes.Contains(p.Text, []byte("|||||||")) {
		return true
	}
	m := conflictMark().FindIndex(p.Text)
	if m == nil {
		return true
	}
	if middle := conflictMiddle().FindIndex(p.Text); middle != nil && middle[0] < m[0] {
		m = middle
	}
	reportConflict(file, p, m[0], found)
	return false
}

// LoneConflict reports the line between the sides of a conflict in a text that cannot be read, where the other lines of
// it are gone. It reports false where there is one.
func LoneConflict(file string, p Part, found *diag.List) bool {
	m := conflictMiddle().FindIndex(p.Text)
	if m != nil {
		reportConflict(file, p, m[0], found)
	}
	return m == nil
}

func reportConflict(file string, p Part, at int, found *diag.List) {
	pos := PosAt(file, p.Text, at)
	pos.Line += p.Line - 1
	pos.Width = 7
	found.Add(pos, mergeConflict, "a conflict of git is not resolved here")
}
