package main

import (
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// plantAll has the tokens and keys of an example be found wherever they come out.
func (p *protected) plantAll(t *testing.T, c *canaries) {
	t.Helper()
	for _, pattern := range []string{"certs/*/ca-key.pem", "tokens/*"} {
		files, _ := filepath.Glob(p.file(pattern))
		for _, file := range files {
			if filepath.Base(file) == "east-1" { // one that has no digest
				write(t, file, c.at(file, true))
				continue
			}
			for line := range strings.Lines(read(t, file)) {
				line = strings.TrimSpace(line)
				if parts := strings.Split(line, "."); len(parts) == 3 {
					line = parts[2] // of a token, its claims are known to everybody
				}
				if !strings.HasPrefix(line, "-----") && !strings.HasPrefix(line, "TEST KEY") {
					c.plant(file, []byte(line))
				}
			}
		}
	}
}

// TestEncryptedCanaries looks for tokens and keys in all that the commands show about trees with encrypted Secrets, in
// every format, whether they are right or stale, and in what they hand to sops, leave in files, or write into the tree.
func TestEncryptedCanaries(t *testing.T) {
	if testing.Short() {
		t.Skip("for a race detector it is one run a hundred times")
	}
	for name, prepare := range protections {
		t.Run(name, func(t *testing.T) {
			temporary, runs := t.TempDir(), filepath.Join(t.TempDir(), "runs")
			t.Setenv("TMPDIR", temporary)
			t.Setenv("SOPS_RUNS", runs)
			for _, tt := range staleCases {
				if tt.only != "" && tt.only != name || tt.name == "a Secret in clear" {
					continue
				}
				c := &canaries{random: rand.New(rand.NewPCG(1, 2)), places: map[string]string{}}
				p := prepare(t)
				p.plantAll(t, c)
				if len(c.in(read(t, p.file("tokens/east-1")))) == 0 || len(c.in(read(t, p.file("certs/west-1/ca-key.pem")))) == 0 {
					t.Fatal("what was planted is not found where it stands")
				}
				look := func(args ...string) {
					t.Helper()
					c.runs = 0 // in every format
					for _, place := range c.in(c.shownOf(t, p.dir, "", args...)) {
						t.Errorf("%s, meshtopo %s shows what stands in %s", tt.name, strings.Join(args, " "), place)
					}
				}
				look("render", "--dry-run")
				look("render", "--verify", "-v")
				tt.edit(t, p)
				for _, args := range [][]string{{"validate"}, {"diff"}, {"render", "--dry-run"}, {"lint", "."}, {"lint", "--no-plaintext", "clusters"}, {"lint", "--topology", "topology.yaml", "clusters"}} {
					look(args...)
				}
				for _, place := range c.in(inProcess(t, p.dir, resourceList(t, read(t, p.file("topology.yaml"))), "fn", "--cluster", "west-1").err) {
					t.Errorf("%s, fn shows what stands in %s", tt.name, place)
				}
				t.Run("without sops", func(t *testing.T) {
					t.Setenv("PATH", t.TempDir())
					look("render")
				})
				look("render", "-v")
				look("render", "--reencrypt", "cacerts")
				texts := p.tree(t)
				maps.Copy(texts, map[string]string{"the runs of sops": optional(runs)})
				addFiles(t, texts, temporary)
				for file, text := range texts {
					for _, place := range c.in(text) {
						t.Errorf("%s: %s has what stands in %s", tt.name, file, place)
					}
				}
			}
		})
	}
}

// optional gives the text of a file, or "" where there is none.
func optional(file string) string {
	text, _ := os.ReadFile(file)
	return string(text)
}

func addFiles(t *testing.T, texts map[string]string, dir string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			texts[path] = optional(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
