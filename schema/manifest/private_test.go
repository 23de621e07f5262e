package manifest

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestSecretsAreHidden pastes a password wherever a Secret can hold one, also where it cannot be read, and looks for it
// in all that could be shown of the file.
func TestSecretsAreHidden(t *testing.T) {
	const head = "kind: Secret\nmetadata: {name: a}\n"
	const json = `{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"},` + "\n"
	for _, text := range []string{
		head + "data: {a: hunter2}\n",
		head + "stringData:\n  a: |\n    one\n    hunter2\n\n    three hunter2\n",
		head + "stringData:\n  a: >-\n    hunter2\n    hunter2\n  b: 'x\n    hunter2'\n",
		head + "stringData: [hunter2,\n  {a: hunter2}]\n",
		head + "data: &x\n  a: hunter2\nstringData: *x\n",
		head + "stringData: hunter2\n",
		head + "stringData: {a: hunter2,\n",
		head + "stringData: {a: x} # hunter2\n# hunter2\n",
		head + "stringData: {? [hunter2] : x, ? {hunter2: x} : hunter2}\n",
		head + "stringData:\n  ? [hunter2]\n  ? {hunter2: 1}\n  : hunter2\n",
		head + "stringData:\n  x: {hunter2: 1, hunter2: 2}\n",
		head + "stringData:\n  x: &x {hunter2: hunter2}\nmetadata:\n  labels: *x\n  name: *x\n",
		head + "stringData:\n  x: !hunter2 x\n  y: &hunter2 [*hunter2]\n",
		head + "stringdata:\n  hunter2: 1\n  hunter2: hunter2\n  y: !hunter2 x\n",
		head + "stringData: {x: hunter2}\nstringData: {x: hunter2, y: hunter2}\n",
		head + "stringData: {x: hunter2, x: hunter2}\n",
		head + "stringData:\n  a: hunter2\n  \"b\x01\": hunter2\n",
		head + "stringData:\n  a: hunter2\n  b: \xff\n",
		head + "spec:\n  password: hunter2\n  x: [hunter2]\n",
		"kind: secret\ndata: {a: hunter2}\ndata: {a: hunter2}\n",
		"kind: Sercet\ndata: {a: hunter2, a: hunter2}\n",
		"kind: ConfigMap\nkind: Secret\ndata: {a: hunter2, a: hunter2}\n",
		"apiVersion: v1\ndata: {a: hunter2}\n",
		"kind: \"\\x53ecret\"\ndata: {a: hunter2}\n",
		"kind: List\nitems:\n- kind: Secret\n  stringData:\n    a: hunter2\n- kind: Namespace\n  metadata: {name: a}\n",
		"kind: SecretList\nitems: [{data: {a: hunter2}, metadata: {annotations: {a: hunter2}}}]\n",
		"kind: SecretList\nitems: {data: {a: hunter2}}\n",
		"stringData: {a: hunter2}\nmetadata: {labels: {istio/multiCluster: \"true\"}}\nkind: Secret\n",
		"kind: Secret\nmetadata: {name: a, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"data\": \"hunter2\"}'}}\n",
		"kind: Secret\nmetadata:\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: |\n      hunter2\n      hunter2\n",
		"---\na: b\n---\n" + head + "stringData:\n  a: \"hunter2\\\n    hunter2\"\n",
		"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nsecretGenerator:\n- name: a\n  literals: [x=hunter2]\n  literals: [x=hunter2]\n",
		"secretGenerator:\n- name: a\n  literals: [x=hunter2]\n",
		"kind: Kustomization\npatches:\n- patch: |\n    kind: Secret\n    stringData: {a: hunter2}\n",
		"apiVersion: v1\nkind: Config\nusers:\n- name: a\n  user: {tokenFile: hunter2}\n",
		json + `"stringData":{"x":"hunter2" "y":1}}`,
		json + `"stringData":{"x":"hunter2`,
		json + `"stringData":{"x":"hunter2"}} {"x": "hunter2"}`,
		json + `"stringData":{"x":"hunter2","x":"hunter2"}}`,
		json + `"stringData":{"x":{"hunter2":1,"hunter2":2}}}`,
		json + `"stringData":{"x":"hunter2"},` + "\n" + `"stringData":{"x":"hunter2"}}`,
		json + `"stringData":{"x":1e999,"y":"hunter2"}}`,
		json + "\"stringData\":{\"x\":\"hunter2\x01\"}}",
		json + "\"stringData\":{\"x\":\"hunter2\xff\"}}",
		`{"kind":"\u0053ecret","data":{"x":"hunter2"`,
		"{\n\"data\": {\"x\": \"hunter2\", \"y\"}}",
		utf16(head + "stringData: {a: hunter2}\n"),
	} {
		for _, file := range []string{"a.yaml", "a.json"} {
			if strings.HasPrefix(text, "{") != strings.HasSuffix(file, ".json") {
				continue
			}
			found := &diag.List{}
			Read(file, []byte(text), found)
			for _, shown := range allShown(file, text, found) {
				if strings.Contains(strings.ReplaceAll(shown, "·", ""), "hunter2") {
					t.Errorf("of\n%s\nis shown: %s", text, shown)
				}
			}
		}
	}
}

// utf16 writes a text in the encoding that some editors choose.
func utf16(text string) string {
	return "\xff\xfe" + strings.Join(strings.Split(text, ""), "\x00") + "\x00"
}

// allShown gives all that reports could show of a file: its lines, the whole of it, and the messages.
func allShown(file, text string, found *diag.List) []string {
	all := []string{found.Redacted(file)}
	for line := range strings.Count(text, "\n") + 2 {
		shown, _, _ := found.Excerpt(diag.Pos{File: file, Line: line + 1, Col: 1})
		all = append(all, shown)
	}
	for _, d := range found.Sorted() {
		all = append(all, d.Message, d.Why, d.Fix)
		for _, r := range d.Related {
			all = append(all, r.Message)
		}
	}
	return all
}

// TestSecretsAreOutlined shows the keys of Secrets, and what says which Secrets they are.
func TestSecretsAreOutlined(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"block", "a.yaml", `
apiVersion: v1 # mine
kind: Secret
metadata:
  name: "a"
  namespace: b
  labels:
    istio/multiCluster: "true"
  annotations: {networking.istio.io/cluster: west, other: hunter2}
type: Opaque
stringData:
  west: |
    kind: Config
  "other": hunter2
  list: [hunter2]
`, `
apiVersion: v1 # [redacted]
kind: Secret
metadata:
  name: "a"
  namespace: b
  labels:
    istio/multiCluster: "true"
  annotations: {networking.istio.io/cluster: west, [redacted]}
type: Opaque
stringData:
  west: |
    [redacted]
  [redacted]
  [redacted]
`},
		{"flow", "a.yaml", `{kind: Secret, metadata: {name: a}, data: {a: hunter2, b: "x"}}`, `{kind: Secret, metadata: {name: a}, data: {[redacted]}}`},
		{"JSON", "a.json", `{"kind":"Secret","data":{"a":"hunter2","b":"x"},"metadata":{"name":"a"}}`, `{"kind":"Secret","data":{[redacted]},"metadata":{"name":"a"}}`},
		{"list", "a.yaml", `
kind: List
items:
- kind: Secret
  data: {a: hunter2}
- kind: Namespace
  metadata: {name: a}
`, `
kind: List
items:
- kind: Secret
  data: {[redacted]}
- kind: Namespace
  metadata: {name: a}
`},
		{"other documents", "a.yaml", "kind: Namespace # a\n---\nkind: Secret # a\n---\nkind: Namespace # a\n", "kind: Namespace # [redacted]\n---\nkind: Secret # [redacted]\n---\nkind: Namespace # [redacted]\n"},
		{"no Secret", "a.yaml", "kind: Deployment\nvolumes:\n- secret: {secretName: cacerts} # a\n", "kind: Deployment\nvolumes:\n- secret: {[redacted]\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			found := &diag.List{}
			Read(tt.file, []byte(tt.text), found)
			if got := found.Redacted(tt.file); got != tt.want {
				t.Errorf("of\n%s\nis shown\n%s\nwant\n%s", tt.text, got, tt.want)
			}
		})
	}
}

// TestAliasesOfData reads names that repeat what the data of a Secret says: they would be quoted. Data that repeats a
// name is public.
func TestAliasesOfData(t *testing.T) {
	for _, text := range []string{
		"kind: Secret\nstringData: {a: &p hunter2}\nmetadata: {name: *p, namespace: *p, labels: {*p : x, y: *p}}\n",
		"kind: Secret\nstringData: &d {name: hunter2, hunter2: y}\nmetadata: {<<: *d, labels: *d}\n",
		"kind: List\nitems:\n- kind: Secret\n  data: {a: &p hunter2}\n- kind: Namespace\n  metadata: {name: *p}\n",
		"kind: Secret\nstringData: {a: &p {b: &q hunter2}}\nmetadata: {name: *q, labels: *p}\n",
	} {
		for _, o := range Read("a.yaml", []byte(text), &diag.List{}) {
			metadata := o.Root.At("metadata")
			if o.Name+o.Namespace != "" || strings.Contains(strings.Join(metadata.At("labels").Keys(), " ")+metadata.StringAt("labels", "y"), "hunter2") {
				t.Errorf("%q is read as %q in %q, labels %v", text, o.Name, o.Namespace, metadata.At("labels").Keys())
			}
		}
	}
	const public = "kind: Secret\nmetadata: {name: &n a}\nstringData: {name: *n}\n"
	if o := Read("a.yaml", []byte(public), &diag.List{})[0]; o.Name != "a" || string(o.Items()[0].Text) != "a" {
		t.Errorf("%q is read as %q with %q", public, o.Name, o.Items()[0].Text)
	}
}
