package lint

import (
	"regexp"
	"strings"
	"testing"
)

// scalar finds the fields of a line that have a scalar, in block and in flow notation.
var scalar = regexp.MustCompile(`([A-Za-z/._-]+): ("[^"]*"|[^\s{}\[\],|"]+)`)

// TestPlaceholdersAreUnknown puts a placeholder instead of each value, and into each value, of two correct clusters,
// and expects nothing but a note: the real value is not known.
func TestPlaceholdersAreUnknown(t *testing.T) {
	tried, known := 0, map[string]bool{}
	for _, d := range run(t, fleet(2), nil) {
		known[d.Message] = true
	}
	for _, placeholder := range []string{`"${NAME}"`, `"a${NAME:=b}"`, `"{{ .Values.name }}"`, `"$(NAME)"`, `$NAME`, `{name}`, `"a-{name}"`, `<NAME>`, `"__NAME__"`, `x # kpt-set: ${name}`, `#@ data.values.name`} {
		for c, cluster := range fleet(2) {
			for f, file := range cluster.Files {
				text, _ := file.Read()
				for _, m := range scalar.FindAllSubmatchIndex(text, -1) {
					if key := string(text[m[2]:m[3]]); key == "apiVersion" || key == "kind" || string(text[m[4]:m[5]]) == networkView {
						continue
					}
					if strings.Contains(placeholder, " # ") || placeholder[0] == '#' { // a comment, which ends its line
						if rest, _, _ := strings.Cut(string(text[m[5]:]), "\n"); rest != "" {
							continue
						}
					}
					changed := string(text[:m[4]]) + placeholder + string(text[m[5]:])
					sources := fleet(2)
					sources[c].Files[f].Read = func() ([]byte, error) { return []byte(changed), nil }
					for _, d := range run(t, sources, nil) {
						if d.Code != placeholderSkipped.Code && !known[d.Message] {
							t.Errorf("%s for %s of %s: %s [%s]", placeholder, text[m[0]:m[1]], file.Name, d.Message, d.Code)
						}
					}
					tried++
				}
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d places were tried", tried)
	}
}

// TestPlaceholderNote expects one note for each object with placeholders, and its place.
func TestPlaceholderNote(t *testing.T) {
	const text = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: istio-system\n  labels: {topology.istio.io/network: \"${A}\", \"${B}\": x}\n---\n" +
		"apiVersion: v1\nkind: ConfigMap\ndata: {a: \"${C}\"}\n"
	found := run(t, []Source{{Cluster: "east", Files: []File{{Name: "a.yaml", Read: func() ([]byte, error) { return []byte(text), nil }}}}}, nil)
	if len(found) != 1 || found[0].Code != placeholderSkipped.Code || found[0].Pos.Line != 5 || !strings.Contains(found[0].Message, "Namespace istio-system") {
		t.Errorf("found %+v", *found[0])
	}
}

// TestPlaceholdersInKeysAndLists has placeholders where people write them for Flux and Helm.
func TestPlaceholdersInKeysAndLists(t *testing.T) {
	known := map[string]bool{}
	for _, d := range run(t, fleet(2), nil) {
		known[d.Message] = true
	}
	for _, tt := range []struct{ old, new string }{
		{`"*.local"`, `"*.${CLUSTER_DOMAIN}"`},
		{`["*.local"]`, `["{{ .Values.host }}"]`},
		{"  cluster-1: |", "  ${REMOTE}: |"},
		{"name: istio-remote-secret-cluster-1", "name: istio-remote-secret-${REMOTE}"},
		{"  cluster-1: |", "  \"{{ .Values.remote }}\": |"},
		{"network: network-0", `network: "${NETWORK:=network-1}"`},
		{"network: network-0", "network: \"{{ .Values.network }}\""},
		{"https://cluster-1.example.com", "https://${HOST}"},
		{"certificate-authority-data: " + materials()["CA"], `certificate-authority-data: "${CA}"`},
		{"{token: the-opaque-token-of-cluster-1}", `{token: "<path:kv/a#token>"}`},
	} {
		tried := 0
		sources := fleet(2)
		for f, file := range sources[0].Files {
			text, _ := file.Read()
			changed := strings.ReplaceAll(string(text), tt.old, tt.new)
			tried += strings.Count(string(text), tt.old)
			sources[0].Files[f].Read = func() ([]byte, error) { return []byte(changed), nil }
		}
		if tried == 0 {
			t.Errorf("there is no %s", tt.old)
		}
		for _, d := range run(t, sources, nil) {
			if d.Code != placeholderSkipped.Code && !known[d.Message] {
				t.Errorf("%s for %s: %s [%s]", tt.new, tt.old, d.Message, d.Code)
			}
		}
	}
}
