//go:build unix

package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/tree"
)

// forged is what nobody must see as it is: an end of a line, a command of a runner, and sequences for a terminal.
const forged = "x\n::error file=a::forged\r\n ##[error]forged\x1b[2J\x7f\u009b\u202e\u2028\U000e0041"

// inYAML is forged as a quoted scalar has it.
const inYAML = `x\n::error file=a::forged\r\n ##[error]forged\e[2J\x7f\u009b\u202e\u2028\U000e0041`

// TestHostileNames proves that no name in a topology, a tree or a directory of manifests can break the lines of a log
// or forge commands in it: not on stderr, whichever format is asked for, and not on stdout as text.
func TestHostileNames(t *testing.T) {
	tests := []struct {
		name    string
		prepare func(t *testing.T, dir string)
		args    []string
		shown   string // what proves that the name was met
	}{
		{"a root", edited("certs/root-cert.pem", inYAML), []string{"validate"}, "without control characters"},
		{"a token that is not there", edited("tokens/cluster-a", inYAML), []string{"validate"}, "without control characters"},
		{"a token that is not there, of a tree", edited("tokens/cluster-a", inYAML), []string{"diff"}, "without control characters"},
		{"the topology itself", func(t *testing.T, dir string) { write(t, filepath.Join(dir, forged), "x: [") }, []string{"validate", forged}, `x\n::error`},
		{"a topology that begins like a command", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "::error ::.yaml"), "x: [") },
			[]string{"validate", "::error ::.yaml"}, `\::error ::.yaml:1:`},
		{"a topology that is not there", nothing, []string{"validate", forged}, `x\n::error`},
		{"an unknown flag", nothing, []string{"validate", "--fail-on", forged}, `x\n::error`},
		{"an output directory", nothing, []string{"diff", "-o", forged}, `x\n::error`},
		{"a file of the tree", generated("::error ::" + forged + ".yaml"), []string{"diff"}, `x\n::error`},
		{"a text of the tree", generated("old.yaml", "  ::error ::"+forged+"\n"), []string{"diff"}, "-  [redacted]"},
		{"a link among manifests", linked, []string{"lint", "deploy"}, `x\n::error`},
		{"a manifest", func(t *testing.T, dir string) { write(t, filepath.Join(dir, "deploy", forged+".yaml"), "x: [") }, []string{"lint", "deploy"}, `x\n::error`},
		{"a report's directory", nothing, []string{"validate", "--format", "json=" + forged + "/a", "--format", "sarif=" + forged + "/b"}, `x\n::error`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			dir := copyExample(t, "two-clusters")
			tt.prepare(t, dir)
			for _, format := range report.Names() {
				args := append([]string{tt.args[0], "-v", "--format", format}, tt.args[1:]...)
				got := meshtopo(t, dir, "", args...)
				checkVisible(t, format+", stderr", got.err)
				if at := strings.IndexFunc(got.out, hiddenInReport); at >= 0 {
					t.Errorf("%s, stdout has %q", format, got.out[max(0, at-40):min(len(got.out), at+40)])
				}
				if format != "text" {
					continue
				}
				checkVisible(t, "stdout", got.out)
				if !strings.Contains(got.out+got.err, tt.shown) {
					t.Errorf("%q is not shown:\n%s%s", tt.shown, got.out, got.err)
				}
			}
		})
	}
}

func checkVisible(t *testing.T, where, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		hidden := strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
		if hidden || strings.Contains(line, "##[") || strings.HasPrefix(strings.TrimSpace(line), "::") {
			t.Errorf("%s has a line %q", where, line)
		}
	}
}

// hiddenInReport tells the characters that no report shows as themselves.
func hiddenInReport(r rune) bool {
	return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp)
}

func nothing(*testing.T, string) {}

// edited puts another text in the place of one in the topology.
func edited(old, new string) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		file := filepath.Join(dir, "topology.yaml")
		text := read(t, file)
		for _, quoted := range []string{"[" + old + "]", "{file: " + old + "}"} {
			text = strings.ReplaceAll(text, quoted, strings.Replace(quoted, old, `"`+new+`"`, 1))
		}
		if !strings.Contains(text, new) {
			t.Fatalf("%s has no %s", file, old)
		}
		write(t, file, text)
	}
}

// generated makes a file that is taken for one of ours, in a tree that is rendered.
func generated(name string, more ...string) func(t *testing.T, dir string) {
	return func(t *testing.T, dir string) {
		if got := meshtopo(t, dir, "", "render"); got.code != exitOK {
			t.Fatal(got.err)
		}
		text := "# " + tree.Marker("shop") + "\nkind: Namespace\n" + strings.Join(more, "")
		write(t, filepath.Join(dir, "clusters/cluster-a/1-prepare", strings.ReplaceAll(name, "/", "")), text)
	}
}

func linked(t *testing.T, dir string) {
	write(t, filepath.Join(dir, "deploy/ns.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n")
	if err := os.Symlink(dir, filepath.Join(dir, "deploy", forged)); err != nil {
		t.Fatal(err)
	}
}
