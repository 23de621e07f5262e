package placeholder

import "testing"

// TestPlaceholders tells texts that are filled in later, as a whole or in a part, from those that say what they say.
func TestPlaceholders(t *testing.T) {
	for _, c := range []struct {
		text      string
		in, whole bool
	}{
		{"${NAME}", true, true},
		{"${NAME:=east}", true, true},
		{"$(NAME)", true, true},
		{"{{ .Values.name }}", true, true},
		{"<path:kv/east#token>", true, true},
		{"ref+vault://kv/east", true, true},
		{"istiod.${NAMESPACE}.svc", true, false},
		{"east", false, false},
		{"^east$", false, false},
		{"a+b", false, false},
		{"", false, false},
	} {
		if in, whole := In(c.text), Whole(c.text); in != c.in || whole != c.whole {
			t.Errorf("%q has a placeholder: %v, is one: %v; want %v and %v", c.text, in, whole, c.in, c.whole)
		}
	}
	if !MaySame("${NAME}", "east") || MaySame("west", "east") {
		t.Error("a placeholder may be any name, and a name only itself")
	}
}
