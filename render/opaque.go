package render

import "bytes"

// Runs of characters shorter than these are names and words.
const (
	shortestMixed = 24 // small and capital letters and digits
	shortestUpper = 20 // capital letters and digits, as in base32 and in the key IDs of clouds
	shortestHex   = 32
	shortestJWT   = 12
)

// holdsOpaque looks for what has the form of a token or a key and no meaning as a word, and for credentials in a URL.
func holdsOpaque(text []byte) bool {
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && inRun(text[end]) {
			end++
		}
		if isOpaque(text[at:end]) && !isDigest(text, at, end) || isBootstrapToken(text[at:], end-at) {
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
	if bytes.HasSuffix(text[:at], []byte("sha256:")) {
		return true
	}
	return end-at == 64 && (at == 0 || text[at-1] == '\n') && bytes.HasPrefix(text[end:], []byte("  "))
}

// isBootstrapToken tells a text that begins with a run of this length from a token of kubeadm: abcdef.0123456789abcdef.
func isBootstrapToken(text []byte, run int) bool {
	const id, whole = 6, 6 + 1 + 16
	if run != id || len(text) < whole || text[id] != '.' || len(text) > whole && inRun(text[whole]) {
		return false
	}
	for i, c := range text[:whole] {
		if i != id && (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// inRun accepts letters, digits, and what else base64 has but the slash, which paths have too.
func inRun(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '+' || c == '_' || c == '-'
}

// isOpaque judges such a run.
func isOpaque(run []byte) bool {
	if len(run) >= shortestJWT && (bytes.HasPrefix(run, []byte("eyJ")) || bytes.HasPrefix(run, []byte("ZXlK"))) {
		return true // JSON in base64, or that in base64 again
	}
	if len(run) < shortestUpper {
		return false
	}
	digits, upper, lower, hex := counts(run)
	letters := upper + lower
	switch {
	case digits == 0 || letters == 0:
		return false
	case upper > 0 && lower > 0 && len(run) >= shortestMixed, lower == 0 && digits+letters == len(run):
		return true
	}
	return hex == len(run) && hex >= shortestHex
}

func counts(run []byte) (digits, upper, lower, hex int) {
	for _, c := range run {
		switch {
		case '0' <= c && c <= '9':
			digits++
		case 'A' <= c && c <= 'Z':
			upper++
		case 'a' <= c && c <= 'z':
			lower++
		}
		if '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F' {
			hex++
		}
	}
	return digits, upper, lower, hex
}
