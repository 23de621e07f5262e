package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

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

// ofIstiod reports whether values say anything that only the istiod chart reads. Where a network is named, or a namespace, it may be
// that of another chart.
func ofIstiod(values *document.Node) bool {
	for _, path := range [][]string{
		{"pilot"}, {"meshConfig"}, {"istiodRemote"}, {"global", "meshID"}, {"global", "multiCluster"}, {"global", "meshNetworks"},
		{"global", "externalIstiod"}, {"global", "configCluster"}, {"global", "remotePilotAddress"},
	} {
		if values.At(path...) != nil {
			return true
		}
	}
	return false
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

// settings gives what two files may say of one installation.
func (i *install) settings() []*value {
	return []*value{
		&i.meshID, &i.clusterName, &i.network, &i.trustDomain, &i.clusterDomain, &i.externalIstiod, &i.configCluster, &i.remotePilotAddress,
		&i.injectionPath, &i.injectionURL, &i.dnsCapture, &i.kubeconfigOptions, &i.profile, &i.tag, &i.istioNamespace, &i.revision,
		&i.ambientEnabled, &i.multiNetwork,
	}
}

// agrees reports whether nothing is said of two installations that differs. Two with a name are two if one has a revision.
func (i *install) agrees(other *install) bool {
	mine, its := i.settings(), other.settings()
	for n := range mine {
		if mine[n].given() && its[n].given() && mine[n].text != its[n].text {
			return false
		}
	}
	return i.revision.text == other.revision.text || !i.clusterName.given() || !other.clusterName.given()
}

// complete adds what another file says of the installation.
func (i *install) complete(other *install) {
	mine, its := i.settings(), other.settings()
	for n := range mine {
		*mine[n] = first(*mine[n], *its[n])
	}
	if other.istioNamespace.given() {
		i.namespace = other.namespace
	}
	if len(i.aliases) == 0 {
		i.aliases = other.aliases
	}
	if !i.meshConfig.given() {
		i.meshConfig = other.meshConfig
	}
	if i.networks == nil {
		i.networks = other.networks
	}
	i.readsElsewhere, i.otherCA = i.readsElsewhere || other.readsElsewhere, i.otherCA || other.otherCA
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
