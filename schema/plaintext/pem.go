package plaintext

import (
	"bytes"
	"encoding/base64"
	"math"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// pem looks for private keys in PEM (https://www.rfc-editor.org/rfc/rfc7468), of which each line may be in a comment,
// a string, a patch, or indented.
func (l *look) pem() {
	for at := 0; ; {
		i := bytes.Index(l.text[at:], []byte(pemBegin))
		if i < 0 {
			return
		}
		begin := at + i
		at = begin + len(pemBegin)
		label, _, ok := bytes.Cut(l.text[at:min(len(l.text), at+80)], []byte(dashes))
		if !ok || !bytes.Contains(label, []byte(pemPrivate)) {
			continue
		}
		body, end := l.body(at+len(label)+len(dashes), bytes.Contains(label, []byte("PGP")))
		l.keys = append(l.keys, line{begin, end})
		if rule, what := body.judge(string(label)); rule != nil {
			if l.isTestKey(begin) {
				l.known = true
				continue
			}
			l.add(begin, rule, what)
		}
	}
}

// isTestKey reports whether the line before that of a place, or one of the comments before it, is the first of the keys
// that examples have.
func (l *look) isTestKey(begin int) bool {
	for i := l.lineOf(begin) - 1; i >= 0; i-- {
		if bytes.HasSuffix(l.line(i), []byte(testKey)) {
			return true
		}
		if at := l.lines[i].from; len(l.line(i)) == 0 || !bytes.HasSuffix(l.text[:at], []byte("# ")) {
			return false
		}
	}
	return false
}

// body is what stands between the first and the last line of PEM.
type body struct {
	encoded   []byte
	encrypted bool // a header says so
}

// maxBody bounds a key: one of RSA with 16,384 bits has 13,000 characters.
const maxBody = 64 << 10

// body reads on from a place, to the end of the PEM or the first line that is none of it, and gives where that is.
func (l *look) body(from int, isPGP bool) (b body, end int) {
	i := l.lineOf(from)
	text := l.text[from:max(from, l.lines[i].to)]
	for {
		part, _, last := bytes.Cut(text, []byte(pemEnd))
		switch colon := bytes.Index(part, []byte(": ")); {
		case colon > 0 && len(b.encoded) == 0:
			b.encrypted = b.encrypted || bytes.HasPrefix(part, []byte("Proc-Type:")) && bytes.Contains(part, []byte("ENCRYPTED"))
		case isPGP && bytes.HasPrefix(part, []byte("=")):
		case !b.add(part):
			return b, l.lines[i].from
		}
		if i++; last || i >= len(l.lines) || len(b.encoded) > maxBody {
			return b, l.lines[i-1].to
		}
		text = l.line(i)
	}
}

// add adds what a line has, and reports false where that is no base64.
func (b *body) add(text []byte) bool {
	for part := range bytes.FieldsSeq(text) {
		if len(bytes.Trim(part, base64Signs)) > 0 {
			return false
		}
		b.encoded = append(b.encoded, part...)
	}
	return true
}

// judge says what PEM with this label is: nothing where its text is no key, as in an example.
func (b body) judge(label string) (*diag.Rule, string) {
	encoded := strings.TrimRight(string(b.encoded), "=")
	der, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil { // it is cut off
		der, _ = base64.RawStdEncoding.DecodeString(encoded[:len(encoded)/4*4])
	}
	if len(der) < shortestKey || isExample(string(b.encoded)) {
		return nil, ""
	}
	switch {
	case strings.Contains(label, "PGP"):
		return openPGP(der)
	case bytes.HasPrefix(der, []byte(openSSHMagic)):
		return openSSH(der)
	case strings.Contains(label, "ENCRYPTED") || b.encrypted:
		if looksRandom(der) {
			return passphraseKey, "an encrypted private key in PEM"
		}
		return nil, ""
	case isPrivateDER(der) || looksRandom(der):
		return plainKey, "a private key in PEM"
	}
	return nil, ""
}

// looksRandom tells the bytes of a key from those of words that somebody wrote in its place: there are as many
// different ones as chance makes, or nearly.
func looksRandom(data []byte) bool {
	different := [256]bool{}
	count := 0.0
	for _, c := range data {
		if !different[c] {
			different[c] = true
			count++
		}
	}
	return len(data) >= shortestKey && count >= 0.75*256*(1-math.Exp(-float64(len(data))/256))
}
