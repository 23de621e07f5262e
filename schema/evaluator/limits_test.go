package evaluator

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// repeatedly writes a line for each number below n.
func repeatedly(format string, n int) string {
	var out strings.Builder
	for i := range n {
		out.WriteString(strings.NewReplacer("<i>", fmt.Sprint(i), "<next>", fmt.Sprint(i+1)).Replace(format))
	}
	return out.String()
}

// costly are packages that make much of little: what they would take has no bound, or takes minutes.
var costly = []struct{ name, text string }{
	{"a long list", `spec: list.Range(0, 1e8, 1)`},
	{"nested comprehensions", `spec: [for a in list.Range(0, 1000, 1) for b in list.Range(0, 1000, 1) for c in list.Range(0, 1000, 1) {a + b + c}]`},
	{"doubled strings", `a0: "xxxxxxxxxxxxxxxx"` + repeatedly("\na<next>: a<i> + a<i>", 40)},
	{"doubled structs", `_a0: x: 1` + repeatedly("\n_a<next>: {l: _a<i>, r: _a<i>}", 40) + "\nspec: _a40"},
	{"doubled lists", `_a0: [1, 2]` + repeatedly("\n_a<next>: [for _ in [1, 2] {_a<i>}]", 40) + "\nspec: _a40"},
	{"a chain of references", repeatedly("a<i>: a<next>\n", 8000) + "a8000: 1"},
	{"disjunctions", repeatedly("_a<i>: {x<i>: 1 | 2 | 3} | {y<i>: 4 | 5 | 6}\n", 30) + "spec: _a0" + repeatedly(" & _a<i>", 30)},
	{"a long sum", "spec: 1" + strings.Repeat("+1", 48000)},
}

// TestLimits gives up on each costly package when it has taken a fraction of what packages usually may. The evaluation
// goes on until the process ends, so each has its own.
func TestLimits(t *testing.T) {
	for _, tt := range costly {
		t.Run(tt.name, func(t *testing.T) {
			c := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestGivenUp$", "-test.v")
			c.Env = append(os.Environ(), "MESHTOPO_TEST_COSTLY="+tt.name)
			if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS: TestGivenUp") {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}

// TestGivenUp evaluates the costly package that TestLimits names.
func TestGivenUp(t *testing.T) {
	for _, tt := range costly {
		if tt.name != os.Getenv("MESHTOPO_TEST_COSTLY") {
			continue
		}
		usual = limits{cpu: 500 * time.Millisecond, memory: memory() + 64<<20, size: 1 << 20}
		found := &diag.List{}
		files := fstest.MapFS{"a.cue": {Data: []byte("package mesh\n\nimport \"list\"\n\n_used: list.MaxItems\n" + tt.text + "\n")}}
		root, err := Read(schema.Grammar(), Package{FS: files, Dir: ".", Files: []string{"."}}, found)
		got := found.Sorted()
		if root != nil || len(got) != 1 || got[0].Code != "cue-limit" || err != nil && !errors.Is(err, ErrGivenUp) {
			t.Errorf("found %v, %v", got, err)
		}
	}
}

// TestManyClusters evaluates an honest package of 3,000 clusters, which takes a small part of what it may.
func TestManyClusters(t *testing.T) {
	defer func(l limits) { usual = l }(usual)
	usual = limits{cpu: usual.cpu / 2, memory: usual.memory / 3, size: usual.size / 3}
	text := `package mesh

import "list"

spec: networks: {for i in list.Range(0, 30, 1) {"network-\(i)": {}}}
spec: clusters: [string]: {network: string, labels: {team: *"shop" | string, stage: "production"}, podCIDRs: [...string]}
spec: clusters: {for i in list.Range(0, 3000, 1) {
	"cluster-\(i)": {
		network: "network-\(mod(i, 30))"
		if i < 30 {eastWestGateway: {addresses: ["203.0.113.\(i+1)"], port: 15443}}
		if i >= 30 {primary: "cluster-\(mod(i, 30))", state: "joining"}
		podCIDRs: ["10.\(div(i, 250)).\(mod(i, 250)).0/24"]
		apiServer: url: "https://cluster-\(i).example.com:6443"
		credential: token: file: "tokens/cluster-\(i)"
	}
}}
`
	found := &diag.List{}
	p := Package{FS: fstest.MapFS{"a.cue": {Data: []byte(text)}}, Dir: ".", Files: []string{"."}}
	root, err := Read(schema.Grammar(), p, found)
	if err != nil || found.Len() > 0 || len(root.At("spec", "clusters").Fields) != 3000 {
		t.Errorf("found %v, %v", found.Sorted(), err)
	}
}
