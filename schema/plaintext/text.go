package plaintext

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/diag"
)

// What PEM is made of (https://www.rfc-editor.org/rfc/rfc7468), and base64.
const (
	pemBegin    = "-----BEGIN "
	pemEnd      = "-----END"
	pemPrivate  = "PRIVATE KEY"
	dashes      = "-----"
	base64Signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)

// How test material of cmd/internal/tools/generate begins: each key with this line, and the kid of each token so.
const (
	testKey    = "TEST KEY, made by testdata/generate. It keeps no secret."
	testTokens = "testdata-generate-"
)

// jwtBegin is how a JSON object begins in base64, and so each part of a JWT but the last.
const jwtBegin = "eyJ"

// shortestKey is how many bytes there are in a key at least: one of Ed25519 has 48.
const shortestKey = 40

// inRun has the characters of both alphabets of base64, but for what fills it up.
var inRun = func() (in [256]bool) {
	for _, c := range []byte(base64Signs + "-_") {
		in[c] = c != '='
	}
	return in
}()

// head is how much of a file says whether it is a text: git looks at as much.
const head = 8000

// readable gives a text in UTF-8, and reports whether it is a text.
func readable(text []byte) ([]byte, bool) {
	start := text[:min(len(text), head)]
	switch zeros := bytes.Count(start, []byte{0}); {
	case bytes.HasPrefix(start, []byte{0xFF, 0xFE}):
		return fromUTF16(text, binary.LittleEndian), true
	case bytes.HasPrefix(start, []byte{0xFE, 0xFF}):
		return fromUTF16(text, binary.BigEndian), true
	case zeros == 0:
		return text, true
	case zeros*5 < len(start)*2 || len(start) < 4:
		return text, false
	case start[1] == 0 && start[3] == 0:
		return fromUTF16(text, binary.LittleEndian), true
	case start[0] == 0 && start[2] == 0:
		return fromUTF16(text, binary.BigEndian), true
	}
	return text, false
}

func fromUTF16(text []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, 0, len(text)/2)
	for ; len(text) >= 2; text = text[2:] {
		units = append(units, order.Uint16(text))
	}
	return bytes.TrimPrefix([]byte(string(utf16.Decode(units))), []byte("\ufeff"))
}

// isProse reports whether bytes are what a text has: no control characters, and UTF-8.
func isProse(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(text)
}

// line is what a line says, without what encloses it: white space, quotes, the signs of comments and patches. A "\n" in
// a string ends a line, too.
type line struct{ from, to int }

func splitLines(text []byte) []line {
	patch := isPatch(text)
	lines := make([]line, 0, len(text)/40+1)
	from, physical := 0, true
	for from <= len(text) {
		to, next, newline := endOfLine(text, from)
		at := from
		if patch && physical && at < to && (text[at] == '+' || text[at] == '-') {
			at++
		}
		lines = append(lines, trimmed(text, at, to))
		from, physical = next, newline
	}
	return lines
}

// endOfLine gives where a line ends, where the next begins, and whether there is a line end between them and not the
// escape for one.
func endOfLine(text []byte, from int) (to, next int, newline bool) {
	for at := from; ; {
		i := bytes.IndexAny(text[at:], "\n\\")
		if i < 0 {
			return len(text), len(text) + 1, true
		}
		if at += i; text[at] == '\n' {
			return at, at + 1, true
		}
		if end := endOfEscapes(text, at); end > 0 {
			return at, end, false
		}
		for at < len(text) && text[at] == '\\' {
			at++
		}
	}
}

// endOfEscapes gives where escapes such as "\r\n" and "\\n" end, or 0.
func endOfEscapes(text []byte, at int) int {
	end := 0
	for at < len(text) && text[at] == '\\' {
		for at < len(text) && text[at] == '\\' {
			at++
		}
		if at == len(text) || text[at] != 'n' && text[at] != 'r' {
			break
		}
		at++
		end = at
	}
	return end
}

const (
	before = " \t\r\"'`#>*|;\\"
	behind = " \t\r\"'`,;\\)"
)

func trimmed(text []byte, from, to int) line {
	for from < to && (bytes.IndexByte([]byte(before), text[from]) >= 0 || bytes.HasPrefix(text[from:to], []byte("//"))) {
		if text[from] == '/' {
			from++
		}
		from++
	}
	from = min(from, to)
	for to > from && bytes.IndexByte([]byte(behind), text[to-1]) >= 0 {
		to--
	}
	if to-2 > from && text[to-1] == '+' && text[to-2] == ' ' { // strings that are put together
		return trimmed(text, from, to-1)
	}
	return line{from, to}
}

func isPatch(text []byte) bool {
	return bytes.HasPrefix(text, []byte("@@ -")) || bytes.Contains(text, []byte("\n@@ -"))
}

// places turns offsets into positions, which come in order.
type places struct {
	text []byte
	to   int      // the last offset
	pos  diag.Pos // its position
}

func newPlaces(file string, text []byte) *places {
	return &places{text: text, pos: diag.Pos{File: file, Line: 1, Col: 1}}
}

// of gives the position of an offset; in what is no text, that of the file.
func (p *places) of(offset int, isText bool) diag.Pos {
	if !isText {
		return diag.Pos{File: p.pos.File}
	}
	part := p.text[p.to:offset]
	if i := bytes.LastIndexByte(part, '\n'); i >= 0 {
		p.pos.Line += bytes.Count(part, []byte{'\n'})
		p.pos.Col = 1
		part = part[i+1:]
	}
	p.pos.Col += utf8.RuneCount(part)
	p.to = offset
	return p.pos
}
