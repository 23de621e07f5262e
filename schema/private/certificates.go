package private

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"strings"
)

// WithoutCertificates takes certificates in PEM out of a text, as they are or in base64, with what stands between them
// there. A text with anything else in PEM, or in base64, stays as it is.
func WithoutCertificates(text []byte) []byte {
	text = certificatePEM().ReplaceAll(text, nil)
	return longBase64().ReplaceAllFunc(text, func(run []byte) []byte {
		decoded, err := base64.StdEncoding.DecodeString(string(run))
		if err != nil || !isCertificates(decoded) {
			return run
		}
		return nil
	})
}

// CertificateLines gives the numbers, from 1, of the lines of a text that certificates in PEM are in.
func CertificateLines(text string) []int {
	var lines []int
	for _, at := range certificatePEM().FindAllStringIndex(text, -1) {
		first := strings.Count(text[:at[0]], "\n") + 1
		for line := first; line <= first+strings.Count(text[at[0]:at[1]], "\n"); line++ {
			lines = append(lines, line)
		}
	}
	return lines
}

// isCertificates reports whether a text is certificates in PEM, with nothing private around them.
func isCertificates(text []byte) bool {
	block, rest := pem.Decode(text)
	if block == nil || block.Type != "CERTIFICATE" || len(block.Headers) > 0 {
		return false
	}
	for ; block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" || len(block.Headers) > 0 {
			return false
		}
	}
	around := certificatePEM().ReplaceAll(text, nil)
	return !bytes.Contains(around, []byte(PEMBegin)) && !InFile(around)
}

// A certificate in PEM, which may be indented, and base64 that is long enough for one.
var (
	certificatePEM = pattern(`(?m)^[ \t]*-----BEGIN CERTIFICATE-----[ \t]*\r?\n(?:[ \t]*[A-Za-z0-9+/]{1,76}={0,2}[ \t]*\r?\n)+[ \t]*-----END CERTIFICATE-----[ \t]*$`)
	longBase64     = pattern(`[A-Za-z0-9+/]{200,}={0,2}`)
)
