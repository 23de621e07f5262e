package krm

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

const (
	listHead = "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\n"
	someFn   = "functionConfig: {kind: RenderCluster}\n"
)

// TestReadRefuses gives lists that a function cannot answer without losing something.
func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                                    "is not a ResourceList",
		"a: b\n":                              "is not a ResourceList",
		"- a\n":                               "is not a ResourceList",
		"a: [\n":                              "is not YAML",
		listHead + someFn + "---\na: b\n":     "more than one YAML document",
		listHead + "items: []\n":              "has no functionConfig",
		listHead + "functionConfig:\n":        "has no functionConfig",
		listHead + "functionConfig: [a]\n":    "functionConfig of the ResourceList is not a map",
		listHead + "functionConfig: a\n":      "functionConfig of the ResourceList is not a map",
		listHead + someFn + "items: {a: b}\n": "items of the ResourceList are not a list",
		listHead + someFn + "items: a\n":      "items of the ResourceList are not a list",
		listHead + "x: &x {a: b}\nitems: *x\n" + someFn:                              "items of the ResourceList are not a list",
		listHead + someFn + "items: [{a: b}, []]\n":                                  "item 1 of the ResourceList is not a map",
		listHead + someFn + "items: [{a: b}, ]\n" + "results: {}\n":                  "results of the ResourceList are not a list",
		listHead + someFn + "items: [null]\n":                                        "item 0 of the ResourceList is not a map",
		listHead + someFn + "items: [{metadata: a}]\n":                               "metadata or annotations that are not a map",
		listHead + someFn + "items: []\nitems: [{a: b}]\n":                           "has items twice",
		listHead + someFn + someFn:                                                   "has functionConfig twice",
		listHead + someFn + "items: [&a {b: [*a]}]\n":                                "inside its own anchor",
		listHead + "functionConfig: &a {kind: *a}\n":                                 "inside its own anchor",
		listHead + someFn + bomb(8) + "items: [*a8]\n":                               "expand to a huge document",
		listHead + someFn + bomb(12) + "items: [{a: *a12}, {a: *a12}, {b: *a12}]\n":  "expand to a huge document",
		listHead + someFn + "items: [{metadata: {annotations: &a [b], labels: *a}}]": "metadata or annotations that are not a map",
	} {
		if _, err := Read(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// bomb is a field of which each level repeats the one before ten times.
func bomb(levels int) string {
	text := "x:\n- &a0 [x]\n"
	for i := range levels {
		text += fmt.Sprintf("- &a%d [%s]\n", i+1, strings.Repeat(fmt.Sprintf("*a%d, ", i), 10))
	}
	return text
}

// TestAliases writes each item such that it means what it meant, wherever its anchors were. What stands in one item
// stays as it is written.
func TestAliases(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"in one item", "items:\n- {a: &x {b: 1}, c: *x}\n" + someFn, "items:\n- {a: &x {b: 1}, c: *x}\n" + someFn},
		{"in another item", "items:\n- a: &x {b: 1}\n- {a: *x, b: *x}\n" + someFn, "items:\n- a: &x {b: 1}\n- {a: {b: 1}, b: {b: 1}}\n" + someFn},
		{"above the items", "x: &x {b: 1}\nitems:\n- {a: *x}\n" + someFn, "items:\n- {a: {b: 1}}\n" + someFn},
		{"in the functionConfig", "functionConfig: {kind: &k RenderCluster}\nitems:\n- {kind: *k}\n", "items:\n- {kind: RenderCluster}\nfunctionConfig: {kind: &k RenderCluster}\n"},
		{"of the functionConfig", "x: &f {kind: RenderCluster}\nitems:\n- *f\nfunctionConfig: *f\n", "items:\n- {kind: RenderCluster}\nfunctionConfig: {kind: RenderCluster}\n"},
		{"an item", "items:\n- &i {a: &x {b: 1}, c: *x}\n- *i\n" + someFn, "items:\n- &i {a: &x {b: 1}, c: *x}\n- {a: {b: 1}, c: {b: 1}}\n" + someFn},
		{"all items", "x: &i [{a: b}]\nitems: *i\n" + someFn, "items:\n- {a: b}\n" + someFn},
		{"in metadata", "items:\n- {metadata: {annotations: &x {a: b}, labels: *x}, c: *x}\n" + someFn, "items:\n- {metadata: {annotations: &x {a: b}, labels: {a: b}}, c: *x}\n" + someFn},
		{"a merge", "x: &x {b: 1}\nitems:\n- {a: {<<: *x}}\n" + someFn, "items:\n- {a: {<<: {b: 1}}}\n" + someFn},
		{"a key", "x: &x b\nitems:\n- {a: {*x : 1}}\n" + someFn, "items:\n- {a: {b: 1}}\n" + someFn},
		{"set again", "items:\n- {a: &x 1}\n- {a: &x 2, b: *x}\n- {a: *x}\n" + someFn, "items:\n- {a: &x 1}\n- {a: &x 2, b: *x}\n- {a: 2}\n" + someFn},
		{"in results", "items:\n- {a: &x b}\n" + someFn + "results: [{message: *x}]\n", "items:\n- {a: &x b}\n" + someFn + "results: [{message: b}]\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Read(strings.NewReader(listHead + tt.text))
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := l.Write(&out, nil); err != nil {
				t.Fatal(err)
			}
			if got, want := out.String(), listHead+tt.want; got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if _, err := Read(&out); err != nil {
				t.Errorf("what was written cannot be read: %v", err)
			}
		})
	}
}

// A label by which meshtopo knows its own is one through an alias as well: PyYAML writes equal objects like that.
func TestAliasedLabels(t *testing.T) {
	items := "- {apiVersion: v1, kind: X, metadata: {name: x, labels: &id001 {app.kubernetes.io/managed-by: meshtopo, meshtopo.dev/topology: shop}}}\n" +
		"- {apiVersion: v1, kind: Namespace, metadata: {name: mesh, labels: *id001}}\n"
	got, err := merged(t, list(items, ""), rendered(true, "prepare"))
	if err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "Namespace/mesh=") {
		t.Errorf("Merge gives %q, %v", got, err)
	}
}
