package diag

import (
	"fmt"
	"testing"
)

// TestShown shows the first of very many findings, and how many more there are of each rule in each file.
func TestShown(t *testing.T) {
	one, other := &Rule{Code: "one", Severity: Warning}, &Rule{Code: "other", Severity: Error}
	found := &List{}
	for i := range 1000 {
		found.Add(Pos{File: "a.yaml", Line: i + 1, Col: 1}, one, "%d", i)
	}
	found.Add(Pos{File: "a.yaml", Line: 500, Col: 2}, other, "the only one")
	found.Add(Pos{File: "b.yaml", Line: 1, Col: 1}, one, "in another file")
	shown := found.Shown()
	if len(shown) != mostAlike+3 {
		t.Fatalf("%d findings are shown", len(shown))
	}
	rest := shown[mostAlike]
	if rest.String() != fmt.Sprintf("a.yaml:%d: %d more of this kind in this file, from here on [one]", mostAlike+1, 1000-mostAlike) || rest.Severity != Warning {
		t.Errorf("the rest is %v, %v", rest, rest.Severity)
	}
	if shown[mostAlike+1].Code != "other" || shown[mostAlike+2].Pos.File != "b.yaml" {
		t.Errorf("behind it come %v", shown[mostAlike+1:])
	}
	for i := range 3 * mostShown {
		found.Add(Pos{File: fmt.Sprintf("%d.yaml", i%200), Line: i, Col: 1}, one, "%d", i)
	}
	if got := len(found.Shown()); got > mostShown+202 {
		t.Errorf("%d findings are shown", got)
	}
}
