package patch

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// rendered gives the objects of an example's tree.
func rendered(t testing.TB, dir string) [][]byte {
	t.Helper()
	var all [][]byte
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".yaml" || path.Base(name) == "kustomization.yaml" {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		_, text, _ = bytes.Cut(text, []byte("\n"))
		all = append(all, bytes.Split(text, []byte("---\n"))...)
		return nil
	})
	if err != nil || len(all) == 0 {
		t.Fatal(len(all), err)
	}
	return all
}

// inline gives a patch that stands in a literal block, as it were: every line has a place.
func inline(text string, target *schema.Target) Source {
	return Source{
		Text: text, Pos: diag.Pos{File: "t.yaml", Line: 1, Col: 1}, Target: target,
		Line:      func(line int) (diag.Pos, bool) { return diag.Pos{File: "t.yaml", Line: line, Col: 1}, true },
		TargetPos: func(string) diag.Pos { return diag.Pos{File: "t.yaml", Line: 1, Col: 1} },
	}
}

// FuzzPatch makes any patch on the objects of an example: nothing panics, every position is in the patch, and an
// object that is changed can be written, read back and is still the same object.
func FuzzPatch(f *testing.F) {
	f.Add("", "", "[{op: add, path: /metadata/labels/team, value: mesh}]")
	f.Add("IstioOperator", "control-plane", "[{op: add, path: /spec/values/a, value: [1, 1.5, null, {b: c}]}]")
	f.Add("IstioOperator", "eastwest", "[{op: move, from: /spec/components, path: /spec/values/x/-}]")
	f.Add("IstioOperator", "eastwest", "[{op: copy, from: /spec, path: /spec/spec}, {op: copy, from: /spec, path: /spec/spec}]")
	f.Add("Secret", ".*", "- op: test\n  path: /metadata/name\n  value: a\n- op: remove\n  path: /data/x\n")
	f.Add("", "istio-system", "kind: Namespace\nmetadata: {name: a, labels: {$patch: replace, a: b}}\n$setElementOrder/a: [b]\n")
	f.Add("ServiceAccount", "", "kind: ServiceAccount\nmetadata: {name: a}\nsecrets: [{name: b, $patch: delete}]\nimagePullSecrets: [{name: c}]\n")
	f.Add("Gateway", "", "kind: Gateway\nmetadata: {name: a}\nspec:\n  servers: [{$patch: merge}]\n  selector: null\n")
	f.Add("", "", "kind: ClusterRole\nmetadata: {name: [a]}\nrules:\n- verbs: [x]\n")
	f.Add("(", "a", "- op: add\n  path: [\n")
	f.Add("", "", "{\"op\":\t\"add\"}")
	f.Add("", "", "a: &a [*a]\n")
	texts := rendered(f, "../../testdata/two-clusters/want/clusters/cluster-a")
	f.Fuzz(func(t *testing.T, kind, name, text string) {
		lines := strings.Count(text, "\n") + 1
		check := func(problem *Problem) {
			if problem.Pos.Line < 1 || problem.Pos.Line > lines {
				t.Errorf("%s is at line %d of %d: %s", problem.Rule.Code, problem.Pos.Line, lines, problem.Message)
			}
			problem.AddTo(&diag.List{})
		}
		p, problem := New(inline(text, &schema.Target{Kind: kind, Name: name}))
		if problem != nil {
			check(problem)
			return
		}
		for _, text := range texts {
			o, err := Read(text, func(Identity) []Owned { return nil }, &Work{})
			if err != nil {
				t.Fatal(err)
			}
			before := o.Identity()
			fits, problems := p.Apply(o)
			for _, problem := range problems {
				check(problem)
			}
			if !fits && o.Changed() {
				t.Error("the patch changes what it does not fit")
			}
			written, err := o.Text()
			if err != nil {
				t.Fatal(err)
			}
			var again yaml.Node
			if err := yaml.Unmarshal(written, &again); err != nil {
				t.Fatalf("%v:\n%s", err, written)
			}
			if identity(again.Content[0]) != before {
				t.Errorf("%v has become %v", before, identity(again.Content[0]))
			}
			if canonical(again.Content[0]) != canonical(o.root) {
				t.Errorf("read back, it is another object:\n%s", written)
			}
		}
	})
}
