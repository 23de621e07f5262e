package evaluator

import (
	"strings"
	"unicode/utf8"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/literal"
	"cuelang.org/go/cue/parser"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// Syntax gives a CUE file as it is written, not evaluated: its fields with their places, and the strings, numbers and
// words among their values. Any other expression is a Broken value, and a field that is written twice is there twice.
// It is nil for a file that is not CUE.
func Syntax(file string, text []byte) *document.Node {
	f, err := parser.ParseFile(file, text)
	if err != nil {
		return nil
	}
	s := &syntaxTree{file, text}
	root := &document.Node{Kind: document.Map, Pos: diag.Pos{File: file, Line: 1, Col: 1}}
	s.fields(root, f.Decls)
	return root
}

type syntaxTree struct {
	file string
	text []byte
}

func (s *syntaxTree) fields(n *document.Node, decls []ast.Decl) {
	for _, d := range decls {
		switch d := d.(type) {
		case *ast.Field:
			key, _, _ := ast.LabelName(d.Label)
			n.Fields = append(n.Fields, &document.Entry{Key: key, KeyPos: s.pos(d.Label), Value: s.value(d.Value)})
		case *ast.EmbedDecl:
			n.Fields = append(n.Fields, s.value(d.Expr).Fields...)
		case *ast.LetClause:
			n.Fields = append(n.Fields, s.value(d.Expr).Fields...)
		case *ast.Comprehension:
			n.Fields = append(n.Fields, s.value(d.Value).Fields...)
		}
	}
}

func (s *syntaxTree) value(e ast.Expr) *document.Node {
	n := &document.Node{Kind: document.Null, Broken: true, Pos: s.pos(e)}
	switch e := e.(type) {
	case *ast.StructLit:
		n.Kind, n.Broken = document.Map, false
		s.fields(n, e.Elts)
	case *ast.ListLit:
		n.Kind, n.Broken = document.List, false
		for _, item := range e.Elts {
			n.Items = append(n.Items, s.value(item))
		}
	case *ast.BinaryExpr:
		if e.Op == token.AND || e.Op == token.OR {
			n.Kind, n.Broken = document.Map, false
			n.Fields = append(s.value(e.X).Fields, s.value(e.Y).Fields...)
		}
	case *ast.BasicLit:
		s.literal(n, e)
	}
	return n
}

// literal reads a scalar that stands on one line.
func (s *syntaxTree) literal(n *document.Node, lit *ast.BasicLit) {
	if strings.Contains(lit.Value, "\n") {
		return
	}
	n.Broken, n.Kind, n.Text = false, document.Int, lit.Value
	if text, err := literal.Unquote(lit.Value); err == nil {
		n.Kind, n.Text = document.String, text
	}
}

func (s *syntaxTree) pos(n ast.Node) diag.Pos {
	at, end := n.Pos().Position(), n.End().Position()
	pos := diag.Pos{File: s.file, Line: at.Line, Col: s.runes(at.Offset-at.Column+1, at.Offset) + 1}
	if end.Line == at.Line {
		pos.Width = s.runes(at.Offset, end.Offset)
	}
	return pos
}

// runes counts the characters between two places, which CUE counts in bytes.
func (s *syntaxTree) runes(from, to int) int {
	from, to = max(from, 0), min(to, len(s.text))
	return utf8.RuneCount(s.text[min(from, to):to])
}
