package private

import (
	"bytes"
	"slices"
)

// InFile reports whether a file, as it lies on a disk, might hold a key, a token or a password. It does not parse: what
// somebody broke or commented out must not be shown either. To withhold too much does no harm.
func InFile(text []byte) bool {
	lower := bytes.ToLower(text)
	return speaksOfSecret(lower) || slices.ContainsFunc(secretWords, func(word string) bool { return bytes.Contains(lower, []byte(word)) }) ||
		namesValue(lower) || holdsOpaque(text)
}

// speaksOfSecret looks for the word Secret and for the field data or stringData anywhere. The token Secret of a reader,
// as it is rendered, has no such field: Kubernetes fills it in.
func speaksOfSecret(lower []byte) bool {
	return holds(lower, "secret", func(before, after []byte) bool {
		return !endsInWord(before) && !beginsWithWord(bytes.TrimPrefix(after, []byte("list")))
	}) && holds(lower, "data", func(before, after []byte) bool {
		after = bytes.TrimLeft(after, " \t\r\n\"'\\")
		return !endsInWord(bytes.TrimSuffix(before, []byte("string"))) && bytes.HasPrefix(after, []byte(":"))
	})
}

// namesValue looks for the name of a secret with a value behind it, or for a variable in an object: {name: API_KEY,
// value: …}.
func namesValue(lower []byte) bool {
	return slices.ContainsFunc(valueNames, func(name string) bool {
		return holds(lower, name, func(_, after []byte) bool { return hasValue(bytes.TrimPrefix(after, []byte("s"))) })
	}) || holds(lower, "name", func(_, after []byte) bool { return isVariable(after) })
}

// hasValue reports whether a text goes on with a separator and something behind it, which may be on the next line.
// Behind prose that ends with a colon there is an empty line.
func hasValue(after []byte) bool {
	after = bytes.TrimLeft(after, " \t\"'\\")
	if len(after) == 0 || after[0] != ':' && after[0] != '=' {
		return false
	}
	after = bytes.TrimLeft(after[1:], " \t\r")
	after = bytes.TrimLeft(bytes.TrimPrefix(after, []byte("\n")), " \t\r")
	return len(after) > 0 && after[0] != '\n'
}

// isVariable reports whether a text behind the word name goes on with the name of a secret and the field value.
func isVariable(after []byte) bool {
	const quotes = " \t\r\n\"'\\"
	after, ok := bytes.CutPrefix(bytes.TrimLeft(after, quotes), []byte(":"))
	after = bytes.TrimLeft(after, quotes)
	rest := bytes.TrimLeft(after, digits+lower+upper+"-_.")
	if !ok || !bytes.HasPrefix(bytes.TrimLeft(rest, quotes+","), []byte("value")) {
		return false
	}
	name := bytes.TrimSuffix(after[:len(after)-len(rest)], []byte("s"))
	ends := func(ending string) bool { return bytes.HasSuffix(name, []byte(ending)) }
	return ends("key") || slices.ContainsFunc(valueNames, ends)
}

// holds reports whether a word occurs in a text with the right things before and behind it.
func holds(text []byte, word string, right func(before, after []byte) bool) bool {
	for at := 0; ; at += len(word) {
		next := bytes.Index(text[at:], []byte(word))
		if next < 0 {
			return false
		}
		if at += next; right(text[:at], text[at+len(word):]) {
			return true
		}
	}
}

func endsInWord(text []byte) bool { return len(text) > 0 && inWord(text[len(text)-1]) }

func beginsWithWord(text []byte) bool { return len(text) > 0 && inWord(text[0]) }
