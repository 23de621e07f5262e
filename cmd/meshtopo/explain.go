package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/explain"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema"
)

func newExplain(io console.IO) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CODE|FIELD.PATH]",
		Short: "Explain a diagnostic code or a field of the topology",
		Long: `Explain the code of a diagnostic (the word in brackets at the end of its first line) or a field of the topology.
Without an argument, list both. In a path, NAME stands for the name of a cluster or network, or for a code; a real one does too.
The end of a path is enough, and a path may lead on into meshConfig, values and components of Istio.`,
		Example: `  meshtopo explain unknown-network
  meshtopo explain spec.clusters.NAME.network
  meshtopo explain eastWestGateway
  meshtopo explain istio.meshConfig.accessLogFile`,
		Args: oneTopic,
		RunE: func(_ *cobra.Command, args []string) error {
			out := bufio.NewWriter(io.Out)
			defer out.Flush()
			if len(args) == 0 {
				explain.All(out, allRules())
				return nil
			}
			return explain.Topic(out, allRules(), args[0])
		},
		ValidArgsFunction: completeTopics,
	}
}

func oneTopic(_ *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage.Errorf("explain takes one code or field, but got %q", args)
	}
	return nil
}

// completeTopics offers codes and field paths to the shell.
func completeTopics(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var topics []string
	for _, r := range allRules() {
		topics = append(topics, cobra.CompletionWithDesc(r.Code, r.Title))
	}
	for _, f := range schema.Fields() {
		topics = append(topics, cobra.CompletionWithDesc(f.Path, explain.Sentence(f.Doc)))
	}
	return topics, cobra.ShellCompDirectiveNoFileComp
}
