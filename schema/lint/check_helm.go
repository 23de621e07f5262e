package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// addGatewayChart reads values of the gateway chart. Where they give no name, it is the release's, which is not known here.
func (c *cluster) addGatewayChart(o *manifest.Object) {
	network, name := valueAt(o.Root, "networkGateway"), o.Root.StringAt("name")
	d := &deployment{
		name: name, pos: network.pos, labels: labels(o.Root.At("labels")), revision: valueAt(o.Root, "revision"),
		view: network, network: network, serviceType: valueAt(o.Root, "service", "type"),
		nodeSelector: valueAt(o.Root, "service", "annotations", nodeSelector),
		external:     len(items(o.Root, "service", "externalIPs")) > 0,
	}
	for _, number := range []string{"15021", crossNetworkPort, istiodPort, webhookPort} {
		d.ports = append(d.ports, port{number: value{text: number}})
	}
	d.labels[networkLabel] = network
	if name == "" {
		d.name, d.named = eastWestGateway, true
	}
	for key, text := range map[string]string{"app": d.name, "istio": strings.TrimPrefix(d.name, "istio-")} {
		if _, ok := d.labels[key]; !ok {
			d.labels[key] = value{text: text}
		}
	}
	c.deployments = append(c.deployments, d)
}

// addValues reads values of Istio's charts.
func (c *cluster) addValues(o *manifest.Object, found *diag.List) {
	if o.Root.At("networkGateway") != nil {
		c.addGatewayChart(o)
		return
	}
	if !ofIstiod(o.Root) {
		return
	}
	i := readInstall(o.Root, nil)
	i.profile = valueAt(o.Root, "profile")
	i.istioNamespace = valueAt(o.Root, "global", "istioNamespace")
	i.clusterName = first(i.clusterName, istiodVariable(o, "CLUSTER_ID"))
	i.externalIstiod = first(i.externalIstiod, istiodVariable(o, "EXTERNAL_ISTIOD"))
	i.kubeconfigOptions = first(i.kubeconfigOptions, istiodVariable(o, kubeconfigOptions))
	checkChartVariables(o, found)
	c.addInstall(i, o, "istio-system", found)
	c.join(i)
}

// join makes one installation of the values of several files, helm install -f a -f b, if they do not contradict each other.
func (c *cluster) join(added *install) {
	for _, i := range c.installs {
		if i != added && i.chart && i.agrees(added) {
			i.complete(added)
			c.installs = slices.DeleteFunc(c.installs, func(i *install) bool { return i == added })
			return
		}
	}
}

// checkChartVariables reports variables that nothing reads. The chart takes what is below pilot without that key as well.
func checkChartVariables(o *manifest.Object, found *diag.List) {
	below := func(key string, n *document.Node) *document.Node {
		return &document.Node{Kind: document.Map, Pos: n.Pos, Fields: []*document.Entry{{Key: key, Value: n}}}
	}
	checkVariables(below("values", o.Root), o, found)
	if environment := o.Root.At("env"); environment != nil {
		checkVariables(below("values", below("pilot", below("env", environment))), o, found)
	}
}
