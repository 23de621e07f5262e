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
		{"something else", "compose.yaml", "services: {web: {image: nginx}}\n", []string{"what may carry values at 1"}, nil},
		{"something else that is no map", "patch.yaml", "- {op: remove, path: /a}\n", nil, nil},
		{"template", "a.yaml", "kind: Service\nmetadata:\n  name: {{ .Values.name }}\n---\nkind: Namespace\n", []string{"a Namespace without a name at 5"}, []string{"template-skipped"}},
		{"template of a list", "a.yaml", "kind: Service\nspec:\n  hosts: [{{ .Values.ip }}]\n", nil, []string{"template-skipped"}},
		{"template with lines of its own", "a.yaml", "kind: Service\nspec:\n  {{- if .Values.ip }}\n  a: b\n  {{- end }}\n", nil, []string{"template-skipped"}},
		{"template of Jinja", "a.yaml", "kind: Service\n{% if a %}\nspec: {}\n{% endif %}\n", nil, []string{"template-skipped"}},
		{"templates in quotes", "a.yaml", "kind: Service\nmetadata: {name: \"{{ .Values.name }}\"}\nspec: {host: a.{{ b }}}\n", nil, []string{"template-skipped"}},
		{"templates that are strings", "a.yaml", "kind: Service\nmetadata: {name: \"{{ .Values.name }}\"}\nspec:\n  host: a.{{ b }}\n  text: |\n    {{ c }}\n", []string{"Service {{ .Values.name }} at 1"}, nil},
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

// TestItems decodes what a Secret holds and finds the lines of it.
func TestItems(t *testing.T) {
	text := "kind: Secret\ndata:\n  a: b25lCnR3bw==\n  b: b25l\n  c: '%'\n  d: >-\n    b25l\n    CnR3bw==\n  e: |\n    b25l\n    CnR3bw==\nstringData:\n  b: |\n    one\n    two\n"
	objects := Read("a.yaml", []byte(text), &diag.List{})
	var got []string
	for _, i := range objects[0].Items() {
		pos, within := i.Place(2)
		got = append(got, fmt.Sprintf("%s %q bad=%v line 2 at %d:%d %v", i.Key, i.Text, i.Bad, pos.Line, pos.Col, within))
	}
	want := []string{
		`a "one\ntwo" bad=false line 2 at 3:3 true`,
		`c "" bad=true line 2 at 5:3 true`,
		`d "" bad=true line 2 at 6:3 true`, // folded: Kubernetes takes line ends, but no spaces
		`e "one\ntwo" bad=false line 2 at 9:3 true`,
		`b "one\ntwo\n" bad=false line 2 at 15:5 false`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
