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

// Cluster is one cluster whose directory is filled.
type Cluster struct {
	installer.Installer
	Values func(file string) []byte // takes a file with the values of a chart out of the directory
}

// ByHand reports whether people apply a layer.
func ByHand(i installer.Installer, layer string) bool {
	return i.Topology.GitOps == nil || i.Operated(layer)
}

// unit is what an engine applies as one: the kustomization of a layer, or a release of a chart.
type unit struct {
	layer string
	part  string           // the directory of the kustomization: the layer, or one in it
	chart *installer.Chart // nil for the kustomization
	waits bool             // for something that people do, at nobody knows what time
}

// name names the unit in its cluster.
func (u unit) name() string {
	if u.chart != nil {
		return u.chart.Release
	}
	return strings.ReplaceAll(u.part, "/", "-")
}

// units are what the engine applies, in its order. Of a layer the charts come first: what is beside them is about what
// they have installed.
func (c Cluster) units() []unit {
	var all []unit
	for _, layer := range []string{layout.Prepare, layout.Secrets, layout.ControlPlane, layout.Gateway, layout.Expose} {
		if ByHand(c.Installer, layer) {
			continue
		}
		waits := ByHand(c.Installer, layout.ControlPlane) && (layer == layout.Gateway || layer == layout.Expose)
		for _, chart := range c.Charts(layer) {
			all = append(all, unit{layer, layer, &chart, waits})
		}
		for _, part := range c.Parts(layer) {
			all = append(all, unit{layer, part, nil, waits})
		}
	}
	return all
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
		return []File{{startFile(t, nil), [][]byte{argoRoot(t, compose)}}}
	}
}

// startFile is the file that the engine starts with, below layout.Top, for one cluster where each has an engine of its
// own.
func startFile(t *schema.Topology, c *schema.Cluster) string {
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
	return c.Topology.GitOps.Object(c.Topology.Name, c.Cluster.Name, part)
}

// Engine is what people call the engine.
func Engine(g *schema.GitOps) string {
	if g.Engine == schema.Flux {
		return "Flux"
	}
	return "Argo CD"
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
