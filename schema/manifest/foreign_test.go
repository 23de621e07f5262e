package manifest

import (
	"slices"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestForeign reads what other programs read: nothing of it is a mistake. What may be a manifest, or values, stays one.
func TestForeign(t *testing.T) {
	const skipped = "foreign-skipped"
	tests := []struct {
		name, file, text string
		want             []string
	}{
		{"CloudFormation", "a.yaml", "Resources:\n  A: {Type: \"AWS::S3::Bucket\", Name: !Ref B}\n", nil},
		{"vault", "a.yaml", "password: !vault |\n  $ANSIBLE_VAULT\n", nil},
		{"mkdocs", "mkdocs.yml", "markdown_extensions:\n- x:\n    slugify: !!python/name:a.b\n", nil},
		{"a number of its own", "a.yaml", "e: .inf\n", nil},
		{"given twice", "a.yaml", "a: 1\na: 2\n", nil},
		{"tsconfig", "tsconfig.json", "{\n  // strict\n  \"compilerOptions\": {}}", []string{skipped}},
		{"JSON Lines", "a.json", "{\"a\": 1}\n{\"a\": 2}\n", []string{skipped}},
		{"Jinja", "a.yaml", "{% if a %}\nb: c\n{% endif %}\n", []string{"template-skipped"}},
		{"Latin-1", "a.yaml", "a: \xe4\n", []string{skipped}},
		{"UTF-16", "a.yaml", utf16("a: b\n"), []string{skipped}},
		{"byte order mark", "a.json", "\ufeff{\"a\": 1}", nil},
		{"line separator", "a.yaml", "apiVersion: v1\nkind: ConfigMap\ndata: {a: \"\u2028\"}\n", []string{skipped}},
		{"empty", "a.yaml", "", []string{skipped}},
		{"comments", "a.yaml", "# a\n", nil},
		{"another program's resource", "a.yaml", "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: [\n", []string{skipped}},
		{"beside one of ours", "a.yaml", "a: !x b\n---\nb: [\n---\napiVersion: v1\nkind: Namespace\n", []string{skipped}},

		{"our kind", "a.yaml", "apiVersion: v1\nkind: Service\nspec: !x y\n", []string{"yaml-tag"}},
		{"our broken kind", "a.yaml", "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: [\n", []string{"invalid-yaml"}},
		{"our broken JSON", "a.json", `{"apiVersion": "v1", "kind": "Namespace"`, []string{"invalid-json"}},
		{"our kind in UTF-16", "a.yaml", utf16("apiVersion: v1\nkind: Namespace\n"), []string{"invalid-encoding"}},
		{"our kind given twice", "a.yaml", "apiVersion: v1\nkind: ConfigMap\nkind: Service\n", []string{"duplicate-key"}},
		{"a kind of no API", "a.yaml", "kind: RemoteCluster\nspec: [\n", []string{"invalid-yaml"}},
		{"an invented kind", "a.yaml", "apiVersion: networking.istio.io/v1\nkind: Foo\nspec: [\n", []string{"invalid-yaml"}},
		{"a kind cut off", "a.yaml", "apiVersion: v1\nkind: [\n", []string{"invalid-yaml"}},
		{"values", "a.yaml", "meshConfig: {a: b\n", []string{"invalid-yaml"}},
		{"values that can be read", "a.yaml", "global: {network: a, x: !y z}\n", []string{"yaml-tag"}},
		{"values of a network", "a.yaml", "global:\n  network: [\n", []string{"invalid-yaml"}},
		{"a byte order mark of ours", "a.yaml", "\ufeffapiVersion: v1\nkind: Namespace\n", []string{"byte-order-mark"}},
		{"a list of ours", "a.yaml", "apiVersion: v1\nkind: List\nitems: [{apiVersion: v1, kind: Service, spec: .inf}]\n", []string{"not-a-number"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := &diag.List{}
			Read(tt.file, []byte(tt.text), found)
			var codes []string
			for _, d := range found.Sorted() {
				codes = append(codes, d.Code)
			}
			if !slices.Equal(codes, tt.want) {
				t.Errorf("found %q, want %q", codes, tt.want)
			}
		})
	}
}
