package schema

import (
	"bytes"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/load"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
)

// cueReader evaluates CUE files or a package and turns the result into nodes.
type cueReader struct {
	files *recordingFS
	texts map[string][]byte // the CUE files of the user that were read
	found *diag.List
}

// readCUE evaluates a package directory, or files of one package, and gives the document, or nil. Evaluation
// sees nothing but fsys: no registry, no environment, no other directory.
func readCUE(fsys fs.FS, dir string, files []string, found *diag.List) *node {
	if !checkCUETexts(fsys, dir, files, found) {
		return nil
	}
	r := &cueReader{files: &recordingFS{FS: fsys}, texts: map[string][]byte{}, found: found}
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
	return r.read(value, nil, diag.Pos{File: dir})
}

// checkCUETexts looks at the text of the files that are about to be evaluated. What cannot be read, and what
// they import, is left to the evaluation.
func checkCUETexts(fsys fs.FS, dir string, files []string, found *diag.List) bool {
	if path.Ext(files[0]) != ".cue" {
		files, _ = fs.Glob(fsys, path.Join(dir, "*.cue"))
	}
	sound := true
	for _, name := range files {
		if text, err := fs.ReadFile(fsys, name); err == nil && len(bytes.TrimSpace(text)) > 0 {
			_, ok := checkText(name, text, found)
			sound = sound && ok
		}
	}
	return sound
}

// rootless turns a path of the loader into one of the topology's root. CUE takes an empty root for none.
func rootless(p string) string {
	if p == "/" {
		return "."
	}
	return strings.TrimPrefix(p, "/")
}

// report says in our words what CUE could not load or evaluate.
func (r *cueReader) report(err error, dir string) {
	if len(r.files.refused) > 0 {
		for _, refused := range r.files.refused {
			r.found.Add(diag.Pos{File: refused.Path}, unreadableFile, "%s cannot be read: %s", refused.Path, readProblem(refused))
		}
		return
	}
	all := errors.Errors(err)
	for _, e := range all[:min(len(all), maxCUEErrors)] {
		r.reportOne(e, dir)
	}
}

// maxCUEErrors is how many of CUE's errors are reported: the rest mostly follows from the first.
const maxCUEErrors = 100

func (r *cueReader) reportOne(e errors.Error, dir string) {
	pos := diag.Pos{File: dir}
	var places []diag.Pos
	for _, p := range errors.Positions(e) {
		if p.IsValid() && r.texts[p.Filename()] != nil {
			places = append(places, r.pos(p))
		}
	}
	if len(places) > 0 {
		pos = places[0]
	}
	format, args := e.Msg()
	what := displayPath(e.Path())
	switch {
	case strings.HasPrefix(format, "conflicting values") || strings.Contains(format, "disjunction") || strings.Contains(format, "out of bound"):
		for _, p := range places {
			r.found.Hide(hiddenFor(p, e.Path()))
		}
		d := r.found.Add(pos, conflictingValues, "%s has values that exclude each other", what)
		for _, p := range places[min(1, len(places)):] {
			d.Related = append(d.Related, diag.Related{Pos: p, Message: "another value"})
		}
	case strings.HasPrefix(format, "reference %q not found"):
		r.found.Add(pos, invalidCUE, "nothing is called %v here", args[0])
	case strings.HasPrefix(format, "field not allowed"):
		r.found.Add(pos, invalidCUE, "%s is not allowed by a closed definition", what)
	case strings.HasPrefix(format, "undefined field"):
		r.found.Add(pos, invalidCUE, "there is no field %v here", args[0])
	case strings.Contains(format, "cannot find package") || strings.Contains(format, "import failed"):
		d := r.found.Add(pos, invalidCUE, "an import cannot be found")
		d.Fix = "keep the package in this module: nothing is fetched from a registry"
	case strings.Contains(e.Error(), "embed"):
		d := r.found.Add(pos, invalidCUE, "an @embed cannot be resolved")
		d.Fix = "embed files that are below the CUE module's root"
	case len(places) == 0:
		r.found.Add(pos, invalidCUE, "no CUE package can be loaded from here")
	default:
		r.found.Add(pos, invalidCUE, "CUE cannot read or evaluate this")
	}
}

// hiddenFor gives the place to hide for a value below a private field, or no place.
func hiddenFor(pos diag.Pos, path []string) diag.Pos {
	if !isPrivate(path) {
		return diag.Pos{}
	}
	return diag.Pos{File: pos.File, Line: pos.Line, Col: 1}
}

// pos gives a position of CUE, which counts bytes, in characters.
func (r *cueReader) pos(p token.Pos) diag.Pos {
	text := r.texts[p.Filename()]
	if text == nil {
		return diag.Pos{}
	}
	return posAt(p.Filename(), text, min(p.Offset(), len(bytes.TrimRight(text, " \t\r\n"))))
}

// read turns an evaluated value into a node; parent is the place of what holds it.
func (r *cueReader) read(v cue.Value, path []string, parent diag.Pos) *node {
	if d, ok := v.Default(); ok {
		v = d
	}
	n := &node{pos: r.valuePos(v)}
	if r.texts[n.pos.File] == nil {
		n.pos = parent
	}
	switch v.Kind() {
	case cue.NullKind:
		n.kind = kindNull
	case cue.BoolKind:
		b, _ := v.Bool()
		n.kind, n.text = kindBool, strconv.FormatBool(b)
	case cue.IntKind:
		i, _ := v.Int(nil)
		n.kind, n.text = kindInt, i.String()
	case cue.FloatKind, cue.NumberKind:
		f, _ := v.Float64()
		n.kind, n.text = kindFloat, formatFloat(f)
	case cue.StringKind:
		n.kind = kindString
		n.text, _ = v.String()
	case cue.ListKind:
		n.kind = kindList
		items, _ := v.List()
		for i := 0; items.Next(); i++ {
			n.items = append(n.items, r.read(items.Value(), append(path, strconv.Itoa(i)), n.pos))
		}
	case cue.StructKind:
		r.readStruct(n, v, path)
	default:
		n.broken = true
		r.found.Add(n.pos, notConcrete, "%s has no value yet", displayPath(path))
	}
	return n
}

func (r *cueReader) readStruct(n *node, v cue.Value, path []string) {
	n.kind = kindMap
	fields, err := v.Fields()
	if err != nil {
		return
	}
	for fields.Next() {
		key := fields.Selector().Unquoted()
		value := r.read(fields.Value(), append(path, key), n.pos)
		n.add(key, r.keyPos(fields.Value(), value.pos), value)
	}
}

// valuePos gives where a value is written: of several conjuncts, the first.
func (r *cueReader) valuePos(v cue.Value) diag.Pos {
	switch src := v.Source().(type) {
	case *ast.Field:
		return r.nodePos(src.Value)
	case nil:
	default:
		return r.nodePos(src)
	}
	return r.pos(v.Pos())
}

func (r *cueReader) keyPos(v cue.Value, otherwise diag.Pos) diag.Pos {
	if field, ok := v.Source().(*ast.Field); ok {
		return r.nodePos(field.Label)
	}
	return otherwise
}

func (r *cueReader) nodePos(n ast.Node) diag.Pos {
	pos := r.pos(n.Pos())
	if end := r.pos(n.End()); end.Line == pos.Line {
		pos.Width = end.Col - pos.Col
	}
	return pos
}
