package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

// selection is what --cluster and --shard leave of the tree.
type selection struct {
	clusters []string
	shard    shardFlag
}

func (s *selection) addFlags(c *cobra.Command) {
	c.Flags().StringSliceVar(&s.clusters, "cluster", nil, "limit what is compared and written to the cluster `NAME`; repeatable")
	s.shard.add(c)
	complete(c, "cluster", completeClusters)
}

// check refuses flags that exclude each other.
func (s *selection) check() error {
	if len(s.clusters) > 0 && s.shard.count > 0 {
		return usage.Errorf("--cluster and --shard exclude each other")
	}
	return nil
}

// scope gives the selected part of the tree of a topology.
func (s *selection) scope(t *schema.Topology) (tree.Scope, error) {
	switch {
	case s.shard.count > 0:
		return tree.Shard(s.shard.index, s.shard.count), nil
	case s.clusters == nil:
		return nil, nil
	case len(s.clusters) == 0:
		return nil, usage.Errorf("--cluster names no cluster; the topology has %s", some(clusterNames(t)))
	}
	return tree.Clusters(s.clusters...), checkClusters(t, s.clusters)
}

// part names what --cluster and --shard leave, whether the topology can be read or not; "" for the whole.
func (s *selection) part() string {
	if s.shard.count > 0 {
		return fmt.Sprintf("shard-%d-of-%d", s.shard.index, s.shard.count)
	}
	names := slices.Sorted(slices.Values(s.clusters))
	return subject(slices.Compact(names))
}

// completeClusters offers the clusters of the topology to the shell.
func completeClusters(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	src, err := files.OpenTopology(args, strings.NewReader(""))
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer src.Close()
	t, _, err := load(src, loader.Input{})
	if err != nil || t == nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return clusterNames(t), cobra.ShellCompDirectiveNoFileComp
}

func clusterNames(t *schema.Topology) []string {
	names := make([]string, 0, len(t.Clusters))
	for _, c := range t.Clusters {
		names = append(names, c.Name)
	}
	return names
}

// checkClusters refuses names on the command line that are no clusters of the topology.
func checkClusters(t *schema.Topology, names []string) error {
	known := clusterNames(t)
	for _, name := range names {
		if !slices.Contains(known, name) {
			hint := diag.Hint(name, known, "it has "+some(known))
			return usage.Errorf("--cluster %s: the topology has no such cluster; %s", name, hint)
		}
	}
	return nil
}

// shardFlag is --shard: one of several parts of the tree. A count of 0 is no part, but the whole.
type shardFlag struct{ index, count int }

func (f *shardFlag) add(c *cobra.Command) {
	c.Flags().Var(f, "shard", "limit what is compared and written to part `I/N` of the clusters, from 0/N to N-1/N")
	complete(c, "shard", cobra.NoFileCompletions)
}

// maxShards is more parts than any job system starts.
const maxShards = 100_000

// Set reads a part. It counts from 0 because JOB_COMPLETION_INDEX does, and a container without a shell has no way
// to add 1 to that.
func (f *shardFlag) Set(s string) error {
	index, count, ok := strings.Cut(s, "/")
	i, errIndex := strconv.ParseUint(index, 10, 31)
	n, errCount := strconv.ParseUint(count, 10, 31)
	switch {
	case !ok || errIndex != nil || errCount != nil:
		return errors.New("not a part such as 0/4, the first of four")
	case n < 1 || n > maxShards:
		return fmt.Errorf("the number of parts is not from 1 to %d", maxShards)
	case i >= n:
		return fmt.Errorf("parts are counted from 0: the last one is %d/%d", n-1, n)
	}
	f.index, f.count = int(i), int(n)
	return nil
}

// String gives what Set read.
func (f *shardFlag) String() string {
	if f.count == 0 {
		return ""
	}
	return fmt.Sprintf("%d/%d", f.index, f.count)
}

// Type names the value in the help.
func (f *shardFlag) Type() string { return "I/N" }

// some lists a few words and says how many there are beyond them.
func some(words []string) string {
	const few = 5
	if len(words) <= few {
		return strings.Join(words, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(words[:few], ", "), len(words)-few)
}
