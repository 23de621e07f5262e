package main

import (
	"maps"
	"os"
	"path/filepath"

	"github.com/rogpeppe/go-internal/testscript"
)

// newRootCommand is newroot DIR CLUSTER...: it makes another root in DIR/root-cert.pem, and below it an intermediate
// for each cluster in DIR/CLUSTER.
func newRootCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: newroot DIR CLUSTER...")
	}
	root := selfSigned("Root of " + args[0])
	all := map[string]string{filepath.Join(args[0], "root-cert.pem"): pemOf(root)}
	for _, cluster := range args[1:] {
		maps.Copy(all, intermediate{ca: sign(root, pathlen(0)), root: root}.files(filepath.Join(args[0], cluster)))
	}
	for name, text := range all {
		file := ts.MkAbs(name)
		ts.Check(os.MkdirAll(filepath.Dir(file), 0o777))
		ts.Check(os.WriteFile(file, []byte(text), 0o600))
	}
}
