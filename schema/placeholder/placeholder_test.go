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
