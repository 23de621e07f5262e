package tree

import (
	"os"
	"testing"
)

// bank is the tree of another topology.
func bank(edition string) *Tree {
	return newTree("bank",
		File{Path: "clusters/x/1-prepare/namespace.yaml", Body: yaml("bank", "network: "+edition+"\n")},
		File{Path: "clusters/x/README.md", Body: [][]byte{[]byte("<!-- " + Marker("bank") + " -->\n")}})
}

// TestNested has one topology's output inside another's: in a cluster's directory, or below one. Neither minds the
// other's files, and what is around an output is no business of it.
func TestNested(t *testing.T) {
	for _, place := range []string{"clusters", "clusters/a", "clusters/a/1-prepare", "clusters/mine"} {
		outer := rendered(t, small("net-1"))
		inner := ground{t, outer.at(place)}
		outer.must(os.MkdirAll(inner.path, 0o755))
		for _, edition := range []string{"net-1", "net-2"} {
			apply(t, inner.path, bank(edition))
			inner.settled(bank(edition))
			outer.settled(small("net-1"))
		}
		before := inner.at("clusters")
		whole := ground{t, before}.everything()
		apply(t, outer.path, small("net-2"))
		outer.settled(small("net-2"))
		apply(t, outer.path, &Tree{Owner: "shop"}) // prunes all clusters
		ground{t, before}.untouched(whole)
		inner.settled(bank("net-2"))
	}
}

// TestNestedTwice has two topologies share one output. The second is refused, before it writes anything.
func TestNestedTwice(t *testing.T) {
	g := rendered(t, small("net-1"))
	before := g.everything()
	theirs := newTree("bank", File{Path: "clusters/README.md", Body: yaml("bank", "")}, File{Path: "clusters/x/README.md", Body: yaml("bank", "")})
	_, err := Apply(t.Context(), open(t, g.path), theirs, nil, nil)
	checkObstacles(t, err, []string{"clusters/README.md was generated from Topology/shop, not from Topology/bank"})
	g.untouched(before)
}
