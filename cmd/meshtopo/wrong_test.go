package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/cmd/internal/drift"
	"meshtopo.dev/meshtopo/cmd/internal/encrypted"
	"meshtopo.dev/meshtopo/cmd/internal/steps"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/plaintext"
)

// wrong is an example with a mistake in it, and what is found there.
type wrong struct {
	codes   string // of all findings, by place, which the texts mark ‹so›; "+" joins those at one place
	name    string
	edits   []edit
	example string                            // two-clusters, unless another one is named
	file    string                            // which the edits are made in; topology.yaml, unless another one is named
	files   map[string]string                 // written over those of the example; "<stdin>" is standard input
	change  func(t *testing.T, root *os.Root) // what is neither an edit nor a file
	args    []string                          // of the command; the file, unless others are given
	whole   string                            // the file that the first finding is about as a whole
}

// edit replaces a text of a file, which must occur there once, by another.
type edit struct{ old, new string }

// inShort gives every fifth of a table under -short: for the race detector, which runs so, they are one run a hundred
// times.
func inShort(table []wrong) []wrong {
	if !testing.Short() {
		return table
	}
	var some []wrong
	for i := 0; i < len(table); i += 5 {
		some = append(some, table[i])
	}
	return some
}

// wrongs are all tables of errors.
func wrongs(t *testing.T) []wrong {
	return slices.Concat(wrongFields(), wrongNotation(), wrongInputs(), wrongMeshes(), wrongIstio(), wrongInstallers(), wrongRevisions(), wrongGitOps(), wrongFederations(), wrongPatches(), wrongPatched(), wrongMaterial(t), wrongCRLs(t), wrongSecrets(t), wrongProviders(), wrongCredentials(t), wrongClients())
}

// TestWrong runs `meshtopo render` on every wrong topology of the tables. It finds exactly what the table says, at
// the places that the table marks, exits with 1, leaves the output directory alone, and its report can be shown to
// anybody.
func TestWrong(t *testing.T) {
	for _, w := range inShort(wrongs(t)) {
		t.Run(w.codes+"/"+w.name, func(t *testing.T) {
			dir := copyExample(t, w.exampleName())
			want := w.prepare(t, dir)
			out := renderedBefore(t, w.exampleName())
			before := snapshot(t, out)
			got := inProcess(t, dir, want.stdin, append([]string{"render", "-o", out}, w.arguments()...)...)
			got.check(t, exitFound, want)
			got.checkFit(t, dir)
			if after := snapshot(t, out); !maps.Equal(after, before) {
				t.Errorf("the output directory was %q and is %q", before, after)
			}
		})
	}
}

func (w wrong) exampleName() string { return cmp.Or(w.example, "two-clusters") }

func (w wrong) arguments() []string {
	if w.args != nil {
		return w.args
	}
	return []string{cmp.Or(w.file, "topology.yaml")}
}

// expected is what a run finds, each as "file:line:column code", the text that is marked at a place, and what the
// run reads on stdin.
type expected struct {
	findings []string
	marked   map[string]string
	stdin    string
}

// prepare makes a copy of the example wrong, and gives what is to be found.
func (w wrong) prepare(t *testing.T, dir string) expected {
	t.Helper()
	texts := map[string]string{}
	maps.Copy(texts, w.files)
	if len(w.edits) > 0 {
		file := cmp.Or(w.file, "topology.yaml")
		texts[file] = apply(t, read(t, filepath.Join(dir, file)), w.edits)
	}
	want := expected{marked: map[string]string{}}
	var places []string
	if w.whole != "" {
		places = append(places, w.whole)
	}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text, marks := unmark(t, texts[name])
		for _, m := range marks {
			place := name + ":" + m.place
			places = append(places, place)
			want.marked[place] = m.text
		}
		if name == "<stdin>" {
			want.stdin = text
			continue
		}
		write(t, filepath.Join(dir, name), text)
	}
	if w.change != nil {
		root, err := os.OpenRoot(dir)
		if err != nil {
			t.Fatal(err)
		}
		defer root.Close()
		w.change(t, root)
	}
	want.findings = w.join(t, places)
	return want
}

// join gives each place its codes.
func (w wrong) join(t *testing.T, places []string) []string {
	t.Helper()
	groups := strings.Fields(w.codes)
	if len(groups) != len(places) {
		t.Fatalf("%d codes for the places %q", len(groups), places)
	}
	var findings []string
	for i, group := range groups {
		for code := range strings.SplitSeq(group, "+") {
			findings = append(findings, places[i]+" "+code)
		}
	}
	return findings
}

func apply(t *testing.T, text string, edits []edit) string {
	t.Helper()
	for _, e := range edits {
		if n := strings.Count(text, e.old); n != 1 {
			t.Fatalf("%q occurs %d times", e.old, n)
		}
		text = strings.Replace(text, e.old, e.new, 1)
	}
	return text
}

// mark is a part of a text: line and column of its beginning, and what it says.
type mark struct{ place, text string }

// unmark takes the marks ‹ and › out of a text.
func unmark(t *testing.T, marked string) (text string, marks []mark) {
	t.Helper()
	for {
		before, rest, ok := strings.Cut(marked, "‹")
		text += before
		if !ok {
			return text, marks
		}
		inside, after, closed := strings.Cut(rest, "›")
		if !closed {
			t.Fatalf("a mark is not closed:\n%s", marked)
		}
		line := text[strings.LastIndexByte(text, '\n')+1:]
		column := utf8.RuneCountInString(strings.TrimPrefix(line, "\ufeff")) + 1
		marks = append(marks, mark{fmt.Sprintf("%d:%d", strings.Count(text, "\n")+1, column), inside})
		text, marked = text+inside, after
	}
}

// copyExample copies an example, without the tree that it gives.
func copyExample(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	from := os.DirFS(filepath.Join("../../testdata", name))
	err := fs.WalkDir(from, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == "want":
			return fs.SkipDir
		case d.IsDir():
			return os.MkdirAll(filepath.Join(dir, path), 0o777)
		}
		text, err := fs.ReadFile(from, path)
		return errors.Join(err, os.WriteFile(filepath.Join(dir, path), text, 0o666))
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// renderedBefore gives an output directory that holds the tree of an example.
func renderedBefore(t *testing.T, name string) string {
	t.Helper()
	out := t.TempDir()
	if err := os.CopyFS(out, os.DirFS(filepath.Join("../../testdata", name, "want"))); err != nil {
		t.Fatal(err)
	}
	return out
}

// snapshot gives mode, time and content of all files below a directory.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		all[path] = fmt.Sprintf("%v %v", info.Mode(), info.ModTime())
		if !d.IsDir() {
			all[path] += " " + read(t, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte(text), 0o666)); err != nil {
		t.Fatal(err)
	}
}

// TestEveryRuleIsInTheTables keeps the tables complete.
func TestEveryRuleIsInTheTables(t *testing.T) {
	tested := map[string]bool{
		"schema-mismatch":       true, // a mistake of meshtopo, not of a topology
		"output-obstacle":       true, // it is in the output directory: testdata/script/render_obstacle.txtar
		"misspelt-private-path": true, // render needs what is not there: testdata/script/validate_misspelt_path.txtar
		"tracked-private-file":  true, // as the next
		"untracked-file":        true, // it is in a work tree of git: testdata/script/validate_tracked.txtar
		"kustomize-flags":       true, // it is in the kustomization: testdata/script/validate_kustomize.txtar
		"foreign-object":        true, // it is among the items of a ResourceList: testdata/script/fn_foreign.txtar

		"sealing-certificate-expired": true, // render refuses to seal: TestExpiredSealing

		"guessed-clusters": true, // it is in a directory of manifests, as is the next: testdata/script/lint_guess.txtar
		"not-linted":       true,

		"nothing-to-lint":   true, // there is no item: testdata/script/fn_lint_position.txtar
		"validator-refused": true, // it is in the kustomization: testdata/script/fn_lint_position.txtar
	}
	for _, r := range slices.Concat(drift.Rules(), encrypted.Rules, steps.Rules()) {
		tested[r.Code] = true // it is in the output directory, too: diff_reports.txtar, encrypted_test.go
	}
	for _, r := range plaintext.Rules() {
		tested[r.Code] = true // it is in any file: schema/plaintext
	}
	for _, r := range lint.Rules() {
		tested[r.Code] = true // it is in manifests: schema/lint/testdata
	}
	for _, w := range slices.Concat(wrongs(t), doubtful(t), wrongFunctions()) {
		for code := range strings.FieldsFuncSeq(w.codes, func(r rune) bool { return r == ' ' || r == '+' }) {
			tested[code] = true
		}
	}
	for _, r := range allRules() {
		if !tested[r.Code] {
			t.Errorf("no topology in the tables has %s", r.Code)
		}
	}
}
