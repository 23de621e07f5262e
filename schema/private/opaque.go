package private

import "bytes"

const (
	digits = "0123456789"
	lower  = "abcdefghijklmnopqrstuvwxyz"
	upper  = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// holdsOpaque looks for what has the form of a token or a key and no meaning as a word, and for credentials in a URL.
func holdsOpaque(text []byte) bool {
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && inRun(text[end]) {
			end++
		}
		if isOpaque(text[at:end]) && !isDigest(text, at, end) || isBootstrapToken(text[at:]) {
			return true
		}
		at = end + 1
	}
	return holds(text, "://", func(_, after []byte) bool {
		end := bytes.IndexAny(after, "/@ \t\r\n\"'")
		return end > 0 && after[end] == '@'
	})
}

// isDigest tells the digest of an image, and of a file in a meshtopo.sum, which are made of what is public.
func isDigest(text []byte, at, end int) bool {
	return bytes.HasSuffix(text[:at], []byte("sha256:")) ||
		end-at == 64 && (at == 0 || text[at-1] == '\n') && bytes.HasPrefix(text[end:], []byte("  "))
}

// bootstrapToken is the length of a token of kubeadm: abcdef.0123456789abcdef.
const bootstrapToken = 6 + 1 + 16

// isBootstrapToken reports whether a text begins with such a token.
func isBootstrapToken(text []byte) bool {
	return len(text) >= bootstrapToken && text[6] == '.' && (len(text) == bootstrapToken || !inRun(text[bootstrapToken])) &&
		only(text[:6], digits+lower) && only(text[7:bootstrapToken], digits+lower)
}

// isOpaque checks a run of letters, digits, and what else inRun accepts.
func isOpaque(run []byte) bool {
	if len(run) >= shortestJWT && (bytes.HasPrefix(run, []byte("eyJ")) || bytes.HasPrefix(run, []byte("ZXlK"))) {
		return true // JSON in base64, or that in base64 again
	}
	has := func(chars string) bool { return bytes.ContainsAny(run, chars) }
	switch {
	case len(run) < shortestUpper, !has(digits), !has(upper + lower):
		return false
	case len(run) >= shortestMixed && has(upper) && has(lower), only(run, digits+upper):
		return true
	}
	return len(run) >= shortestHex && only(run, digits+"abcdefABCDEF")
}

// inRun accepts letters, digits, and what else base64 has but the slash, which paths have too.
func inRun(c byte) bool { return c == '+' || inWord(c) }

func inWord(c byte) bool {
	return c == '-' || c == '_' || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// only reports whether a text is made of some characters.
func only(text []byte, chars string) bool { return len(bytes.Trim(text, chars)) == 0 }
