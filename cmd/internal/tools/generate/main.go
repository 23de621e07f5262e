// Command generate makes the certificates, keys and tokens of the example topologies: test material that
// protects nothing. What it makes depends on the names in a topology and on nothing else, so that one example
// can have the material of another, and it never overwrites a file.
//
//	go run ./cmd/internal/tools/generate [DIR…]
//
// Without arguments it serves every example below testdata in the working directory.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dirs := os.Args[1:]
	if len(dirs) == 0 {
		found, err := filepath.Glob("testdata/*/topology.*")
		if err != nil || len(found) == 0 {
			fmt.Fprintln(os.Stderr, "generate: no testdata/*/topology.* here: run it at the top of the repository")
			os.Exit(2)
		}
		for _, f := range found {
			dirs = append(dirs, filepath.Dir(f))
		}
	}
	for _, dir := range dirs {
		made, err := example(dir)
		for _, path := range made {
			fmt.Println(path)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "generate:", err)
			os.Exit(1)
		}
	}
}
