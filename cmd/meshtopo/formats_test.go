package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/cmd/internal/report"
)

// scenario is a run of the command that reports something.
type scenario struct {
	name string
	code int
	dir  func(t *testing.T) string
	args []string
}

// scenarios give every kind of entry that a report can have. testdata/report holds what each format makes of them; the
// conformance module checks these files against the schemas of those who read them.
func scenarios() []scenario {
	return []scenario{
		{"success", exitOK, func(t *testing.T) string { return copyExample(t, "two-clusters") }, []string{"validate"}},
		{"ten", exitFound, tenMistakes, []string{"validate", "ten.yaml"}},
		{"hostile", exitFound, hostile, []string{"validate", hostileName}},
		{"current", exitOK, renderedExample, []string{"diff"}},
		{"drift", exitFound, drifted, []string{"diff"}},
		{"dry-run", exitOK, drifted, []string{"render", "--dry-run"}},
		{"written", exitOK, drifted, []string{"render"}},
		{"lint", exitFound, disagreeing, []string{"lint"}},
	}
}

// TestFormats compares every format of every scenario with testdata/report. UPDATE=1 writes it.
func TestFormats(t *testing.T) {
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			for _, format := range report.Names() {
				dir := s.dir(t)
				got := meshtopo(t, dir, "", append([]string{s.args[0], "--format", format}, s.args[1:]...)...)
				if got.code != s.code {
					t.Fatalf("meshtopo exits with %d, want %d\n%s", got.code, s.code, got.err)
				}
				for _, secret := range append(privateWords(t, dir), encodedWords(t)...) {
					if strings.Contains(got.out+got.err, secret) {
						t.Errorf("format %s shows %q of the material", format, secret)
					}
				}
				golden := filepath.Join("../../testdata/report", s.name+"."+format)
				if os.Getenv("UPDATE") != "" {
					write(t, golden, got.out)
				}
				if want := read(t, golden); got.out != want {
					t.Errorf("format %s is\n%s\nwant\n%s", format, got.out, want)
				}
			}
		})
	}
}

// encodedWords gives the keys and tokens as they stand in the Secrets of the example.
func encodedWords(t *testing.T) []string {
	t.Helper()
	var words []string
	for _, pattern := range []string{"cacerts.yaml", "remote-secrets/*"} {
		secrets, err := filepath.Glob("../../testdata/two-clusters/want/clusters/*/2-secrets/" + pattern)
		if err != nil || len(secrets) == 0 {
			t.Fatalf("Glob = %q, %v", secrets, err)
		}
		for _, file := range secrets {
			for word := range strings.FieldsSeq(read(t, file)) {
				if word = strings.Trim(word, `"`); len(word) > 100 {
					words = append(words, word[len(word)-100:])
				}
			}
		}
	}
	return words
}

// TestSeveralFormats writes all formats in one run, each what it is alone.
func TestSeveralFormats(t *testing.T) {
	for _, s := range scenarios() {
		dir := s.dir(t)
		args := []string{s.args[0]}
		for _, format := range report.Names() {
			args = append(args, "--format", format+"=report."+format)
		}
		if got := meshtopo(t, dir, "", append(args, s.args[1:]...)...); got.code != s.code || got.out != "" {
			t.Errorf("%s: meshtopo exits with %d and prints %q", s.name, got.code, got.out)
		}
		for _, format := range report.Names() {
			want := read(t, filepath.Join("../../testdata/report", s.name+"."+format))
			if got := read(t, filepath.Join(dir, "report."+format)); got != want {
				t.Errorf("%s: format %s in a file is not what it is on stdout:\n%s", s.name, format, got)
			}
		}
	}
}

func tenMistakes(t *testing.T) string {
	dir := copyExample(t, "multi-primary-multi-network")
	write(t, filepath.Join(dir, "ten.yaml"), read(t, "../../testdata/wrong/ten.yaml"))
	return dir
}

// hostileName and the keys in that file would each break a format that does not escape them.
const hostileName = "1:a,b %41#]]>.yaml"

func hostile(t *testing.T) string {
	dir := copyExample(t, "two-clusters")
	text := read(t, filepath.Join(dir, "topology.yaml"))
	for _, key := range []string{
		`"a\n::error file=x::y"`, `"##[error]b"`, `"%0A::stop-commands::c"`, `"</failure>]]>&amp;"`, `"| [x](javascript:y) <img src=z> ` + "`" + `"`,
		`"\e[31m\u202e"`, `"{0} @everyone $1"`,
	} {
		text = strings.Replace(text, "  mesh:\n", "  "+key+": 1\n  mesh:\n", 1)
	}
	write(t, filepath.Join(dir, hostileName), text)
	return dir
}

func renderedExample(t *testing.T) string {
	dir := copyExample(t, "two-clusters")
	if got := meshtopo(t, dir, "", "render"); got.code != exitOK {
		t.Fatalf("render exits with %d\n%s", got.code, got.err)
	}
	return dir
}

// disagreeing is a rendered example in which somebody gave one cluster another trust domain.
func disagreeing(t *testing.T) string {
	dir := renderedExample(t)
	file := filepath.Join(dir, "clusters/cluster-b/3-control-plane/istio-operator.yaml")
	write(t, file, apply(t, read(t, file), []edit{{`trustDomain: "cluster.local"`, `trustDomain: "example.com"`}}))
	return dir
}

// drifted is a rendered example with every kind of drift but an interrupted render.
func drifted(t *testing.T) string {
	dir := renderedExample(t)
	at := func(file string) string { return filepath.Join(dir, "clusters", file) }
	change := func(file, old, new string) {
		write(t, file, apply(t, read(t, file), []edit{{old, new}}))
	}
	change(filepath.Join(dir, "topology.yaml"), "accessLogFile: /dev/stdout", "accessLogFile: /dev/stderr")
	change(at("cluster-a/5-expose/cross-network-gateway.yaml"), "15443", "15444")
	write(t, at("cluster-b/1-prepare/old.yaml"), strings.Replace(read(t, at("cluster-b/1-prepare/namespace.yaml")), `name: "`, `name: "old-`, 1))
	change(at("cluster-b/2-secrets/cacerts.yaml"), "ca-key.pem: ", "ca-key.pem: x")
	if err := os.Remove(at("cluster-b/5-expose/kustomization.yaml")); err != nil {
		t.Fatal(err)
	}
	return dir
}
