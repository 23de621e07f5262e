package schema

import (
	"fmt"
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
)

var unknownIstioField = &diag.Rule{
	Code: "unknown-istio-field", Severity: diag.Error,
	Title:  "a field of values or components that Istio does not have",
	Why:    "istioctl refuses the whole IstioOperator, and nothing is installed",
	Fix:    "correct its name, or delete it",
	Source: "operator/pkg/apis/types.go and values_types.proto; a warning where a cluster has another version than the one that meshtopo knows",
	Bad:    `istio: {values: {pilot: {autoscaleEnable: true}}}`,
	Good:   `istio: {values: {pilot: {autoscaleEnabled: true}}}`,
}

var ignoredIstioField = &diag.Rule{
	Code: "ignored-istio-field", Severity: diag.Warning,
	Title:  "a field of the mesh config that Istio does not have",
	Why:    "istiod ignores it without a word, and the mesh runs without the setting",
	Fix:    "correct its name, or delete it",
	Source: "mesh/v1alpha1/config.proto and proxy.proto in istio.io/api; pkg/config/mesh/mesh.go, which discards unknown fields",
	Bad:    `istio: {meshConfig: {outboundTrafficPolicies: {mode: REGISTRY_ONLY}}}`,
	Good:   `istio: {meshConfig: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}}`,
}

var wrongIstioValue = &diag.Rule{
	Code: "wrong-istio-value", Severity: diag.Error,
	Title:  "a value of another type than Istio's field has",
	Why:    "istioctl refuses the whole IstioOperator, and nothing is installed",
	Fix:    "give a value of the field's type",
	Source: "operator/pkg/apis/types.go, values_types.proto and validation/validation.go; mesh/v1alpha1 in istio.io/api",
	Bad:    `istio: {meshConfig: {enableAutoMtls: "true"}}`,
	Good:   `istio: {meshConfig: {enableAutoMtls: true}}`,
}

var unreadVariable = &diag.Rule{
	Code: "unread-variable", Severity: diag.Warning,
	Title:  "an environment variable that no program of Istio reads",
	Why:    "istiod and the proxies run as if it were not there; of ISTIO_META_*, only an EnvoyFilter of your own could read it from the metadata of a proxy",
	Fix:    "correct its name, or delete it",
	Source: "pkg/model/proxy.go and the env.Register calls of pilot-agent and pilot-discovery",
	Bad:    `istio: {meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_DNS_INSECURE: "true"}}}}`,
	Good:   `istio: {meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_DNS_AUTO_ALLOCATE: "true"}}}}`,
}

// checkIstioFields decodes strictly what the user wrote for Istio. What contradicts the topology was reported already.
func (t *Topology) checkIstioFields(found *diag.List) {
	for _, written := range t.istioNodes() {
		for _, part := range []struct {
			name string
			of   istio.Type
		}{{"meshConfig", istio.MeshConfig()}, {"values", istio.Values()}, {"components", istio.Components()}} {
			for _, p := range istio.Check(written.node.At(part.name), part.of) {
				if !found.ErrorAt(p.Pos, p.Node.Pos) {
					reportIstio(p, part.name, written.known, found)
				}
			}
		}
		written.checkVariables(found)
	}
}

// reportIstio makes a finding of a problem. That the tables do not have a field says less of another version of Istio.
func reportIstio(p *istio.Problem, part string, known bool, found *diag.List) {
	rule := wrongIstioValue
	if p.Kind == istio.UnknownField {
		rule = unknownIstioField
		if p.Reader == istio.Istiod {
			rule = ignoredIstioField
		}
	}
	d := found.Add(p.Pos, rule, "%s", p.Message(part))
	d.Fix = p.Fix()
	switch {
	case p.Kind == istio.UnknownField && !known:
		d.Severity = diag.Warning
		d.Message += " in Istio " + istio.Version
	case p.Kind == istio.Exclusive:
		d.Why = "istiod keeps one of them, whichever comes later in its own list, and ignores the other"
		relate(d, p.Other.KeyPos, fmt.Sprintf("%q", p.Other.Key))
	case p.Kind == istio.GivenTwice:
		d.Why = "which of the two values counts is left to the decoder"
		relate(d, p.Other.KeyPos, fmt.Sprintf("%q", p.Other.Key))
	}
}

// writtenVariable is the name of an environment variable in a document.
type writtenVariable struct {
	program istio.Program
	pos     diag.Pos
	name    string
	node    *document.Node
}

// checkVariables reports variables that nothing reads. Other versions of Istio read others.
func (i istioNode) checkVariables(found *diag.List) {
	for _, v := range i.variables() {
		history := istio.Obsolete(v.name)
		switch {
		case v.node.Broken || v.program.Reads(v.name) || found.ErrorAt(v.pos, v.node.Pos):
			continue
		case history == "" && (!i.known || i.names(v.name)):
			continue
		}
		d := found.Add(v.pos, unreadVariable, "no part of Istio %s reads %s", istio.Version, v.name)
		if near := v.program.Nearest(v.name); near != "" {
			d.Fix = fmt.Sprintf("did you mean %q?", near)
		}
		if history != "" {
			d.Why, d.Fix = history, "delete it"
		}
	}
}

// variables gives those of the proxies and of istiod.
func (i istioNode) variables() []writtenVariable {
	var all []writtenVariable
	for _, path := range [][]string{
		{"meshConfig", "defaultConfig", "proxyMetadata"},
		{"values", "meshConfig", "defaultConfig", "proxyMetadata"},
	} {
		all = append(all, keys(istio.Agent, i.node.At(path...))...)
	}
	all = append(all, keys(istio.Pilot, i.node.At("values", "pilot", "env"))...)
	all = append(all, listed(istio.Pilot, i.node.At("components", "pilot", "k8s", "env"))...)
	for _, gateways := range []string{"ingressGateways", "egressGateways"} {
		if list := i.node.At("components", gateways); list != nil {
			for number := range list.Items {
				all = append(all, listed(istio.Agent, list.At(strconv.Itoa(number), "k8s", "env"))...)
			}
		}
	}
	return all
}

// names reports whether a header of a tracer in the mesh config takes its value from a variable (envName).
func (i istioNode) names(variable string) bool {
	providers := i.node.At("meshConfig", "extensionProviders")
	if providers == nil {
		return false
	}
	return slices.ContainsFunc(providers.Items, func(provider *document.Node) bool {
		headers := provider.At("opentelemetry", "http", "headers")
		return headers != nil && slices.ContainsFunc(headers.Items, func(h *document.Node) bool { return h.StringAt("envName") == variable })
	})
}

// keys gives the variables of a map, and listed those of a list of objects with a name.
func keys(program istio.Program, n *document.Node) []writtenVariable {
	var all []writtenVariable
	if n != nil {
		for _, e := range n.Fields {
			all = append(all, writtenVariable{program, e.KeyPos, e.Key, e.Value})
		}
	}
	return all
}

func listed(program istio.Program, n *document.Node) []writtenVariable {
	var all []writtenVariable
	if n != nil {
		for _, item := range n.Items {
			if name := item.At("name"); name != nil && name.Kind == document.String {
				all = append(all, writtenVariable{program, name.Pos, name.Text, name})
			}
		}
	}
	return all
}

// hasKnownVersion reports whether the tables of package istio are of a cluster's version.
func (t *Topology) hasKnownVersion(c *Cluster) bool {
	return !t.versionKnown(c) || "1."+strconv.Itoa(c.Istio.Version.Minor()) == istio.Version
}

// allKnownVersions reports whether they are of every cluster's.
func (t *Topology) allKnownVersions() bool {
	return !slices.ContainsFunc(t.Clusters, func(c *Cluster) bool { return !t.hasKnownVersion(c) })
}
