package main

import (
	"bytes"
	"os"
	"os/exec"
	"testing"
)

// TestEnvironmentOfCUE proves that the variables that change how CUE evaluates, or what it prints, change nothing.
func TestEnvironmentOfCUE(t *testing.T) {
	for _, example := range []string{"two-clusters", "two-clusters-cue"} {
		dir := copyExample(t, example)
		said := func(variable string) string {
			var out bytes.Buffer
			c := exec.Command("meshtopo", "validate")
			c.Dir, c.Env, c.Stdout, c.Stderr = dir, append(os.Environ(), variable), &out, &out
			if err := c.Run(); err != nil {
				t.Errorf("%s: %v", variable, err)
			}
			return out.String()
		}
		want := said("CUE=")
		for _, variable := range []string{
			"CUE_DEBUG=logeval=1", "CUE_DEBUG=logeval=4", "CUE_DEBUG=strict", "CUE_DEBUG=strictfinal", "CUE_DEBUG=opendef", "CUE_DEBUG=sharing=0",
			"CUE_DEBUG=parsertrace", "CUE_DEBUG=sortfields", "CUE_DEBUG=openinline=0", "CUE_DEBUG=no-such", "CUE_EXPERIMENT=evalv3=0", "CUE_EXPERIMENT=no-such",
			"CUE_STATS_FILE=-", "CUE_REGISTRY=none", "CUE_CACHE_DIR=/dev/null",
		} {
			if got := said(variable); got != want {
				t.Errorf("with %s meshtopo says\n%.1000s\nand without it\n%s", variable, got, want)
			}
		}
	}
}
