// Package ca has the verbs of meshtopo ca: they make the root and the intermediates of a mesh where its topology
// expects them, and say what there is.
package ca

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/authority"
	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/flags"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Program is what the verbs take from the command that they are part of.
type Program struct {
	IO    console.IO
	Rules func() []*diag.Rule // all whose findings a topology can adjust
}

// command is what the verbs have in common.
type command struct {
	Program
	topology   []string
	rootCert   string
	rootKey    string
	passphrase string // a file
	kind       algorithm
	end        flags.End
	now        func() time.Time
}

func (p Program) command() *command {
	return &command{Program: p, kind: algorithm{authority.ECDSA}, now: time.Now}
}

const clustersUsage = "[CLUSTER]..."

// addTopologyFlag is for verbs whose arguments are something else.
func (c *command) addTopologyFlag(cmd *cobra.Command) {
	cmd.Flags().StringArrayVarP(&c.topology, "topology", "f", nil, "the topology: a `FILE`, a directory or -, by default the one in the working directory")
}

func (c *command) addRootFlags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.rootCert, "root-cert", "", "the `FILE` of the root's certificate, by default the one in trust.roots")
	cmd.Flags().StringVar(&c.rootKey, "root-key", "", "the `FILE` of the root's key, by default "+defaultKey+" beside the topology")
	cmd.Flags().StringVar(&c.passphrase, "passphrase-file", "", "take the passphrase of the root's key from the first line of this `FILE`")
}

func (c *command) addKeyFlag(cmd *cobra.Command) {
	cmd.Flags().Var(&c.kind, "key-algorithm", "make a key of this `KIND`: "+strings.Join(algorithms, " or "))
	if err := cmd.RegisterFlagCompletionFunc("key-algorithm", cobra.FixedCompletions(algorithms, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err) // the flag does not exist
	}
}

func (c *command) addEndFlag(cmd *cobra.Command, usual string) {
	cmd.Flags().Var(&c.end, "not-after", "the end of the certificate: a `DATE` such as 2030-12-31, or a time from now on such as 365d, by default "+usual)
}

// validity is how long what is made is valid.
func (c *command) validity() authority.Validity {
	now := c.now()
	return authority.Validity{Now: now, End: c.end.At(now)}
}

// print writes a line of results.
func (c *command) print(format string, args ...any) {
	fmt.Fprintf(c.IO.Out, "%s\n", visible(fmt.Sprintf(format, args...)))
}

// algorithm is a kind of key on the command line.
type algorithm struct{ authority.Algorithm }

var algorithms = []string{string(authority.ECDSA), string(authority.RSA)}

// Set reads a kind of key.
func (a *algorithm) Set(s string) error {
	if !slices.Contains(algorithms, s) {
		return usage.Errorf("write %s", strings.Join(algorithms, " or "))
	}
	a.Algorithm = authority.Algorithm(s)
	return nil
}

// String gives what Set read.
func (a *algorithm) String() string { return string(a.Algorithm) }

// Type names the value in the help.
func (a *algorithm) Type() string { return "KIND" }
