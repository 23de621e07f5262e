// Package evaluator runs CUE: it turns packages of a user into documents, and checks each document against the schema.
//
// Evaluation sees the files that it is given and nothing else. CUE's own messages are not shown to users: package
// grammar checks a document first and words most messages, and this package words the others.
package evaluator

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/load"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// reader evaluates CUE files or a package and turns the result into nodes.
type reader struct {
	grammar *grammar.Grammar // has the words for places
	files   *recordingFS
	texts   map[string][]byte // the CUE files of the user that were read
	found   *diag.List
	limits  limits
	size    int64 // of the document so far
	deep    bool  // it is too deep, which has been reported
}

// Package says what Read evaluates.
type Package struct {
	FS    fs.FS    // all that the evaluation sees: no registry, no environment, no other directory
	Dir   string   // of the package
	Files []string // files of one package in that directory, or "." for all of it
	Times int      // how many times the usual limits it may take; 0 for once
}

// ErrGivenUp says that an evaluation took more than the limits. It still goes on, so the process has to end soon.
var ErrGivenUp = errors.New("the evaluation was given up")

// Read evaluates a package and gives the document, or nil.
func Read(g *grammar.Grammar, p Package, found *diag.List) (*document.Node, error) {
	var root *document.Node
	own, l := &diag.List{}, times(p.Times)
	if exceeded := l.watch(func() { root = readPackage(g, p, l, own) }); exceeded != "" {
		reportExceeded(p, exceeded, found)
		return nil, ErrGivenUp
	}
	found.Append(own)
	return root, nil
}

// reportExceeded says of a package as a whole what it takes more of than it may.
func reportExceeded(p Package, what string, found *diag.List) {
	d := found.Add(p.pos(), cueLimit, "this CUE package %s", what)
	d.Fix = fmt.Sprintf("look for a list.Range, a comprehension or a reference to a reference that makes much of little; "+
		"if the package is right, give it more with --cue-limit %d", 4*max(p.Times, 1))
}

// pos stands for a package as a whole.
func (p Package) pos() diag.Pos {
	if p.Files[0] != "." {
		return diag.Pos{File: p.Files[0]}
	}
	return diag.Pos{File: p.Dir}
}

// readPackage is Read without its limits, but for that of the size.
func readPackage(g *grammar.Grammar, p Package, l limits, found *diag.List) (root *document.Node) {
	defer func() {
		if panicked := recover(); panicked != nil {
			reportPanic(p, panicked, found)
			root = nil
		}
	}()
	fsys, dir, files := checkoutFS{p.FS}, p.Dir, p.Files
	if !checkFiles(fsys, dir, files, found) {
		return nil
	}
	r := &reader{grammar: g, files: &recordingFS{FS: fsys}, texts: map[string][]byte{}, found: found, limits: l}
	config := &load.Config{
		FS: r.files, Dir: path.Join("/", dir), Env: []string{"CUE_REGISTRY=none"},
		FromFSPath: rootless,
	}
	if _, err := fs.Stat(fsys, "cue.mod"); err == nil {
		config.ModuleRoot = "/"
	}
	instances := load.Instances(files, config)
	for _, name := range r.files.opened {
		if text, err := fs.ReadFile(fsys, name); err == nil {
			r.texts[name] = text
			found.AddSource(name, text)
		}
	}
	inst := instances[0]
	if inst.Err != nil {
		r.report(inst.Err, dir)
		return nil
	}
	value := cuecontext.New().BuildInstance(inst)
	if err := value.Validate(); err != nil {
		r.report(err, dir)
		return nil
	}
	root = r.read(value, nil, diag.Pos{File: dir})
	switch {
	case r.deep:
		return nil
	case r.size > l.size:
		reportExceeded(p, fmt.Sprintf("gives more than %d MiB of values", l.size>>20), found)
		return nil
	}
	if root.Kind == document.Map && len(root.Fields) == 0 {
		found.Add(root.Pos, document.EmptyFile, "the CUE value has no fields")
		return nil
	}
	return root
}

// rootless turns a path of the loader into one of the topology's root. CUE takes an empty root for none.
func rootless(p string) string {
	if p == "/" {
		return "."
	}
	return strings.TrimPrefix(p, "/")
}

// pos gives a position of CUE, which counts bytes, in characters.
func (r *reader) pos(p token.Pos) diag.Pos {
	text := r.texts[p.Filename()]
	if text == nil {
		return diag.Pos{}
	}
	return document.PosAt(p.Filename(), text, min(p.Offset(), len(bytes.TrimRight(text, " \t\r\n"))))
}

// read turns an evaluated value into a node; parent is the place of what holds it.
func (r *reader) read(v cue.Value, path []string, parent diag.Pos) *document.Node {
	if d, ok := v.Default(); ok {
		v = d
	}
	n := &document.Node{Pos: r.valuePos(v)}
	if r.texts[n.Pos.File] == nil {
		n.Pos = parent
	}
	if !r.fits(n, path) {
		return n
	}
	switch v.Kind() {
	case cue.NullKind:
		n.Kind = document.Null
	case cue.BoolKind:
		b, _ := v.Bool()
		n.Kind, n.Text = document.Bool, strconv.FormatBool(b)
	case cue.IntKind:
		i, _ := v.Int(nil)
		n.Kind, n.Text = document.Int, i.String()
		r.size += int64(len(n.Text))
	case cue.FloatKind, cue.NumberKind:
		f, _ := v.Float64()
		n.Kind, n.Text = document.Float, document.FormatFloat(f)
	case cue.StringKind:
		n.Kind = document.String
		n.Text, _ = v.String()
		r.size += int64(len(n.Text))
		n.Block = r.block(v, n)
	case cue.ListKind:
		n.Kind = document.List
		items, _ := v.List()
		for i := 0; items.Next(); i++ {
			n.Items = append(n.Items, r.read(items.Value(), append(path, strconv.Itoa(i)), n.Pos))
		}
	case cue.StructKind:
		r.readStruct(n, v, path)
	default:
		n.Broken = true
		r.found.Add(n.Pos, notConcrete, "%s has no value yet", r.grammar.DisplayPath(path))
	}
	return n
}

// fits counts a value before it becomes part of the document, and reports whether that is neither too large nor too
// deep for another.
func (r *reader) fits(n *document.Node, path []string) bool {
	r.size += valueSize
	if len(path) > document.MaxDepth && !r.deep {
		r.deep = true
		r.found.Add(n.Pos, document.NestedTooDeep, "values are nested more than %d deep", document.MaxDepth)
	}
	return !r.deep && r.size <= r.limits.size
}

// valueSize is what a value counts besides its text: a line of YAML, with its key.
const valueSize = 64

func (r *reader) readStruct(n *document.Node, v cue.Value, path []string) {
	n.Kind = document.Map
	fields, err := v.Fields()
	if err != nil {
		return
	}
	for fields.Next() {
		key := fields.Selector().Unquoted()
		r.size += int64(len(key))
		value := r.read(fields.Value(), append(path, key), n.Pos)
		n.Add(key, r.keyPos(fields.Value(), value.Pos), value)
	}
}

// written gives what a value is written as: of several conjuncts, the first. It is nil for one that is not written.
func written(v cue.Value) ast.Node {
	if field, ok := v.Source().(*ast.Field); ok {
		return field.Value
	}
	return v.Source()
}

func (r *reader) valuePos(v cue.Value) diag.Pos {
	if n := written(v); n != nil {
		return r.nodePos(n)
	}
	return r.pos(v.Pos())
}

func (r *reader) keyPos(v cue.Value, otherwise diag.Pos) diag.Pos {
	if field, ok := v.Source().(*ast.Field); ok {
		return r.nodePos(field.Label)
	}
	return otherwise
}

func (r *reader) nodePos(n ast.Node) diag.Pos {
	pos := r.pos(n.Pos())
	if end := r.pos(n.End()); end.Line == pos.Line {
		pos.Width = end.Col - pos.Col
	}
	return pos
}
