package lint

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rbac"
)

type namespace struct {
	name          string
	pos           diag.Pos
	network       value
	controlPlanes value
	labels        map[string]value
	rendered      bool // by meshtopo render
}

func readNamespace(o *object) *namespace {
	return &namespace{
		name: o.Name, pos: o.At("metadata", "name"),
		rendered:      rbac.Rendered(o.Object),
		labels:        labels(o.Root.At("metadata", "labels")),
		network:       valueAt(o.Root, "metadata", "labels", networkLabel),
		controlPlanes: valueAt(o.Root, "metadata", "annotations", controlPlanes),
	}
}

// injected gives the label by which the pods of a namespace get sidecars. Istio's own may have it for gateways.
func (ns *namespace) injected() value {
	if strings.HasPrefix(ns.name, "istio-") {
		return value{}
	}
	if v := ns.labels["istio-injection"]; v.text == "enabled" {
		return v
	}
	return ns.labels["istio.io/rev"]
}
