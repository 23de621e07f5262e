package text

import (
	"encoding/json"
	"reflect"
	"testing"
	"testing/fstest"
	"text/template"

	"go.yaml.in/yaml/v3"
)

// base is a template as a composition finds it: maps, a named list and a plain one, with holes in all of them.
const base = `kind: IstioOperator
metadata:
  name: {{ .Name | quote }}
spec:
  profile: default
  meshConfig:
    trustDomain: {{ .Name | quote }}
    aliases: {{ .List | json }}
  components:
    gateways:
    - name: first
      enabled: true
    - name: {{ .Name | quote }}
      enabled: true
`

// option is an optional part, with a comment that does not come along.
const option = `# Why this exists.
spec:
  revision: {{ .Name | quote }}
  meshConfig:
    defaultConfig:
      proxyMetadata:
        FROM_OPTION: "true"
`

type baseData struct {
	Name string
	List []string
}

func TestCompose(t *testing.T) {
	for _, test := range []struct {
		name     string
		options  []string
		settings string // JSON
		want     string // the part after metadata
	}{
		{
			name:     "maps key by key, sorted",
			settings: `{"spec": {"meshConfig": {"z": {"b": 1, "a": 2}, "a": true}}}`,
			want: `spec:
  profile: default
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
    a: true
    z:
      a: 2
      b: 1
  components:
    gateways:
    - name: first
      enabled: true
    - name: "on"
      enabled: true
`,
		},
		{
			name:    "an option, in the order of the reference",
			options: []string{"option.yaml"},
			want: `spec:
  profile: default
  revision: "on"
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
    defaultConfig:
      proxyMetadata:
        FROM_OPTION: "true"
  components:
    gateways:
    - name: first
      enabled: true
    - name: "on"
      enabled: true
`,
		},
		{
			name:    "settings beside an option's",
			options: []string{"option.yaml"},
			settings: `{"spec": {"meshConfig": {"defaultConfig": {"proxyMetadata": {"MINE": "yes"}, "concurrency": 2}},
			  "unknown": null}}`,
			want: `spec:
  profile: default
  revision: "on"
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
    defaultConfig:
      proxyMetadata:
        FROM_OPTION: "true"
        MINE: "yes"
      concurrency: 2
  components:
    gateways:
    - name: first
      enabled: true
    - name: "on"
      enabled: true
  unknown: null
`,
		},
		{
			name: "lists of objects by name",
			settings: `{"spec": {"components": {"gateways": [
			  {"name": "second", "label": {"app": "second"}}, {"name": "first", "k8s": {"replicaCount": 2}}]}}}`,
			want: `spec:
  profile: default
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
  components:
    gateways:
    - name: first
      enabled: true
      k8s:
        replicaCount: 2
    - name: "on"
      enabled: true
    - label:
        app: second
      name: second
`,
		},
		{
			name: "what the compiler owns stays",
			settings: `{"spec": {"profile": "demo", "meshConfig": {"trustDomain": "evil", "aliases": ["evil"]},
			  "components": {"gateways": [{"name": "first", "enabled": false}]}}}`,
			want: `spec:
  profile: default
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
  components:
    gateways:
    - name: first
      enabled: true
    - name: "on"
      enabled: true
`,
		},
		{
			name:     "another kind of value changes nothing",
			settings: `{"spec": {"meshConfig": "evil", "components": {"gateways": {"name": "evil"}}}}`,
			want: `spec:
  profile: default
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
  components:
    gateways:
    - name: first
      enabled: true
    - name: "on"
      enabled: true
`,
		},
		{
			name:     "texts that look like holes",
			settings: `{"spec": {"values": {"hole-0-": "hole-1-", "template": "a {{ .Name }} {{b", "lines": "{{ if }}\n  x\n"}}}`,
			want: `spec:
  profile: default
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
  components:
    gateways:
    - name: first
      enabled: true
    - name: "on"
      enabled: true
  values:
    hole-0-: hole-1-
    lines: |
      {{ if }}
        x
    template: "a {{ .Name }} {{b"
`,
		},
		{
			name: "scalars that a reader could mistake",
			settings: `{"spec": {"values": {"a": "on", "b": "1", "c": "", "d": "x", "e": ["no", "1e3", "0x1", "~", "a: b", "=", "<<"],
			  "f": 1.5, "g": false, "h": [], "i": {}, "on": "1.20"}}}`,
			want: `spec:
  profile: default
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
  components:
    gateways:
    - name: first
      enabled: true
    - name: "on"
      enabled: true
  values:
    a: "on"
    b: "1"
    c: ""
    d: x
    e:
    - "no"
    - "1e3"
    - "0x1"
    - "~"
    - "a: b"
    - "="
    - "<<"
    f: 1.5
    g: false
    h: []
    i: {}
    "on": "1.20"
`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := "kind: IstioOperator\nmetadata:\n  name: \"on\"\n" + test.want
			if got := composed(t, test.options, decode(t, test.settings)); got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// composed composes base and fills its holes.
func composed(t *testing.T, options []string, settings map[string]any) string {
	t.Helper()
	fsys := fstest.MapFS{
		"base.yaml":   {Data: []byte(base)},
		"option.yaml": {Data: []byte(option)},
	}
	text, err := Composition{Object: "base.yaml", Options: options, Settings: settings}.text(fsys)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := template.New("base").Funcs(functions).Parse(text)
	if err != nil {
		t.Fatalf("%v in:\n%s", err, text)
	}
	filled, err := new(Templates).Fill(parsed, baseData{"on", []string{"x", "y"}})
	if err != nil {
		t.Fatal(err)
	}
	return string(filled)
}

func decode(t *testing.T, settings string) map[string]any {
	t.Helper()
	if settings == "" {
		return nil
	}
	var decoded map[string]any
	if err := json.Unmarshal([]byte(settings), &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

// TestComposeKeepsTheText proves that a template comes out of composition as its author wrote it, so that a first
// setting does not reformat a whole file in somebody's pull request.
func TestComposeKeepsTheText(t *testing.T) {
	if got, want := composed(t, nil, map[string]any{}), `kind: IstioOperator
metadata:
  name: "on"
spec:
  profile: default
  meshConfig:
    trustDomain: "on"
    aliases: ["x","y"]
  components:
    gateways:
    - name: first
      enabled: true
    - name: "on"
      enabled: true
`; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// TestComposeOnce proves that clusters with the same settings share one composition.
func TestComposeOnce(t *testing.T) {
	texts, err := New()
	if err != nil {
		t.Fatal(err)
	}
	compose := func(options []string, settings map[string]any) *template.Template {
		t.Helper()
		composed, err := texts.Compose(Composition{Object: "istioctl/control-plane-primary.yaml", Options: options, Settings: settings})
		if err != nil {
			t.Fatal(err)
		}
		return composed
	}
	settings := func() map[string]any {
		return map[string]any{"spec": map[string]any{"values": map[string]any{"a": "b"}}}
	}
	first := compose([]string{"istioctl/options/hub.yaml"}, settings())
	if compose([]string{"istioctl/options/hub.yaml"}, settings()) != first {
		t.Error("the same options and settings are composed again")
	}
	if compose([]string{"istioctl/options/tag.yaml"}, settings()) == first || compose([]string{"istioctl/options/hub.yaml"}, nil) == first {
		t.Error("other options and settings share a composition")
	}
	if plain := compose(nil, nil); plain != texts.parsed.Lookup("istioctl/control-plane-primary.yaml") {
		t.Error("without options and settings the template is not used as it is")
	}
}

// FuzzCompose proves that whatever a user sets comes out as it went in.
func FuzzCompose(f *testing.F) {
	for _, seed := range []string{
		`{"a": "b"}`, `{"{{": "}}", "}}": "{{"}`, `{"hole": "holex-0-"}`, `{"a": "\u0000\u0085\u2028\ufeff"}`,
		`{"a": " lead\n trail \n\n"}`, `{"a": ["{{", {"name": "x"}, null, -1, 1e300]}`, `{"": {"": [[], {}]}}`,
		`{"a": "\n"}`, `{"a": "#"}`, `{"a": "\ttab\n\ttab"}`, `{"a": "\r\n"}`, `{"<<": {"a": 1}, "b": "*x", "c": "!!str"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, settings string) {
		var values map[string]any
		if json.Unmarshal([]byte(settings), &values) != nil || values == nil {
			t.Skip("no settings")
		}
		text := composed(t, nil, map[string]any{"spec": map[string]any{"values": values}})
		var document struct {
			Spec struct{ Values map[string]any }
		}
		if err := yaml.Unmarshal([]byte(text), &document); err != nil {
			t.Fatalf("%v in:\n%s", err, text)
		}
		if got, want := generic(t, document.Spec.Values), generic(t, values); !reflect.DeepEqual(got, want) {
			t.Errorf("got  %v\nwant %v\nin:\n%s", got, want, text)
		}
	})
}

// generic gives a value with the types of JSON, so that whole numbers compare with others.
func generic(t *testing.T, v any) (out any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
