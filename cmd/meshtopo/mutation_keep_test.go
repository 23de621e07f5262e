package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// mutant is what a mistake makes of an example. testdata/conformance gives it to Istio's control plane.
type mutant struct {
	Name        string
	Example     string
	Codes       []string           // that are found
	Files       map[string]*string // of the tree that are not as they were, by CLUSTER/FILE: what they are now, or null
	Topology    map[string]*string // the same, of the topology and the files that it names
	CommandLine []string           // of validate, for a topology
}

// keep writes a mutant where MUTANTS says, for whoever wants more of it than what is found.
func keep(t *testing.T, mutated func() mutant) {
	t.Helper()
	dir := os.Getenv("MUTANTS")
	if dir == "" {
		return
	}
	encoded, err := json.Marshal(mutated())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%x.json", sha256.Sum256(encoded))), encoded, 0o600); err != nil {
		t.Fatal(err)
	}
}

// mutant gives the manifests with the mistake.
func (m manifestMutation) mutant(t *testing.T, g *golden) mutant {
	made := mutant{Name: m.name, Example: g.Name}
	for _, w := range m.want {
		made.Codes = append(made.Codes, w.code)
	}
	made.Files = differing(readGolden(t, g.Name).Files, g.Files) // g.Before may have been written in another way
	return made
}

// mutant gives the topology with the mistake, and the files that it names.
func (w wrong) mutant(t *testing.T, dir string) mutant {
	return mutant{
		Name: w.name, Example: w.exampleName(), Codes: w.each(), CommandLine: w.arguments(),
		Topology: differing(inputs(t, filepath.Join("../../testdata", w.exampleName())), inputs(t, dir)),
	}
}

// inputs gives the files of an example but for its tree.
func inputs(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && entry.Name() == "want":
			return fs.SkipDir
		case entry.Type().IsRegular():
			name, err := filepath.Rel(dir, file)
			all[filepath.ToSlash(name)] = read(t, file)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// differing gives the files that are not as before.
func differing(before, now map[string]string) map[string]*string {
	all := map[string]*string{}
	for name, text := range now {
		if was, ok := before[name]; !ok || was != text {
			all[name] = &text
		}
	}
	for name := range before {
		if _, ok := now[name]; !ok {
			all[name] = nil
		}
	}
	return all
}
