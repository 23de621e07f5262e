package architecture

import (
	"go/ast"
	"go/types"
	"slices"
	"testing"
)

// readers are the packages that read what findings say: they make findings, or print them.
var readers = []string{"schema/diag", "cmd/internal/report"}

// TestFindingsDoNotSteer finds code that reads the message, why or fix of a finding: rewording one would change what
// the program does.
func TestFindingsDoNotSteer(t *testing.T) {
	reads := 0
	for _, s := range read(t) {
		written := s.assigned()
		for at, selected := range s.info.Selections {
			if !isText(selected.Obj()) || written[at] {
				continue
			}
			if reads++; !slices.Contains(readers, s.name) {
				t.Errorf("%s: the %s of a finding is read", s.fset.Position(at.Pos()), at.Sel.Name)
			}
		}
	}
	if reads == 0 {
		t.Error("not even a report reads what a finding says: the test finds nothing any more")
	}
}

// assigned gives the expressions to which a package assigns.
func (s *source) assigned() map[ast.Expr]bool {
	all := map[ast.Expr]bool{}
	for _, f := range s.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				for _, to := range a.Lhs {
					all[to] = true
				}
			}
			return true
		})
	}
	return all
}

// isText reports whether a field is a text of a finding.
func isText(field types.Object) bool {
	if field.Pkg() == nil || field.Pkg().Path() != module+"schema/diag" {
		return false
	}
	finding := field.Pkg().Scope().Lookup("Diagnostic").Type().Underlying().(*types.Struct)
	for f := range finding.Fields() {
		if f == field {
			return slices.Contains([]string{"Message", "Why", "Fix"}, f.Name())
		}
	}
	return false
}
