package patch

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

const operator = `# a comment above
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata:
  name: eastwest
  namespace: "istio-system"
spec:
  profile: "empty" # a comment beside
  z: "1.10"
  list: ["*"]
  components:
    ingressGateways:
    - name: one
      enabled: true
      label: {b: "1", a: "2"}
      k8s:
        env:
        - name: A
          value: "on"
    - name: two
      enabled: false
  a: 1
`

// apply makes a patch on the object above.
func apply(t *testing.T, text string, owned ...Owned) (*Object, []*Problem) {
	t.Helper()
	p, problem := New(inline(text, &schema.Target{Name: "eastwest"}))
	if problem != nil {
		t.Fatal(problem.Message)
	}
	o, err := Read([]byte(operator), func(Identity) []Owned { return owned }, &Work{})
	if err != nil {
		t.Fatal(err)
	}
	fits, problems := p.Apply(o)
	if !fits {
		t.Fatal("the patch does not fit")
	}
	return o, problems
}

// TestOrderIsRestored proves that a patch costs no more lines of a pull request than it changes, in either form.
func TestOrderIsRestored(t *testing.T) {
	for name, tt := range map[string]struct{ patch, old, new string }{
		"operations":  {`[{"op": "add", "path": "/spec/components/ingressGateways/0/k8s/x", "value": "yes"}]`, "          value: \"on\"\n", "          value: \"on\"\n        x: \"yes\"\n"},
		"a new value": {`[{"op": "replace", "path": "/spec/z", "value": "1.20"}]`, `z: "1.10"`, `z: "1.20"`},
		"an item":     {`[{"op": "add", "path": "/spec/components/ingressGateways/0", "value": {"name": "zero"}}]`, "    - name: one\n", "    - name: zero\n    - name: one\n"},
		"a list":      {`[{"op": "add", "path": "/spec/list/-", "value": "a b"}]`, `["*"]`, `["*", "a b"]`},
		"removed":     {`[{"op": "remove", "path": "/spec/a"}]`, "  a: 1\n", ""},
		"a merge":     {"kind: X\nmetadata: {name: x}\nspec:\n  # mine\n  profile: other\n", `profile: "empty"`, `profile: "other"`},
		"a map":       {"kind: X\nmetadata: {name: x}\nspec: {new: {b: 1, a: {}}}\n", "  a: 1\n", "  a: 1\n  new:\n    b: 1\n    a: {}\n"},
		"lines":       {"kind: X\nmetadata: {name: x}\nspec: {a: \"one\\ntwo\\n\"}\n", "  a: 1\n", "  a: |\n    one\n    two\n"},
		"nothing":     {`[{"op": "add", "path": "/spec/a", "value": 1}]`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			o, problems := apply(t, tt.patch)
			if len(problems) > 0 {
				t.Fatal(problems[0].Message)
			}
			text, err := o.Text()
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.Replace(operator, tt.old, tt.new, 1); string(text) != want {
				t.Errorf("Text() =\n%s\nwant\n%s", text, want)
			}
		})
	}
}

// TestLosses has merges that lose something of a list, and those that say that they mean it.
func TestLosses(t *testing.T) {
	merge := func(list string) string {
		return "kind: X\nmetadata: {name: x}\nspec:\n  components:\n    ingressGateways:\n" + list
	}
	const two = "    - {name: two, enabled: false}\n"
	for name, tt := range map[string]struct{ patch, want string }{
		"an item":         {merge(two), `the patch loses "one": it replaces the list spec.components.ingressGateways`},
		"fields":          {merge("    - {name: one, enabled: false}\n" + two), `the patch loses label and k8s of "one": it replaces the list spec.components.ingressGateways`},
		"a field below":   {merge("    - {name: one, enabled: true, label: {a: \"2\"}, k8s: {env: [{name: A, value: b}]}}\n" + two), `the patch loses label.b of "one": it replaces the list spec.components.ingressGateways`},
		"an item below":   {merge("    - {name: one, enabled: true, label: {a: \"2\", b: \"1\"}, k8s: {env: [{name: B, value: b}]}}\n" + two), `the patch loses k8s."A" in env of "one": it replaces the list spec.components.ingressGateways`},
		"all named":       {merge("    - {name: one, enabled: false, label: {a: \"3\", b: \"1\"}, k8s: {env: [{name: A, value: b}]}}\n" + two), ""},
		"null on purpose": {"kind: X\nmetadata: {name: x}\nspec: {components: {ingressGateways: null}}\n", ""},
		"a list of texts": {"kind: X\nmetadata: {name: x}\nspec: {list: [a]}\n", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, problems := apply(t, tt.patch)
			got := ""
			if len(problems) > 0 {
				got = problems[0].Message
			}
			if got != tt.want || len(problems) > 1 {
				t.Errorf("%d problems, the first: %q, want %q", len(problems), got, tt.want)
			}
		})
	}
}

// TestFoldedLines proves that where the notation folds lines, the message says which line of the patch is meant.
func TestFoldedLines(t *testing.T) {
	s := inline("- op: add\n  path: /a\n  value: 1\n- op: remov\n  path: /a\n", &schema.Target{})
	s.Line = func(int) (diag.Pos, bool) { return diag.Pos{}, false }
	_, problem := New(s)
	if problem == nil || problem.Message != "line 4 of the patch: JSON 6902 has no such operation" || problem.Pos != s.Pos {
		t.Errorf("New() = %+v", problem)
	}
}

// TestCulprit proves that of several operations the one that changed what is owned is named, though a later one of the
// same patch touches it too without changing it.
func TestCulprit(t *testing.T) {
	_, problems := apply(t, `- {op: add, path: /spec/x, value: 1}
- {op: remove, path: /spec/components/ingressGateways/0}
- {op: add, path: /spec/y, value: 1}
`, Owned{Path: []string{"spec", "components", "ingressGateways", "[name=one]", "label"}, Why: "w", Fix: "f"})
	if len(problems) != 1 || problems[0].Pos.Line != 2 {
		t.Fatalf("%d problems, the first %+v", len(problems), problems)
	}
	if want := "the patch removes spec.components.ingressGateways[name=one]"; problems[0].Message != want {
		t.Errorf("the message is %q, want %q", problems[0].Message, want)
	}
}

// TestPatchAfterPatch proves that a patch can bring back a list of which all has to stay and that an earlier one has
// taken away: both are findings.
func TestPatchAfterPatch(t *testing.T) {
	owned := Owned{Path: []string{"spec", "components", "ingressGateways"}, Kept: true, Unique: []string{"name"}, Why: "w", Fix: "f"}
	o, problems := apply(t, `[{op: remove, path: /spec/components/ingressGateways}]`, owned)
	p, problem := New(inline(`[{op: add, path: /spec/components/ingressGateways, value: [{name: one}]}]`, &schema.Target{}))
	if problem != nil {
		t.Fatal(problem.Message)
	}
	_, more := p.Apply(o)
	if len(problems) != 1 || len(more) != 1 || more[0].Message != "the patch adds spec.components.ingressGateways" {
		t.Errorf("%d problems, then %d: %+v", len(problems), len(more), more)
	}
}

// TestItemsOfAnyGateway proves that what is owned of every item of a list is, and that the item is named.
func TestItemsOfAnyGateway(t *testing.T) {
	owned := Owned{Path: []string{"spec", "components", "ingressGateways", "[*]", "k8s", "env", "[name=B]"}, Allowed: `{"name":"B","value":"b"}`, Why: "w", Fix: "f"}
	for text, want := range map[string]string{
		`[{op: add, path: /spec/components/ingressGateways/1/k8s, value: {env: [{name: B, value: b}]}}]`: "",
		`[{op: add, path: /spec/components/ingressGateways/0/k8s/env/-, value: {name: C, value: c}}]`:    "",
		`[{op: add, path: /spec/components/ingressGateways/1/k8s, value: {env: [{name: B, value: c}]}}]`: "the patch adds spec.components.ingressGateways[name=two].k8s.env[name=B]",
		`[{op: add, path: /spec/components/ingressGateways/-, value: {k8s: {env: [{name: B}]}}}]`:        "the patch adds spec.components.ingressGateways[2].k8s.env[name=B]",
	} {
		_, problems := apply(t, text, owned)
		got := ""
		for _, p := range problems {
			got += p.Message
		}
		if got != want {
			t.Errorf("%s gives %q, want %q", text, got, want)
		}
	}
}
