// Package render says which resources each cluster of a topology gets, and gives their text.
//
// The shape of a resource is its template's (package templates); choosing and repeating is done here, in a file for
// each resource. Whether the topology is right was settled by package schema. What the result is compared with, and
// how it reaches a disk, is package tree's business.
package render

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rotation"
	"meshtopo.dev/meshtopo/schema/upgrade"
)

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
	if err := r.settle(); err != nil {
		return tree.Tree{}, err
	}
	fleet, err := r.start()
	if err != nil {
		return tree.Tree{}, err
	}
	readme, err := r.fleetReadme()
	if err != nil {
		return tree.Tree{}, err
	}
	return tree.Tree{Owner: p.topology.Name, Files: r.files(append(fleet, readme)...)}, nil
}

// Rendered gives the files of one cluster, or of all and of the fleet where its name is "".
func (p *Plan) Rendered(cluster string) (tree.Tree, error) {
	if cluster == "" {
		return p.Render()
	}
	return p.RenderCluster(cluster)
}

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
	return tree.Tree{Owner: p.topology.Name, Files: r.directories[0].files}, r.settle()
}

// files gives all files, sorted by path.
func (r *rendering) files(fleet ...tree.File) []tree.File {
	files := fleet
	for _, d := range r.directories {
		files = append(files, d.files...)
		files = append(files, tree.Sum(r.topology.Name, d.c.Name, d.files, r.records(d.c)...))
	}
	slices.SortFunc(files, byPath)
	return files
}

// records are the control planes of a cluster and what it trusts, so that the next run knows what it would take away.
func (r *rendering) records(c *schema.Cluster) []string {
	if !r.installed(c) {
		return nil
	}
	return slices.Concat(upgrade.Record(c), rotation.Record(r.topology, c))
}

func byPath(a, b tree.File) int { return cmp.Compare(a.Path, b.Path) }

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
			return errors.New(d.String())
		}
	}
	return nil
}

// directory prepares the directory of a cluster.
func (r *rendering) directory(c *schema.Cluster) *directory {
	d := &directory{rendering: r, c: c, files: make([]tree.File, 0, len(r.topology.Clusters)+ownFiles)}
	d.installer = installer.New(installer.Target{Cluster: c, Topology: r.topology, Object: d.object(), Directory: d})
	return d
}

// cluster renders one cluster's directory.
func (r *rendering) cluster(c *schema.Cluster) error {
	d := r.directory(c)
	d.layers()
	d.patch()
	d.apply()
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
	d.secrets()
	if d.installed(d.c) {
		d.installer.ControlPlane()
		if d.hasGateway(d.c) {
			d.installer.Gateway()
		}
		d.expose()
	}
	d.keep()
}

// secrets adds what istiod needs of other clusters and of its CA, and what the readers of this cluster need of it.
func (d *directory) secrets() {
	switch {
	case !d.c.RunsControlPlane():
	case d.c.Secrets.Protection == schema.External:
		d.storedSecrets()
	default:
		d.cacerts()
		d.remoteSecrets()
	}
	d.push()
	if d.installed(d.c) {
		for _, f := range d.authority().Files() {
			d.Add(f.Path, f.Body)
		}
	}
	d.Kustomization(layout.Secrets)
}
