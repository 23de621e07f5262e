// Package carrier finds the values of Istio's charts in what carries them to Helm: Applications and ApplicationSets of
// Argo CD, HelmReleases of Flux, helmCharts of kustomize, charts that have Istio's as dependencies, Helmfile, Fleet and
// others, and the files and ConfigMaps that these refer to.
//
// Every value keeps its place in the file where somebody wrote it, also inside a text. What of a release could not be
// read is said as well; whether its values are right is the business of package lint.
package carrier

import (
	"path"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Set collects what the files of one cluster carry.
type Set struct {
	store
	documents []*document.Node // without a kind
}

// Add keeps what an object carries. It reports whether the object is a carrier and nothing else.
func (s *Set) Add(o *manifest.Object) bool {
	if o.Unknown {
		s.addDocument(o)
		return true
	}
	read := readers[o.Group()+"/"+o.Kind]
	if read == nil {
		return false
	}
	read(&s.store, o)
	return o.Kind != "Kustomization"
}

// Carries reports whether an object brings values of Istio's charts.
func Carries(o *manifest.Object) bool {
	read := readers[o.Group()+"/"+o.Kind]
	if read == nil || o.Kind == "ConfigMap" || o.Kind == "Kustomization" {
		return false
	}
	s := &Set{}
	read(&s.store, o)
	for r := range s.Releases() {
		if r.Chart != None {
			return true
		}
	}
	return false
}

// AddValues keeps a document that looks like values of Istio's charts.
func (s *Set) AddValues(o *manifest.Object) { s.addDocument(o) }

// addDocument keeps a document without a kind.
func (s *Set) addDocument(o *manifest.Object) {
	file := o.Root.Pos.File
	switch {
	case path.Base(file) == "Chart.yaml":
		s.addChart(o)
	case s.addHelmfile(o), s.addFleet(o):
	case len(s.documents) < maxDocuments:
		s.documents = append(s.documents, o.Root)
	}
}

// maxDocuments bounds how many documents are kept in case that something refers to them.
const maxDocuments = 20000
