package lint

import (
	"encoding/json"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rules"
)

var discoverableGroup = group{check: (*cluster).checkDiscoverable}

// checkDiscoverable looks for gateways of networks whose address istiod does not find, unless meshNetworks may give it.
func (c *cluster) checkDiscoverable(found *diag.List) {
	for _, i := range c.installs {
		if i.networks != nil {
			return
		}
	}
	for _, d := range c.deployments {
		if d.crosses() && !d.external {
			checkServiceType(d.name, d.pos, d.serviceType, d.annotations[nodeSelector], found)
		}
	}
	for _, s := range c.services {
		if !s.labels[networkLabel].given() || s.external {
			continue
		}
		kind := s.kind
		if !kind.given() {
			kind.text = "ClusterIP"
		}
		checkServiceType(s.name, s.pos, kind, s.annotations[nodeSelector], found)
	}
}

func checkServiceType(name string, pos diag.Pos, kind, nodes value, found *diag.List) {
	if kind.given() {
		pos = kind.pos
	}
	var labels map[string]string
	switch {
	case kind.text == "ClusterIP":
		found.Add(pos, rules.UndiscoverableGateway, "the gateway %q is a ClusterIP Service, which has no address outside its cluster", name)
	case kind.text != "NodePort":
	case !nodes.given():
		d := found.Add(pos, rules.UndiscoverableGateway, "the gateway %q is a NodePort Service without the annotation %s", name, nodeSelector)
		d.Fix = `add the annotation ` + nodeSelector + `: '{"kubernetes.io/os":"linux"}', with the labels of the nodes to use`
	case json.Unmarshal([]byte(nodes.text), &labels) != nil || labels == nil:
		d := found.Add(nodes.pos, rules.UndiscoverableGateway, "%s is %q, which is not a JSON object of strings", nodeSelector, nodes.text)
		d.Fix = `write it like '{"kubernetes.io/os":"linux"}'`
	}
}
