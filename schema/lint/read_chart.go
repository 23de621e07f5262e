package lint

import (
	"maps"
	"strings"

	"meshtopo.dev/meshtopo/schema/carrier"
	"meshtopo.dev/meshtopo/schema/document"
)

// chartPorts are those of a gateway that is one of a network, whatever ports its values have at service.
var chartPorts = []struct{ name, number string }{
	{"status-port", "15021"}, {"tls", crossNetworkPort}, {"tls-istiod", istiodPort}, {"tls-webhook", webhookPort},
}

// readGatewayChart reads values of the gateway chart (manifests/charts/gateway). Without a name in them, the gateway
// has that of the release.
func readGatewayChart(r *carrier.Release) *deployment {
	values := r.Values
	network := valueAt(values, "networkGateway")
	d := &deployment{
		pos: r.Pos, labels: labels(values.At("labels")), revision: valueAt(values, "revision"), serviceType: valueAt(values, "service", "type"),
		annotations: labels(values.At("annotations")), external: len(values.ItemsAt("service", "externalIPs")) > 0,
		ports: readPorts(values.At("service", "ports")), view: valueAt(values, "env", networkView), network: network,
		chart: true, whole: !r.Loose && len(r.Gaps) == 0, unsure: len(r.Gaps) > 0,
	}
	maps.Copy(d.annotations, labels(values.At("service", "annotations")))
	if network.text != "" {
		d.pos, d.labels[networkLabel], d.view, d.ports = network.pos, network, first(d.view, network), nil
		for _, p := range chartPorts {
			number := valueAt(values, "networkGatewayPorts", p.name, "port")
			if number.text == "" {
				number.text = p.number
			}
			d.ports = append(d.ports, port{number: number, target: value{text: p.number}})
		}
	}
	d.nameAfter(r)
	for key, text := range map[string]string{"app": d.name, "istio": strings.TrimPrefix(d.name, "istio-")} {
		if d.labels[key].text == "" {
			d.labels[key] = value{text: text}
		}
	}
	return d
}

// nameAfter gives a gateway the name that its chart gives it. That of a release that is not known is only known to be
// the usual one for a gateway of a network.
func (d *deployment) nameAfter(r *carrier.Release) {
	switch name := r.Values.StringAt("name"); {
	case name != "":
		d.name = name
	case r.Name != "":
		d.name = r.Name
	case d.crosses():
		d.name, d.named = eastWestGateway, true
	case d.labels["app"].text != "":
		d.name, d.named = d.labels["app"].text, true
	default:
		d.name, d.named = "istio-"+d.labels["istio"].text, true
	}
}

// ztunnel is what an installation of ztunnel says of its cluster.
type ztunnel struct {
	name                 string // in messages
	pos                  value
	network, clusterName value
	whole                bool // what is missing is certainly missing
}

// readZTunnel reads values of the ztunnel chart, in which those below global count as well.
func readZTunnel(values *document.Node, name string, pos value, whole bool) *ztunnel {
	return &ztunnel{
		name: name, pos: pos, whole: whole,
		network:     first(valueAt(values, "env", "NETWORK"), valueAt(values, "network"), valueAt(values, "global", "network")),
		clusterName: first(valueAt(values, "env", "ISTIO_META_CLUSTER_ID"), valueAt(values, "multiCluster", "clusterName"), valueAt(values, "global", "multiCluster", "clusterName")),
	}
}
