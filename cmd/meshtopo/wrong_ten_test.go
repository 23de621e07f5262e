package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestTenMistakes proves that one run reports ten different mistakes of one file, whatever their kind and whichever
// cluster they are in, and nothing else. testdata/wrong/ten.txt is what it says; UPDATE=1 writes it.
func TestTenMistakes(t *testing.T) {
	const data = "../../testdata/wrong"
	dir := copyExample(t, "multi-primary-multi-network")
	write(t, filepath.Join(dir, "ten.yaml"), read(t, filepath.Join(data, "ten.yaml")))
	got := meshtopo(t, dir, "", "render", "-o", "out", "ten.yaml")
	got.check(t, exitFound, expected{findings: []string{
		"ten.yaml:7:9 unquoted-scalar",
		"ten.yaml:8:5 unknown-field",
		"ten.yaml:11:14 unknown-value",
		"ten.yaml:21:24 api-url-not-https",
		"ten.yaml:22:34 malformed-token",
		"ten.yaml:25:18 overlapping-pod-cidrs",
		"ten.yaml:26:63 missing-file",
		"ten.yaml:27:7 missing-field",
		"ten.yaml:29:16 unknown-network",
		"ten.yaml:33:7 duplicate-key",
	}})
	got.checkFit(t, dir)
	if _, err := os.Stat(filepath.Join(dir, "out")); !os.IsNotExist(err) {
		t.Errorf("the output directory is there: %v", err)
	}
	golden := filepath.Join(data, "ten.txt")
	if os.Getenv("UPDATE") != "" {
		write(t, golden, got.out)
	}
	if want := read(t, golden); got.out != want {
		t.Errorf("meshtopo says\n%s\nwant\n%s", got.out, want)
	}
}
