package main

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/loader"
	"meshtopo.dev/meshtopo/schema/mutation"
)

// golden is the manifests that an example renders to, by CLUSTER/FILE.
type golden struct {
	*mutation.Texts
	topology *schema.Topology // that the manifests are compared with, or nil
}

type mistake = mutation.Mistake

// What mistakes are made of.
var (
	turn, everywhere, everywhereIn, replacedAll = mutation.Turn, mutation.Everywhere, mutation.EverywhereIn, mutation.ReplacedAll
	cut, add, all, in, compared                 = mutation.Cut, mutation.Add, mutation.All, mutation.In, mutation.Compared
	deleted, copied, joined, withoutObject      = mutation.Deleted, mutation.Copied, mutation.Joined, mutation.Without
	withoutCluster, movedTo, listed             = mutation.WithoutCluster, mutation.MovedTo, mutation.Listed
	data, plain, decoded, swapped, copiedData   = mutation.Data, mutation.Plain, mutation.Decoded, mutation.Swapped, mutation.CopiedData
	text, appended, half, encodedAgain          = mutation.Text, mutation.Appended, mutation.Half, mutation.EncodedAgain
	firstBlock, lastBlock, turned               = mutation.FirstBlock, mutation.LastBlock, mutation.Turned
	authorityData, tokenText, swappedToken      = mutation.AuthorityData, mutation.TokenText, mutation.SwappedToken
	swappedAuthority                            = mutation.SwappedAuthority
)

func readGolden(t *testing.T, example string) *golden {
	t.Helper()
	g := &golden{Texts: &mutation.Texts{T: t, Name: example, Files: map[string]string{}}}
	g.Compare = g.compare
	dir := filepath.Join("../../testdata", example, "want", "clusters")
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s has %d manifests: %v", example, len(files), err)
	}
	secrets, err := filepath.Glob(filepath.Join(dir, "*", "*", "*", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, secrets...) {
		name, err := filepath.Rel(dir, file)
		if err != nil {
			t.Fatal(err)
		}
		g.Files[filepath.ToSlash(name)] = read(t, file)
	}
	g.Before = maps.Clone(g.Files)
	return g
}

// lint gives what is found in the manifests, each directory being a cluster.
func (g *golden) lint(t *testing.T) []*diag.Diagnostic {
	t.Helper()
	in := lint.Input{Now: time.Now(), Topology: g.topology}
	for _, name := range slices.Sorted(maps.Keys(g.Files)) {
		cluster, _, below := strings.Cut(name, "/")
		if !below {
			continue // the topology
		}
		file := lint.File{Name: name, Read: func() ([]byte, error) { return []byte(g.Files[name]), nil }}
		if n := len(in.Clusters); n > 0 && in.Clusters[n-1].Cluster == cluster {
			in.Clusters[n-1].Files = append(in.Clusters[n-1].Files, file)
			continue
		}
		in.Clusters = append(in.Clusters, lint.Source{Cluster: cluster, Files: []lint.File{file}})
	}
	found, err := lint.Run(in)
	if err != nil {
		t.Fatal(err)
	}
	return found.Sorted()
}

// digest identifies the manifests, and the topology that they are compared with.
func (g *golden) digest() (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(g.Files)) {
		fmt.Fprintf(h, "%q %q\n", name, g.Files[name])
	}
	h.Sum(sum[:0])
	return sum
}

// compare has the manifests compared with the topology of the example.
func (g *golden) compare() {
	g.T.Helper()
	src, err := files.OpenTopology([]string{filepath.Join("../../testdata", g.Name)}, nil)
	if err != nil {
		g.T.Fatal(err)
	}
	defer src.Close()
	if g.topology, _, err = load(src, loader.Input{}); err != nil || g.topology == nil {
		g.T.Fatal("the topology is wrong: ", err)
	}
	for _, file := range src.Files {
		if path.Ext(file) == ".yaml" {
			g.Files[file] = read(g.T, filepath.Join("../../testdata", g.Name, file))
		}
	}
}
