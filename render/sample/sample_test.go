package sample

import (
	"fmt"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema"
)

// chosen gives the names of what is chosen among a primary on each of two networks, and remotes of them.
func chosen(t *testing.T, file func(c *schema.Cluster) File) string {
	t.Helper()
	topology := &schema.Topology{}
	for i := range 100 {
		primary := fmt.Sprintf("p%d", i%2)
		c := &schema.Cluster{Name: fmt.Sprintf("r%d", i), Role: schema.Remote, Primary: primary, Network: "n" + primary}
		if i < 2 {
			c = &schema.Cluster{Name: primary, Role: schema.Primary, Network: "n" + primary}
		}
		topology.Clusters = append(topology.Clusters, c)
	}
	m := New(topology)
	for _, c := range topology.Clusters {
		m.Add(c, c.Role == schema.Primary, []File{file(c)})
	}
	var names []string
	for _, c := range m.Chosen() {
		names = append(names, fmt.Sprintf("%s=%d", c.Name, len(c.Alike)))
	}
	return strings.Join(names, " ")
}

func TestChosen(t *testing.T) {
	one, other := []*patch.Patch{{}}, []*patch.Patch{{}}
	text := func(c *schema.Cluster) [][]byte {
		return [][]byte{fmt.Appendf(nil, "%s: %q, %q", c.Role, c.Name, c.Network)}
	}
	all := []struct {
		name string
		file func(*schema.Cluster) File
		want string
	}{
		{"no patch", func(c *schema.Cluster) File { return File{After: text(c)} }, ""},
		{"one patch", func(c *schema.Cluster) File {
			return File{After: text(c), Patches: map[int][]*patch.Patch{0: one}}
		}, "p0=2 p1=2 r2=98 r3=98"},
		{"another patch of one cluster", func(c *schema.Cluster) File {
			f := File{After: text(c), Patches: map[int][]*patch.Patch{0: one}}
			if c.Name == "r50" {
				f.Patches[0] = other
			}
			return f
		}, "p0=2 p1=2 r2=97 r3=97 r50=1"},
		{"another text of one cluster", func(c *schema.Cluster) File {
			f := File{After: text(c), Patches: map[int][]*patch.Patch{0: one}}
			if c.Name == "r51" {
				f.After[0] = append(f.After[0], " # r2"...)
			}
			return f
		}, "p0=2 p1=2 r2=97 r3=97 r51=1"},
	}
	for _, c := range all {
		if got := chosen(t, c.file); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}
