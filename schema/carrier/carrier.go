// Package carrier finds the values of Istio's charts in what carries them to Helm: Applications and ApplicationSets of
// Argo CD, HelmReleases of Flux, helmCharts of kustomize, charts that have Istio's as dependencies, Helmfile, Fleet and
// others, and the files and ConfigMaps that these refer to.
//
// Every value keeps its place in the file where somebody wrote it, also inside a text. What of a release could not be
// read is said as well; whether its values are right is the business of package lint.
package carrier

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

// Set collects what the files of one cluster carry.
type Set struct {
	store
	documents []*document.Node // without a kind
	mentions  []Gap
}

// Add keeps what an object carries. It reports whether the object is a carrier and nothing else.
func (s *Set) Add(o *manifest.Object) bool {
	read := readers[o.Group()+"/"+o.Kind]
	switch {
	case read == nil:
		return false
	case o.Kind == "ConfigMap":
		s.mention(o)
	}
	read(&s.store, o)
	return o.Group() != "kustomize.config.k8s.io"
}

// Carries reports whether an object brings values of Istio's charts.
func Carries(o *manifest.Object) bool {
	read := readers[o.Group()+"/"+o.Kind]
	if read == nil || o.Kind == "ConfigMap" || strings.HasPrefix(o.Group(), "kustomize.") {
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

// AddValues keeps a document without a kind, which may be values of Istio's charts or carry some.
func (s *Set) AddValues(o *manifest.Object) {
	if !s.addDocument(o) && o.Unknown {
		s.mention(o)
	}
}

// Pass notes what an object mentions of Istio that nothing reads.
func (s *Set) Pass(o *manifest.Object) { s.mention(o) }

func (s *Set) mention(o *manifest.Object) {
	if gap, ok := Mentions(o); ok && len(s.mentions) < maxReleases {
		s.mentions = append(s.mentions, gap)
	}
}

// Mentions gives what was mentioned of Istio and not read.
func (s *Set) Mentions() []Gap { return s.mentions }

// addDocument keeps a document without a kind. It reports whether it is a known carrier.
func (s *Set) addDocument(o *manifest.Object) bool {
	file := o.Root.Pos.File
	switch {
	case path.Base(file) == "Chart.yaml":
		s.addChart(o)
		return true
	case s.addHelmfile(o), s.addFleet(o):
		return true
	case len(s.documents) < maxDocuments:
		s.documents = append(s.documents, o.Root)
	}
	return false
}

// maxDocuments bounds how many documents are kept in case that something refers to them.
const maxDocuments = 20000

// Applied gives the directories that Argo CD and Flux apply.
func (s *Set) Applied() []Applied { return s.applied }

// Clusters tells for how many clusters the releases of Istio's charts are, as far as they name some. Placeholders may
// be any.
func (s *Set) Clusters() int {
	names := map[string]bool{}
	for _, p := range s.pending {
		if p.Cluster != "" && p.source.named() != None && !placeholder.In(p.Cluster) {
			names[p.Cluster] = true
		}
	}
	return len(names)
}
