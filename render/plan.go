// Package render says which resources each cluster of a topology gets, and gives their text.
//
// The shape of a resource is its template's (package templates); choosing and repeating is done here, in a file for
// each resource. Whether the topology is right was settled by package schema. What the result is compared with, and
// how it reaches a disk, is package tree's business.
package render

import (
	"cmp"
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Plan is a topology about to be rendered.
type Plan struct {
	topology *schema.Topology
	store    *secret.Store
}

// NewPlan prepares the rendering of a valid topology whose material the store holds.
func NewPlan(t *schema.Topology, store *secret.Store) *Plan {
	return &Plan{topology: t, store: store}
}

// Render gives the files of all clusters. Private material that is not there makes the files that would hold it
// unknown; everything else that cannot be read is an error.
func (p *Plan) Render() (tree.Tree, error) {
	r, err := newRendering(p)
	if err != nil {
		return tree.Tree{}, err
	}
	for _, c := range p.topology.Clusters {
		if err := r.cluster(c); err != nil {
			return tree.Tree{}, err
		}
	}
	if err := r.checked(); err != nil {
		return tree.Tree{}, err
	}
	readme, err := r.fleetReadme()
	if err != nil {
		return tree.Tree{}, err
	}
	return p.tree(r.files(readme)), nil
}

// tree gives what holds the files of this topology, which are sorted.
func (p *Plan) tree(files []tree.File) tree.Tree {
	return tree.Tree{Owner: p.topology.Name, Files: files, Private: layout.Private}
}

func byPath(a, b tree.File) int { return cmp.Compare(a.Path, b.Path) }

// rendering is one run: what clusters share is made once and kept here.
type rendering struct {
	*Plan
	texts   *texts
	patches *patches // nil where there are none
	mark    []byte   // the first line of a YAML file

	placeholders bool // in the place of private material
	remote       *remoteSecrets
	directories  []*directory // of the clusters, in their order
}

// files gives all files, sorted by path.
func (r *rendering) files(fleetReadme tree.File) []tree.File {
	count := 1
	for _, d := range r.directories {
		count += len(d.files) + 1
	}
	files := append(make([]tree.File, 0, count), fleetReadme)
	for _, d := range r.directories {
		files = append(files, d.files...)
		files = append(files, tree.Sum(r.topology.Name, d.c.Name, d.files))
	}
	slices.SortFunc(files, byPath)
	return files
}

func newRendering(p *Plan) (*rendering, error) {
	texts, err := newTexts()
	if err != nil {
		return nil, err
	}
	patches, err := newPatches(p)
	if err != nil {
		return nil, err
	}
	return &rendering{
		Plan:    p,
		texts:   texts,
		patches: patches,
		mark:    []byte("# " + tree.Marker(p.topology.Name) + "\n"),
		remote:  newRemoteSecrets(),
	}, nil
}

// checked turns what is wrong with the patches, which CheckPatches reports, into an error of whoever did not ask it.
// Whether a patch fits anything only CheckPatches knows: without private material, some objects are not here.
func (r *rendering) checked() error {
	if r.patches == nil {
		return nil
	}
	found := &diag.List{}
	r.topology.Adjust(found)
	r.patches.report(found)
	for _, d := range found.Sorted() {
		if d.Severity == diag.Error {
			return fmt.Errorf("%s:%d: %s [%s]", d.Pos.File, d.Pos.Line, d.Message, d.Code)
		}
	}
	return nil
}

// cluster renders one cluster's directory.
func (r *rendering) cluster(c *schema.Cluster) error {
	d := r.directory(c)
	d.layers()
	d.patch()
	d.readme()
	if d.err != nil {
		return d.err
	}
	slices.SortFunc(d.files, byPath)
	r.directories = append(r.directories, d)
	return nil
}

// layers adds the files of all layers.
func (d *directory) layers() {
	d.prepare()
	if d.installed(d.c) {
		d.secrets()
		d.installer.controlPlane()
		if d.hasGateway(d.c) {
			d.installer.gateway()
		}
		d.expose()
	}
}

// installed reports whether a cluster gets more than what makes its token. A joining remote has to wait for the
// address of its primary's gateway.
func (p *Plan) installed(c *schema.Cluster) bool {
	return !c.Remote() || p.pilotAddress(c) != ""
}

// pilotAddress is where a remote reaches its control plane: the first address of its primary's gateway, or "".
func (p *Plan) pilotAddress(c *schema.Cluster) string {
	if primary := p.topology.Cluster(c.Primary); primary != nil && len(primary.EastWestGateway.Addresses) > 0 {
		return primary.EastWestGateway.Addresses[0]
	}
	return ""
}

// hasGateway reports whether a cluster's directory has an east-west gateway.
func (p *Plan) hasGateway(c *schema.Cluster) bool {
	return c.EastWestGateway.Enabled && p.installed(c)
}

// readers are the control planes that read a cluster, now or once it has joined.
func (p *Plan) readers(c *schema.Cluster) []*schema.Cluster {
	return slices.DeleteFunc(slices.Clone(p.topology.Clusters), func(other *schema.Cluster) bool {
		return other.Remote() || other == c
	})
}

// read are the clusters that the control plane of a cluster reads: all others that have joined.
func (p *Plan) read(c *schema.Cluster) []*schema.Cluster {
	if c.Remote() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.topology.Clusters), func(other *schema.Cluster) bool {
		return other == c || other.State == schema.Joining
	})
}
