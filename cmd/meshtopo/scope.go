package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// scope is what --cluster and --shard leave of the tree.
func (c *compiler) scope(t *schema.Topology) (tree.Scope, error) {
	switch {
	case c.shard.count > 0:
		return tree.Shard(c.shard.index, c.shard.count), nil
	case c.clusters == nil:
		return nil, nil
	case len(c.clusters) == 0:
		return nil, usagef("--cluster names no cluster; the topology has %s", some(clusterNames(t)))
	}
	return tree.Clusters(c.clusters...), checkClusters(t, c.clusters)
}

// part names what --cluster and --shard leave, whether the topology can be read or not; "" for the whole.
func (c *compiler) part() string {
	if c.shard.count > 0 {
		return fmt.Sprintf("shard-%d-of-%d", c.shard.index, c.shard.count)
	}
	names := slices.Sorted(slices.Values(c.clusters))
	return subject(slices.Compact(names))
}

// checkClusters refuses names on the command line that are no clusters of the topology.
func checkClusters(t *schema.Topology, names []string) error {
	known := clusterNames(t)
	for _, name := range names {
		if slices.Contains(known, name) {
			continue
		}
		if near := diag.Nearest(name, known); near != "" {
			return usagef("--cluster %s: the topology has no such cluster; did you mean %q?", name, near)
		}
		return usagef("--cluster %s: the topology has no such cluster; it has %s", name, some(known))
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
