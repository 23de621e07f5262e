package placeholder

import (
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

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
		{"$NAME", true, true},
		{"istiod.$NAMESPACE.svc", true, false},
		{"istiod.${NAMESPACE}.svc", true, false},
		{"{cluster}", true, true},
		{"net-{cluster}", true, false},
		{"<CLUSTER_NAME>", true, true},
		{"<your network>", true, true},
		{"@NETWORK@", true, true},
		{"#{network}#", true, false},
		{"__NETWORK__", true, true},
		{"((network))", true, true},
		{"#@ data.values.network", true, true},
		{"$patch", false, false},
		{"$values/charts/istiod.yaml", false, false},
		{"[%START_TIME%] \"%REQ(:METHOD)%\"", false, false},
		{"^/(a|b)$", false, false},
		{"10.0.0.0/8", false, false},
		{"a@b", false, false},
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

// TestUnfilled tells what somebody was to put something in for from what may be a token.
func TestUnfilled(t *testing.T) {
	for _, text := range []string{
		"${TOKEN}", "$TOKEN", "$(TOKEN)", "{{ token }}", "{{ .Values.token }}", "{token}", "<token>", "<your token here>", "<TOKEN>", "__TOKEN__", "@TOKEN@", "((token))",
		"REPLACE_ME", "replace-me", "CHANGEME", "change.me", "YOUR_TOKEN", "your-token-here", "INSERT_TOKEN_HERE", "TODO", "placeholder", "xxxxxxxx", "...", "[TOKEN]", "%TOKEN%", " <token>\n",
	} {
		if !Unfilled(text) {
			t.Errorf("%q is taken for a value", text)
		}
	}
	for _, text := range []string{
		"", "31ada4fd-adec-460c-809a-9e56ceb75269", "07401b.f395accd246ae52d", "hunter2hunter2hunter2", "token", "my-secret-token", "istio-remote-reader-token", "$abcDEF0123456789xyz",
		"K10c0ffee::server:abcdef0123456789", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "a8Fk2kd9x0sk2{x}", "sha256~replace-me-not-0123", "<path:kv/east#token>", "ref+vault://kv/east",
		"replacement-of-the-token-0815", "abcdefghijklmnop", "x0x0x0x0x0x0x0x0",
	} {
		if Unfilled(text) {
			t.Errorf("%q is taken for a placeholder", text)
		}
	}
}

// TestRestore reads the placeholders that YAML does not show as texts: maps of one bare key, and comments.
func TestRestore(t *testing.T) {
	const text = "network: {network}\nport: 15443 # kpt-set: ${port}\nmesh: #@ data.values.mesh\nplain: east # a comment: kpt-sets nothing\nmap: {a: 1}\nempty: {}\n" +
		"list:\n- {i}\n- x # kpt-set: ${x}\ntext: \"a #@ b\"\n"
	root := document.ReadPart("a.yaml", document.Part{Line: 1, Text: []byte(text)}, &diag.List{})
	Restore(root, []byte(text), 1)
	for path, want := range map[string]string{
		"network": "{network}", "port": "${port}", "mesh": "#@ data.values.mesh", "plain": "east", "map.a": "1", "list.0": "{i}", "list.1": "${x}",
	} {
		if n := root.At(document.ParsePath(path)...); n == nil || n.Text != want {
			t.Errorf("%s is %+v, want %q", path, n, want)
		}
	}
	if n := root.At("empty"); n.Kind != document.Map {
		t.Errorf("an empty map is %v", n.Kind)
	}
	if n := root.At("network"); n.Pos.Line != 1 || n.Pos.Col != 10 {
		t.Errorf("network is at %v", n.Pos)
	}
}
