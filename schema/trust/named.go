package trust

import (
	"fmt"
	"strings"
	"unicode"

	"meshtopo.dev/meshtopo/schema/private"
)

// longestSubject is how much of a subject a message has, in characters.
const longestSubject = 80

// named tells a certificate from others by its subject and its serial number, as openssl x509 -subject -serial shows
// them. Anybody may have written anything into a subject: it is cut short, and what looks like a key is left out.
func (c certificate) named() string {
	serial := fmt.Sprintf("serial %X", c.SerialNumber)
	subject := strings.Map(printable, c.Subject.String())
	if runes := []rune(subject); len(runes) > longestSubject {
		subject = string(runes[:longestSubject]) + "…"
	}
	switch {
	case private.InFile([]byte(c.Subject.String())):
		return serial
	case subject == "":
		return "no subject, " + serial
	}
	return subject + ", " + serial
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return '?'
}
