package manifest

import (
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// FuzzRead reads anything as YAML and as JSON: without a panic, and with every place in a file whose text is known.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"apiVersion: v1\nkind: List\nitems: [{kind: Secret, data: {a: eA==}}, 1, null]\n", "kind: Secret\nstringData: {a: |\n",
		"---\na: {{ .Values.a }}\n---\nkind: X\nsops: {mac: x}\n", "{\"kind\": \"Secret\", \"data\": {\"a\": 1}}", "global: {network: a}\n",
		"kind: Topology\napiVersion: meshtopo.dev/v1alpha1\n", "\ufeffa: &a [*a]\n", "kind: Secret\nstringData:\n  a: |\n    users: [\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, file := range []string{"a.yaml", "a.json"} {
			found := &diag.List{}
			for _, o := range Read(file, text, found) {
				if o.Root == nil || o.Pos().File != file {
					t.Errorf("%s has no place", o)
				}
				for _, item := range o.Items() {
					item.Document()
					item.Place(1)
				}
			}
			for _, d := range found.Sorted() {
				if d.Pos.Line > 0 && !found.HasSource(file) {
					t.Errorf("%s has no source", d.Code)
				}
				found.Excerpt(d.Pos)
			}
		}
	})
}
