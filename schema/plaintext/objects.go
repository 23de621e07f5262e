package plaintext

import (
	"bytes"
	"encoding/base64"
	"regexp"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// mentions are what an object has that may hold private values: the kind of a Secret or a kubeconfig, the logins of
// registries, and the type of a key of JOSE.
var mentions = []struct {
	word  string
	after func() *regexp.Regexp
}{
	{"kind", diag.OnceRegexp(`^\\*["']?\s*:\s*\\*["']?(?:Secret(?:List)?|Config)\b`)},
	{"auths", diag.OnceRegexp(`^\\*"\s*:`)},
	{"kty", diag.OnceRegexp(`^\\*"\s*:`)},
}

// window is how many bytes after a word are looked at.
const window = 60

// objects looks for objects, wherever in the text they stand: in a document, in a comment, a string or a block of a
// page.
func (l *look) objects() {
	for _, m := range mentions {
		done := 0
		for at := 0; ; at += len(m.word) {
			i := bytes.Index(l.text[at:], []byte(m.word))
			if i < 0 {
				break
			}
			at += i
			after := at + len(m.word)
			if at < done || !m.after().Match(l.text[after:min(len(l.text), after+window)]) {
				continue
			}
			if o, end := l.objectAt(at); o != nil {
				done = end
				o.check(o.root)
			}
		}
	}
}

// object is one of them, with its place in the text.
type object struct {
	look *look
	root *document.Node
	from int  // where it begins
	to   int  // where it ends
	line int  // the number of the line in which it begins
	flat bool // places in it say nothing: it stands in a string
}

// longestLine bounds a line that is a field by itself, with its prefix.
const longestLine = 400

// objectAt gives the object that a place is in: one between braces, or one of lines.
func (l *look) objectAt(at int) (*object, int) {
	before := l.text[max(0, at-longestLine):at]
	start := bytes.LastIndexByte(before, '\n') + 1
	width := len(before) - start
	after := l.text[at:min(len(l.text), at+longestLine)]
	rest, _, ends := bytes.Cut(after, []byte{'\n'})
	isWhole := (start > 0 || len(before) == at) && (ends || at+len(after) == len(l.text))
	if isWhole && l.isLine(before[start:], rest) {
		return l.lineObject(at-width, width)
	}
	o, end := l.braced(at)
	if quoted := width > 0 && strings.ContainsRune("\"'", rune(l.text[at-1])); o == nil && isWhole && quoted && l.isLine(before[start:len(before)-1], rest) {
		return l.lineObject(at-width, width-1)
	}
	return o, end
}

// isLine reports whether a line has nothing but a field of a block, behind a prefix.
func (l *look) isLine(prefix, rest []byte) bool {
	if len(bytes.Trim(prefix, prefixSigns)) > 0 {
		return false
	}
	rest = bytes.TrimRight(rest, " \t\r")
	if i := bytes.Index(rest, []byte(" #")); i > 0 {
		rest = bytes.TrimRight(rest[:i], " \t")
	}
	return len(bytes.TrimRight(rest, ",{}\\")) == len(rest) && !bytes.Contains(rest, []byte(`\n`))
}

// prefixSigns are what lines of an object may all begin with.
const prefixSigns = " \t#/*>+|-"

// check looks at an object, and at those in a list.
func (o *object) check(n *document.Node) {
	switch {
	case n == nil || n.Kind != document.Map:
	case n.StringAt("kind") == "Secret":
		o.secret(n)
	case n.StringAt("kind") == "SecretList" && n.Child("items") != nil:
		for _, item := range n.Child("items").Items {
			o.secret(item)
		}
	case n.Child("users") != nil && (n.StringAt("kind") == "Config" || n.Child("contexts") != nil):
		o.kubeconfig(n)
	case n.Child("auths") != nil:
		o.registries(n.Child("auths"))
	case n.StringAt("kty") != "":
		o.jwk(n)
	}
}

// add adds something that is private at a value, unless more is known of that place already.
func (o *object) add(n *document.Node, next int, rule *diag.Rule, what string) {
	l := o.look
	at, end := o.offset(n), next
	switch {
	case o.flat:
		at, end = o.from, o.to
	case next == 0:
		end = at + len(n.Text) + 2
	}
	if !l.between(at, max(end, at+1)) {
		l.add(at, rule, what)
	}
}

// offset gives where in the text a value begins.
func (o *object) offset(n *document.Node) int {
	at := o.from
	for range n.Pos.Line - o.line {
		i := bytes.IndexByte(o.look.text[at:], '\n')
		if i < 0 {
			return at
		}
		at += i + 1
	}
	for range n.Pos.Col - 1 {
		_, size := decodeRune(o.look.text[at:])
		at += size
	}
	return min(at, len(o.look.text))
}

// secret looks at the values of a Secret.
func (o *object) secret(n *document.Node) {
	for _, name := range []string{"data", "stringData"} {
		data := n.Child(name)
		if data == nil || data.Kind != document.Map {
			continue
		}
		for i, e := range data.Fields {
			if e.Value == nil || e.Value.Kind == document.Map || e.Value.Kind == document.List {
				continue
			}
			next := o.to
			if i+1 < len(data.Fields) {
				next = o.offset(&document.Node{Pos: data.Fields[i+1].KeyPos})
			}
			if o.look.isValueInClear(e.Key, e.Value.Text, name == "data") {
				o.add(e.Value, next, plainSecret, "a value of a Secret")
			}
		}
	}
}

// isValueInClear judges a value of a Secret.
func (l *look) isValueInClear(key, text string, encoded bool) bool {
	text = strings.TrimSpace(text)
	if text == "" || !isFilled(text) {
		return false
	}
	if encoded {
		decoded, err := base64.StdEncoding.DecodeString(strings.NewReplacer("\n", "", " ", "").Replace(text))
		if err != nil {
			return false // Kubernetes refuses it
		}
		text = string(decoded)
	}
	below := l.inside([]byte(text))
	switch {
	case len(below.found) > 0:
		return true
	case below.known, isPublic(key, text):
		l.known = l.known || below.known
		return false
	case strings.HasPrefix(text, "{") && strings.Contains(text, `"auths"`):
		return false
	case !isProse([]byte(text)):
		return len(text) >= shortestToken
	}
	if assigned, secret := assignments(text); assigned {
		return secret
	}
	return isSecretValue(text)
}

// assignments reports whether a text of several lines gives names values, and whether one of these is secret.
func assignments(text string) (assigned, secret bool) {
	if !strings.Contains(text, "\n") {
		return false, false
	}
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(strings.ReplaceAll(line, "=", ":"), ":")
		name, value = strings.Trim(name, " \t\"'-"), strings.Trim(value, " \t\r\n\"',")
		if !ok || value == "" || strings.Contains(name, " ") {
			continue
		}
		assigned = true
		secret = secret || isOpaque(value) || isTyped(value) || namesSecret(name) && isSecretValue(value)
	}
	return assigned, secret
}

// isFilled reports whether a text is neither a placeholder nor encrypted.
func isFilled(text string) bool {
	return isSecretValue(text) || len(text) < shortestValue || isEncoded(text)
}

// isEncoded reports whether a text may be base64 of a short value.
func isEncoded(text string) bool {
	_, err := base64.StdEncoding.DecodeString(text)
	return err == nil && !isExample(text)
}

// kubeconfig looks at the users of a kubeconfig.
func (o *object) kubeconfig(n *document.Node) {
	users := n.Child("users")
	for _, u := range users.Items {
		token, password := u.At("user", "token"), u.At("user", "password")
		if token != nil && isToken(token.Text) {
			o.add(token, 0, plainToken, "a token in a kubeconfig")
		}
		if password != nil && isSecretValue(password.Text) {
			o.add(password, 0, plainToken, "a password in a kubeconfig")
		}
	}
}

// shortestToken is how many characters a token has at least: there are bootstrap tokens of 23.
const shortestToken = 16

// isToken reports whether what stands where a token has to is one. JWTs are found by themselves.
func isToken(text string) bool {
	return len(text) >= shortestToken && isSecretValue(text) && !strings.HasPrefix(text, jwtBegin) && strings.ContainsAny(text, "0123456789") &&
		text != "abcdef.0123456789abcdef" && (changes(text)*4 >= len(text))
}

// registries looks at the logins in the configuration of a client of registries.
func (o *object) registries(auths *document.Node) {
	for _, e := range auths.Fields {
		if auth := e.Value.At("auth"); auth != nil && isBasicAuth(auth.Text) {
			o.add(auth, 0, plainToken, "the login of a registry")
			continue
		}
		for _, name := range []string{"password", "identitytoken", "registrytoken"} {
			if v := e.Value.At(name); v != nil && isSecretValue(v.Text) {
				o.add(v, 0, plainToken, "the login of a registry")
			}
		}
	}
}

// jwk looks for the private part of a key (https://www.rfc-editor.org/rfc/rfc7518#section-6).
func (o *object) jwk(n *document.Node) {
	const shortest = 32
	field := "d"
	if n.StringAt("kty") == "oct" {
		field = "k"
	}
	secret, err := base64.RawURLEncoding.DecodeString(n.StringAt(field))
	if err == nil && len(secret) >= shortest && differ(secret) >= shortest/2 {
		o.add(n.Child(field), 0, plainKey, "a private key in JSON ("+strconv.Quote("kty")+")")
	}
}
