package grammar

import (
	"fmt"
	"strconv"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/token"
)

// limits are the least and the greatest whole number that a shape allows.
type limits struct{ least, most int64 }

// hold reports whether a text is a number within the limits.
func (l *limits) hold(text string) bool {
	number, err := strconv.ParseInt(text, 0, 64)
	return err == nil && number >= l.least && number <= l.most
}

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

// readLimits reads the limits of an expression of whole numbers: >= and <=.
func readLimits(e ast.Expr) (*limits, error) {
	joined, ok := e.(*ast.BinaryExpr)
	if !ok {
		return &limits{-1 << 31, 1<<31 - 1}, nil
	}
	l, err := readLimits(joined.X)
	if err != nil {
		return nil, err
	}
	unary, ok := joined.Y.(*ast.UnaryExpr)
	if !ok || unary.Op != token.GEQ && unary.Op != token.LEQ {
		return nil, fmt.Errorf("%v: a limit that shapes do not know", e.Pos())
	}
	number, err := strconv.ParseInt(unary.X.(*ast.BasicLit).Value, 10, 64)
	if unary.Op == token.GEQ {
		l.least = number
	} else {
		l.most = number
	}
	return l, err
}
