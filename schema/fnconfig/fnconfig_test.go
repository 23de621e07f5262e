package fnconfig

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/cuecontext"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// TestFunctionSchema proves that CUE reads function.cue as the shapes do, and that what Go repeats of it is so.
func TestFunctionSchema(t *testing.T) {
	ctx := cuecontext.New()
	source := ctx.CompileBytes(source)
	for text, want := range map[string]bool{
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "t", cluster: "a"}`:                              true,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "t", cluster: "a", layers: ["gateway"]}`:         true,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "t", cluster: "a", metadata: {name: "x"}}`:       true,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "", cluster: "a"}`:                               false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "t", cluster: ["a"]}`:                            false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "t", cluster: "a", layers: ["1-prepare"]}`:       false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "t", cluster: "a", clusters: []}`:                false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", cluster: "a"}`:                                             false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "Topology", topology: "t", cluster: "a"}`:                                   false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests"}`:                                                           true,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests", topology: "t", cluster: "a", failOn: "warning"}`:           true,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests", metadata: {name: "x"}, failOn: "info"}`:                    true,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests", failOn: "ignore"}`:                                         false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests", failOn: true}`:                                             false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests", topology: ""}`:                                             false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests", cluster: ["a"]}`:                                           false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests", layers: ["prepare"]}`:                                      false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "LintManifests", clusters: "a"}`:                                            false,
		`{apiVersion: "meshtopo.dev/v1", kind: "LintManifests"}`:                                                                 false,
		`{apiVersion: "meshtopo.dev/v1", kind: "RenderCluster", topology: "t", cluster: "a", layers: ["prepare", "prepare"]}`:    false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "t", cluster: "a", layers: "prepare"}`:           false,
		`{apiVersion: "meshtopo.dev/v1alpha1", kind: "RenderCluster", topology: "t", cluster: "a", layers: ["expose", "secre"]}`: false,
	} {
		definition := source.LookupPath(cue.ParsePath("#RenderCluster"))
		if strings.Contains(text, LintManifests) {
			definition = source.LookupPath(cue.ParsePath("#LintManifests"))
		}
		if err := definition.Unify(ctx.CompileString(text)).Validate(cue.Concrete(true)); (err == nil) != want {
			t.Errorf("CUE says %v of %s", err, text)
		}
		if f, found := Load("f.json", asJSON(t, ctx, text)); (f != nil) != want {
			t.Errorf("Load says %q of %s", places(found.Sorted()), text)
		}
	}
	fields := renderGrammar().Fields()
	layers := fields[slices.IndexFunc(fields, func(f grammar.Field) bool { return f.Path == "layers" })]
	if want := "a list; each item is one of " + strings.Join(layout.Layers(), ", "); layers.Type != want {
		t.Errorf("render has the layers %q, function.cue %q", want, layers.Type)
	}
	if want := fmt.Sprintf(`["%s"]`, strings.Join(DefaultLayers(), `", "`)); layers.Default != want {
		t.Errorf("Go has the default %s, function.cue %s", want, layers.Default)
	}
}

// TestFunctionKinds says which kinds there are where none is meant, and which fields a misspelt one has.
func TestFunctionKinds(t *testing.T) {
	for text, want := range map[string]string{
		"kind: Anything\ntopology: t\ncluster: a\n": `f.yaml:2:7+8 unknown-value: use one of RenderCluster, LintManifests`,
		"kind: LintManifest\nfailOn: info\n":        `f.yaml:2:7+12 unknown-value: write LintManifests`,
		"kind: LintManifests\nfailon: info\n":       `f.yaml:3:1+6 unknown-field: did you mean "failOn"?`,
		"kind: LintManifests\ncluster: [a, b]\n":    `f.yaml:3:1+7 several-clusters: write a kustomization for each cluster, with a LintManifests of its own`,
	} {
		_, found := Load("f.yaml", []byte("apiVersion: meshtopo.dev/v1alpha1\n"+text))
		var got []string
		for _, d := range found.Sorted() {
			got = append(got, fmt.Sprintf("%s:%d:%d+%d %s: %s", d.Pos.File, d.Pos.Line, d.Pos.Col, d.Pos.Width, d.Code, d.Fix))
		}
		if !slices.Equal(got, []string{want}) {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
}

func asJSON(t *testing.T, ctx *cue.Context, text string) []byte {
	t.Helper()
	out, err := ctx.CompileString(text).MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFunctionRuleExamples proves that the examples that `meshtopo explain` shows are what it says they are.
func TestFunctionRuleExamples(t *testing.T) {
	mesh := &schema.Topology{Clusters: []*schema.Cluster{{Name: "cluster-a"}, {Name: "cluster-b"}}}
	for _, r := range Rules {
		for text, want := range map[string]bool{r.Bad: true, r.Good: false} {
			document := "apiVersion: meshtopo.dev/v1alpha1\nkind: RenderCluster\n" + text + "\n"
			for _, other := range []string{"topology: topology.yaml\n", "cluster: cluster-a\n"} {
				if !strings.Contains(text, other[:8]) {
					document += other
				}
			}
			f, found := Load("f.yaml", []byte(document))
			if f != nil && f.Topology != "topology.yaml" {
				f.Missing(found, "it does not exist")
			} else if f != nil {
				f.CheckCluster(mesh, found)
			}
			var codes []string
			for _, d := range found.Sorted() {
				codes = append(codes, d.Code)
			}
			if slices.Contains(codes, r.Code) != want || want && len(codes) > 1 {
				t.Errorf("%s: %q gives %q", r.Code, text, codes)
			}
		}
	}
}

// TestEmptyAdvice tells for a field without a value what helps: one that is required cannot be deleted.
func TestEmptyAdvice(t *testing.T) {
	const right = "apiVersion: meshtopo.dev/v1alpha1\nkind: RenderCluster\ntopology: t\ncluster: a\n"
	for _, tt := range []struct{ text, why, fix string }{
		{strings.Replace(right, "cluster: a", "cluster:", 1), "null is neither", "give it a text that is not empty"},
		{strings.Replace(right, "kind: RenderCluster", "kind: ~", 1), "null is neither", "give it RenderCluster"},
		{right + "layers:\n", "null is neither", "or delete the field"},
		{right + "layers: []\n", "nothing would be rendered", "name a layer, or delete the field for prepare, secrets, expose"},
	} {
		_, found := Load("f.yaml", []byte(tt.text))
		all := found.Sorted()
		if len(all) != 1 || all[0].Code != "empty-value" {
			t.Errorf("%q: %q", tt.text, places(all))
			continue
		}
		if d := all[0]; !strings.Contains(d.Why, tt.why) || !strings.HasSuffix(d.Fix, tt.fix) {
			t.Errorf("%q: why %q, fix %q", tt.text, d.Why, d.Fix)
		}
	}
}

// places writes findings as "line:col code".
func places(found []*diag.Diagnostic) []string {
	var out []string
	for _, d := range found {
		out = append(out, fmt.Sprintf("%d:%d %s", d.Pos.Line, d.Pos.Col, d.Code))
	}
	return out
}
