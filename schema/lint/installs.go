package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// install is an installation of a control plane, or of what a remote has in the place of one: an IstioOperator, values of the
// istiod chart, or an Istio of the Sail operator.
type install struct {
	object    string // how it is called in messages
	pos       diag.Pos
	file      string
	namespace string // istio-system where nobody says another
	revision  value
	profile   value
	tag       value

	meshID, clusterName, network  value // values.global
	istioNamespace                value // of a chart
	trustDomain                   value // the mesh config
	aliases                       []value
	clusterDomain                 value
	externalIstiod, configCluster value
	remotePilotAddress            value
	injectionPath, injectionURL   value
	enabledRemote                 value // istiodRemote, which the profile turns on
	dnsCapture                    value
	meshConfig                    value
	networks                      *document.Node // meshNetworks, or nil
	kubeconfigOptions             value          // ways to log in that istiod allows in remote Secrets
	rendered                      bool           // by meshtopo render
	ambientEnabled, multiNetwork  value          // variables of istiod
	readsElsewhere                bool           // it takes its configuration from another cluster
	otherCA                       bool           // istiod signs nothing there, and needs no cacerts
	anyRevision                   bool           // its revision depends on a version that nobody wrote
	chart                         bool           // values of a chart, beside which the release may set more
	misspelt                      [][]string     // what it probably says under another name
}

// remote reports whether no control plane runs there, or none is meant to.
func (i *install) remote() bool {
	return i.profile.text == "remote" && !i.contradictory() || i.elsewhere()
}

// contradictory reports whether an installation has the profile of a remote, and a mesh config in the place of all else that makes
// a remote.
func (i *install) contradictory() bool {
	return i.profile.text == "remote" && i.meshConfig.given() && !i.elsewhere() && len(i.misspelt) == 0 && i.configCluster.text != "true"
}

// elsewhere reports whether an installation is told of a control plane in another cluster.
func (i *install) elsewhere() bool {
	return i.profile.text != "empty" && (i.remotePilotAddress.given() || i.injectionPath.given() || i.injectionURL.given())
}

// readInstall reads what all three notations have in common: the values of Istio's charts, and the mesh config.
func readInstall(values, meshConfig *document.Node) *install {
	mesh := func(keys ...string) value {
		return first(valueAt(meshConfig, keys...), valueAt(values, append([]string{"meshConfig"}, keys...)...))
	}
	i := &install{
		meshID:             first(valueAt(values, "global", "meshID"), mesh("defaultConfig", "meshId")),
		clusterName:        first(valueAt(values, "global", "multiCluster", "clusterName"), valueAt(values, "pilot", "env", "CLUSTER_ID")),
		network:            valueAt(values, "global", "network"),
		trustDomain:        mesh("trustDomain"),
		clusterDomain:      valueAt(values, "global", "proxy", "clusterDomain"),
		externalIstiod:     first(valueAt(values, "global", "externalIstiod"), valueAt(values, "pilot", "env", "EXTERNAL_ISTIOD")),
		configCluster:      valueAt(values, "global", "configCluster"),
		remotePilotAddress: valueAt(values, "global", "remotePilotAddress"),
		injectionPath:      valueAt(values, "istiodRemote", "injectionPath"),
		injectionURL:       valueAt(values, "istiodRemote", "injectionURL"),
		enabledRemote:      valueAt(values, "istiodRemote", "enabled"),
		dnsCapture:         mesh("defaultConfig", "proxyMetadata", "ISTIO_META_DNS_CAPTURE"),
		networks:           values.At("global", "meshNetworks"),
		kubeconfigOptions:  valueAt(values, "pilot", "env", kubeconfigOptions),
		revision:           valueAt(values, "revision"),
		namespace:          first(valueAt(values, "global", "istioNamespace")).text,
	}
	for _, list := range []*document.Node{meshConfig.At("trustDomainAliases"), values.At("meshConfig", "trustDomainAliases")} {
		if list != nil {
			for _, item := range list.Items {
				i.aliases = append(i.aliases, value{item.Text, item.Pos})
			}
		}
	}
	return i
}

func (c *cluster) addInstall(i *install, o *manifest.Object, namespace string, found *diag.List) {
	i.object, i.pos, i.file, i.chart = o.String(), o.Pos(), o.Pos().File, o.Kind == ""
	i.ambientEnabled, i.multiNetwork = istiodVariable(o, "PILOT_ENABLE_AMBIENT"), istiodVariable(o, ambientFlag)
	i.readsElsewhere, i.otherCA = readsElsewhere(o), hasOtherCA(o)
	i.rendered = o.Root.StringAt("metadata", "labels", "app.kubernetes.io/managed-by") == "meshtopo"
	if i.namespace == "" {
		i.namespace = namespace
	}
	if i.namespace == "" {
		i.namespace = "istio-system"
	}
	for _, path := range [][]string{{"spec", "meshConfig"}, {"spec", "values", "meshConfig"}, {"meshConfig"}} {
		if o.Root.At(path...) != nil && !i.meshConfig.given() {
			i.meshConfig.pos = o.At(path...)
		}
	}
	for _, path := range [][]string{{"spec", "values"}, nil} { // of an object, and of values for Helm
		if global := append(path, "global", "meshNetworks"); o.Root.At(global...) != nil {
			i.checkMeshNetworks(o.Root, global, found)
			break
		}
	}
	c.installs = append(c.installs, i)
}

// install gives the installation by which the cluster takes part in a mesh, or nil where its manifests have none: one that has a
// name and is for the cluster itself, or else an external control plane, or else the first.
func (c *cluster) install() *install {
	for _, i := range c.installs {
		if i.name().given() && !c.external(i) {
			return i
		}
	}
	for _, i := range c.installs {
		if c.external(i) {
			return i
		}
	}
	if len(c.installs) == 0 {
		return nil
	}
	return c.installs[0]
}

// name gives the name of the cluster: for a remote that says none, the one which its webhook has its sidecars claim.
func (i *install) name() value {
	if i.clusterName.given() || !i.remote() {
		return i.clusterName
	}
	return i.injection().cluster
}

// clusterName gives the name under which the control planes know the cluster, or "".
func (c *cluster) clusterName() string {
	i := c.install()
	switch {
	case c.called != "":
		return c.called
	case i == nil:
		return ""
	case i.remote() && i.injection().cluster.text == c.name: // what its sidecars say
		return c.name
	}
	return i.name().text
}

// primary reports whether a control plane runs in the cluster.
func (c *cluster) primary() bool {
	i := c.install()
	return i != nil && !i.remote()
}
