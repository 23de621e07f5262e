package schema

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
)

// GitOps is what applies the tree from a git repository.
type GitOps struct {
	Engine     Engine
	Repository string
	Revision   string
	Path       string // of the directory that holds clusters/, or ""
	Namespace  string // of the engine's own objects

	Project, Destination, Plugin   string // of Argo CD; the plugin decrypts
	Secret, KubeConfig, Decryption string // of Flux: names of Secrets
}

// Engine is a program that applies what is in a git repository.
type Engine string

const (
	NoEngine Engine = "" // none is named, or several are
	ArgoCD   Engine = "argocd"
	Flux     Engine = "flux"
)

// Engines are all of them.
var Engines = []Engine{ArgoCD, Flux}

// Hub reports whether one engine applies the tree to all clusters. Otherwise each cluster has its own.
func (g *GitOps) Hub() bool { return g.Engine == ArgoCD || g.KubeConfig != "" }

// Target is what the engine calls a cluster that has this name for it.
func (g *GitOps) Target(name string) string {
	pattern := g.Destination
	if g.Engine == Flux {
		pattern = g.KubeConfig
	}
	return strings.ReplaceAll(pattern, "{cluster}", name)
}

func decodeGitOps(n *document.Node) *GitOps {
	if n == nil || n.Kind != document.Map {
		return nil
	}
	g := &GitOps{Repository: n.StringAt("repository"), Revision: n.StringAt("revision"), Path: n.StringAt("path")}
	argocd, flux := n.At(string(ArgoCD)), n.At(string(Flux))
	switch {
	case argocd != nil && flux == nil:
		g.Engine, g.Namespace = ArgoCD, argocd.StringAt("namespace")
		g.Project, g.Destination = argocd.StringAt("project"), argocd.StringAt("destination")
		g.Plugin = argocd.StringAt("decryption", "plugin")
	case flux != nil && argocd == nil:
		g.Engine, g.Namespace = Flux, flux.StringAt("namespace")
		g.Secret, g.KubeConfig = flux.StringAt("secret"), flux.StringAt("kubeConfig")
		g.Decryption = flux.StringAt("decryption", "secret")
	}
	return g
}

// Object names an object of the engine for a part of what a cluster gets.
func (g *GitOps) Object(topology, cluster, part string) string {
	if g.Hub() {
		topology += "-" + cluster
	}
	return topology + "-" + part
}
