package grammar

import (
	"fmt"
	"strconv"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"

	"meshtopo.dev/meshtopo/schema/document"
)

// limits are the least and the greatest whole number that a shape allows.
type limits struct{ least, most int64 }

// isNumber reports whether an expression is of whole numbers: int, and its limits joined to it by &.
func isNumber(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name == "int"
	case *ast.BinaryExpr:
		return e.Op == token.AND && isNumber(e.X)
	}
	return false
}

// readNumber reads int, >= and <=, joined by &.
func readNumber(s *shape, e ast.Expr) error {
	switch e := e.(type) {
	case *ast.Ident:
		s.kind, s.limits = document.Int, &limits{-1 << 31, 1<<31 - 1}
		return nil
	case *ast.BinaryExpr:
		if err := readNumber(s, e.X); err != nil {
			return err
		}
		return readLimit(s.limits, e.Y)
	}
	return fmt.Errorf("%v: a number that shapes do not know", e.Pos())
}

func readLimit(l *limits, e ast.Expr) error {
	unary, ok := e.(*ast.UnaryExpr)
	if !ok {
		return fmt.Errorf("%v: a limit that shapes do not know", e.Pos())
	}
	number, err := strconv.ParseInt(unary.X.(*ast.BasicLit).Value, 10, 64)
	switch unary.Op {
	case token.GEQ:
		l.least = number
	case token.LEQ:
		l.most = number
	default:
		return fmt.Errorf("%v: a limit that shapes do not know", e.Pos())
	}
	return err
}

func (c *checker) checkNumber(n *document.Node, s *shape, path []string) {
	if number, err := strconv.ParseInt(n.Text, 0, 64); err == nil && number >= s.limits.least && number <= s.limits.most {
		return
	}
	n.Broken = true
	d := c.found.Add(n.Pos, InvalidValue, "%s %s is not %s", c.grammar.DisplayPath(path), n.Text, s.brief())
	d.Fix = "give " + expected(s)
}
