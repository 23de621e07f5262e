package istio

import (
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// Variable is an environment variable that an installation gives one of Istio's programs.
type Variable struct {
	Program Program
	Pos     diag.Pos
	Name    string
	Node    *document.Node // its value, or, in the list of a component, its name
	Text    string         // its value
}

// Variables gives the environment variables in what is, or has the form of, the spec of an IstioOperator: meshConfig,
// values and components.
func Variables(spec *document.Node) []Variable {
	var all []Variable
	for _, path := range [][]string{
		{"meshConfig", "defaultConfig", "proxyMetadata"},
		{"values", "meshConfig", "defaultConfig", "proxyMetadata"},
	} {
		all = append(all, keys(Agent, spec.At(path...))...)
	}
	all = append(all, keys(Pilot, spec.At("values", "pilot", "env"))...)
	all = append(all, listed(Pilot, spec.At("components", "pilot", "k8s", "env"))...)
	for _, gateways := range []string{"ingressGateways", "egressGateways"} {
		if list := spec.At("components", gateways); list != nil {
			for number := range list.Items {
				all = append(all, listed(Agent, list.At(strconv.Itoa(number), "k8s", "env"))...)
			}
		}
	}
	return all
}

// ChartVariables gives those in values of the istiod chart, which takes what is below pilot without that key as well.
func ChartVariables(values *document.Node) []Variable {
	below := func(key string, n *document.Node) *document.Node {
		return &document.Node{Kind: document.Map, Pos: n.Pos, Fields: []*document.Entry{{Key: key, Value: n}}}
	}
	return append(Variables(below("values", values)), keys(Pilot, values.At("env"))...)
}

// GatewayVariables gives those in values of the gateway chart.
func GatewayVariables(values *document.Node) []Variable { return keys(Agent, values.At("env")) }

// HasText reports whether the value of a variable is a text, a number or a boolean. Of anything else the chart prints
// what Go makes of it, such as map[a:b].
func (v Variable) HasText() bool { return v.Node.Kind != document.Map && v.Node.Kind != document.List }

// keys gives the variables of a map, and listed those of a list of objects with a name.
func keys(program Program, n *document.Node) []Variable {
	var all []Variable
	if n != nil {
		for _, e := range n.Fields {
			name := e.Key
			if e.Bare {
				name = "" // it may be the rest of a value
			}
			all = append(all, Variable{program, e.KeyPos, name, e.Value, e.Value.Text})
		}
	}
	return all
}

func listed(program Program, n *document.Node) []Variable {
	var all []Variable
	if n != nil {
		for _, item := range n.Items {
			if name := item.At("name"); name != nil && name.Kind == document.String {
				all = append(all, Variable{program, name.Pos, name.Text, name, item.StringAt("value")})
			}
		}
	}
	return all
}

// NamesVariable reports whether a header of a tracer in the mesh config takes its value from a variable (envName).
func NamesVariable(meshConfig *document.Node, variable string) bool {
	providers := meshConfig.At("extensionProviders")
	if providers == nil {
		return false
	}
	return slices.ContainsFunc(providers.Items, func(provider *document.Node) bool {
		headers := provider.At("opentelemetry", "http", "headers")
		return headers != nil && slices.ContainsFunc(headers.Items, func(h *document.Node) bool { return h.StringAt("envName") == variable })
	})
}
