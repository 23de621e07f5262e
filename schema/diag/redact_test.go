package diag

import "testing"

// TestRedacted gives what is public of a whole text, with its line ends.
func TestRedacted(t *testing.T) {
	l := marked("«a»:\t‹b›\r\n«secret»: hunter2\n  «x»: ‹open› # hidden\n  -----BEGIN PRIVATE KEY-----\n«c: \x1bd»")
	want := "a:\tb\r\nsecret: [redacted]\n  x: open # [redacted]\n  [redacted]\nc: ·d"
	if got := l.Redacted("a"); got != want {
		t.Errorf("Redacted gives\n%q\nwant\n%q", got, want)
	}
	if got := l.Redacted("b"); got != "" {
		t.Errorf("Redacted gives %q for a file that is not known", got)
	}
}
