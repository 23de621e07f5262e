package main

import (
	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/schema"
)

func newSchema(io console.IO) *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the CUE schema of a topology",
		Long: `Print topology.cue, the source of truth for what a topology may say: every field with its type, its default
and a comment. Other CUE tools can read it, as in: cue vet -c -d '#Topology' topology.yaml topology.cue`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := io.Out.Write(schema.Source())
			return err
		},
	}
}
