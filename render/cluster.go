package render

import (
	"fmt"

	"meshtopo.dev/meshtopo/render/tree"
)

// RenderCluster gives the files of one cluster, as Render does, but not the fleet's.
func (p *Plan) RenderCluster(name string) (tree.Tree, error) {
	c := p.topology.Cluster(name)
	if c == nil {
		return tree.Tree{}, fmt.Errorf("the topology has no cluster %q", name)
	}
	r, err := newRendering(p)
	if err != nil {
		return tree.Tree{}, err
	}
	if err := r.cluster(c); err != nil {
		return tree.Tree{}, err
	}
	return p.tree(r.directories[0].files), nil
}
