package tree

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"testing"
)

// yaml is the content of a generated file: the marker and one more piece.
func yaml(owner, text string) [][]byte {
	return [][]byte{[]byte("# " + Marker(owner) + "\n"), []byte(text)}
}

// newTree makes a tree of files in any order.
func newTree(owner string, files ...File) *Tree {
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	return &Tree{Owner: owner, Files: files}
}

// mesh makes the tree of a full mesh of n clusters, as large as the real one: a remote Secret for each other cluster,
// rendered once and shared by its readers, and 13 KB of the cluster's own. edition goes into every second file.
func mesh(n int, edition string) *Tree {
	const owner = "shop"
	secrets := make([]File, n)
	for i := range secrets {
		text := fmt.Sprintf("cluster: %d\n# %s\n%s", i, edition, filler(3000))
		secrets[i] = File{Path: fmt.Sprintf("remote-secrets/cluster-%d.yaml", i), Body: yaml(owner, text), Private: true}
	}
	var files []File
	for i := range n {
		dir := fmt.Sprintf("clusters/cluster-%d/", i)
		own := []File{{Path: dir + "README.md", Body: [][]byte{fmt.Appendf(nil, "<!-- %s -->\n%s", Marker(owner), edition)}}}
		for _, name := range []string{"1-prepare/kustomization.yaml", "1-prepare/namespace.yaml", "1-prepare/remote-reader.yaml",
			"2-secrets/kustomization.yaml", "3-control-plane/istio-operator.yaml", "4-gateway/istio-operator.yaml",
			"5-expose/cross-network-gateway.yaml", "5-expose/kustomization.yaml"} {
			own = append(own, File{Path: dir + name, Body: yaml(owner, fmt.Sprintf("# %s of %d\n%s", name, i, filler(1300)))})
		}
		cacerts := File{Path: dir + "2-secrets/cacerts.yaml", Body: yaml(owner, edition+"\n"+filler(8000)), Private: true}
		own = append(own, cacerts, Sum(owner, fmt.Sprintf("cluster-%d", i), own))
		for j, s := range secrets {
			if i != j {
				s.Path = dir + "2-secrets/" + s.Path
				own = append(own, s)
			}
		}
		files = append(files, own...)
	}
	files = append(files, File{Path: "clusters/README.md", Body: [][]byte{fmt.Appendf(nil, "<!-- %s -->\n", Marker(owner))}})
	return newTree(owner, files...)
}

func filler(n int) string {
	line := []byte("data: bWVzaHRvcG8gbWVzaHRvcG8gbWVzaHRvcG8gbWVzaHRvcG8gbWVzaHRvcG8\n")
	return string(bytes.Repeat(line, n/len(line)))
}

// open opens an output directory for the length of a test.
func open(t testing.TB, path string) *Dir {
	t.Helper()
	d, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// apply applies the whole tree.
func apply(t testing.TB, path string, want *Tree) []Change {
	t.Helper()
	changes, err := Apply(t.Context(), open(t, path), want, nil, nil)
	if err != nil {
		t.Fatalf("Apply: %v", err)
	}
	return changes
}
