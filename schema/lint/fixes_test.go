package lint

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"meshtopo.dev/meshtopo/schema/diag"
)

// mended are the cases of TestCases whose every finding --fix mends. A rule that has an edit has one of them.
var mended = []string{
	"east-west-without-empty-profile", "operator-unnamed", "remote-secret-unlabelled", "remote-secret-unlabelled_capital",
	"unknown-kind_misspelt", "cacerts-key",
}

// TestFixes makes the edits of all cases until there are no more. Those of the cases above leave nothing to find
// but what is found also; the edits of the
// others bring no finding of another rule. All keep the other lines, and none is offered for what is good.
func TestFixes(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			bad, _ := sources(a, "bad/")
			in := Input{Clusters: bad, Now: now, Topology: topology(t, a, "bad/"), Edits: true}
			before := run(t, bad, in.Topology)
			after, edits := fixAll(t, in)
			for _, d := range after {
				if !slices.ContainsFunc(before, func(b *diag.Diagnostic) bool { return b.Code == d.Code }) {
					t.Errorf("mending brings %s:%d: %s [%s]", d.Pos.File, d.Pos.Line, d.Message, d.Code)
				}
			}
			after = slices.DeleteFunc(after, func(d *diag.Diagnostic) bool { return slices.Contains(also(a), d.Code) })
			if slices.Contains(mended, name) && (edits == 0 || len(after) > 0) {
				t.Errorf("%d edits leave %d findings", edits, len(after))
			}
			good, _ := sources(a, "good/")
			if _, edits := fixAll(t, Input{Clusters: good, Now: now, Topology: topology(t, a, "good/"), Edits: true}); edits > 0 {
				t.Errorf("%d edits of what is good", edits)
			}
		})
	}
	for code := range menders {
		if !slices.ContainsFunc(mended, func(name string) bool { return name == code || strings.HasPrefix(name, code+"_") }) && code != "unquoted-scalar" {
			t.Errorf("no case shows that %s is mended", code)
		}
	}
}

// fixAll makes the edits of what is found until there are none, and gives what is found then and how many findings were mended.
func fixAll(t *testing.T, in Input) (left []*diag.Diagnostic, mended int) {
	t.Helper()
	for range 20 {
		found, err := Run(in)
		if err != nil {
			t.Fatal(err)
		}
		edits, n := found.Mend()
		if n == 0 {
			return found.Sorted(), mended
		}
		mended += n
		for _, c := range in.Clusters {
			for i, file := range c.Files {
				text, err := file.Read()
				if err != nil {
					t.Fatal(err)
				}
				after := diag.Apply(text, edits[file.Name])
				if kept := lines(after); !contains(kept, unedited(text, edits[file.Name])) {
					t.Errorf("%s lost a line:\n%s", file.Name, after)
				}
				c.Files[i].Read = func() ([]byte, error) { return after, nil }
			}
		}
	}
	t.Fatal("there is always something to mend")
	return nil, 0
}

func lines(text []byte) []string { return strings.Split(string(text), "\n") }

// unedited gives the lines that no edit is in.
func unedited(text []byte, edits []diag.Edit) []string {
	var kept []string
	for i, line := range lines(text) {
		if !slices.ContainsFunc(edits, func(e diag.Edit) bool { return e.Pos.Line == i+1 }) {
			kept = append(kept, line)
		}
	}
	return kept
}

// contains reports whether all of the lines are there, in their order.
func contains(all, some []string) bool {
	for _, line := range all {
		if len(some) > 0 && line == some[0] {
			some = some[1:]
		}
	}
	return len(some) == 0
}

// TestUncertain offers no edit where a person has to decide, or where it could not be certain of it.
func TestUncertain(t *testing.T) {
	const operator = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\n"
	const secret = "apiVersion: v1\nkind: Secret\n"
	tests := []struct {
		name  string
		files []string
	}{
		{"two control planes", []string{operator + "metadata: {name: control-plane}\n", operator}},
		{"the label says otherwise", []string{secret + "metadata: {name: istio-remote-secret-west, labels: {istio/multiCluster: \"false\"}}\nstringData: {}\n"}},
		{"anchors", []string{secret + "metadata: &m {name: istio-remote-secret-west}\nstringData: {}\n"}},
		{"an invented kind", []string{"apiVersion: networking.istio.io/v1\nkind: RemoteCluster\n"}},
		{"a kind that could be several", []string{"apiVersion: networking.istio.io/v1\nkind: WorkloadPolicy\n"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var source Source
			for i, text := range tt.files {
				source.Files = append(source.Files, File{Name: string(rune('a'+i)) + ".yaml", Read: func() ([]byte, error) { return []byte(text), nil }})
			}
			if left, mended := fixAll(t, Input{Clusters: []Source{source}, Now: now, Edits: true}); mended > 0 || len(left) == 0 {
				t.Errorf("%d findings are mended and %d are left", mended, len(left))
			}
		})
	}
}

// TestTwiceRead leaves a file alone that is read for two clusters: an edit would be about both.
func TestTwiceRead(t *testing.T) {
	read := func() ([]byte, error) {
		return []byte("apiVersion: v1\nkind: Secret\nmetadata: {name: istio-remote-secret-west}\nstringData: {}\n"), nil
	}
	files := []File{{Name: "a.yaml", Read: read}}
	if _, mended := fixAll(t, Input{Clusters: []Source{{"east", files}, {"west", files}}, Now: now, Edits: true}); mended > 0 {
		t.Errorf("%d findings are mended", mended)
	}
	if _, mended := fixAll(t, Input{Clusters: []Source{{"east", slices.Clone(files)}}, Now: now, Edits: true}); mended != 1 {
		t.Errorf("read once, %d findings are mended, want 1", mended)
	}
}

// FuzzFixes makes all edits of any manifests: what could be read can be read still, and other lines stay.
func FuzzFixes(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range a.Files {
			plain, _ := unmark(part.Name, string(part.Data))
			f.Add([]byte(plain), []byte("apiVersion: install.istio.io/v1alpha1\r\nkind: IstioOperator"))
		}
	}
	f.Fuzz(func(t *testing.T, a, b []byte) {
		file := func(name string, text []byte) File {
			return File{Name: name, Read: func() ([]byte, error) { return text, nil }}
		}
		in := Input{Clusters: []Source{{"east", []File{file("a.yaml", a), file("b.yaml", b)}}}, Now: now, Edits: true}
		before, err := Run(in)
		if err != nil {
			t.Fatal(err)
		}
		unreadable := count(before.Sorted(), "invalid-yaml", "duplicate-key")
		if left, _ := fixAll(t, in); count(left, "invalid-yaml", "duplicate-key") > unreadable {
			t.Errorf("%q and %q cannot be read any more", a, b)
		}
	})
}

func count(findings []*diag.Diagnostic, codes ...string) int {
	n := 0
	for _, d := range findings {
		if slices.Contains(codes, d.Code) {
			n++
		}
	}
	return n
}
