package diag

import "testing"

// TestRedacted keeps what is private out of a whole text, and everything else as it is.
func TestRedacted(t *testing.T) {
	l := &List{}
	l.AddSource("a", []byte("a:\tb\r\nsecret: hunter2\n  x: hidden here\n  -----BEGIN PRIVATE KEY-----\n  QUJD\n  -----END PRIVATE KEY-----\nc: \x1bd"))
	l.Hide(Pos{File: "a", Line: 3, Col: 6, Width: 6})
	want := "a:\tb\r\nsecret: [redacted]\n  x: [redacted] here\n  [redacted]\n  [redacted]\n  [redacted]\nc: ·d"
	if got := l.Redacted("a"); got != want {
		t.Errorf("Redacted gives\n%q\nwant\n%q", got, want)
	}
	if got := l.Redacted("b"); got != "" {
		t.Errorf("Redacted gives %q for a file that is not known", got)
	}
}
