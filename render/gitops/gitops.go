// Package gitops has Argo CD or Flux apply a tree: it gives the objects of the engine, which say what is applied, in
// which order, and what is never deleted. It is told what each cluster has, and knows no layer by what it holds.
package gitops

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// Unit is what an engine applies as one: the kustomization of a layer, or a release of a chart.
type Unit struct {
	Layer string
	Chart *installer.Chart // nil for the kustomization
	Waits bool             // for something that people do, at nobody knows what time
}

// part names the unit in its cluster.
func (u Unit) part() string {
	if u.Chart != nil {
		return u.Chart.Release
	}
	return u.Layer
}

// Cluster is one cluster, with what is applied to it in the order in which that is.
type Cluster struct {
	*schema.Cluster
	Topology *schema.Topology
	Units    []Unit
	Compose  func(of text.Composition, data any) []byte
	Values   func(file string) []byte // what is in a file with the values of a chart
}

// File is one of the engine's files. Its path is below the directory of the cluster or, of the whole mesh, below
// layout.Top.
type File struct {
	Path    string
	Objects [][]byte
}

// Files gives the files of a cluster.
func (c Cluster) Files() []File {
	if c.Topology.GitOps.Engine == schema.Flux {
		return c.flux()
	}
	return c.argocd()
}

// Start gives the files of the whole mesh: what the engine starts with, where one engine is for all clusters.
func Start(t *schema.Topology, compose func(of text.Composition, data any) []byte) []File {
	switch g := t.GitOps; {
	case g == nil || !g.Hub():
		return nil
	case g.Engine == schema.Flux:
		return fluxHub(t, compose)
	default:
		return []File{{StartFile(t, nil), [][]byte{argoRoot(t, compose)}}}
	}
}

// StartFile is the file that the engine starts with, below layout.Top, for one cluster where each has an engine of its
// own.
func StartFile(t *schema.Topology, c *schema.Cluster) string {
	switch g := t.GitOps; {
	case g.Engine == schema.ArgoCD:
		return "argocd.yaml"
	case g.Hub():
		return "flux.yaml"
	}
	return c.Name + "/" + startOfOne
}

const startOfOne = layout.Flux + "/start.yaml"

// repository gives the path of something of the tree in the repository.
func repository(g *schema.GitOps, elements ...string) string {
	return path.Join(g.Path, layout.Path(elements...))
}

// object names what the engine has for a part of the cluster.
func (c Cluster) object(part string) string {
	return c.Topology.GitOps.Object(c.Topology.Name, c.Cluster, part)
}

// Name is the name of the engine's object that applies a unit.
func (c Cluster) Name(u Unit) string { return c.object(u.part()) }

// Engine is what people call the engine.
func Engine(g *schema.GitOps) string {
	if g.Engine == schema.Flux {
		return "Flux"
	}
	return "Argo CD"
}

// Kind is what a unit is to the engine.
func Kind(g *schema.GitOps, u Unit) string {
	switch {
	case g.Engine == schema.ArgoCD:
		return "Application"
	case u.Chart != nil:
		return "HelmRelease"
	}
	return "Kustomization"
}

// options are the templates of an object's optional parts.
type options []string

func (o *options) add(engine schema.Engine, wanted bool, name string) {
	if wanted {
		*o = append(*o, string(engine)+"/options/"+name+".yaml")
	}
}

// withoutScheme gives the URL of charts as Argo CD knows a registry.
func withoutScheme(charts string) string {
	return strings.TrimSuffix(strings.TrimPrefix(charts, "oci://"), "/")
}
