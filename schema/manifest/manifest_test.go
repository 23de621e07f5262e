package manifest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestRead reads what a file holds, whatever the notation.
func TestRead(t *testing.T) {
	tests := []struct {
		name, file, text string
		want             []string
		codes            []string
	}{
		{"stream", "a.yaml", "# first\n---\nkind: Namespace\nmetadata: {name: a}\n---\nkind: Namespace\nmetadata: {name: b}\n", []string{"Namespace a at 3", "Namespace b at 6"}, nil},
		{"list", "a.yaml", "kind: List\nitems:\n- kind: Service\n  metadata: {name: a}\n- kind: Service\n", []string{"Service a at 3", "a Service without a name at 5"}, nil},
		{"JSON", "a.json", "{\"kind\": \"Service\",\n \"metadata\": {\"name\": \"a\"}}", []string{"Service a at 1"}, nil},
		{"values", "values.yaml", "global:\n  network: a\n", []string{"the Helm values at 1"}, nil},
		{"something else", "compose.yaml", "services: {web: {image: nginx}}\n", nil, nil},
		{"template", "a.yaml", "kind: Service\nmetadata:\n  name: {{ .Values.name }}\n---\nkind: Namespace\n", []string{"a Namespace without a name at 5"}, []string{"template-skipped"}},
		{"template in a list", "a.yaml", "kind: Service\nspec:\n  ports:\n  - {{ .Values.port }}\n", nil, []string{"template-skipped"}},
		{"template that YAML cannot read", "a.yaml", "{{- if .Values.on }}\nkind: Service\n{{- end }}\n", nil, []string{"template-skipped"}},
		{"braces in a text", "a.yaml", "# x: {{ y }}\nkind: ConfigMap\ndata:\n  a: |\n    {{ .x }}\n    b: {{ .y }}\n  c: 'd: {{ .z }}'\n", []string{"a ConfigMap without a name at 2"}, nil},
		{"SOPS", "a.yaml", "kind: Secret\nmetadata: {name: a}\nsops: {mac: x}\n", []string{"Secret a at 1"}, []string{"encrypted-skipped"}},
		{"broken", "a.yaml", "kind: [\n---\nkind: Namespace\n", []string{"a Namespace without a name at 3"}, []string{"invalid-yaml"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := &diag.List{}
			var got, codes []string
			for _, o := range Read(tt.file, []byte(tt.text), found) {
				got = append(got, fmt.Sprintf("%s at %d", o, o.Pos().Line))
			}
			for _, d := range found.Sorted() {
				codes = append(codes, d.Code)
			}
			if !slices.Equal(got, tt.want) || !slices.Equal(codes, tt.codes) {
				t.Errorf("objects %q and findings %q, want %q and %q", got, codes, tt.want, tt.codes)
			}
		})
	}
}

// TestSecretsAreHidden pastes a password wherever a Secret can hold one, also where it cannot be read.
func TestSecretsAreHidden(t *testing.T) {
	const head = "kind: Secret\nmetadata: {name: a}\n"
	for _, text := range []string{
		head + "data: {a: hunter2}\n",
		head + "stringData:\n  a: |\n    one\n    hunter2\n\n    three hunter2\n",
		head + "stringData:\n  a: >-\n    hunter2\n    hunter2\n  b: 'x\n    hunter2'\n",
		head + "stringData: [hunter2,\n  {a: hunter2}]\n",
		head + "data: &x\n  a: hunter2\nstringData: *x\n",
		head + "stringData: hunter2\n",
		head + "stringData: {a: hunter2,\n",
		"kind: List\nitems:\n- kind: Secret\n  stringData:\n    a: hunter2\n",
		"stringData: {a: hunter2}\nmetadata: {labels: {istio/multiCluster: \"true\"}}\nkind: Secret\n",
		"kind: Secret\nmetadata: {name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"data\": \"hunter2\"}'}}\n",
		"kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      hunter2\n      hunter2\n",
		"---\na: b\n---\n" + head + "stringData:\n  a: \"hunter2\\\n    hunter2\"\n",
	} {
		found := &diag.List{}
		Read("a.yaml", []byte(text), found)
		for line := range strings.Count(text, "\n") + 1 {
			if shown, _, ok := found.Excerpt(diag.Pos{File: "a.yaml", Line: line + 1, Col: 1}); ok && strings.Contains(shown, "hunter2") {
				t.Errorf("line %d of\n%s\nis shown as %q", line+1, text, shown)
			}
		}
	}
}

// TestItems decodes what a Secret holds and finds the lines of it.
func TestItems(t *testing.T) {
	text := "kind: Secret\ndata:\n  a: b25lCnR3bw==\n  b: b25l\n  c: '%'\nstringData:\n  b: |\n    one\n    two\n"
	objects := Read("a.yaml", []byte(text), &diag.List{})
	var got []string
	for _, i := range objects[0].Items() {
		pos, within := i.Place(2)
		got = append(got, fmt.Sprintf("%s %q bad=%v line 2 at %d:%d %v", i.Key, i.Text, i.Bad, pos.Line, pos.Col, within))
	}
	want := []string{
		`a "one\ntwo" bad=false line 2 at 3:3 true`,
		`c "" bad=true line 2 at 5:3 true`,
		`b "one\ntwo\n" bad=false line 2 at 9:5 false`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
