// Package plaintext finds private keys, tokens and values of Secrets that stand in clear in a file, whatever file that
// is: by what the text says when it is parsed and decoded, and not by names. It says what kind of thing is where, and
// repeats nothing of it.
//
// A rule has to be sure, because a false alarm costs more than a miss. Certificates, public keys, digests, ciphertext
// and placeholders are no findings. Keys that meshtopo's own examples have are known by their first line, and their
// tokens by their kid.
package plaintext

import (
	"bytes"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Check reports what is private and in clear in the text of a file. It reports false where the text asks for more work
// than any that was written by hand or by a program with a purpose, so that not all of it was looked at.
func Check(file string, text []byte, found *diag.List) (whole bool) {
	budget := 16*len(text) + 1<<20
	l := &look{text: text, budget: &budget, looked: map[string]*look{}, again: everything}
	l.again(l)
	l.sort()
	places, isText := newPlaces(file, l.text), len(l.lines) > 0
	for _, t := range l.found {
		how := "it is not encrypted"
		if t.rule == passphraseKey {
			how = "nothing but a passphrase protects it"
		}
		found.Add(places.of(t.at, isText), t.rule, "this is %s: %s", t.what, how)
	}
	return budget > 0
}

// everything looks for all that there is to be found. What stands in UTF-8 behind a text in UTF-16 is looked at as in
// what is no text.
func everything(l *look) {
	text, isText := readable(l.text)
	if !isText || bytes.Contains(l.text, []byte(pemPrivate)) && !bytes.Equal(text, l.text) {
		binaryFile(l)
		return
	}
	l.text, l.lines = text, splitLines(text)
	l.pem()
	l.runs()
	l.tokens()
	l.passwords()
	l.objects()
}

// binaryFile looks at what is no text, or no text alone: keys in DER, and files with keys.
func binaryFile(l *look) {
	rule, what := binaryKey(l.text)
	switch {
	case rule != nil:
		l.add(0, rule, what)
	case bytes.HasPrefix(l.text, gzipMagic):
		l.take(0, l.inside(unzipped(l.text)), ", compressed")
	case bytes.Contains(l.text, []byte(pemPrivate)):
		within := *l
		within.lines = splitLines(l.text)
		within.pem()
		l.found = within.found
	}
}
