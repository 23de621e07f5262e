package trust

import (
	"bytes"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"strings"
)

// block is one PEM block and the line of its BEGIN, counted from 1.
type block struct {
	*pem.Block
	line int
}

var (
	begin         = []byte("-----BEGIN ")
	end           = []byte("-----END ")
	byteOrderMark = []byte("\ufeff")
)

// scan finds the blocks of a PEM file. Text between blocks is allowed, as OpenSSL writes it; unlike pem.Decode,
// which skips what it cannot decode, scan reports every block that is damaged.
func scan(text []byte) ([]block, []Problem) {
	s := scanner{text: text}
	for number, from := 1, 0; from <= len(text); number++ {
		to := len(text)
		if length := bytes.IndexByte(text[from:], '\n'); length >= 0 {
			to = from + length
		}
		s.line(number, from, to)
		from = to + 1
	}
	if s.open > 0 {
		s.bad("has a PEM block at line %d that never ends: the file is cut off", s.open)
	}
	if len(s.blocks) == 0 && len(s.problems) == 0 {
		return nil, []Problem{withoutBlocks(text)}
	}
	return s.blocks, s.problems
}

// scanner goes through a PEM file line by line.
type scanner struct {
	text     []byte
	blocks   []block
	problems []Problem
	open     int // the line of the BEGIN that has no END yet, or 0
	from     int // where that line begins in the text
}

func (s *scanner) bad(format string, args ...any) {
	s.problems = append(s.problems, Problem{Rule: malformedPEM, Message: fmt.Sprintf(format, args...)})
}

// line looks at the line of that number, which is the text between two places.
func (s *scanner) line(n, from, to int) {
	line := s.text[from:to]
	switch {
	case bytes.HasPrefix(line, begin):
		if s.open > 0 {
			s.bad("has a PEM block at line %d that does not end before the next begins", s.open)
		}
		s.open, s.from = n, from
	case bytes.HasPrefix(bytes.TrimPrefix(line, byteOrderMark), begin):
		s.bad("starts with a byte order mark, which hides the first PEM block")
	case bytes.Contains(line, begin):
		s.bad("has characters before the BEGIN at line %d", n)
	case !bytes.HasPrefix(line, end):
	case s.open > 0:
		s.close(line, to)
	case len(s.problems) == 0:
		s.bad("has an END at line %d without a BEGIN", n)
	}
}

// close decodes the block that ends with this line.
func (s *scanner) close(last []byte, to int) {
	text := s.text[s.from:min(to+1, len(s.text))]
	if to == len(s.text) {
		text = append(text[:len(text):len(text)], '\n') // the decoder wants the line to end
	}
	decoded, _ := pem.Decode(text)
	first, _, _ := bytes.Cut(text, []byte{'\n'})
	switch {
	case decoded != nil && len(decoded.Bytes) > 0:
		s.blocks = append(s.blocks, block{decoded, s.open})
	case label(first, begin) != label(last, end):
		s.bad("has a PEM block at line %d whose BEGIN and END differ", s.open)
	default:
		s.bad("has a PEM block at line %d that cannot be decoded", s.open)
	}
	s.open = 0
}

// label gives what a BEGIN or END line calls its block.
func label(line, marker []byte) string {
	return strings.TrimRight(string(bytes.TrimPrefix(line, marker)), "- \t\r")
}

// withoutBlocks says what a file is that has no PEM block.
func withoutBlocks(text []byte) Problem {
	trimmed := bytes.TrimSpace(text)
	switch {
	case len(trimmed) == 0:
		return Problem{Rule: malformedPEM, Message: "is empty"}
	case isDER(text):
		return Problem{Rule: derEncoded, Message: "is DER, not PEM"}
	case bytes.HasPrefix(text, []byte{0xff, 0xfe}), bytes.HasPrefix(text, []byte{0xfe, 0xff}):
		return Problem{Rule: malformedPEM, Message: "is UTF-16, as some Windows programs write it: save it as UTF-8"}
	}
	if inner, err := base64.StdEncoding.DecodeString(string(trimmed)); err == nil {
		if bytes.Contains(inner, begin) {
			return Problem{Rule: malformedPEM, Message: "is base64 of PEM, as a Secret or kubeconfig holds it: decode it once more"}
		}
		if isDER(inner) {
			return Problem{Rule: malformedPEM, Message: "is base64 without BEGIN and END lines"}
		}
	}
	return Problem{Rule: malformedPEM, Message: "holds no PEM block"}
}

// isDER reports whether text starts like a DER sequence of 128 bytes and more, as keys and certificates do.
func isDER(text []byte) bool {
	return len(text) > 4 && text[0] == 0x30 && (text[1] == 0x81 || text[1] == 0x82)
}

func (b block) privateKey() bool { return strings.HasSuffix(b.Type, "PRIVATE KEY") }

// encrypted reports whether a key needs a passphrase: in PKCS #8 the label says so, in OpenSSL's own form a header.
func (b block) encrypted() bool {
	return b.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(b.Headers["Proc-Type"], "ENCRYPTED")
}

// kind names what a block holds. The label itself is text of the file, so only known ones are repeated.
func (b block) kind() string {
	switch b.Type {
	case "CERTIFICATE":
		return "a certificate"
	case "TRUSTED CERTIFICATE", "X509 CERTIFICATE":
		return "a certificate in another form (" + b.Type + ")"
	case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST":
		return "a certificate request"
	case "X509 CRL":
		return "a revocation list"
	case "PUBLIC KEY", "RSA PUBLIC KEY":
		return "a public key"
	case "EC PARAMETERS", "DH PARAMETERS", "DSA PARAMETERS":
		return "key parameters (" + b.Type + ")"
	case "PKCS7", "CMS":
		return "a PKCS #7 bundle"
	}
	if b.privateKey() {
		return "a private key"
	}
	return "a PEM block of another kind"
}

// FirstDER gives what the first PEM block of a text holds, or nothing.
func FirstDER(text []byte) []byte {
	if blocks, _ := scan(text); len(blocks) > 0 {
		return blocks[0].Bytes
	}
	return nil
}

// DER gives what the PEM blocks of a text hold, one after the other: what stays the same however they are written. A
// text without any gives itself.
func DER(text []byte) []byte {
	blocks, _ := scan(text)
	if len(blocks) == 0 {
		return text
	}
	var all []byte
	for _, b := range blocks {
		all = append(all, b.Bytes...)
	}
	return all
}
