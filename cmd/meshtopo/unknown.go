package main

import (
	"cmp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"meshtopo.dev/meshtopo/cmd/internal/habits"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/diag"
)

func unknownCommand(c *cobra.Command, name string) error {
	hint := ""
	if !c.HasParent() {
		hint = habits.Verb(name)
	}
	return usage.Errorf("unknown command %q: %s", name, cmp.Or(hint, diag.Hint(name, commandNames(c), "see "+c.CommandPath()+" --help")))
}

// unknownTopic gives the error for --help of a command that is not there, or nil: cobra shows the help of the whole
// before it looks at arguments.
func unknownTopic(root *cobra.Command, args []string) error {
	asks := slices.Contains(args, "--help") || slices.Contains(args, "-h")
	if !asks || strings.HasPrefix(args[0], "-") || strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		return nil
	}
	if c, _, err := root.Find(args[:1]); err != nil || c != root {
		return nil
	}
	return unknownCommand(root, args[0])
}

// unknownFlag tells what a flag may have meant: one of this command, one of another command, or another way to say it.
func unknownFlag(c *cobra.Command, name, shown string) error {
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	has := func(flag string) bool { return slices.Contains(names, flag) }
	if c.HasParent() {
		if says := habits.Flag(c.CommandPath(), name, has); says != "" {
			return usage.Errorf("unknown flag %s: %s", shown, says)
		}
	}
	if others := commandsWith(c.Root(), name); len(others) > 0 && c.HasParent() {
		return usage.Errorf("unknown flag %s: %s %s it", shown, strings.Join(others, " and "), haveOrHas(len(others)))
	}
	if near := diag.Nearest(name, names); near != "" && len(name) > 1 {
		return usage.Errorf("unknown flag %s: did you mean --%s?", shown, near)
	}
	return usage.Errorf("unknown flag %s: see %s --help", shown, c.CommandPath())
}

// commandsWith names the commands that have a flag.
func commandsWith(root *cobra.Command, flag string) []string {
	var names []string
	for _, sub := range root.Commands() {
		if sub.IsAvailableCommand() && sub.LocalNonPersistentFlags().Lookup(flag) != nil {
			names = append(names, sub.CommandPath())
		}
	}
	return names
}

func haveOrHas(n int) string {
	if n == 1 {
		return "has"
	}
	return "have"
}
