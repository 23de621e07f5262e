package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
)

// Set with -ldflags "-X main.version=v1.2.3 -X main.commit=…": the linker reaches only package-level variables.
var version, commit string

func newVersion(io console.IO) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version, the commit and the Go version of this binary",
		Args:  noArgs,
		Run:   func(*cobra.Command, []string) { fmt.Fprintln(io.Out, versionLine()) },
	}
}

// versionLine describes the binary in one line: what the linker was told, else what the go command recorded.
func versionLine() string {
	return fmt.Sprintf("meshtopo %s (commit %s, %s %s/%s)",
		versionNumber(), cmp.Or(commit, recordedCommit(), "unknown"), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// versionNumber is the version alone.
func versionNumber() string {
	v := version
	if info, ok := debug.ReadBuildInfo(); ok {
		v = cmp.Or(v, info.Main.Version)
	}
	return cmp.Or(v, "(devel)")
}

// recordedCommit is what the go command noted.
func recordedCommit() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value
			}
		}
	}
	return ""
}
