package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
)

type namespace struct {
	name          string
	pos           diag.Pos
	network       value
	controlPlanes value
}

func readNamespace(o *object) *namespace {
	return &namespace{
		name: o.Name, pos: o.At("metadata", "name"),
		network:       valueAt(o.Root, "metadata", "labels", networkLabel),
		controlPlanes: valueAt(o.Root, "metadata", "annotations", controlPlanes),
	}
}
