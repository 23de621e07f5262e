package text

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestQuote(t *testing.T) {
	for _, s := range []string{
		"", "on", "1", "1e3", "~", "null", "a: b", "# c", `"`, `\`, "it's", "<&>", "{{ .Evil }}", "line\nline", "tab\t",
		"\u007f", "\u0085", "\u009f", "\u2028", "\ufeff", "\uffff", "münchen", "🦊", "/inject/cluster/a/net/b",
	} {
		quoted, err := quote(s)
		if err != nil {
			t.Errorf("quote(%q): %v", s, err)
			continue
		}
		var back any
		if err := yaml.Unmarshal([]byte(quoted), &back); err != nil || back != s {
			t.Errorf("quote(%q) = %s, which reads as %#v, %v", s, quoted, back, err)
		}
	}
}

func TestFlow(t *testing.T) {
	for _, test := range []struct {
		value any
		want  string
	}{
		{[]string{"*.local", "a b"}, `["*.local","a b"]`},
		{map[string]string{"b": "2", "a": "<1>"}, `{"a":"<1>","b":"2"}`},
	} {
		if got, err := flow(test.value); got != test.want || err != nil {
			t.Errorf("flow(%v) = %s, %v, want %s", test.value, got, err, test.want)
		}
	}
}

func TestItems(t *testing.T) {
	got, err := items([]string{"a.yaml", "on"})
	if want := "\"a.yaml\"\n- \"on\""; got != want || err != nil {
		t.Errorf("items = %q, %v, want %q", got, err, want)
	}
}

// TestTemplatesFailLoudly proves that a hole without a field is an error, not an empty value.
func TestTemplatesFailLoudly(t *testing.T) {
	texts, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := texts.Named("gone.yaml"); err == nil {
		t.Error("named gives a template that is not there")
	}
	namespace, err := texts.Named("namespace.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, err = texts.Fill(namespace, struct{ Namespace, Topology string }{"istio-system", "shop"})
	if err == nil || !strings.Contains(err.Error(), "Network") {
		t.Errorf("without a field for the hole Network: %v", err)
	}
}
