package document

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema/diag"
)

// MaxFileSize bounds a topology file: a mesh of several thousand clusters is smaller.
const MaxFileSize = 16 << 20

// MaxDepth bounds how deep values are nested: a topology needs less than twenty levels.
const MaxDepth = 100

// CheckText reports what is wrong with a file before its notation matters, and gives the text without a byte
// order mark. It reports false if the file cannot be read further.
func CheckText(file string, text []byte, found *diag.List) ([]byte, bool) {
	text, ok := OpenText(file, text, found)
	whole := Part{Line: 1, Text: text}
	if !ok || !CheckCharacters(file, whole, found) || !CheckConflict(file, whole, found) {
		return nil, false
	}
	if len(bytes.TrimSpace(text)) == 0 {
		found.Add(diag.Pos{File: file, Line: 1, Col: 1}, EmptyFile, "the file is empty")
		return nil, false
	}
	return text, true
}

// OpenText gives the text of a file without a byte order mark, and makes it available to excerpts. It reports false if
// it is too large.
func OpenText(file string, text []byte, found *diag.List) ([]byte, bool) {
	if len(text) > MaxFileSize {
		found.Add(diag.Pos{File: file}, FileTooLarge, "the file has %d bytes; at most %d are read", len(text), MaxFileSize)
		return nil, false
	}
	if bom := []byte("\xef\xbb\xbf"); bytes.HasPrefix(text, bom) {
		found.Add(diag.Pos{File: file, Line: 1, Col: 1}, byteOrderMark, "the file starts with a byte order mark")
		text = text[len(bom):]
	}
	found.AddSource(file, text)
	return text, true
}

// CheckCharacters reports the first byte of a part that is not UTF-8, or the first character that readers do not agree
// about.
func CheckCharacters(file string, p Part, found *diag.List) bool {
	place := func(offset int) diag.Pos {
		pos := PosAt(file, p.Text, offset)
		pos.Line += p.Line - 1
		return pos
	}
	if i := invalidUTF8(p.Text); i >= 0 {
		found.Add(place(i), invalidEncoding, "the file is not UTF-8 from here on")
		return false
	}
	if i, r := controlCharacter(p.Text); i >= 0 {
		found.Add(place(i), controlChar, "the file has the control character %U here", r)
		return false
	}
	return true
}

func invalidUTF8(text []byte) int {
	for i, r := range string(text) {
		if r == utf8.RuneError && !bytes.HasPrefix(text[i:], []byte(string(r))) {
			return i
		}
	}
	return -1
}

// controlCharacter finds the first character that YAML refuses or takes for a line break where editors do not.
func controlCharacter(text []byte) (int, rune) {
	for i, r := range string(text) {
		switch {
		case r == '\t' || r == '\n':
		case r == '\r' && i+1 < len(text) && text[i+1] == '\n':
		case r < ' ' || r >= 0x7f && r < 0xa0 || r == '\u2028' || r == '\u2029' || r == '\ufeff' || r == '\ufffe' || r == '\uffff':
			return i, r
		}
	}
	return -1, 0
}

// PosAt turns a byte offset into a position.
func PosAt(file string, text []byte, offset int) diag.Pos {
	offset = min(offset, len(text))
	for offset > 0 && offset < len(text) && !utf8.RuneStart(text[offset]) {
		offset--
	}
	before := text[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return diag.Pos{File: file, Line: bytes.Count(before, []byte{'\n'}) + 1, Col: utf8.RuneCount(before[start:]) + 1}
}

// ReadProblem says in a few words why a file could not be read.
func ReadProblem(err error) string {
	var pathErr *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "it does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.As(err, &pathErr) && strings.Contains(pathErr.Err.Error(), "escapes"):
		return "it is a link that leaves the topology's root"
	case errors.As(err, &pathErr):
		return pathErr.Err.Error()
	}
	return err.Error()
}
