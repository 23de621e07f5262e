package plaintext

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// maxBraces bounds an object between braces.
const maxBraces = 256 << 10

// braced gives the object between braces that a place is in, as in JSON, also where that stands in a string.
func (l *look) braced(at int) (*object, int) {
	start := l.openBrace(at)
	if start < 0 {
		return nil, 0
	}
	text := l.text[start:min(len(l.text), start+2*maxBraces)]
	flat := bytes.HasPrefix(bytes.TrimLeft(text[1:], " \t\r\n"), []byte(`\`)) || bytes.Contains(l.text[max(start, at-1):min(len(l.text), at+8)], []byte(`\"`))
	if flat && l.spend(len(text)) {
		text = unescaped(text)
	}
	end := closeBrace(text)
	if end < 0 {
		l.spend(len(text))
		return nil, 0
	}
	if !l.spend(end) {
		return nil, 0
	}
	o := &object{look: l, from: start, to: start + end, line: 1, flat: flat}
	o.root = document.ReadYAML("", text[:end], &diag.List{})
	return o, start + end
}

// openBrace gives the brace that opens the object of a place.
func (l *look) openBrace(at int) int {
	depth := 0
	if *l.budget <= 0 {
		return -1
	}
	for i := at - 1; i >= max(0, at-maxBraces); i-- {
		switch l.text[i] {
		case '}':
			depth++
		case '{':
			if depth == 0 {
				if !l.spend(at - i) {
					return -1
				}
				return i
			}
			depth--
		}
	}
	l.spend(min(at, maxBraces))
	return -1
}

// closeBrace gives where the object ends that a text begins with.
func closeBrace(text []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// unescaped takes one layer of escapes away.
func unescaped(text []byte) []byte {
	return []byte(strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n").Replace(string(text)))
}

// lineObject gives the object that a line, which begins at a place, is a field of: the lines around it that have the
// same prefix.
func (l *look) lineObject(start, width int) (*object, int) {
	prefix := l.text[start : start+width]
	from, parts := l.above(start, prefix)
	o := &object{look: l, from: from, to: start, line: 1}
	for at := start; at < len(l.text); {
		end := lineEnd(l.text, at)
		text, ok := within(l.text[at:end], prefix)
		if !ok || at > start && !isField(text, width) {
			break
		}
		parts = append(parts, text)
		at = end
		o.to = end
	}
	if !l.spend(2 * (o.to - o.from)) {
		return nil, 0
	}
	o.root = document.ReadYAML("", bytes.Join(parts, nil), &diag.List{})
	return o, o.to
}

// above gives where the object of a line begins, and its lines up to that one.
func (l *look) above(start int, prefix []byte) (from int, parts [][]byte) {
	from = start
	if bytes.Contains(prefix, []byte("- ")) && bytes.IndexByte(prefix, '-') > 0 || bytes.HasSuffix(prefix, []byte("- ")) && !bytes.HasPrefix(prefix, []byte("-  ")) {
		return from, nil // the line is the first of an item
	}
	for from > 0 {
		at := bytes.LastIndexByte(l.text[:from-1], '\n') + 1
		text, ok := within(l.text[at:from], prefix)
		item := !ok && isItem(l.text[at:from], prefix)
		if item {
			text = append(bytes.Repeat([]byte(" "), len(prefix)), l.text[at+len(prefix):from]...)
		}
		if !ok && !item || !isField(text, len(prefix)) {
			break
		}
		parts = append(parts, text)
		if from = at; item {
			break
		}
	}
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return from, parts
}

func lineEnd(text []byte, at int) int {
	if i := bytes.IndexByte(text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(text)
}

// within gives a line with blanks in the place of the prefix that it has; it may be empty.
func within(text, prefix []byte) ([]byte, bool) {
	bare := bytes.TrimRight(text, " \t\r\n")
	if len(bare) <= len(prefix) && bytes.HasPrefix(bytes.TrimRight(prefix, " \t"), bytes.TrimRight(bare, " \t")) {
		return []byte("\n"), true
	}
	if len(text) < len(prefix) {
		return nil, false
	}
	for i, c := range prefix {
		same := text[i] == c || c == '-' && text[i] == ' ' || i == 0 && strings.ContainsRune(" +-", rune(c)) && strings.ContainsRune(" +", rune(text[i]))
		if !same {
			return nil, false
		}
	}
	return append(bytes.Repeat([]byte(" "), len(prefix)), text[len(prefix):]...), true
}

// isItem reports whether a line begins the item of a list that lines with a prefix belong to.
func isItem(text, prefix []byte) bool {
	if len(text) <= len(prefix) || len(prefix) < 2 {
		return false
	}
	dash := bytes.LastIndexByte(text[:len(prefix)], '-')
	return dash >= 0 && len(bytes.Trim(text[dash+1:len(prefix)], " ")) == 0 && len(bytes.Trim(text[:dash], prefixSigns)) == 0 && len(bytes.Trim(prefix[dash:], " ")) == 0
}

// field matches a line of a block at its own indentation: a key, an item, a comment, or what closes brackets.
var field = diag.OnceRegexp(`^(?:["']?[A-Za-z0-9_./-]+["']?\s*:(?:\s|$)|- |#|[\]}])`)

// isField reports whether a line belongs to a block of that indentation.
func isField(text []byte, width int) bool {
	rest := text[min(width, len(text)):]
	trimmed := bytes.TrimSpace(rest)
	return len(trimmed) == 0 || rest[0] == ' ' || rest[0] == '\t' || field().Match(rest)
}

func decodeRune(text []byte) (rune, int) { return utf8.DecodeRune(text) }
