// Package loader is the way from files to a valid topology: it reads YAML, JSON and CUE into one document, and has it
// checked against the schema, against the rules that cross clusters, and against the certificates, keys and tokens that
// it names.
//
// What each of these checks finds wrong is left to its own package.
package loader

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/evaluator"
	"meshtopo.dev/meshtopo/schema/grammar"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/material"
	"meshtopo.dev/meshtopo/schema/rules"
)

// Input is what Load reads.
type Input struct {
	FS              fs.FS           // the topology's root; nothing outside it is read
	Files           []string        // slash-separated, below FS; "-" is Stdin, a directory a CUE package
	Stdin           io.Reader       // read for "-"
	Material        material.Reader // reads what the topology names
	RequireMaterial bool            // private material that is not there is an error, not Topology.Unread
	RequireFor      string          // limits RequireMaterial to the files of this cluster; "" for all
	Committed       bool            // what goes into encrypted files alone is not required: current ones are kept
	Now             time.Time       // the clock of expiry checks
	Within          time.Duration   // what ends so soon is worth a warning; 0 for 90 days
	CUELimit        int             // how many times the usual limits a CUE package may take; 0 for once

	// Dated is told what ends, even where there are errors; or nil.
	Dated func([]schema.Expiry)

	// Rules gives every rule whose findings a topology can adjust, those of other packages as well; nil for Rules.
	Rules func() []*diag.Rule
}

// Load reads a topology from all files of the input together and checks it. The list has every problem of all
// files, warnings included; the topology is nil if and only if there is an error among them. The error is about
// what the input names and cannot be read, an *fs.PathError with a path below the root where it is a file.
func Load(in Input) (*schema.Topology, *diag.List, error) {
	found := &diag.List{}
	root, err := readAll(in, found)
	found.Show(show)
	if errors.Is(err, evaluator.ErrGivenUp) {
		return nil, found, nil // with what says so: the command ends, and the evaluation with it
	}
	if err != nil || root == nil {
		return nil, found, err
	}
	if !checkForeign(root, found) {
		return nil, found, nil
	}
	schema.Grammar().Check(root, "a topology", found)
	mismatches, judged := &diag.List{}, func() {}
	if !found.HasErrors() { // CUE also sees what package grammar may have missed
		judged = beside(func() { evaluator.Validate(schema.Grammar(), root, mismatches) })
	}
	t := schema.Decode(root, found)
	rules.CheckSettings(t, in.rules, found)
	t.Adjust(found)
	files := material.New(t, in.access(), found)
	rules.Check(t, found)
	files.Check(root)
	if in.Dated != nil {
		in.Dated(t.Public.Expiries)
	}
	judged()
	found.Append(mismatches)
	if found.HasErrors() {
		return nil, found, nil
	}
	return t, found, nil
}

// beside runs f while the caller goes on, and gives a function that waits for it, and panics where f did. A large mesh
// takes CUE as long as the rest of Load together.
func beside(f func()) (wait func()) {
	done := make(chan any, 1)
	go func() {
		defer func() { done <- recover() }()
		f()
	}()
	return func() {
		if panicked := <-done; panicked != nil {
			panic(panicked)
		}
	}
}

// rules gives the rules whose findings the topology can adjust.
func (in Input) rules() []*diag.Rule {
	if in.Rules == nil {
		return Rules()
	}
	return in.Rules()
}

// access is how the files that the topology names are read.
func (in Input) access() material.Access {
	return material.Access{Reader: in.Material, Require: in.RequireMaterial, RequireFor: in.RequireFor, Committed: in.Committed, Now: in.Now, Within: in.Within, List: in.list}
}

// maxListed is how many names of a directory are looked at.
const maxListed = 5000

// list gives the names in a directory below the root.
func (in Input) list(dir string) []string {
	entries, err := fs.ReadDir(in.FS, dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries[:min(len(entries), maxListed)] {
		names = append(names, e.Name())
	}
	return names
}

// readAll gives the unified document of all files, or nil where none could be read.
func readAll(in Input, found *diag.List) (*document.Node, error) {
	var root *document.Node
	var cueFiles []string
	join := func(doc *document.Node) {
		switch {
		case doc == nil || !isMap(doc, found):
		case root == nil:
			root = doc
		default:
			root = unify(root, doc, nil, found)
		}
	}
	for _, name := range in.Files {
		if path.Ext(name) == ".cue" {
			cueFiles = append(cueFiles, name)
			continue
		}
		doc, err := read(in, name, found)
		if err != nil {
			return nil, err
		}
		join(doc)
	}
	if len(cueFiles) > 0 {
		for _, name := range cueFiles {
			if _, err := fs.Stat(in.FS, name); err != nil {
				return nil, unreadable(name, err)
			}
		}
		doc, err := in.evaluate(".", cueFiles, found)
		if err != nil {
			return nil, err
		}
		join(doc)
	}
	return root, nil
}

// isMap reports whether a document can be a topology, or a part of one, and reports one that cannot.
func isMap(doc *document.Node, found *diag.List) bool {
	switch doc.Kind {
	case document.Map:
		return true
	case document.Null:
		if !doc.Broken {
			found.Add(diag.Pos{File: doc.Pos.File, Line: 1, Col: 1}, document.EmptyFile, "the file holds no topology")
		}
	default:
		fields := strings.Join(schema.Grammar().FieldNames(), ", ")
		d := found.Add(doc.Pos, grammar.WrongType, "a topology must be a map with %s, not %s", fields, doc.Kind)
		d.Fix = "give a topology; `meshtopo explain spec` lists its fields"
	}
	return false
}

// read gives the document of one file, standard input or package directory.
func read(in Input, name string, found *diag.List) (*document.Node, error) {
	if name == "-" {
		text, err := io.ReadAll(io.LimitReader(in.Stdin, document.MaxFileSize+1))
		if err != nil {
			return nil, fmt.Errorf("standard input: %w", err)
		}
		return readText(grammar.StdinName, text, found), nil
	}
	info, err := fs.Stat(in.FS, name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	if info.IsDir() {
		return in.evaluate(name, []string{"."}, found)
	}
	if info.Size() > document.MaxFileSize {
		found.Add(diag.Pos{File: name}, document.FileTooLarge, "the file has %d bytes; at most %d are read", info.Size(), document.MaxFileSize)
		return nil, nil
	}
	text, err := fs.ReadFile(in.FS, name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return readText(name, text, found), nil
}

// evaluate gives the document of a CUE package, or of files of one.
func (in Input) evaluate(dir string, files []string, found *diag.List) (*document.Node, error) {
	p := evaluator.Package{FS: in.FS, Dir: dir, Files: files, Times: in.CUELimit}
	return evaluator.Read(schema.Grammar(), p, found)
}

// unreadable says in a few words why an input cannot be read, with its path below the root.
func unreadable(name string, err error) error {
	return &fs.PathError{Op: "read", Path: name, Err: errors.New(document.ReadProblem(err))}
}

// Rules lists every rule of a topology and its files, by code.
func Rules() []*diag.Rule {
	rules := slices.Concat([]*diag.Rule{notATopology}, document.Rules, grammar.Rules, evaluator.Rules, []*diag.Rule{schema.InvalidCIDR}, rules.All(), material.Rules, kubeconfig.Rules(), kubeconfig.RulesOfSources())
	slices.SortFunc(rules, func(a, b *diag.Rule) int { return strings.Compare(a.Code, b.Code) })
	return rules
}
