package schema

import (
	_ "embed"
	"sync"

	"meshtopo.dev/meshtopo/schema/grammar"
)

//go:embed topology.cue
var source []byte

// Source gives the CUE schema of a topology.
func Source() []byte { return source }

// Grammar reads it once. It cannot fail for a schema that the tests have seen.
func Grammar() *grammar.Grammar { return topologyGrammar() }

var topologyGrammar = sync.OnceValue(func() *grammar.Grammar {
	g, err := grammar.Parse("topology.cue", source, "#Topology")
	if err != nil {
		panic(err)
	}
	g.Hints = map[string]string{
		"#EastWestGateway": "what else the gateway needs, `patches` of istio can set: target {kind: IstioOperator, name: eastwest}, which has " +
			"spec.components.ingressGateways; render/README.md has examples",
		"#Istio":         "settings of Istio itself go under meshConfig, values or components",
		"#IstioOverride": "settings of Istio itself go under meshConfig, values or components",
	}
	return g
})

// Fields lists every field of the format in the order of the schema; NAME stands for the name of a cluster or
// network, or for the code of a rule.
func Fields() []grammar.Field { return Grammar().Fields() }
