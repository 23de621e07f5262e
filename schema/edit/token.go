package edit

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/document"
)

// token writes a string as a scalar, in the quotes of the one whose place it takes.
func token(text string, style yaml.Style) string {
	switch {
	case style&yaml.SingleQuotedStyle != 0 && !strings.ContainsAny(text, "'\n\r\t\\"):
		return "'" + text + "'"
	case style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) == 0 && document.IsPlain(text):
		return text
	}
	return strconv.Quote(text)
}

// width gives how many characters a scalar takes, with its quotes, and false if it is not on one line or not as it
// seems.
func (d *Document) width(n *yaml.Node) (int, bool) {
	rest := d.rest(n.Line, n.Column)
	switch {
	case n.Kind != yaml.ScalarNode || n.Value == "" && n.Style == 0:
		return 0, false
	case n.Style == 0:
		return utf8.RuneCountInString(n.Value), strings.HasPrefix(rest, n.Value)
	case n.Style == yaml.SingleQuotedStyle:
		return quotedWidth(rest, '\'')
	case n.Style == yaml.DoubleQuotedStyle:
		return quotedWidth(rest, '"')
	}
	return 0, false
}

// quotedWidth counts the characters of the quoted text that a line begins with.
func quotedWidth(rest string, quote rune) (int, bool) {
	width, escaped := 0, false
	for i, r := range rest {
		width++
		switch {
		case i == 0 && r != quote:
			return 0, false
		case i == 0:
		case escaped:
			escaped = false
		case quote == '"' && r == '\\', quote == '\'' && r == '\'' && strings.HasPrefix(rest[i+1:], "'"):
			escaped = true
		case r == quote:
			return width, true
		}
	}
	return 0, false
}

// rest gives what stands in a line from a column on.
func (d *Document) rest(line, column int) string {
	if line < 1 || line > len(d.lines) {
		return ""
	}
	text, from := d.lines[line-1], cursor{line, 1, 0}
	if d.last.line == line && d.last.column <= column {
		from = d.last
	}
	for from.column < column && from.offset < len(text) {
		_, size := utf8.DecodeRuneInString(text[from.offset:])
		from.column, from.offset = from.column+1, from.offset+size
	}
	d.last = from
	return text[from.offset:]
}

// cursor is a place in a line, from which those behind it are found: edits come in order, and a line may be very long.
type cursor struct{ line, column, offset int }
