package plaintext

import (
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

// FuzzCheck proves that anything can be looked at: every place is inside the file, nothing of the file is shown, and a
// key at its end is found whatever stands before it.
func FuzzCheck(f *testing.F) {
	for _, l := range leaks() {
		f.Add([]byte(l.text))
	}
	for _, text := range harmless() {
		f.Add([]byte(text))
	}
	f.Add([]byte("kind: Secret\ndata: {a: \"\x00\"}\n\\n\\\\n- kind:Secret\n@@ -\n+-----BEGIN PGP PRIVATE KEY-----\n\x1f\x8b\x08"))
	f.Fuzz(func(t *testing.T, text []byte) {
		found := &diag.List{}
		Check("a", text, found)
		decoded, _ := readable(text)
		lines := strings.Split(string(decoded), "\n")
		for _, d := range found.Sorted() {
			if d.Pos.Line > len(lines) || d.Pos.Line > 0 && d.Pos.Col > len([]rune(lines[d.Pos.Line-1]))+1 {
				t.Errorf("%s:%d is outside of the text", d, d.Pos.Col)
			}
			if !strings.HasPrefix(d.Message, "this is ") {
				t.Errorf("message %q", d.Message)
			}
		}
		if _, isText := readable(text); isText {
			if places, _ := check(string(text) + "\n\n" + pemForFuzz); len(places) == 0 {
				t.Errorf("a key behind %q is not found", text)
			}
		}
	})
}

var pemForFuzz = pkcs8PEM()

// TestHostile looks at texts that ask for more than they are worth in a time that grows with their size.
func TestHostile(t *testing.T) {
	const size = 256 << 10
	for name, part := range map[string]string{
		"objects":   `"kind":"Secret",`,
		"braces":    `{"kind":"Secret"`,
		"lines":     "kind: Secret\n",
		"keys":      "-----BEGIN PRIVATE KEY-----\n",
		"run":       "QUFB",
		"folds":     "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB\n",
		"escapes":   `\n`,
		"slashes":   `\`,
		"tokens":    "eyJhbGciOiJub25l",
		"urls":      "://a:",
		"comments":  "////",
		"assigning": "token=",
		"names":     "token: ",
		"nested":    b64(b64(strings.Repeat("some text in base64 ", 40))) + "\n",
	} {
		text := strings.Repeat(part, size/len(part))
		start := time.Now()
		Check("a", []byte(text), &diag.List{})
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%s take %v", name, took)
		} else {
			t.Logf("%s: %v", name, took)
		}
	}
	packed := []byte(zipped(strings.Repeat("A", 64<<20)))
	if start := time.Now(); !Check("a", packed, &diag.List{}) {
		t.Logf("only a part of what is compressed was looked at, in %v", time.Since(start))
	}
}
