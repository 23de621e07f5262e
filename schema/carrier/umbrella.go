package carrier

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addChart reads the dependencies of a chart: their values stand below their names, or other names that it gives them.
func (s *store) addChart(o *manifest.Object) {
	dir := path.Dir(o.Root.Pos.File)
	if s.charts == nil {
		s.charts = map[string][]dependency{}
	}
	if len(s.charts) >= maxReleases {
		return
	}
	all := []dependency{}
	for _, n := range o.Root.ItemsAt("dependencies") {
		from := sourceAt(n, "name", "repository", "version")
		if chart := from.named(); chart != None {
			all = append(all, dependency{chart, firstOf(n.StringAt("alias"), from.chart), from.version, from.chartPos})
		}
	}
	if isOwn(o.Root) {
		s.own = append(s.own, dir)
	}
	if strings.Contains(o.Root.StringAt("name"), "istio") || len(all) > 0 {
		s.charts[dir] = all
	}
}

// isOwn reports whether a chart is one of Istio's, of which somebody keeps a copy.
func isOwn(chart *document.Node) bool {
	return chartNames[chart.StringAt("name")] != None && slices.ContainsFunc(chart.ItemsAt("sources"), func(source *document.Node) bool {
		return strings.HasSuffix(strings.TrimSuffix(source.Text, "/"), "/istio/istio")
	})
}

// isProfile reports whether a file is one of the profiles that Istio's charts have in them: it is none of the values
// that somebody installs one with.
func (s *store) isProfile(file string) bool {
	return path.Base(path.Dir(file)) == "files" && slices.Contains(s.own, path.Dir(path.Dir(file)))
}

// ambientParts are the dependencies of Istio's chart ambient.
var ambientParts = []dependency{{chart: Base, key: "base"}, {chart: Istiod, key: "istiod"}, {chart: CNI, key: "cni"}, {chart: ZTunnel, key: "ztunnel"}}

// parts gives the charts below a chart that is not here, as far as its values show them: by the keys that are names of
// Istio's charts. None has only those.
func parts(values *document.Node) []dependency {
	var all []dependency
	certain := false
	for _, e := range values.Fields {
		if e.Value.Kind != document.Map || e.Key == "global" {
			continue
		}
		switch chart := chartNames[e.Key]; {
		case chart == Istiod || chart == ZTunnel && guess(e.Value, "ztunnel.yaml") == ZTunnel:
			certain = true
			all = append(all, dependency{chart: chart, key: e.Key})
		case (chart == Gateway || strings.Contains(e.Key, "gateway")) && guess(e.Value, "") == Gateway:
			certain = true
			all = append(all, dependency{chart: Gateway, key: e.Key})
		case chart == CNI || chart == Base || chart == ZTunnel:
			all = append(all, dependency{chart: chart, key: e.Key})
		}
	}
	if !certain || isIstiod(values) {
		return nil
	}
	return all
}

// maxParts bounds the charts of Istio below one chart.
const maxParts = 50

// split gives a release for each of the charts below a chart. What is global in the values of that is so in those below
// it, and counts more (helm, pkg/chart/common/util/coalesce.go, coalesceGlobals).
func (r *Release) split(all []dependency) []*Release {
	var releases []*Release
	for _, d := range all[:min(len(all), maxParts)] {
		part := *r
		part.Chart, part.Version, part.named = d.chart, d.version, true
		own := r.Values.At(d.key)
		if own == nil || own.Kind != document.Map {
			own = &document.Node{Kind: document.Map, Pos: r.Values.Pos}
		}
		if enabled := own.At("enabled"); enabled != nil && enabled.Text == "false" {
			continue
		}
		part.Values = merge(only(r.Values, "global"), own)
		part.Values.Pos = own.Pos
		part.Layers = append(each(r.Layers, func(n *document.Node) *document.Node { return n.At(d.key) }),
			each(r.Layers, func(n *document.Node) *document.Node { return only(n, "global") })...)
		if e := r.Values.Entry(d.key); e != nil {
			part.Pos = e.KeyPos
		}
		releases = append(releases, &part)
	}
	return releases
}
