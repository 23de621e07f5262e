// Package layout says where the files of a rendered tree lie. It knows names only: what the files hold is package
// render's business.
package layout

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/private"
)

// Top is the directory below the output that everything generated lives in.
const Top = "clusters"

// The layers of a cluster's directory, in the order in which they are applied.
const (
	Prepare      = "1-prepare" // what a cluster needs before Istio, and all that it takes to get a token
	Secrets      = "2-secrets" // whatever is private, each Secret in a file of its own
	ControlPlane = "3-control-plane"
	Gateway      = "4-gateway"
	Expose       = "5-expose" // what a primary publishes on east-west gateways, or is told of others; it needs the CRDs
)

// The directories of a cluster with what a GitOps engine is told. Its objects are not the cluster's.
const (
	ArgoCD = "argocd"
	Flux   = "flux"
)

const (
	Readme        = "README.md"          // beside the directories of the clusters and in each of them
	Kustomization = "kustomization.yaml" // what lists the files of a layer for kubectl
	Sum           = "meshtopo.sum"       // in the directory of each cluster: the digests of its files
)

// Path joins the elements of a path below the top: the name of a cluster first, or that of a file of the whole mesh.
func Path(elements ...string) string { return Top + "/" + strings.Join(elements, "/") }

// Split gives the cluster in whose directory a path is, and the rest of the path. The files of the whole mesh are in
// none.
func Split(path string) (cluster, rest string, ok bool) {
	below, ok := strings.CutPrefix(path, Top+"/")
	cluster, rest, nested := strings.Cut(below, "/")
	if !ok || !nested {
		return "", "", false
	}
	return cluster, rest, true
}

// HoldsObjects reports whether the file at a path is for a cluster. What lists files for kubectl is not, nor what Helm
// or a GitOps engine reads.
func HoldsObjects(file string) bool {
	return path.Ext(file) == ".yaml" && path.Base(file) != Kustomization && Chart(file) == "" && !ForEngine(file)
}

// ForEngine reports whether the file at a path, from the top or from the directory of a cluster, is for a GitOps
// engine.
func ForEngine(file string) bool {
	if below, ok := strings.CutPrefix(file, Top+"/"); ok {
		_, rest, nested := strings.Cut(below, "/")
		if !nested {
			return true
		}
		file = rest
	}
	dir, _, _ := strings.Cut(file, "/")
	return dir == ArgoCD || dir == Flux
}

// valuesOf ends the name of a file with the values of a chart.
const valuesOf = ".values.yaml"

// Values gives the path of the values of a chart in a layer.
func Values(layer, chart string) string { return layer + "/" + chart + valuesOf }

// Chart gives the chart whose values are in the file at a path, or "".
func Chart(file string) string {
	chart, ok := strings.CutSuffix(path.Base(file), valuesOf)
	if !ok {
		return ""
	}
	return chart
}

// Private reports whether what lies at a path is, or once was, private.
func Private(file string) bool {
	return private.IsFile(file, Secrets, Kustomization)
}

// Layers are the names of the layers, in their order, as a user selects them: without the numbers.
func Layers() []string {
	layers := []string{Prepare, Secrets, ControlPlane, Gateway, Expose}
	for i, dir := range layers {
		layers[i] = Layer(dir)
	}
	return layers
}

// Layer gives the name of a layer's directory without its number: 4-gateway is gateway.
func Layer(dir string) string {
	_, layer, _ := strings.Cut(dir, "-")
	return layer
}
