package manifest

import (
	"bytes"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// FuzzItems reads what any manifest holds in Secrets: every line of every value has a place in the file.
func FuzzItems(f *testing.F) {
	for _, text := range []string{
		"kind: Secret\ndata:\n  a: b25lCnR3bw==\n  b: b25l\n  c: '%'\nstringData:\n  b: |\n    one\n    two\n",
		"kind: Secret\nstringData: {a: [1, {b: 2}], b: 3, c: null, d: \"x\\ny\"}\n",
		"kind: Secret\nstringData: &x {a: *x}\n",
		"kind: Secret\nstringData:\n  a: |4-\n      one\n\n    two\n  b: >\n    one\n    two\n",
		"kind: List\nitems: [{kind: Secret, data: {a: YTogWwo=}}]\n",
		"kind: Secret\r\nstringData:\r\n  a: |\r\n    one: [\r\n    two\r\n",
		"data: [a]\nstringData: a\nsops: {mac: x}\n",
	} {
		f.Add([]byte(text), 1)
	}
	f.Fuzz(func(t *testing.T, text []byte, line int) {
		found := &diag.List{}
		lines := bytes.Count(text, []byte{'\n'}) + 1
		for _, o := range Read("a.yaml", text, found) {
			for _, item := range o.Items() {
				item.Kind()
				_, bad := item.Document()
				for _, at := range []int{line, bad, 1} {
					if pos, _ := item.Place(at); pos.File != "a.yaml" || pos.Line < 1 || pos.Line > lines || pos.Col < 1 {
						t.Errorf("line %d of %q is at %v", at, item.Key, pos)
					}
				}
			}
		}
		for _, d := range found.Sorted() {
			found.Excerpt(d.Pos)
		}
	})
}
