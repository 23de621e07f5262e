package plaintext

import (
	"crypto/x509"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// exampleWords are in values that stand for others.
var exampleWords = []string{"example", "placeholder", "changeme", "change-me", "change_me", "changeit", "replace", "redacted", "dummy", "your-", "your_", "yourp", "yours", "yourt", "insert", "todo", "fixme", "xxxx", "....", "****", "0000000", "1234567890", "abcdefgh", "…", "‹", "not-a-", "fake", "goes here", "**", "123456"}

// exampleValues are words that are no passwords of anything.
var exampleValues = []string{"password", "passwd", "secret", "token", "username", "hunter2", "s3cr3t", "opensesame", "open sesame", "true", "false", "admin123"}

// words are what made-up values are put together from, where nothing but letters is in them.
var words = []string{"secret", "password", "passwd", "token", "value", "test", "key", "sample", "some", "credential"}

const letterSigns = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// isWords reports whether a text is made of nothing but words: those of somebody who tells something, or a name that
// stands for a value.
func isWords(text string) bool {
	if text == "" || strings.Trim(text, letterSigns+" .,;:!?'_-") != "" {
		return false
	}
	const longest = 12
	lower := strings.ToLower(text)
	return strings.Contains(text, " ") || len(text) <= longest && lower[1:] == text[1:] || strings.Contains(text, "_") && strings.ToUpper(text) == text ||
		slices.ContainsFunc(words, func(word string) bool { return strings.Contains(lower, word) })
}

// exampleHosts say nothing about what else is in a text.
var exampleHosts = strings.NewReplacer("example.com", "", "example.org", "", "example.net", "", ".example", "")

// isExample reports whether a value only stands for one.
func isExample(text string) bool {
	text = exampleHosts.Replace(strings.ToLower(text))
	const short, enough = 64, 7 // in a long text, chance makes short words
	isIn := func(word string) bool {
		return (len(text) <= short || len(word) >= enough) && strings.Contains(text, word)
	}
	return slices.ContainsFunc(exampleWords, isIn) || slices.Contains(exampleValues, text)
}

// encryptedBegin is how texts begin that others have encrypted.
var encryptedBegin = []string{"ENC[", "age-encryption.org/", "-----BEGIN AGE ENCRYPTED FILE-----", "-----BEGIN PGP MESSAGE-----", "$ANSIBLE_VAULT;", "vault:v", "AQICAH",
	"$2a$", "$2b$", "$2y$", "$argon2", "$1$", "$5$", "$6$", "$y$"} // the last of which are digests of passwords

func isEncrypted(text string) bool {
	return slices.ContainsFunc(encryptedBegin, func(begin string) bool { return strings.HasPrefix(text, begin) })
}

// shortestValue is how long a value is at least that is taken for a password.
const shortestValue = 6

// isSecretValue reports whether the value of something secret is one, and not a placeholder, a word or a number.
func isSecretValue(text string) bool {
	text = strings.TrimSpace(text)
	switch {
	case len(text) < shortestValue, strings.ContainsAny(text, "`\u201c"), placeholder.In(text), isExample(text), isEncrypted(text), isWords(text):
		return false
	}
	return true
}

// isPassword reports whether a text is made as a password is: of several kinds of characters.
func isPassword(text string) bool {
	return isSecretValue(text) && len(text) >= 8 && kinds(text) >= 3 && strings.ContainsAny(text, "0123456789")
}

// isTyped reports whether a text is a password that a person or a generator with signs made.
func isTyped(text string) bool {
	return isPassword(text) && !email().MatchString(text) && !strings.HasPrefix(text, "&") && !strings.HasPrefix(text, "*") && strings.ContainsAny(text, "!@#%^&*?~") && !strings.ContainsAny(text, "()[]{}<>,;/\\ \t\"'`$|")
}

// isOpaque reports whether a text was made by chance: its letters, digits and signs are mixed as no words are.
func isOpaque(text string) bool {
	const shortest, longest, least = 20, 300, 3.3 // what is longer is encrypted, as by sealed-secrets
	hasWord := slices.ContainsFunc(words, func(word string) bool { return strings.Contains(strings.ToLower(text), word) && len(word) > 3 })
	if len(text) < shortest || len(text) > longest || hasWord || !isSecretValue(text) || uuid().MatchString(text) {
		return false
	}
	isHex := strings.Trim(text, "0123456789abcdef") == ""
	switch {
	case isHex && len(text) < 32, kinds(text) < 2, !strings.ContainsAny(text, "0123456789"):
		return false
	case isHex:
		return changes(text)*10 >= len(text)*3 && entropy(text) >= 3
	}
	return changes(text)*5 >= len(text)*2 && entropy(text) >= least
}

var email = diag.OnceRegexp(`^[\w.+-]+@[\w.-]+\.[a-z]{2,}$`)

var uuid = diag.OnceRegexp(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

func kind(c rune) int {
	switch {
	case '0' <= c && c <= '9':
		return 0
	case 'a' <= c && c <= 'z':
		return 1
	case 'A' <= c && c <= 'Z':
		return 2
	}
	return 3
}

// kinds counts small letters, capital letters, digits and signs: how many of these a text has.
func kinds(text string) int {
	has := [4]int{}
	for _, c := range text {
		has[kind(c)] = 1
	}
	return has[0] + has[1] + has[2] + has[3]
}

// changes counts how often one kind of character follows another.
func changes(text string) (count int) {
	last := -1
	for _, c := range text {
		if k := kind(c); k != last {
			last = k
			count++
		}
	}
	return count - 1
}

// entropy is that of Shannon, in bits for each character.
func entropy(text string) (bits float64) {
	counts := [256]int{}
	for i := range len(text) {
		counts[text[i]]++
	}
	for _, n := range counts {
		if p := float64(n) / float64(len(text)); n > 0 {
			bits -= p * math.Log2(p)
		}
	}
	return bits
}

// differ counts the different bytes of a text.
func differ(text []byte) (count int) {
	seen := [256]bool{}
	for _, c := range text {
		if !seen[c] {
			seen[c] = true
			count++
		}
	}
	return count
}

// publicKeys are the keys of Secrets whose values are public, and that no password is under.
var publicKeys = []string{"username", "user", "login", "host", "hostname", "port", "url", "uri", "endpoint", "server", "address", "database", "dbname", "db", "name", "namespace", "type", "project",
	"region", "zone", "cluster", "email", "issuer", "clientid", "tenantid", "subscriptionid", "insecure", "enableoci", "ca.crt", "ca", "tls.crt", "knownhosts", "noproxy", "root-cert.pem", "ca-cert.pem", "cert-chain.pem", "ca.crl"}

var publicText = regexp.MustCompile(`^(?:ssh-(?:rsa|ed25519|dss) |ecdsa-sha2-|age1[02-9ac-hj-np-z]{58}\s*$|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-][\d:]+)$|sha256:[0-9a-f]{64}$)`)

// isPublic reports whether the value of a Secret is known to be public, by what it is or by its key.
func isPublic(key, text string) bool {
	switch {
	case slices.Contains(publicKeys, strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(key))), slices.Contains(publicKeys, strings.ToLower(key)):
		return true
	case publicText.MatchString(text), strings.Contains(text, pemBegin), isKubeconfig(text):
		return true // a private key in it is found by itself
	case strings.HasPrefix(text, "0"):
		_, err := x509.ParseCertificate([]byte(text))
		return err == nil
	}
	u, err := url.Parse(text)
	return err == nil && u.Scheme != "" && u.Host != "" && u.User == nil && u.RawQuery == "" && len(u.Path) < 60 || strings.Trim(text, "0123456789.") == ""
}

// isKubeconfig reports whether a text is one: its credentials are found by themselves.
func isKubeconfig(text string) bool {
	return strings.Contains(text, "contexts:") || strings.Contains(text, "kind: Config") || strings.Contains(text, "current-context")
}
