package networkgateway

import (
	"encoding/json"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rules"
)

// NodeSelector is the annotation by which istiod finds the nodes of a Service of type NodePort.
const NodeSelector = "traffic.istio.io/nodeSelector"

// Text is a text in a manifest, and its position. The zero value is one that is not set.
type Text struct {
	Text string
	Pos  diag.Pos
}

func (t Text) given() bool { return t.Pos.Line > 0 }

// Finds reports whether istiod may find an address by a type of Service and that annotation.
func Finds(kind, nodes Text) bool {
	return kind.Text != "ClusterIP" && (kind.Text != "NodePort" || nodes.given())
}

// CheckService reports a type of Service by which istiod does not find an address.
func CheckService(name string, pos diag.Pos, kind, nodes Text, found *diag.List) {
	if kind.given() {
		pos = kind.Pos
	}
	var labels map[string]string
	switch {
	case kind.Text == "ClusterIP":
		found.Add(pos, rules.UndiscoverableGateway, "the gateway %q is a ClusterIP Service, which has no address outside its cluster", name)
	case kind.Text != "NodePort":
	case !nodes.given():
		d := found.Add(pos, rules.UndiscoverableGateway, "the gateway %q is a NodePort Service without the annotation %s", name, NodeSelector)
		d.Fix = `add the annotation ` + NodeSelector + `: '{"kubernetes.io/os":"linux"}', with the labels of the nodes to use`
	case json.Unmarshal([]byte(nodes.Text), &labels) != nil || labels == nil:
		d := found.Add(nodes.Pos, rules.UndiscoverableGateway, "%s is %q, which is not a JSON object of strings", NodeSelector, nodes.Text)
		d.Fix = `write it like '{"kubernetes.io/os":"linux"}'`
	}
}
