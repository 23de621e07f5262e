package document

import "meshtopo.dev/meshtopo/schema/diag"

// HideText hides a value, with all values in it, from where it begins to where it ends, which is on its first line
// unless it is known to be elsewhere.
func HideText(n *Node, found *diag.List) {
	if len(n.Fields) == 0 && len(n.Items) == 0 {
		hideScalar(n, found)
	}
	for _, e := range n.Fields {
		HideText(e.Value, found)
	}
	for _, item := range n.Items {
		HideText(item, found)
	}
}

func hideScalar(n *Node, found *diag.List) {
	end := n.End
	if end.Line == 0 {
		end = diag.Pos{Line: n.Pos.Line, Col: n.Pos.Col + n.Pos.Width}
	}
	for line := n.Pos.Line; line <= end.Line; line++ {
		hidden := diag.Pos{File: n.Pos.File, Line: line, Col: 1}
		if line == n.Pos.Line {
			hidden.Col = n.Pos.Col
		}
		if line == end.Line && end.Col > 0 {
			hidden.Width = end.Col - hidden.Col
		}
		if line < end.Line || end.Col == 0 || hidden.Width > 0 {
			found.Hide(hidden)
		}
	}
}
