package architecture

import (
	"go/ast"
	"path"
	"slices"
	"strings"
	"testing"
)

// readers are the packages, or files of them, that read what findings say: they make findings, print them, or word them
// better.
var readers = strings.Fields("schema/diag cmd/internal/report")

// TestFindingsDoNotSteer finds code that reads the words of a finding. What is decided by them changes when somebody
// words a message better.
func TestFindingsDoNotSteer(t *testing.T) {
	for _, s := range read(t) {
		if slices.Contains(readers, s.name) {
			continue
		}
		for name, f := range s.files {
			if slices.Contains(readers, path.Join(s.name, name)) {
				continue
			}
			written := map[ast.Expr]bool{}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					for _, left := range n.Lhs {
						written[left] = true
					}
				case *ast.SelectorExpr:
					if s.saysSomething(n) && !written[n] {
						t.Errorf("%s: the %s of a finding is read", s.fset.Position(n.Pos()), n.Sel.Name)
					}
				}
				return true
			})
		}
	}
}

// saysSomething reports whether a selector is of the words of a finding.
func (s *source) saysSomething(n *ast.SelectorExpr) bool {
	field := s.info.Uses[n.Sel]
	selected := s.info.Selections[n]
	if selected == nil || field.Pkg() == nil || field.Pkg().Path() != module+"schema/diag" {
		return false
	}
	owner := selected.Recv().String()
	return slices.Contains([]string{"Message", "Why", "Fix"}, field.Name()) &&
		slices.Contains([]string{module + "schema/diag.Diagnostic", "*" + module + "schema/diag.Diagnostic"}, owner)
}
