package render

import (
	"bytes"
	"sync"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/render/tree"
)

// Withhold makes those changes private whose file has something secret on disk, or is to have it, wherever the file
// lies: people copy, move and complete generated files, and their content would be shown in a diff. It is secret if the
// store has read it as such, or if it looks so. Changes are not applied yet.
func Withhold(changes []tree.Change, store *secret.Store) error {
	known := sync.OnceValue(store.Known)
	var buf []byte
	for i := range changes {
		c := &changes[i]
		if c.Private {
			continue
		}
		var err error
		buf, err = c.Inspect(buf, func(have, want []byte) {
			text := bytes.Join([][]byte{have, want}, []byte("\n"))
			c.Private = looksSecret(text) || known().In(text)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// looksSecret reports whether a text might hold a key, a token or a password. It does not parse: what somebody broke or
// commented out must not be shown either. To withhold too much does no harm.
func looksSecret(text []byte) bool {
	lower := bytes.ToLower(text)
	return holdsSecret(lower) || speaksOfSecrets(lower) || namesValue(lower) || holdsOpaque(text)
}

// holdsSecret looks for the word Secret and for the field data or stringData anywhere. The token Secret of a reader, as
// it is rendered, has no such field: Kubernetes fills it in.
func holdsSecret(lower []byte) bool {
	return holds(lower, "secret", func(before, after []byte) bool {
		return !endsInWord(before) && !beginsWithWord(bytes.TrimPrefix(after, []byte("list")))
	}) && holds(lower, "data", func(before, after []byte) bool {
		after = bytes.TrimLeft(after, " \t\r\n\"'\\")
		return !endsInWord(bytes.TrimSuffix(before, []byte("string"))) && bytes.HasPrefix(after, []byte(":"))
	})
}

// speaksOfSecrets looks for words that nothing generated has unless the user put it there, in a topology or with an
// editor. The last is how PEM begins in base64.
func speaksOfSecrets(lower []byte) bool {
	for _, word := range []string{"password", "passwd", "passphrase", "bearer ", "private key", "secretgenerator", "dockerconfigjson", "ls0tls1crudjtib"} {
		if bytes.Contains(lower, []byte(word)) {
			return true
		}
	}
	return false
}

// secretNames are how the names of fields and variables end whose values are secret; an s may follow.
var secretNames = []string{"token", "secret", "pwd", "pass", "auth", "authorization", "credential", "key-data", "apikey", "api-key", "api_key",
	"accesskey", "access-key", "access_key", "secretkey", "secret-key", "secret_key", "privatekey", "private-key", "private_key",
	"client-key", "signing-key", "signing_key", "ca-key.pem", "tls.key"}

// namesValue looks for such a name with a value behind it, or for a variable in an object: {name: API_KEY, value: …}.
func namesValue(lower []byte) bool {
	for _, name := range secretNames {
		if holds(lower, name, func(_, after []byte) bool { return hasValue(bytes.TrimPrefix(after, []byte("s"))) }) {
			return true
		}
	}
	return holds(lower, "name", func(_, after []byte) bool { return isVariable(after) })
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

// isVariable reports whether a text behind the word name goes on with a secret name and the field value.
func isVariable(after []byte) bool {
	const quotes = " \t\r\n\"'\\"
	after, ok := bytes.CutPrefix(bytes.TrimLeft(after, quotes), []byte(":"))
	if !ok {
		return false
	}
	after = bytes.TrimLeft(after, quotes)
	end := bytes.IndexFunc(after, func(r rune) bool { return r != '.' && !inWord(r) })
	if end < 0 || !bytes.HasPrefix(bytes.TrimLeft(after[end:], quotes+","), []byte("value")) {
		return false
	}
	name := bytes.TrimSuffix(after[:end], []byte("s"))
	for _, ending := range append([]string{"key"}, secretNames...) {
		if bytes.HasSuffix(name, []byte(ending)) {
			return true
		}
	}
	return false
}

// holds reports whether a word occurs in a text with the right things before and behind it.
func holds(text []byte, word string, right func(before, after []byte) bool) bool {
	for end := 0; ; {
		at := bytes.Index(text[end:], []byte(word))
		if at < 0 {
			return false
		}
		at += end
		end = at + len(word)
		if right(text[:at], text[end:]) {
			return true
		}
	}
}

func endsInWord(text []byte) bool {
	r, _ := utf8.DecodeLastRune(text)
	return len(text) > 0 && inWord(r)
}

func beginsWithWord(text []byte) bool {
	r, _ := utf8.DecodeRune(text)
	return len(text) > 0 && inWord(r)
}

func inWord(r rune) bool {
	return r == '-' || r == '_' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z'
}
