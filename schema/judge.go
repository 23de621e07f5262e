package schema

import (
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
)

// batch is how many clusters are unified with the schema at a time: more take memory, fewer take time.
const batch = 32

// court has the schema evaluated and ready.
type court struct {
	ctx      *cue.Context
	topology cue.Value
}

func newCourt() *court {
	ctx := cuecontext.New()
	file := ctx.BuildFile(schemaGrammar().syntax())
	return &court{ctx, file.LookupPath(cue.MakePath(cue.Def("#Topology")))}
}

// judge unifies a document with topology.cue, which has the last word. The checker has reported what it found
// before; what only CUE finds is a mistake of ours, and is reported without CUE's words.
func (c *court) judge(root *node) *diag.List {
	found := &diag.List{}
	clusters := root.at("spec", "clusters")
	for from := 0; from == 0 || from < len(clusters.fields); from += batch {
		some := *clusters
		some.fields = clusters.fields[from:min(from+batch, len(clusters.fields))]
		value := c.topology.Unify(c.ctx.BuildExpr(expr(root, clusters, &some)))
		if err := value.Validate(cue.Concrete(true)); err != nil {
			reportMismatch(err, root, found)
			break
		}
	}
	return found
}

func reportMismatch(err error, root *node, found *diag.List) {
	for _, e := range errors.Errors(err) {
		path := e.Path()
		found.Add(positions{root}.pos(path), schemaMismatch, "the schema does not accept %s", strings.Join(path, "."))
	}
}

// expr writes what the user gave as CUE syntax, with some in the place of the node clusters.
func expr(n, clusters, some *node) ast.Expr {
	if n == clusters {
		n = some
	}
	switch n.kind {
	case kindBool:
		return ast.NewBool(n.text == "true")
	case kindInt, kindFloat:
		return number(n)
	case kindString:
		return ast.NewString(n.text)
	case kindList:
		list := &ast.ListLit{}
		for _, item := range n.items {
			list.Elts = append(list.Elts, expr(item, clusters, some))
		}
		return list
	case kindMap:
		lit := &ast.StructLit{}
		for _, e := range n.fields {
			if !e.value.defaulted {
				lit.Elts = append(lit.Elts, &ast.Field{Label: ast.NewString(e.key), Value: expr(e.value, clusters, some)})
			}
		}
		return lit
	}
	return ast.NewNull()
}

func number(n *node) ast.Expr {
	lit := &ast.BasicLit{Kind: token.INT, Value: strings.TrimPrefix(n.text, "-")}
	if n.kind == kindFloat {
		lit.Kind = token.FLOAT
	}
	if strings.HasPrefix(n.text, "-") {
		return &ast.UnaryExpr{Op: token.SUB, X: lit}
	}
	return lit
}
