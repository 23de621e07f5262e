package evaluator

import (
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// batch is how many clusters and networks are unified with the schema at a time: more take memory, fewer take time.
const batch = 64

// Validate unifies a document with the grammar's source. The checker has reported what it found
// before; what only CUE finds is a mistake of ours, and is reported without CUE's words.
//
// An expression `#Topology & {…}` with the schema as cue.Scope would be evaluated faster, but CUE 0.17 takes a
// definition that is reached so for open.
func Validate(g *grammar.Grammar, root *document.Node, found *diag.List) {
	ctx := cuecontext.New()
	definition := ctx.CompileBytes(g.Source).LookupPath(cue.MakePath(cue.Def(g.Definition)))
	large := []*document.Node{root.At("spec", "clusters"), root.At("spec", "networks")}
	for from := 0; from == 0 || from < max(len(large[0].Fields), len(large[1].Fields)); from += batch {
		some := map[*document.Node][]*document.Entry{}
		for _, n := range large {
			some[n] = n.Fields[min(from, len(n.Fields)):min(from+batch, len(n.Fields))]
		}
		value := definition.Unify(ctx.BuildExpr(expr(root, some)))
		if err := value.Validate(cue.Concrete(true)); err != nil {
			reportMismatch(g, err, root, found)
			return
		}
	}
}

func reportMismatch(g *grammar.Grammar, err error, root *document.Node, found *diag.List) {
	for _, e := range errors.Errors(err) {
		path := e.Path()
		if len(path) > 0 && path[0] == g.Definition {
			path = path[1:]
		}
		found.Add(document.Positions{Root: root}.Pos(path), schemaMismatch, "the schema does not accept %s", strings.Join(path, "."))
	}
}

// expr writes what the user gave as CUE syntax: of the maps in some, only those fields.
func expr(n *document.Node, some map[*document.Node][]*document.Entry) ast.Expr {
	switch n.Kind {
	case document.Bool:
		return ast.NewBool(n.Text == "true")
	case document.Int, document.Float:
		return number(n)
	case document.String:
		return ast.NewString(n.Text)
	case document.List:
		list := &ast.ListLit{}
		for _, item := range n.Items {
			list.Elts = append(list.Elts, expr(item, some))
		}
		return list
	case document.Map:
		lit := &ast.StructLit{}
		fields, large := some[n]
		if !large {
			fields = n.Fields
		}
		for _, e := range fields {
			if !e.Value.Defaulted {
				lit.Elts = append(lit.Elts, &ast.Field{Label: ast.NewString(e.Key), Value: expr(e.Value, some)})
			}
		}
		return lit
	}
	return ast.NewNull()
}

func number(n *document.Node) ast.Expr {
	lit := &ast.BasicLit{Kind: token.INT, Value: strings.TrimPrefix(n.Text, "-")}
	if n.Kind == document.Float {
		lit.Kind = token.FLOAT
	}
	if strings.HasPrefix(n.Text, "-") {
		return &ast.UnaryExpr{Op: token.SUB, X: lit}
	}
	return lit
}
