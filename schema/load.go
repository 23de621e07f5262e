// Package schema says what a topology is (topology.cue) and whether this one is right.
//
// Load reads YAML, JSON and CUE into one document, checks it against the schema, against the rules that cross
// clusters, and against the certificates, keys and tokens that it names. What each cluster gets from it is the
// business of package render.
package schema

import (
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Input is what Load reads.
type Input struct {
	FS              fs.FS     // the topology's root; nothing outside it is read
	Files           []string  // slash-separated, below FS; "-" is Stdin, a directory a CUE package
	Stdin           io.Reader // read for "-"
	Material        Material  // reads what the topology names
	RequireMaterial bool      // private material that is not there is an error, not Topology.Unread
	Now             time.Time // the clock of expiry checks
}

// stdinName is how standard input is called in positions.
const stdinName = "<stdin>"

// Load reads a topology from all files of the input together and checks it. The list has every problem of all
// files, warnings included; the topology is nil if and only if there is an error among them. The error is about
// what the input names and cannot be read.
func Load(in Input) (*Topology, *diag.List, error) {
	opening := async(newCourt)
	found := &diag.List{}
	root, err := readAll(in, found)
	if err != nil || root == nil {
		return nil, found, err
	}
	t, sound := check(root, found)
	verdict := func() *diag.List { return &diag.List{} }
	if sound {
		verdict = async(func() *diag.List { return opening().judge(root) })
	}
	t.checkRules(found)
	t.checkMaterial(in.Material, in.RequireMaterial, in.Now, found)
	found.Append(verdict())
	if found.HasErrors() {
		return nil, found, nil
	}
	return t, found, nil
}

// async starts f and gives a function that waits for its result: the schema is evaluated while the document is
// read, and CUE judges the document while Go checks what CUE cannot say.
func async[T any](f func() T) func() T {
	done := make(chan T, 1)
	go func() { done <- f() }()
	return func() T { return <-done }
}

// check compares a document with the schema, fills in the defaults and decodes what is right. It reports
// whether the document has the shape of a topology.
func check(root *node, found *diag.List) (*Topology, bool) {
	before := found.Count(diag.Error)
	c := &checker{root: root, found: found}
	c.check(root, schemaGrammar().topology, nil)
	sound := found.Count(diag.Error) == before
	return decode(root, found), sound
}

// readAll gives the unified document of all files, or nil where none could be read.
func readAll(in Input, found *diag.List) (*node, error) {
	var root *node
	var cueFiles []string
	join := func(doc *node) {
		switch {
		case doc == nil:
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
				return nil, fmt.Errorf("%s: %s", name, readProblem(err))
			}
		}
		join(readCUE(in.FS, ".", cueFiles, found))
	}
	return root, nil
}

// read gives the document of one file, standard input or package directory.
func read(in Input, name string, found *diag.List) (*node, error) {
	if name == "-" {
		text, err := io.ReadAll(io.LimitReader(in.Stdin, maxFileSize+1))
		if err != nil {
			return nil, fmt.Errorf("standard input: %w", err)
		}
		return parse(stdinName, text, found), nil
	}
	info, err := fs.Stat(in.FS, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, readProblem(err))
	}
	if info.IsDir() {
		return readCUE(in.FS, name, []string{"."}, found), nil
	}
	if info.Size() > maxFileSize {
		found.Add(diag.Pos{File: name}, fileTooLarge, "the file has %d bytes; at most %d are read", info.Size(), maxFileSize)
		return nil, nil
	}
	text, err := fs.ReadFile(in.FS, name)
	if err != nil {
		return nil, fmt.Errorf("%s: %s", name, readProblem(err))
	}
	return parse(name, text, found), nil
}

// parse reads JSON by its name or, on standard input, by its first character; YAML otherwise.
func parse(name string, text []byte, found *diag.List) *node {
	text, ok := checkText(name, text, found)
	if !ok {
		return nil
	}
	isJSON := path.Ext(name) == ".json"
	if name == stdinName {
		isJSON = strings.HasPrefix(strings.TrimLeft(string(text[:min(len(text), 4096)]), " \t\r\n"), "{")
	}
	if isJSON {
		return readJSON(name, text, found)
	}
	return readYAML(name, text, found)
}

// Rules lists every rule, by code.
func Rules() []*diag.Rule {
	rules := slices.Concat(documentRules, topologyRules, materialRules)
	slices.SortFunc(rules, func(a, b *diag.Rule) int { return strings.Compare(a.Code, b.Code) })
	return rules
}
