package evaluator

import (
	"bytes"
	"io/fs"
	"path"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/parser"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// checkCUEFiles looks at the files that are about to be evaluated, for what CUE would say without a place, or in
// many places. What cannot be read, and what they import, is left to the evaluation.
func checkFiles(fsys fs.FS, dir string, files []string, found *diag.List) bool {
	isPackage := path.Ext(files[0]) != ".cue"
	if isPackage {
		files = packageFiles(fsys, dir)
	}
	sound := true
	var parsed []*ast.File
	for _, name := range files {
		text, err := fs.ReadFile(fsys, name)
		if err != nil || len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		text, ok := document.CheckText(name, text, found)
		if !ok {
			sound = false
			continue
		}
		f, err := parser.ParseFile(name, text)
		if err != nil {
			reportCUESyntax(name, text, err, found)
			sound = false
			continue
		}
		parsed = append(parsed, f)
	}
	return sound && checkPackage(parsed, isPackage, found)
}

// packageFiles gives the files of a directory that can be part of its package.
func packageFiles(fsys fs.FS, dir string) []string {
	files, _ := fs.Glob(fsys, path.Join(dir, "[^._]*.cue"))
	return files
}

// checkPackage reports files that are not one package. CUE leaves files without a package clause out of a directory.
func checkPackage(files []*ast.File, isPackage bool, found *diag.List) bool {
	var first *ast.File
	for _, f := range files {
		switch name := f.PackageName(); {
		case name == "" || name == "_":
		case first == nil:
			first = f
		case name != first.PackageName():
			d := found.Add(packagePos(f), invalidCUE, "this file is of package %s, and %s of package %s", name, first.Filename, first.PackageName())
			d.Why = "a topology is one CUE package: it would be left to chance which one is meant"
			d.Fix = "use one package clause, keep the other package in a directory of its own, or name the files of the topology one by one"
			d.Relate(packagePos(first), "the other package clause")
			return false
		}
	}
	if isPackage && first == nil && len(files) > 0 {
		d := found.Add(diag.Pos{File: files[0].Filename, Line: 1, Col: 1}, invalidCUE, "the CUE files of this directory have no package clause")
		d.Why = "a directory is read as a CUE package, which files without a clause are not part of"
		d.Fix = "write `package NAME` at the top of each file, or name the files on the command line"
		return false
	}
	return true
}

// packagePos gives the place of the name in a package clause.
func packagePos(f *ast.File) diag.Pos {
	for _, d := range f.Decls {
		if p, ok := d.(*ast.Package); ok {
			pos := p.Name.Pos()
			return diag.Pos{File: f.Filename, Line: pos.Line(), Col: pos.Column(), Width: len(p.Name.Name)}
		}
	}
	return diag.Pos{File: f.Filename, Line: 1, Col: 1}
}

// cueMessages says in our words what the CUE parser found, by a part of its own message.
var cueMessages = []struct{ part, message, fix string }{
	{"string literal not terminated", "a quote is not closed", "close the quote"},
	{"in list literal", `a "[" is not closed, or a comma is missing`, "close it, or separate the items with commas"},
	{"expected ']'", `a "[" is not closed`, "close it"},
	{"expected '}'", `a "{" is not closed`, "close it"},
	{"expected ')'", `a "(" is not closed`, "close it"},
	{"found '}'", `a "}" stands here without a "{"`, "delete it, or mend what is above"},
	{"in struct literal", "a comma or a line break is missing between two fields", "put each field on its own line"},
	{"expected operand", "a value is missing here", "write the value"},
	{"label or ':'", `a field has no ":" after its name`, "write `name: value`, with quotes around names such as \"cluster-a\""},
	{"illegal character", "this character cannot stand here", "delete it, or put the text in quotes"},
}

// reportCUESyntax reports where a file stops being CUE; what the parser finds after that follows from it.
func reportCUESyntax(file string, text []byte, err error, found *diag.List) {
	first := errors.Errors(err)[0]
	at := min(first.Position().Offset(), len(bytes.TrimRight(text, " \t\r\n")))
	d := found.Add(document.PosAt(file, text, at), invalidCUE, "the file is not valid CUE here")
	for _, m := range cueMessages {
		if strings.Contains(first.Error(), m.part) {
			d.Message, d.Fix = m.message, m.fix
			return
		}
	}
}
