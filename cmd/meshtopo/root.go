package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"meshtopo.dev/meshtopo/cmd/internal/ca"
	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
)

// newRoot builds the whole command. args is what it will be executed with.
func newRoot(io console.IO, args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "meshtopo",
		Short: "Compile a mesh topology into Istio manifests, one directory per cluster",
		Long: `meshtopo compiles one file, which describes an Istio mesh of several Kubernetes clusters, into a directory of
manifests per cluster. It works offline and never talks to a cluster: what it writes is applied with istioctl
and kubectl, in the order that the README.md files beside the manifests give.

Exit codes: 0 nothing to report, 1 findings or drift, 2 wrong command line, 3 reading, writing or the program failed.`,
		Example: `  meshtopo validate                 # is topology.yaml right?
  meshtopo render                   # write clusters/ beside it
  meshtopo diff                     # is clusters/ still what topology.yaml says?`,
		Version:       versionLine(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetArgs(args)
	root.SetIn(io.In)
	root.SetOut(io.Out)
	root.SetErr(io.Err)
	root.SetVersionTemplate("{{.Version}}\n")
	root.Flags().Bool("version", false, "print the version") // cobra's own would take -v
	io.Talk.AddFlags(root.PersistentFlags())
	root.PersistentPreRunE = func(*cobra.Command, []string) error { return io.Talk.Check() }
	root.AddCommand(newValidate(io), newRender(io), newDiff(io), newFn(io), newLint(io), newExplain(io), newSchema(io), newVersion(io),
		ca.New(ca.Program{IO: io, Rules: allRules}))
	root.SetHelpCommand(newHelp())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd(args...)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		if c == root && len(args) > 0 && !strings.HasPrefix(args[0], "-") {
			return unknownCommand(root, args[0]) // its flags are unknown only because it is
		}
		return flagError(c, err)
	})
	strict(root)
	return root
}

// newHelp is cobra's help command, but an unknown topic is a usage error.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Show the help of a command",
		RunE: func(c *cobra.Command, args []string) error {
			topic, rest, err := c.Root().Find(args)
			if err != nil {
				return err
			}
			if len(rest) > 0 {
				return unknownCommand(topic, rest[0])
			}
			topic.InitDefaultHelpFlag()
			return topic.Help()
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return commandNames(c.Root()), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// strict makes an error about arguments a usage error, in c and below. A command that only holds others shows
// its help, and refuses a name that it does not know; cobra would show the help and exit 0.
func strict(c *cobra.Command) {
	check := c.Args
	if !c.Runnable() {
		check = func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return nil
		}
		c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
	}
	if check == nil {
		check = cobra.ArbitraryArgs
	}
	c.Args = func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usage.Mistake(err)
		}
		return nil
	}
	for _, sub := range c.Commands() {
		strict(sub)
	}
}

func commandNames(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

// flagError says in our words what pflag says in its own.
func flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		return unknownFlag(c, unknown.GetSpecifiedName(), "--"+unknown.GetSpecifiedName())
	case errors.As(err, &unknown):
		return unknownFlag(c, unknown.GetSpecifiedName(), "-"+unknown.GetSpecifiedName())
	case errors.As(err, &invalid):
		return usage.Errorf("--%s %s: %w", invalid.GetFlag().Name, invalid.GetValue(), invalid.Unwrap())
	}
	return usage.Errorf("%w: see %s --help", err, c.CommandPath())
}
