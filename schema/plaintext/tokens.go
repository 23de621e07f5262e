package plaintext

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// tokens looks for tokens whose form says what they are, and for passwords in URLs and headers.
func (l *look) tokens() {
	for _, f := range forms {
		if !bytes.Contains(l.text, []byte(f.has)) {
			continue
		}
		for _, m := range f.pattern().FindAllSubmatchIndex(l.text, -1) {
			from, to := m[0], m[1]
			if len(m) > 2 {
				from, to = m[2], m[3]
			}
			f.check(l, f.what, from, to)
		}
	}
}

// form is what a kind of token looks like. Only what follows a text that it has is matched at all.
type form struct {
	has, what string
	pattern   func() *regexp.Regexp
	check     func(l *look, what string, from, to int)
}

var forms = []form{
	{jwtBegin, "a JWT", diag.OnceRegexp(jwtBegin + `[A-Za-z0-9_-]{8,}\.` + jwtBegin + `[A-Za-z0-9_-]{2,}\.[A-Za-z0-9_-]{40,}`), (*look).jwt},
	{"AGE-SECRET-KEY-", "a private key of age", diag.OnceRegexp(`AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}`), (*look).ageKey},
	{"AGE-SECRET-KEY-", "a private key of age", diag.OnceRegexp(`AGE-SECRET-KEY-PQ-1[02-9AC-HJ-NP-Z]{58}`), (*look).ageKey},
	{"ghp_", "a token of GitHub", diag.OnceRegexp(`\bghp_[A-Za-z0-9]{36}\b`), (*look).token},
	{"gho_", "a token of GitHub", diag.OnceRegexp(`\bgho_[A-Za-z0-9]{36}\b`), (*look).token},
	{"ghu_", "a token of GitHub", diag.OnceRegexp(`\bghu_[A-Za-z0-9]{36}\b`), (*look).token},
	{"ghs_", "a token of GitHub", diag.OnceRegexp(`\bghs_[A-Za-z0-9]{36}\b`), (*look).token},
	{"ghr_", "a token of GitHub", diag.OnceRegexp(`\bghr_[A-Za-z0-9]{36}\b`), (*look).token},
	{"github_pat_", "a token of GitHub", diag.OnceRegexp(`github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b`), (*look).token},
	{"glpat-", "a token of GitLab", diag.OnceRegexp(`\bglpat-[A-Za-z0-9_-]{20,}`), (*look).token},
	{"xox", "a token of Slack", diag.OnceRegexp(`\bxox[abeprs]-[0-9A-Za-z-]{20,}`), (*look).token},
	{"npm_", "a token of npm", diag.OnceRegexp(`\bnpm_[A-Za-z0-9]{36}\b`), (*look).token},
	{"_live_", "a key of Stripe", diag.OnceRegexp(`\b[sr]k_live_[A-Za-z0-9]{24,}\b`), (*look).token},
	{"hvs.", "a token of Vault", diag.OnceRegexp(`\bhvs\.[A-Za-z0-9_-]{24,}`), (*look).token},
	{"sha256~", "a token of OpenShift", diag.OnceRegexp(`\bsha256~[A-Za-z0-9_-]{43}\b`), (*look).token},
	{"://", "a password in a URL", diag.OnceRegexp(`://[^\s/:@"'<>]*:([^\s/:@"'<>]{8,})@[A-Za-z0-9\[]`), (*look).password},
	{"earer ", "a token in a header", diag.OnceRegexp(`[Bb]earer ([A-Za-z0-9._~+/-]{20,}=*)`), (*look).bearer},
	{"asic ", "a password in a header", diag.OnceRegexp(`[Bb]asic ([A-Za-z0-9+/]{12,}={0,2})`), (*look).basic},
	{"Private-Lines:", "a private key of PuTTY", diag.OnceRegexp(`PuTTY-User-Key-File-[0-9]+:[^\n]*\n(?:[A-Z][^\n]*\n)?Encryption: none`), (*look).puttyKey},
}

func (l *look) jwt(what string, from, to int) {
	if isTest, ok := readJWT(string(l.text[from:to])); isTest {
		l.known = true
	} else if ok {
		l.add(from, plainToken, what)
	}
}

// signature is how many bytes the signature of a JWT has at least: those of HS256.
const signature = 32

// readJWT reports whether a text is a signed JWT, and whether it is one of the examples.
func readJWT(token string) (isTest, ok bool) {
	parts := strings.Split(token, ".")
	var header struct{ Alg, Kid string }
	var claims map[string]any
	if !decodesTo(parts[0], &header) || !decodesTo(parts[1], &claims) || header.Alg == "" {
		return false, false
	}
	signed, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil && len(parts[2])%4 == 1 {
		signed, err = base64.RawURLEncoding.DecodeString(parts[2][:len(parts[2])-1])
	}
	return strings.HasPrefix(header.Kid, testTokens), err == nil && len(signed) >= signature
}

func decodesTo(part string, to any) bool {
	text, err := base64.RawURLEncoding.DecodeString(part)
	return err == nil && json.Unmarshal(text, to) == nil
}

func (l *look) ageKey(what string, from, to int) {
	if l.isTestKey(from) {
		l.known = true
	} else if differ(l.text[from+len("AGE-SECRET-KEY-1"):to]) >= 12 {
		l.add(from, plainKey, what)
	}
}

func (l *look) puttyKey(what string, from, _ int) { l.add(from, plainKey, what) }

// token is what has a form by which nothing else is known, if it is no example.
func (l *look) token(what string, from, to int) {
	if differ(l.text[from:to]) >= 12 && !isExample(string(l.text[from:to])) {
		l.add(from, plainToken, what)
	}
}

func (l *look) password(what string, from, to int) {
	if text := string(l.text[from:to]); isPassword(text) || isOpaque(text) {
		l.add(from, plainToken, what)
	}
}

func (l *look) bearer(what string, from, to int) {
	if text := string(l.text[from:to]); isOpaque(text) && !strings.HasPrefix(text, jwtBegin) {
		l.add(from, plainToken, what)
	}
}

func (l *look) basic(what string, from, to int) {
	if isBasicAuth(string(l.text[from:to])) {
		l.add(from, plainToken, what)
	}
}

// isBasicAuth reports whether a text is a user and a password in base64.
func isBasicAuth(text string) bool {
	pair, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		pair, err = base64.RawStdEncoding.DecodeString(text)
	}
	_, password, ok := strings.Cut(string(pair), ":")
	return err == nil && ok && isProse(pair) && !strings.ContainsAny(password, " \n") && isSecretValue(password)
}

// named looks at a run that has no form of its own: it is a token where it looks random, and where a name before it
// says that it is one.
func (l *look) named(from, to int) {
	if to < len(l.text) && bytes.IndexByte([]byte(".({[$:@"), l.text[to]) >= 0 || l.between(from, to) {
		return
	}
	if !namesSecret(l.nameBefore(from)) {
		return
	}
	if text := string(l.text[from:to]); isOpaque(text) && !encodesWords(text) {
		l.add(from, plainToken, "a token or password")
	}
}

// encodesWords reports whether a text is base64 of what is no password itself.
func encodesWords(text string) bool {
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		decoded, err = base64.RawStdEncoding.DecodeString(text)
	}
	return err == nil && isProse(decoded) && !isSecretValue(string(decoded))
}

// passwords looks for lines that give a password a value with signs in it.
func (l *look) passwords() {
	for _, ln := range l.lines {
		text := l.text[ln.from:ln.to]
		i := bytes.IndexAny(text, ":=")
		if i < 0 || i > maxName {
			continue
		}
		name := bytes.TrimRight(text[:i], " \t\"'`\\")
		value := bytes.TrimLeft(text[i+1:], " \t\"'`=>")
		at := ln.to - len(value)
		if space := bytes.IndexAny(value, " \t"); space > 0 && bytes.HasPrefix(bytes.TrimLeft(value[space:], " \t"), []byte("#")) {
			value = value[:space]
		}
		value = bytes.TrimRight(value, "\"'`,;")
		if len(value) >= 8 && namesSecret(string(name[bytes.LastIndexAny(name, " \t")+1:])) && isTyped(string(value)) && !l.between(at, ln.to) {
			l.add(at, plainToken, "a token or password")
		}
	}
}

// maxName bounds a name.
const maxName = 80

// nameBefore gives the name that a place is the value of: behind "=" or ":", or as the argument of a flag.
func (l *look) nameBefore(at int) string {
	text := l.text[max(0, at-maxName-8):at]
	text = text[bytes.LastIndexByte(text, '\n')+1:]
	rest := bytes.TrimRight(text, " \t\"'`\\")
	name := bytes.TrimRight(bytes.TrimRight(rest, ":=>"), " \t\"'`\\")
	start := len(name)
	for start > 0 && (inRun[name[start-1]] || name[start-1] == '.') {
		start--
	}
	name = name[start:]
	isLogin := string(name) == "password" && bytes.Contains(text, []byte("login ")) // of curl and others: .netrc
	if hasSign := len(bytes.TrimRight(rest, ":=>")) < len(rest); !hasSign && !isLogin && !bytes.HasPrefix(name, []byte("--")) {
		return ""
	}
	return string(name)
}

// secretNames are how the names of secret values end, without "-", "_" and ".".
var secretNames = []string{"token", "secret", "password", "passwd", "passphrase", "apikey", "accesskey", "accountkey", "secretkey", "privatekey", "encryptionkey", "signingkey", "credential", "credentials"}

// publicParts are in names of values that are public all the same.
var publicParts = []string{"checksum", "hash", "digest", "fingerprint", "encrypted", "sealed", "cipher", "sha", "public", "name", "test", "example",
	"nexttoken", "pagetoken", "continuationtoken", "requesttoken", "clienttoken", "idempotencytoken", "cancellationtoken", "csrf", "arn"}

var nameSigns = strings.NewReplacer("-", "", "_", "", ".", "")

func namesSecret(name string) bool {
	name = nameSigns.Replace(strings.ToLower(name))
	for _, part := range publicParts {
		if strings.Contains(name, part) {
			return false
		}
	}
	for _, ending := range secretNames {
		if strings.HasSuffix(name, ending) {
			return true
		}
	}
	return false
}
