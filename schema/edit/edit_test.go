package edit

import (
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// TestSet adds and changes strings in every notation; "‹" stands where the map begins. "" is no edit.
func TestSet(t *testing.T) {
	tests := []struct{ name, text, path, value, want string }{
		{"block", "‹kind: a\nmetadata:\n  # about it\n  name: b # here\n  namespace: c\n", "metadata labels x/y", "true", "kind: a\nmetadata:\n  # about it\n  name: b # here\n  namespace: c\n  labels:\n    x/y: \"true\"\n"},
		{"flow", "‹metadata: {name: a}\n", "metadata labels x/y", "true", "metadata: {name: a, labels: {x/y: \"true\"}}\n"},
		{"JSON", "‹{\"metadata\": {\"name\": \"a\"}}", "metadata labels x", "b", `{"metadata": {"name": "a", "labels": {"x": "b"}}}`},
		{"flow of several lines", "‹metadata: {\n  name: a,  # one\n  x: [1, 2],\n}\n", "metadata labels x", "b", "metadata: {\n  name: a, labels: {x: b},  # one\n  x: [1, 2],\n}\n"},
		{"flow without a scalar", "‹metadata: {x: [1]}\n", "metadata labels x", "b", "metadata: {labels: {x: b}, x: [1]}\n"},
		{"empty", "‹metadata: {}\n", "metadata name", "a", "metadata: {name: a}\n"},
		{"empty, with a blank", "‹metadata: { } # none\n", "metadata name", "a", "metadata: {name: a } # none\n"},
		{"null", "‹kind: a\nmetadata: # none\nspec: {}\n", "metadata name", "a", "kind: a\nmetadata: # none\n  name: a\nspec: {}\n"},
		{"null at the end", "‹kind: a\nmetadata:", "metadata labels x", "a", "kind: a\nmetadata:\n  labels:\n    x: a"},
		{"nothing behind the key", "‹spec:\n  profile: # which\n  a: b\n", "spec profile", "empty", "spec:\n  profile: empty # which\n  a: b\n"},
		{"null in a flow", "‹{metadata: , kind: a}\n", "metadata name", "a", ""},
		{"missing", "apiVersion: v1\n", "metadata name", "a", ""},
		{"missing map", "‹apiVersion: v1\nkind: a\nspec: {}\n", "metadata name", "no", "apiVersion: v1\nkind: a\nmetadata:\n  name: \"no\"\nspec: {}\n"},
		{"the step of the document", "‹kind: a\nspec:\n    b: c\n", "metadata name", "a", "kind: a\nmetadata:\n    name: a\nspec:\n    b: c\n"},
		{"before the first, and what is said about it", "‹spec:\n\n  # about\n  # it\n  components:\n    a: b\n", "spec profile", "empty", "spec:\n\n  profile: empty\n  # about\n  # it\n  components:\n    a: b\n"},
		{"item of a list", "items:\n- ‹name: a\n  label: {b: c}\n", "k", "v", "items:\n- name: a\n  k: v\n  label: {b: c}\n"},
		{"before the first of an item", "items:\n- ‹spec: {}\n", "name", "v", "items:\n- name: v\n  spec: {}\n"},
		{"CRLF", "‹kind: a\r\nmetadata:\r\n  name: b\r\n", "metadata labels x", "c", "kind: a\r\nmetadata:\r\n  name: b\r\n  labels:\r\n    x: c\r\n"},
		{"no line end", "‹metadata:\n  name: b", "metadata labels x", "c", "metadata:\n  name: b\n  labels:\n    x: c"},
		{"behind a document", "a: b\n---\n‹kind: c\n...\n", "metadata name", "d", "a: b\n---\nkind: c\nmetadata:\n  name: d\n...\n"},
		{"a block is not the last", "‹metadata:\n  a: b\n  text: |\n    c: d\n", "metadata x", "e", "metadata:\n  a: b\n  x: e\n  text: |\n    c: d\n"},
		{"only a block", "‹metadata:\n  text: |\n    c: d\n", "metadata x", "e", "metadata:\n  x: e\n  text: |\n    c: d\n"},
		{"a scalar of two lines", "‹metadata:\n  a: b\n    c\n", "metadata x", "e", "metadata:\n  x: e\n  a: b\n    c\n"},
		{"another value", "‹a: {b: True} # yes\n", "a b", "true", "a: {b: \"true\"} # yes\n"},
		{"the value it has", "‹a: {b: \"true\"}\n", "a b", "true", ""},
		{"no map", "‹a: [b]\n", "a b", "c", ""},
		{"an alias", "‹a: &a {b: c}\nd: *a\n", "d b", "x", ""},
		{"a field given twice", "‹a: {b: c, b: d}\n", "a e", "x", ""},
		{"a tag", "‹a: !!str b\n", "a", "x", ""},
		{"a document that ends above", "‹a: b\n... \n---\nc: d", "x", "z", "a: b\nx: z\n... \n---\nc: d"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, pos := unmark(tt.text)
			if got := applied(text, pos, func(d *Document) []diag.Edit { return d.Set(pos, tt.value, strings.Fields(tt.path)...) }); got != tt.want {
				t.Errorf("Set gives\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestAdd adds several strings at once, below a path; "‹" stands where the map begins. "" is no edit.
func TestAdd(t *testing.T) {
	fields := []Field{{"istio", "east"}, {"1", "yes"}}
	tests := []struct{ name, text, path, want string }{
		{"block", "items:\n- ‹name: a # one\n  k8s: {}\n", "label", "items:\n- name: a # one\n  label:\n    istio: east\n    \"1\": \"yes\"\n  k8s: {}\n"},
		{"block that is there", "items:\n- ‹name: a\n  label:\n    x: y\n", "label", "items:\n- name: a\n  label:\n    x: y\n    istio: east\n    \"1\": \"yes\"\n"},
		{"flow", "- ‹{name: a, k8s: {}}\n", "label", "- {name: a, label: {istio: east, \"1\": \"yes\"}, k8s: {}}\n"},
		{"flow that is there", "- ‹name: a\n  label: {x: y} # z\n", "label", "- name: a\n  label: {x: y, istio: east, \"1\": \"yes\"} # z\n"},
		{"JSON", "‹{\"name\": \"a\"}", "label", `{"name": "a", "label": {"istio": "east", "1": "yes"}}`},
		{"null", "‹name: a\nlabel: # none\n", "label", "name: a\nlabel: # none\n  istio: east\n  \"1\": \"yes\"\n"},
		{"empty", "‹label: {}\n", "label", "label: {istio: east, \"1\": \"yes\"}\n"},
		{"here", "‹name: a\n", "", "name: a\nistio: east\n\"1\": \"yes\"\n"},
		{"one is there", "‹label: {istio: west}\n", "label", ""},
		{"no map", "‹label: [istio]\n", "label", ""},
		{"no map here", "- a\n", "label", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, pos := unmark(tt.text)
			if got := applied(text, pos, func(d *Document) []diag.Edit { return d.Add(pos, fields, strings.Fields(tt.path)...) }); got != tt.want {
				t.Errorf("Add gives\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestUnquote takes the quotes off the scalar at "‹". "" is no edit.
func TestUnquote(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"a number", "a: ‹\"15443\" # c\n", "a: 15443 # c\n"},
		{"a boolean", "a: {b: ‹'true'}\n", "a: {b: true}\n"},
		{"plain", "a: ‹15443\n", ""},
		{"a comment", "a: ‹\"# b\"\n", ""},
		{"two lines", "a: ‹\"1\n  2\"\n", ""},
		{"a tag", "a: ‹!!str \"1\"\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, pos := unmark(tt.text)
			if got := applied(text, pos, func(d *Document) []diag.Edit { return d.Unquote(pos) }); got != tt.want {
				t.Errorf("Unquote gives\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// TestReplace changes the scalar at "‹", a key or a value, and quotes it where no other text is given.
func TestReplace(t *testing.T) {
	tests := []struct{ name, text, value, want string }{
		{"plain", "a: ‹b # c\n", "d", "a: d # c\n"},
		{"single quotes", "a: ‹'b''c'\n", "d", "a: 'd'\n"},
		{"double quotes", `{"a": ‹"b\"c", "d": 1}`, "e", `{"a": "e", "d": 1}`},
		{"a quote in single quotes", "a: ‹'b'\n", "it's", "a: \"it's\"\n"},
		{"a key", "a: {‹b: c}\n", "d", "a: {d: c}\n"},
		{"a key that is there", "a: {‹b: c, d: e}\n", "d", ""},
		{"a key of a block", "a:\n  ‹key.pem: |\n    x\n", "ca-key.pem", "a:\n  ca-key.pem: |\n    x\n"},
		{"not a word", "a: ‹b\n", "1.10", "a: \"1.10\"\n"},
		{"two lines", "a: ‹b\n  c\n", "d", ""},
		{"two lines in quotes", "a: ‹\"b\n  c\"\n", "d", ""},
		{"a block", "a: ‹|\n  c\n", "d", ""},
		{"inside a block", "a: |\n  ‹b: c\n", "d", ""},
		{"a tag", "a: ‹!!str b\n", "d", ""},
		{"a map", "a: ‹{b: c}\n", "d", ""},
		{"quote a number", "a: ‹1.10 # c\n", "", "a: \"1.10\" # c\n"},
		{"quote what is quoted", "a: ‹\"1.10\"\n", "", ""},
		{"quote a date in a flow", "a: [‹2026-01-01, b]\n", "", "a: [\"2026-01-01\", b]\n"},
		{"quote a key", "a: {‹on: b}\n", "", "a: {\"on\": b}\n"},
		{"quote a file", "a: ‹C:\\x\n", "", "a: \"C:\\\\x\"\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, pos := unmark(tt.text)
			got := applied(text, pos, func(d *Document) []diag.Edit {
				if tt.value == "" {
					return d.Quote(pos)
				}
				return d.Replace(pos, tt.value)
			})
			if got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// unmark takes the mark out of a text and gives its place.
func unmark(text string) (string, diag.Pos) {
	before, after, ok := strings.Cut(text, "‹")
	if !ok {
		return text, diag.Pos{Line: 9, Col: 9}
	}
	return before + after, document.PosAt("", []byte(before), len(before))
}

// applied makes an edit of the document at pos, or gives "" where there is none.
func applied(text string, pos diag.Pos, edit func(*Document) []diag.Edit) string {
	var part document.Part
	for p := range document.Parts([]byte(text)) {
		if p.Line <= pos.Line {
			part = p
		}
	}
	d := Open("", part)
	if d == nil {
		return ""
	}
	edits := edit(d)
	if edits == nil || !d.Keep()[0] {
		return ""
	}
	return string(diag.Apply([]byte(text), edits))
}

// FuzzDocument makes an edit at every value of any document: what is kept is one line of change, or several lines
// more, and the rest of the text stays.
func FuzzDocument(f *testing.F) {
	for _, text := range []string{
		"kind: a\nmetadata: {name: b}\n", "a:\r\n  b: c\r\n- d\r\n", "a: |\n  b: c\n# x\nd: 'e''f'\n", "{\"a\": [{\"b\": 1.10}]}", "a:\n- b: no\n  c:\n- {}\n",
		"? {a: b}\n: c\n", "a: \"b\\\n  c\"\nd: &x e\n", "--- {a: b}\n...\n", "a: ä # ö\n",
	} {
		f.Add([]byte(text), "x", "y")
	}
	f.Fuzz(func(t *testing.T, text []byte, key, value string) {
		if _, ok := document.CheckText("", text, &diag.List{}); !ok {
			return
		}
		d := Open("", document.Part{Line: 1, Text: text})
		if d == nil {
			return
		}
		var offered [][]diag.Edit
		for at := range d.nodes {
			pos := diag.Pos{Line: at.line, Col: at.column}
			for _, edits := range [][]diag.Edit{d.Set(pos, value, key), d.Set(pos, value, "metadata", key), d.Set(pos, value, "name"), d.Replace(pos, value), d.Quote(pos),
				d.Add(pos, []Field{{key, value}, {"k", ""}}, "metadata"), d.Unquote(pos)} {
				if len(edits) > 0 {
					offered = append(offered, edits)
				}
			}
		}
		var all []diag.Edit
		for i, kept := range d.Keep() {
			if !kept {
				continue
			}
			edits := offered[i]
			if !slices.Contains(all, edits[0]) {
				all = append(all, edits...)
			}
			after := diag.Apply(text, edits)
			if e := edits[0]; len(edits) != 1 || len(text)-len(after) > 4*e.Pos.Width || e.Pos.Width > 0 && strings.Contains(e.Text, "\n") {
				t.Fatalf("%q became %q", text, after)
			}
		}
		if after := diag.Apply(text, all); parse(after) == nil {
			t.Fatalf("%q is no YAML any more: %q", text, after)
		}
	})
}
