package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestVerifyVersions renders every example for every minor version of Istio, with --verify, and lints it with its
// topology: neither finds more than a setting of the example that an older version does not know.
func TestVerifyVersions(t *testing.T) {
	topologies, err := filepath.Glob("../../testdata/*/topology.*")
	if err != nil || len(topologies) == 0 {
		t.Fatalf("no examples in ../../testdata: %v", err)
	}
	version := regexp.MustCompile(`1\.3[01]\.\d|1\.28\.3`)
	for _, file := range topologies {
		name := filepath.Base(filepath.Dir(file))
		for minor := 24; minor <= 31; minor++ {
			if testing.Short() && minor%4 != 0 {
				continue
			}
			t.Run(fmt.Sprintf("%s/1.%d", name, minor), func(t *testing.T) {
				dir := copyExample(t, name)
				at := filepath.Join(dir, filepath.Base(file))
				text := version.ReplaceAllString(read(t, at), fmt.Sprintf("1.%d.2", minor))
				if err := os.WriteFile(at, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
				for _, args := range [][]string{{"render", "--verify"}, {"lint", "--topology", argument(at), "clusters"}, {"lint", "clusters"}} {
					got := inProcess(t, dir, "", args...)
					for _, code := range got.codes() {
						if code != "later-setting" && (code != "awaiting-gateway-address" || name != "joining") {
							t.Errorf("meshtopo %s finds %s:\n%s", strings.Join(args, " "), code, got.out)
						}
					}
					if got.code != exitOK {
						t.Errorf("meshtopo %s exits with %d:\n%s%s", strings.Join(args, " "), got.code, got.out, got.err)
					}
				}
			})
		}
	}
}

// argument is how a topology is named on the command line: a CUE package is its directory.
func argument(file string) string {
	if filepath.Ext(file) == ".cue" {
		return "."
	}
	return filepath.Base(file)
}
