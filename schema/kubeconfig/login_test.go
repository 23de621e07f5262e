package kubeconfig

import "testing"

// TestTokenOfAFile takes a token as it is, without the line break that a file of it had.
func TestTokenOfAFile(t *testing.T) {
	for _, token := range []string{"opaque", `"opaque\n"`, "|\n      opaque", `" opaque\r\n"`} {
		text := "kind: Config\nusers:\n- name: a\n  user:\n    token: " + token + "\n"
		if got := string(Take("", []byte(text)).Token()); got != "opaque" {
			t.Errorf("of %q the token is %q", token, got)
		}
	}
}
