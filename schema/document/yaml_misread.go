package document

import (
	"bytes"
	"regexp"

	"meshtopo.dev/meshtopo/schema/diag"
)

// structural matches the places of a line where a look-alike in the group keeps YAML from seeing what people see: in
// the indentation, as the bullet of an item, behind the name of a field, and where a value begins.
var structural = func() []func() *regexp.Regexp {
	const (
		blanks  = `\x{a0}\x{1680}\x{2000}-\x{200d}\x{202f}\x{205f}\x{2060}\x{3000}\x{feff}`
		bullets = `\x{2010}-\x{2015}\x{2212}\x{2022}\x{fe58}\x{fe63}\x{ff0d}`
		colons  = `\x{ff1a}\x{a789}\x{2236}`
		quotes  = `\x{2018}-\x{201f}\x{ab}\x{bb}\x{ff02}\x{ff07}\x{b4}`
	)
	return []func() *regexp.Regexp{
		diag.OnceRegexp(`^[ \t]*(?:- *)*([` + blanks + `])`),
		diag.OnceRegexp(`^[ \t]*(?:- *)*([` + bullets + `])[ ` + blanks + `]`),
		diag.OnceRegexp(`^[^#"']*?:([` + blanks + `])`),
		diag.OnceRegexp(`^[^#"']*?[A-Za-z0-9]([` + colons + `])`),
		diag.OnceRegexp(`^[^#"']*?[:,\[{-] *([` + quotes + `])`),
	}
}()

// misreadBefore is how many lines above the place where a text stops being YAML the reason may stand.
const misreadBefore = 2

// reportMisread reports the look-alike because of which a text stops being YAML at an offset, if there is one.
func reportMisread(file string, text []byte, at, offset int, found *diag.List) bool {
	end := len(text)
	if i := bytes.IndexByte(text[min(at, len(text)):], '\n'); i >= 0 {
		end = at + i
	}
	for range misreadBefore + 1 {
		start := bytes.LastIndexByte(text[:end], '\n') + 1
		if i := misread(text[start:end]); i >= 0 {
			pos := PosAt(file, text, start+i)
			pos.Line += offset
			addMisleading(pos, string(text[start+i:]), found)
			return true
		}
		if start == 0 {
			return false
		}
		end = start - 1
	}
	return false
}

// misread gives the place of a look-alike in a line, or -1.
func misread(line []byte) int {
	if isASCII(line) {
		return -1
	}
	for _, re := range structural {
		if m := re().FindSubmatchIndex(line); m != nil {
			return m[2]
		}
	}
	return -1
}

func isASCII(text []byte) bool {
	return bytes.IndexFunc(text, func(r rune) bool { return r >= 0x80 }) < 0
}

// addMisleading reports the look-alike with which a text begins.
func addMisleading(pos diag.Pos, text string, found *diag.List) {
	if l, ok := FindLookAlike(text); ok {
		pos.Width = 1
		d := found.Add(pos, misleadingCharacter, "%s stands here", l.Name)
		d.Fix = l.Fix()
	}
}

// misindented reports a key that begins with what looks like a space: the line is not where it seems to be.
func misindented(pos diag.Pos, key string, found *diag.List) bool {
	l, ok := FindLookAlike(key)
	if !ok || l.Offset > 0 || !l.Blank {
		return false
	}
	addMisleading(pos, key, found)
	return true
}

// ReportKey reports a key that is a name but for its look-alikes.
func ReportKey(e *Entry, found *diag.List) {
	l, ok := FindLookAlike(e.Key)
	if !ok {
		return
	}
	d := found.Add(e.KeyPos, misleadingCharacter, "%s stands in the name of this field", l.Name)
	d.Fix = l.Fix()
}

// ReportValue reports a text that stands where something else must be, because of a look-alike in it. It reports false
// where there is none.
func ReportValue(n *Node, found *diag.List) bool {
	l, ok := FindLookAlike(n.Text)
	if ok {
		d := found.Add(n.Pos, misleadingCharacter, "%s stands in this value", l.Name)
		d.Fix = l.Fix()
	}
	return ok
}
