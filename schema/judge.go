package schema

import (
	"strings"

	"cuelang.org/go/cue"
	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/cuecontext"
	"cuelang.org/go/cue/errors"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// batch is how many clusters are unified with the schema at a time: more take memory, fewer take time.
const batch = 32

// trial is what a court does for one document. It has a goroutine of its own from the start: one that waited for the court would
// begin half a millisecond after the court is ready.
type trial struct {
	document chan *document.Node // closed without one: there will be none
	verdict  func() *diag.List   // waits for the judgement of the document
}

func newTrial() *trial {
	t := &trial{document: make(chan *document.Node, 1)}
	t.verdict = async(func() *diag.List {
		c := newCourt()
		if root := <-t.document; root != nil {
			return c.judge(root)
		}
		return nil
	})
	return t
}

// begin lets the court judge a document as soon as it is ready.
func (t *trial) begin(root *document.Node) { t.document <- root }

// end says that no document will come any more.
func (t *trial) end() { close(t.document) }

// court has the schema evaluated and ready.
type court struct {
	ctx      *cue.Context
	topology cue.Value
}

func newCourt() *court { return newCourtOf(schemaGrammar().syntax()) }

func newCourtOf(syntax *ast.File) *court {
	ctx := cuecontext.New()
	file := ctx.BuildFile(syntax)
	return &court{ctx, file.LookupPath(cue.MakePath(cue.Def(topologyDefinition)))}
}

// judge unifies a document with topology.cue, which has the last word. The checker has reported what it found
// before; what only CUE finds is a mistake of ours, and is reported without CUE's words.
//
// An expression `#Topology & {…}` with the schema as cue.Scope would be evaluated faster, but CUE 0.17 takes a definition that is
// reached so for open.
func (c *court) judge(root *document.Node) *diag.List {
	found := &diag.List{}
	clusters := root.At("spec", "clusters")
	for from := 0; from == 0 || from < len(clusters.Fields); from += batch {
		some := *clusters
		some.Fields = clusters.Fields[from:min(from+batch, len(clusters.Fields))]
		value := c.topology.Unify(c.ctx.BuildExpr(expr(root, clusters, &some)))
		if err := value.Validate(cue.Concrete(true)); err != nil {
			reportMismatch(err, root, found)
			break
		}
	}
	return found
}

func reportMismatch(err error, root *document.Node, found *diag.List) {
	for _, e := range errors.Errors(err) {
		path := e.Path()
		if len(path) > 0 && path[0] == topologyDefinition {
			path = path[1:]
		}
		found.Add(document.Positions{Root: root}.Pos(path), schemaMismatch, "the schema does not accept %s", strings.Join(path, "."))
	}
}

// expr writes what the user gave as CUE syntax, with some in the place of the node clusters.
func expr(n, clusters, some *document.Node) ast.Expr {
	if n == clusters {
		n = some
	}
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
			list.Elts = append(list.Elts, expr(item, clusters, some))
		}
		return list
	case document.Map:
		lit := &ast.StructLit{}
		for _, e := range n.Fields {
			if !e.Value.Defaulted {
				lit.Elts = append(lit.Elts, &ast.Field{Label: ast.NewString(e.Key), Value: expr(e.Value, clusters, some)})
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
