package tree

import (
	"fmt"
	"testing"
)

// TestShards proves that every entry is in exactly one shard, that the shards are of a similar size, and that the
// fleet's README is in the first.
func TestShards(t *testing.T) {
	const clusters = 1000
	for _, count := range []int{1, 2, 3, 4, 7, 64} {
		sizes := make([]int, count)
		for i := range clusters {
			path := fmt.Sprintf("clusters/cluster-%d/meshtopo.sum", i)
			in := 0
			for shard := range count {
				if Shard(shard, count).Contains(path) {
					in++
					sizes[shard]++
				}
			}
			if in != 1 {
				t.Fatalf("%s is in %d of %d shards", path, in, count)
			}
		}
		for shard, size := range sizes {
			if size < clusters/count/2 || size > clusters/count*2 {
				t.Errorf("shard %d/%d has %d of %d clusters", shard, count, size, clusters)
			}
			if got := Shard(shard, count).Contains("clusters/README.md"); got != (shard == 0) {
				t.Errorf("shard %d/%d contains the fleet's README: %v", shard, count, got)
			}
		}
	}
}

// TestShardsCompose applies the shards of a tree one after the other over what an older tree left, a cluster among it
// that is no longer there. Together they do what a whole Apply does.
func TestShardsCompose(t *testing.T) {
	older, newer := small("net-1"), without(small("net-2"), "clusters/b/")
	want := len(apply(t, rendered(t, older).path, newer))
	for count := 1; count <= 5; count++ {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			g := rendered(t, older)
			changes := 0
			for shard := range count {
				applied, err := Apply(t.Context(), open(t, g.path), newer, Shard(shard, count), nil)
				g.must(err)
				changes += len(applied)
			}
			if changes != want {
				t.Errorf("%d shards make %d changes, a whole Apply %d", count, changes, want)
			}
			g.settled(newer)
		})
	}
}
