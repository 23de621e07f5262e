package carrier

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
)

// Chart is one of Istio's charts.
type Chart string

// The charts. None is any other.
const (
	None    Chart = ""
	Istiod  Chart = "istiod"
	Gateway Chart = "gateway"
	ZTunnel Chart = "ztunnel"
	CNI     Chart = "cni"
	Base    Chart = "base"
	Ambient Chart = "ambient" // which has the other four, but for gateways, as dependencies
)

// chartNames are the names of the charts in Istio's repositories, and in its source.
var chartNames = map[string]Chart{
	"istiod": Istiod, "istio-discovery": Istiod, "istiod-remote": Istiod, "istio-control": Istiod, "gateway": Gateway, "istio-gateway": Gateway, "ztunnel": ZTunnel, "istio-ztunnel": ZTunnel,
	"cni": CNI, "istio-cni": CNI, "base": Base, "istio-base": Base, "ambient": Ambient,
}

// chart gives which of Istio's charts a source names. Words such as gateway are the names of other charts, too.
func (s source) named() Chart {
	name := path.Base(strings.TrimSuffix(firstOf(s.chart, s.repo), "/"))
	c := chartNames[name]
	switch {
	case c == None:
		return None
	case strings.Contains(name, "istio") || name == "ztunnel":
		return c
	case strings.Contains(strings.ToLower(s.repo+s.chart+s.repository), "istio"):
		return c
	}
	return None
}

func firstOf(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// guess gives the chart that values are probably for, by their keys, or None. The name of the file decides where
// several charts have the keys.
func guess(values *document.Node, file string) Chart {
	name := strings.ToLower(path.Base(file))
	has := func(keys ...string) bool { return values.At(keys...) != nil }
	switch {
	case has("networkGateway"), isGateway(values):
		return Gateway
	case isIstiod(values):
		return Istiod
	case isZTunnel(values, name):
		return ZTunnel
	case isBase(values):
		return Base
	case isCNI(values, name):
		return CNI
	case ofMesh(values) && strings.Contains(name, "cni"):
		return CNI
	case ofMesh(values):
		return Istiod
	}
	return None
}

// isIstiod reports whether there are values that only the istiod chart reads.
func isIstiod(values *document.Node) bool {
	for _, key := range []string{"pilot", "meshConfig", "istiodRemote"} {
		if n := values.At(key); n != nil && n.Kind == document.Map {
			return !isMetadataOnly(values)
		}
	}
	return false
}

// isMetadataOnly reports whether the mesh config is one of ztunnel, which reads proxyMetadata only.
func isMetadataOnly(values *document.Node) bool {
	return values.At("pilot") == nil && values.At("istiodRemote") == nil && values.At("multiCluster", "clusterName") != nil
}

// ofMesh reports whether there are values that say which cluster, network or mesh a chart is for.
func ofMesh(values *document.Node) bool {
	for _, path := range [][]string{
		{"global", "meshID"}, {"global", "multiCluster"}, {"global", "meshNetworks"}, {"global", "externalIstiod"}, {"global", "configCluster"},
		{"global", "remotePilotAddress"},
	} {
		if n := values.At(path...); n != nil && !isDefault(n) {
			return true
		}
	}
	return false
}

// isDefault reports whether a value says what Istio's charts say without it.
func isDefault(n *document.Node) bool {
	return n.Kind == document.Null || n.Kind == document.Bool && n.Text == "false" || n.Kind == document.String && n.Text == "" ||
		n.Kind == document.Map && !slices.ContainsFunc(n.Fields, func(e *document.Entry) bool { return !isDefault(e.Value) })
}

// isGateway reports whether values without networkGateway are those of a gateway of a mesh.
func isGateway(values *document.Node) bool {
	if isIstiod(values) || values.At("spec") != nil {
		return false
	}
	for _, path := range [][]string{
		{"labels", "topology.istio.io/network"}, {"env", "ISTIO_META_REQUESTED_NETWORK_VIEW"}, {"podAnnotations", "inject.istio.io/templates"},
	} {
		if values.At(path...) != nil {
			return true
		}
	}
	return strings.HasSuffix(values.StringAt("labels", "istio"), "gateway") && (values.At("service") != nil || values.At("name") != nil)
}

// isZTunnel reports whether values are those of ztunnel: no other chart has the name of the cluster at the top.
func isZTunnel(values *document.Node, name string) bool {
	if cluster := values.At("multiCluster", "clusterName"); cluster != nil {
		return true
	}
	return strings.Contains(name, "ztunnel") && (values.At("network") != nil || values.At("global") != nil || values.At("multiCluster") != nil)
}

// isBase reports whether values are those of the base chart.
func isBase(values *document.Node) bool {
	if ofMesh(values) || values.At("revision") != nil || values.At("global", "network") != nil {
		return false
	}
	base := values.At("base")
	return base != nil && base.Kind == document.Map || values.At("defaultRevision") != nil
}

// isCNI reports whether values are those of the CNI plugin.
func isCNI(values *document.Node, name string) bool {
	if cni := values.At("cni"); cni != nil && cni.Kind == document.Map && values.At("spec") == nil {
		return cni.At("cniBinDir") != nil || cni.At("excludeNamespaces") != nil || cni.At("chained") != nil || cni.At("ambient") != nil || strings.Contains(name, "cni")
	}
	return values.At("cniBinDir") != nil || values.At("cniConfDir") != nil || values.At("istioOwnedCNIConfig") != nil
}

// defaultKeys are those below which the charts keep their own defaults: who copies a chart's values has them.
var defaultKeys = []string{"_internal_defaults_do_not_set", "defaults"}

// flattened gives values with what they have as defaults at the top, which counts less than what is there already.
func flattened(values *document.Node) *document.Node {
	for _, key := range defaultKeys {
		if below := values.At(key); below != nil && below.Kind == document.Map {
			values = merge(without(values, key), said(below))
		}
	}
	return values
}

// said gives values without those that say what the charts say without them.
func said(n *document.Node) *document.Node {
	if n.Kind != document.Map {
		return n
	}
	rest := &document.Node{Kind: document.Map, Pos: n.Pos}
	for _, e := range n.Fields {
		if !isDefault(e.Value) {
			rest.Add(e.Key, e.KeyPos, said(e.Value))
		}
	}
	return rest
}
