package loader

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/rules"
)

// decodeYAML gives a YAML text as encoding/json would decode it.
func decodeYAML(t *testing.T, text string) map[string]any {
	t.Helper()
	found := &diag.List{}
	n := document.ReadYAML("fragment.yaml", []byte(text), found)
	if n == nil || found.Len() > 0 {
		t.Fatalf("%s\nis not plain YAML: %q", text, places(found.Sorted()))
	}
	m, _ := n.Value().(map[string]any)
	return m
}

// overlay merges a fragment into a document; null deletes.
func overlay(base, over map[string]any) map[string]any {
	merged := maps.Clone(base)
	for k, v := range over {
		o, isMap := v.(map[string]any)
		b, wasMap := merged[k].(map[string]any)
		switch {
		case v == nil:
			delete(merged, k)
		case isMap && wasMap:
			merged[k] = overlay(b, o)
		default:
			merged[k] = v
		}
	}
	return merged
}

// loadFragment loads the two-clusters example with a fragment merged into its spec.
func loadFragment(t *testing.T, fragment string) []string {
	t.Helper()
	doc := overlay(decodeYAML(t, readExample(t, "two-clusters")), map[string]any{"spec": decodeYAML(t, fragment)})
	text, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for _, d := range loadText(t, "topology.json", string(text)) {
		codes = append(codes, d.Code)
	}
	return codes
}

// TestTopologyRuleExamples proves that the examples that `meshtopo explain` shows are what it says they are: the
// bad one breaks its rule and no other one, the good one does not.
func TestTopologyRuleExamples(t *testing.T) {
	for _, r := range rules.All() {
		t.Run(r.Code, func(t *testing.T) {
			if bad := slices.Compact(loadFragment(t, r.Bad)); !slices.Equal(bad, []string{r.Code}) {
				t.Errorf("the bad example gives %q, want only %q:\n%s", bad, r.Code, r.Bad)
			}
			if good := loadFragment(t, r.Good); slices.Contains(good, r.Code) {
				t.Errorf("the good example gives %q:\n%s", good, r.Good)
			}
			if r.Title == "" || r.Why == "" || r.Fix == "" {
				t.Error("the rule has no title, no why or no fix")
			}
		})
	}
}

// TestExamplesAreSound proves that no rule speaks up on a bundled example without need.
func TestExamplesAreSound(t *testing.T) {
	for _, name := range exampleNames(t) {
		want := []string(nil)
		if name == "joining" {
			want = []string{"awaiting-gateway-address"}
		}
		var got []string
		for _, d := range loadText(t, "topology.yaml", readExample(t, name)) {
			got = append(got, d.Code)
		}
		if !slices.Equal(got, want) {
			t.Errorf("Load(%s) found %q, want %q", name, got, want)
		}
	}
}

// ruleBase is a topology without a finding: a primary with a remote on another network, and a second primary.
const ruleBase = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop}
spec:
  mesh:
    id: shop
  istio:
    version: "1.31.1"
  trust:
    roots: [root.pem]
    intermediates: certs/{cluster}
  secrets: {protection: plaintext}
  networks: {net-a: {}, net-b: {}}
  clusters:
    east:
      network: net-a
      apiServer: {url: "https://east.example.com:6443", ca: east.pem}
      credential: {token: {file: tokens/east}}
      eastWestGateway: {addresses: [203.0.113.10]}
    north:
      network: net-b
      primary: east
      apiServer: {url: "https://north.example.com:6443", ca: north.pem}
      credential: {token: {file: tokens/north}}
    west:
      network: net-b
      apiServer: {url: "https://west.example.com:6443", ca: west.pem}
      credential: {token: {file: tokens/west}}
`

// edit replaces a text of ruleBase, which must occur once, by another.
type edit struct{ old, new string }

// marked applies edits to ruleBase and takes out the marks ‹ and ›, which show the place of the finding.
func marked(t *testing.T, edits []edit) (text string, pos diag.Pos) {
	t.Helper()
	text = ruleBase
	for _, e := range edits {
		if strings.Count(text, e.old) != 1 {
			t.Fatalf("%q occurs %d times", e.old, strings.Count(text, e.old))
		}
		text = strings.Replace(text, e.old, e.new, 1)
	}
	before, rest, ok := strings.Cut(text, "‹")
	place, after, closed := strings.Cut(rest, "›")
	if !ok || !closed || strings.ContainsAny(after, "‹›") {
		t.Fatalf("not one place is marked:\n%s", text)
	}
	lines := strings.Split(before, "\n")
	return before + place + after, diag.Pos{
		File: "t.yaml", Line: len(lines), Col: len([]rune(lines[len(lines)-1])) + 1, Width: len([]rune(place)),
	}
}

// TestRules has for every rule the topologies that break it, with the place of the finding between ‹ and ›.
func TestRules(t *testing.T) {
	for _, tt := range ruleTests {
		t.Run(tt.code+"/"+tt.name, func(t *testing.T) {
			text, pos := marked(t, tt.edits)
			found := loadText(t, "t.yaml", text)
			if len(found) != 1 || found[0].Code != tt.code || found[0].Pos != pos {
				t.Fatalf("Load found %s, want %s at %v:\n%s", describe(found), tt.code, pos, text)
			}
			d := found[0]
			if d.Why == "" || d.Fix == "" {
				t.Error("no why or no fix")
			}
			for _, want := range tt.says {
				if !strings.Contains(d.Message+"\n"+d.Fix, want) {
					t.Errorf("the finding does not say %q: %s\nfix: %s", want, d.Message, d.Fix)
				}
			}
		})
	}
}

func describe(found []*diag.Diagnostic) string {
	var b strings.Builder
	for _, d := range found {
		b.WriteString("\n  " + d.Code + ": " + d.Message)
	}
	return b.String() + "\n  at " + strings.Join(places(found), ", ")
}

// TestEveryRuleIsTested keeps the table complete.
func TestEveryRuleIsTested(t *testing.T) {
	tested := map[string]bool{}
	for _, tt := range ruleTests {
		tested[tt.code] = true
	}
	for _, r := range rules.All() {
		if !tested[r.Code] {
			t.Errorf("no test for %s", r.Code)
		}
	}
}

// TestRulesStaySilent has topologies that are right, however near to wrong.
func TestRulesStaySilent(t *testing.T) {
	for _, tt := range silentTests {
		t.Run(tt.name, func(t *testing.T) {
			text, _ := marked(t, append(tt.edits, edit{"kind: Topology", "‹kind›: Topology"}))
			if found := loadText(t, "t.yaml", text); len(found) != 0 {
				t.Errorf("Load found %s\n%s", describe(found), text)
			}
		})
	}
}

// value finds the value of a field on the same line.
var value = regexp.MustCompile(`^: ("[^"]*"|\{[^\n]*\}|\[[^\]\n]*\]|[^,{}\[\]\n]+)`)

// TestBrokenFields proves that no rule adds to what the schema says of a broken field.
func TestBrokenFields(t *testing.T) {
	fromRules := map[string]bool{}
	for _, r := range rules.All() {
		fromRules[r.Code] = true
	}
	for i := range ruleBase {
		m := value.FindString(ruleBase[i:])
		if m == "" {
			continue
		}
		for _, broken := range []string{"1", "[[]]", "null", "true"} {
			text := ruleBase[:i] + ": " + broken + ruleBase[i+len(m):]
			for _, d := range loadText(t, "t.yaml", text) {
				if fromRules[d.Code] {
					t.Errorf("%s: %s\n%s", d.Code, d.Message, text)
				}
			}
		}
	}
}

// TestMisspeltFields proves that no rule takes a field for missing that stands there with a letter too many.
func TestMisspeltFields(t *testing.T) {
	for _, m := range regexp.MustCompile(`[a-zA-Z]+:[ \n]`).FindAllStringIndex(ruleBase, -1) {
		word := ruleBase[m[0] : m[1]-2]
		if slices.Contains([]string{"east", "north", "west", "a", "b"}, word) {
			continue
		}
		text := ruleBase[:m[1]-2] + "x" + ruleBase[m[1]-2:]
		for _, d := range loadText(t, "t.yaml", text) {
			if slices.ContainsFunc(rules.All(), func(r *diag.Rule) bool { return r.Code == d.Code }) {
				t.Errorf("%sx: %s: %s", word, d.Code, d.Message)
			}
		}
	}
}

// TestFieldsLeftOut proves that every prefix of a topology is checked without a panic, and every place is in the file.
func TestFieldsLeftOut(t *testing.T) {
	lines := strings.SplitAfter(ruleBase, "\n")
	for from := range lines {
		for to := from + 1; to <= len(lines); to++ {
			text := strings.Join(lines[:from], "") + strings.Join(lines[to:], "")
			for _, d := range loadText(t, "t.yaml", text) {
				if d.Pos.Line < 0 || d.Pos.Line > len(lines) || d.Message == "" {
					t.Errorf("%s at line %d of\n%s", d.Code, d.Pos.Line, text)
				}
			}
		}
	}
}

// TestPasswordInURL proves that neither message nor excerpt shows what may be a password.
func TestPasswordInURL(t *testing.T) {
	for _, url := range []string{"https://admin:geheim@west.example.com:6443", "http://admin:geheim@west.example.com", "admin:geheim@west.example.com", "https://admin:geheim@[::1"} {
		text := strings.Replace(ruleBase, "https://west.example.com:6443", url, 1)
		_, found, err := Load(Input{FS: fstest.MapFS{"t.yaml": {Data: []byte(text)}}, Files: []string{"t.yaml"}, Material: noMaterial{}})
		if err != nil || !found.HasErrors() {
			t.Errorf("Load with %s: %v, %d findings", url, err, found.Len())
		}
		for _, d := range found.Sorted() {
			line, _, _ := found.Excerpt(d.Pos)
			if all := line + d.Message + d.Why + d.Fix; strings.Contains(all, "geheim") {
				t.Errorf("%s shows the password: %s", d.Code, all)
			}
		}
	}
}
