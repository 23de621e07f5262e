// Package grammar compares a document with a format that is written in CUE: it reports what is wrong in words of its
// own, and fills in the defaults.
//
// It reads the part of CUE that our own formats are written in. What CUE itself says of a document, and of the CUE
// files of a user, is left to package evaluator.
package grammar

import (
	"fmt"
	"strconv"
	"strings"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// Grammar is a schema that has been read.
type Grammar struct {
	Source     []byte            // in CUE
	Definition string            // what a file of this grammar holds
	Hints      map[string]string // by the name of a definition: where to turn for a field that it does not have
	document   *shape            // the same, as read
	defs       map[string]*ast.Field
	shapes     map[string]*shape
}

// Parse reads a schema whose documents are of one definition.
func Parse(file string, src []byte, definition string) (*Grammar, error) {
	f, err := parser.ParseFile(file, src, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	g := &Grammar{Source: src, Definition: definition, defs: map[string]*ast.Field{}, shapes: map[string]*shape{}}
	for _, d := range f.Decls {
		if field, ok := d.(*ast.Field); ok {
			g.defs[labelName(field.Label)] = field
		}
	}
	if g.document, err = g.defined(definition); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return g, nil
}

func (g *Grammar) defined(name string) (*shape, error) {
	if s, ok := g.shapes[name]; ok {
		return s, nil
	}
	field, ok := g.defs[name]
	if !ok {
		return nil, fmt.Errorf("no definition %s", name)
	}
	s := &shape{}
	g.shapes[name] = s
	if err := g.read(s, field.Value); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	s.name = name
	if s.kind == document.String || s.kind == document.Int {
		s.words = comment(field)
	}
	return s, nil
}

func (g *Grammar) shape(e ast.Expr) (*shape, error) {
	if id, ok := e.(*ast.Ident); ok && strings.HasPrefix(id.Name, "#") {
		return g.defined(id.Name)
	}
	s := &shape{}
	return s, g.read(s, e)
}

// read fills s from an expression. It knows the part of CUE that topology.cue is written in.
func (g *Grammar) read(s *shape, e ast.Expr) error {
	if isNumber(e) {
		var err error
		s.kind = document.Int
		s.limits, err = readLimits(e)
		return err
	}
	switch e := e.(type) {
	case *ast.Ident:
		return g.readIdent(s, e)
	case *ast.BasicLit:
		text, err := literal.Unquote(e.Value)
		s.kind, s.enum = document.String, append(s.enum, text)
		return err
	case *ast.StructLit:
		return g.readStruct(s, e)
	case *ast.ListLit:
		return g.readList(s, e)
	case *ast.UnaryExpr:
		return readPatterns(s, e)
	case *ast.BinaryExpr:
		if e.Op == token.AND {
			return readPatterns(s, e)
		}
		if e.Op == token.OR {
			return g.readAlternatives(s, e)
		}
	}
	return fmt.Errorf("%v: an expression that shapes do not know", e.Pos())
}

func (g *Grammar) readIdent(s *shape, id *ast.Ident) error {
	switch id.Name {
	case "string":
		s.kind = document.String
		s.anyOf = append(s.anyOf, nil)
	case "bool":
		s.kind = document.Bool
	case "_":
		s.kind = document.Any
	default:
		other, err := g.defined(id.Name)
		if err != nil {
			return err
		}
		preset, presetAs, enum := s.preset, s.presetAs, s.enum
		*s = *other
		s.preset, s.presetAs, s.enum = preset, presetAs, append(enum, other.enum...)
	}
	return nil
}

func (g *Grammar) readStruct(s *shape, lit *ast.StructLit) error {
	s.kind = document.Map
	for _, d := range lit.Elts {
		switch d := d.(type) {
		case *ast.Ellipsis:
			s.open = true
		case *ast.Field:
			if err := g.readField(s, d); err != nil {
				return err
			}
		default:
			return fmt.Errorf("%v: a declaration that shapes do not know", d.Pos())
		}
	}
	return nil
}

func (g *Grammar) readField(s *shape, f *ast.Field) error {
	if list, ok := f.Label.(*ast.ListLit); ok {
		var err error
		if s.key, err = g.shape(list.Elts[0]); err != nil {
			return err
		}
		s.value, err = g.shape(f.Value)
		return err
	}
	fs, err := g.shape(f.Value)
	if err != nil {
		return fmt.Errorf("%s: %w", labelName(f.Label), err)
	}
	s.fields = append(s.fields, &fieldShape{
		name: labelName(f.Label), doc: comment(f), shape: fs,
		required: f.Constraint == token.NOT, optional: f.Constraint == token.OPTION,
	})
	return nil
}

func (g *Grammar) readList(s *shape, lit *ast.ListLit) error {
	s.kind = document.List
	if ellipsis, ok := lit.Elts[0].(*ast.Ellipsis); ok && len(lit.Elts) == 1 {
		var err error
		s.elem, err = g.shape(ellipsis.Type)
		return err
	}
	return fmt.Errorf("%v: a list that shapes do not know", lit.Pos())
}

func (g *Grammar) readAlternatives(s *shape, e *ast.BinaryExpr) error {
	for _, side := range []ast.Expr{e.X, e.Y} {
		if star, ok := side.(*ast.UnaryExpr); ok && star.Op == token.MUL {
			if err := readPreset(s, star.X); err != nil {
				return err
			}
			continue
		}
		if err := g.read(s, side); err != nil {
			return err
		}
	}
	return nil
}

// readPreset reads a default: a literal, a list of strings, or a reference to another field.
func readPreset(s *shape, e ast.Expr) error {
	switch e := e.(type) {
	case *ast.SelectorExpr:
		s.presetAs = []string{e.X.(*ast.Ident).Name, labelName(e.Sel)}
		return nil
	case *ast.ListLit:
		s.preset = &document.Node{Kind: document.List}
		for _, item := range e.Elts {
			text, err := literal.Unquote(item.(*ast.BasicLit).Value)
			if err != nil {
				return err
			}
			s.preset.Items = append(s.preset.Items, &document.Node{Kind: document.String, Text: text})
		}
		return nil
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, err := literal.Unquote(e.Value)
			s.kind, s.preset, s.enum = document.String, &document.Node{Kind: document.String, Text: text}, append(s.enum, text)
			return err
		}
		s.preset = &document.Node{Kind: document.Bool, Text: e.Value}
		if e.Kind == token.INT {
			s.preset.Kind = document.Int
		}
		return nil
	}
	return fmt.Errorf("%v: a default that shapes do not know", e.Pos())
}

// readPatterns reads =~, !~ and strings.MaxRunes, joined by &.
func readPatterns(s *shape, e ast.Expr) error {
	all, err := patterns(e)
	s.kind = document.String
	s.anyOf = append(s.anyOf, all)
	return err
}

func patterns(e ast.Expr) ([]pattern, error) {
	switch e := e.(type) {
	case *ast.BinaryExpr:
		left, err := patterns(e.X)
		if err != nil {
			return nil, err
		}
		right, err := patterns(e.Y)
		return append(left, right...), err
	case *ast.UnaryExpr:
		text, err := literal.Unquote(e.X.(*ast.BasicLit).Value)
		if err != nil {
			return nil, err
		}
		return []pattern{{re: diag.OnceRegexp(text), not: e.Op == token.NMAT}}, nil
	case *ast.CallExpr:
		if sel, ok := e.Fun.(*ast.SelectorExpr); ok && labelName(sel.Sel) == "MaxRunes" {
			max, err := strconv.Atoi(e.Args[0].(*ast.BasicLit).Value)
			return []pattern{{max: max}}, err
		}
	}
	return nil, fmt.Errorf("%v: a constraint that shapes do not know", e.Pos())
}

func labelName(l ast.Node) string {
	if id, ok := l.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// comment gives the comment above a field, as one paragraph.
func comment(f *ast.Field) string {
	var lines []string
	for _, group := range ast.Comments(f) {
		if !group.Doc {
			continue
		}
		for _, c := range group.List {
			lines = append(lines, strings.TrimSpace(strings.TrimPrefix(c.Text, "//")))
		}
	}
	return strings.Join(lines, " ")
}
