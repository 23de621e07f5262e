package document

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// yamlMessages says in our words what the YAML reader found, by a part of its own message.
var yamlMessages = []struct{ part, message, fix string }{
	{"mapping values are not allowed", `a second ": " stands in one value`, `put the value in quotes, or mend the indentation`},
	{"unknown anchor", "this alias repeats an anchor that the file does not have", "write the value, or set the anchor before it"},
	{"did not find expected ',' or", `a "[" or "{" is not closed, or a comma is missing`, "close it, or separate the items with commas"},
	{"unexpected end of stream", "a quote is not closed", "close the quote"},
	{"unexpected document indicator", "a quote is not closed", "close the quote"},
	{"expected '-' indicator", "this line is no item of the list above", `start it with "- ", or mend the indentation`},
	{"did not find expected key", "the indentation does not fit the lines above, or a value goes on after its quote", "mend the indentation, or put the whole value in quotes"},
	{"could not find expected ':'", `a field has no ":" after its name`, `write "name: value"`},
	{"cannot start any token", "no value can start like this", "put the value in quotes"},
	{"unknown escape character", `a "\" in a double-quoted value starts no known escape`, `write "\\", or use single quotes`},
}

// reportYAMLError reports a text that is not YAML, at the place from which on it cannot be. So many lines of the file
// as offset says stand before the text.
func reportYAMLError(file string, text []byte, offset int, err error, found *diag.List) {
	if pos, ok := indentedWithTab(file, text); ok {
		pos.Line += offset
		found.Add(pos, tabIndentation, "a tab indents this line")
		return
	}
	if !LoneConflict(file, Part{Line: offset + 1, Text: text}, found) {
		return
	}
	at := syntaxErrorOffset(text, err)
	if reportMisread(file, text, at, offset, found) {
		return
	}
	open := openQuote(text)
	if open >= 0 {
		at = open
	}
	pos := PosAt(file, text, at)
	pos.Line += offset
	if open >= 0 {
		d := found.Add(pos, invalidYAML, "the quote that begins here is not closed in its line")
		d.Fix = "close the quote"
		return
	}
	d := found.Add(pos, invalidYAML, "the file is not valid YAML here")
	for _, m := range yamlMessages {
		if strings.Contains(err.Error(), m.part) {
			d.Message, d.Fix = m.message, m.fix
			return
		}
	}
}

// tabbed finds a line that a tab indents.
var tabbed = diag.OnceRegexp(`(?m)^ *\t[ \t]*[^\s#]`)

func indentedWithTab(file string, text []byte) (diag.Pos, bool) {
	m := tabbed().FindIndex(text)
	if m == nil {
		return diag.Pos{}, false
	}
	tab := m[0] + bytes.IndexByte(text[m[0]:], '\t')
	return PosAt(file, text, tab), true
}

// syntaxErrorOffset finds where a text stops being YAML: just after the longest beginning that is. The reader
// itself names only the line at which the enclosing block starts.
func syntaxErrorOffset(text []byte, err error) int {
	text = text[:consumed(text)]
	lines := lineStarts(text)
	if len(text) > maxTriedSize {
		return skipBlanks(text, lines[min(errorLine(err, len(lines)), len(lines))-1])
	}
	line := lastThat(len(lines)-1, func(i int) bool { return parses(text[:lines[i]]) })
	start, end := lines[line], len(text)
	if line+1 < len(lines) {
		end = lines[line+1] - 1
	}
	return skipBlanks(text, lastChar(text, start, end))
}

// Of a text up to maxTriedSize, beginnings are tried, those within a line until maxTried bytes have been read again. Of
// one that is larger, the last line that the reader took is.
const (
	maxTriedSize = 256 << 10
	maxTried     = 1 << 20
)

// errorLine gives the line of an error in a large text: the one at which the reader stopped, or where the quote or
// bracket began that it was looking for the end of.
func errorLine(err error, stopped int) int {
	var line int
	_, place, _ := strings.Cut(err.Error(), "line ")
	if _, scanErr := fmt.Sscanf(place, "%d:", &line); scanErr != nil || line < 1 {
		return stopped
	}
	switch text := err.Error(); {
	case strings.Contains(text, "unexpected end of stream"), strings.Contains(text, "unexpected document indicator"):
		return line
	case strings.Contains(text, "did not find expected ',' or"):
		return line + 1 // of brackets it counts from 0
	}
	return stopped
}

// lastChar gives the last place in a line at which a text could end, or the beginning of the line if it takes too long
// to find.
func lastChar(text []byte, start, end int) int {
	open := openPlaces(text[start:end])
	for tried := 0; end > start; end-- {
		if open[end-start] {
			continue
		}
		if tried += end; tried > maxTried {
			return start
		}
		if parses(text[:end]) {
			break
		}
	}
	return end
}

// lastThat gives the greatest i up to n for which ok holds, if ok holds up to some number and not after it. It
// looks near n first, where that number is likely to be. ok(0) is taken for granted.
func lastThat(n int, ok func(int) bool) int {
	bad, step := n+1, 1
	good := n
	for good > 0 && !ok(good) {
		bad = good
		good = max(good-step, 0)
		step *= 2
	}
	for bad-good > 1 {
		if middle := (good + bad) / 2; ok(middle) {
			good = middle
		} else {
			bad = middle
		}
	}
	return good
}

// byteReader hands out one byte at a time, so that nothing is read ahead.
type byteReader struct{ r *bytes.Reader }

func (b byteReader) Read(p []byte) (int, error) { return b.r.Read(p[:min(len(p), 1)]) }

// consumed gives how much of a text the reader takes before it gives up.
func consumed(text []byte) int {
	r := bytes.NewReader(text)
	readsAll(byteReader{r})
	return len(text) - r.Len()
}

func parses(text []byte) bool { return readsAll(bytes.NewReader(text)) }

func readsAll(r io.Reader) bool {
	dec := yaml.NewDecoder(r)
	for {
		var n yaml.Node
		if err := dec.Decode(&n); err != nil {
			return errors.Is(err, io.EOF)
		}
	}
}

func lineStarts(text []byte) []int {
	starts := []int{0}
	for i, b := range text {
		if b == '\n' && i+1 < len(text) {
			starts = append(starts, i+1)
		}
	}
	return starts
}

func skipBlanks(text []byte, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	return i
}
