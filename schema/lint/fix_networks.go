package lint

import (
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/edit"
)

// labelGateway gives the one east-west gateway of a cluster the labels of Istio's sample (samples/multicluster), if it
// has that name and every Gateway between clusters selects those labels. It adds the label of the network where that is
// missing, too.
func (f *fix) labelGateway() []diag.Edit {
	d := f.gateway()
	if d == nil || d.name != eastWestGateway {
		return nil
	}
	fields := []edit.Field{{Name: "istio", Text: "eastwestgateway"}}
	labels := map[string]value{"app": {text: eastWestGateway}, "istio": {text: "eastwestgateway"}}
	if app := d.labels["app"]; app.given() {
		labels["app"] = app
	} else {
		fields = append(fields, edit.Field{Name: "app", Text: eastWestGateway})
	}
	labelled := &deployment{labels: labels}
	for _, g := range f.cluster.gateways {
		if g.eastWest() && !g.selects(labelled) {
			return nil
		}
	}
	if f.cluster.crossesNetworks() && !d.labels[networkLabel].given() {
		network := first(d.network, d.view).text
		if !f.cluster.isOn(network) {
			return nil
		}
		fields = append(fields, edit.Field{Name: networkLabel, Text: network})
	}
	if f.misspelt(f.pathOf(d, "label", "istio")) {
		return nil
	}
	return f.Add(d.written.Pos, fields, "label")
}

// labelGatewayNetwork gives a gateway the label of the network that its own IstioOperator names.
func (f *fix) labelGatewayNetwork() []diag.Edit {
	d := f.gateway()
	if d == nil {
		return nil
	}
	network := first(d.network, d.view).text
	if !f.cluster.isOn(network) {
		return nil
	}
	if f.misspelt(f.pathOf(d, "label", networkLabel)) {
		return nil
	}
	return f.Set(d.written.Pos, network, "label", networkLabel)
}

// pathOf gives the path of something in the part of an IstioOperator that is about a gateway.
func (f *fix) pathOf(d *deployment, below ...string) []string {
	for _, list := range []string{"ingressGateways", "egressGateways"} {
		for i, item := range f.object.Root.ItemsAt("spec", "components", list) {
			if item.Pos == d.written.Pos {
				return append([]string{"spec", "components", list, strconv.Itoa(i)}, below...)
			}
		}
	}
	return nil
}

// gateway gives the gateway that a finding is about, if it is the only one between clusters.
func (f *fix) gateway() *deployment {
	var found *deployment
	for _, d := range f.cluster.deployments {
		if d.eastWest() && found != nil {
			return nil
		}
		if d.eastWest() {
			found = d
		}
	}
	if found == nil || found.pos != f.finding.Pos || found.written == nil {
		return nil
	}
	return found
}

func (f *fix) labelNamespace() []diag.Edit {
	if i := f.cluster.install(); len(f.cluster.installs) == 1 && f.cluster.isOn(i.network.text) {
		return f.set(i.network.text, "metadata", "labels", networkLabel)
	}
	return nil
}

// joinControlPlanes removes spaces next to the commas of the list of control planes. A space within a name stays: it
// could have been meant as a comma.
func (f *fix) joinControlPlanes() []diag.Edit {
	names := strings.Split(f.object.Root.StringAt("metadata", "annotations", controlPlanes), ",")
	for i, name := range names {
		names[i] = strings.TrimSpace(name)
		if names[i] == "" || hasSpace(names[i]) {
			return nil
		}
	}
	return f.Replace(f.finding.Pos, strings.Join(names, ","))
}

// raiseVersion writes the apiVersion of a Gateway that Istio serves from 1.22 on, unless the cluster has an older
// Istio.
func (f *fix) raiseVersion() []diag.Edit {
	for _, i := range f.cluster.installs {
		if minor, ok := i.minor(); ok && minor < 22 {
			return nil
		}
	}
	return f.Replace(f.finding.Pos, "networking.istio.io/v1")
}
