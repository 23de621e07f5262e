//go:build unix

package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// lintFleets are meshes whose manifests have about 5,000 documents, and twice as many.
var lintFleets = []struct{ clusters, primaries int }{{101, 40}, {144, 60}}

// lint says what it costs to lint the manifests of whole meshes, and whether their number shows in the peak of memory.
func (b *benchmark) lint() error {
	fmt.Println("\n| lint, clusters | files | documents | wall | at most | CPU | peak MiB | at most |")
	fmt.Println("|---|---|---|---|---|---|---|---|")
	var peaks []float64
	for i, f := range lintFleets {
		if err := b.makeFleet(f.clusters, f.primaries); err != nil {
			return err
		}
		files, documents, err := countDocuments(b.tree(f.clusters))
		if err != nil {
			return err
		}
		cost, err := b.repeat(b.meshtopo("lint", b.tree(f.clusters)))
		if err != nil {
			return err
		}
		peaks = append(peaks, cost.peak)
		wall, peak := "–", fmt.Sprintf("%.1f", 1.1*peaks[0])
		if i == 0 {
			wall, peak = "3s", "150"
		}
		fmt.Printf("| %d, %d of them primaries | %d | %d | **%s** | %s | %s | **%.1f** | %s |\n",
			f.clusters, f.primaries, files, documents, round(cost.wall), wall, round(cost.cpu), cost.peak, peak)
	}
	return nil
}

// countDocuments counts the YAML files below a directory and the documents in them.
func countDocuments(dir string) (files, documents int, err error) {
	err = filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(name) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(name)
		files, documents = files+1, documents+1+bytes.Count(text, []byte("\n---\n"))
		return err
	})
	return files, documents, err
}
