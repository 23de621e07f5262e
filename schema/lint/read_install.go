package lint

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/settings"
)

// domain gives the suffix of the names of the cluster's Services.
func (i *install) domain() string {
	if i.clusterDomain.text != "" {
		return i.clusterDomain.text
	}
	return "cluster.local"
}

// istiod gives the name of the installation's control plane, as a Service.
func (i *install) istiod() string {
	name := "istiod"
	if i.revision.text != "" {
		name += "-" + i.revision.text
	}
	return fmt.Sprintf("%s.%s.svc.%s", name, i.namespace, i.domain())
}

// install is an installation of a control plane, or of what a remote has instead of one: an IstioOperator, values of
// the istiod chart, or an Istio of the Sail operator.
type install struct {
	object    string // its name in messages
	pos       diag.Pos
	namespace string // istio-system by default
	revision  value
	tags      []value // that stand for the revision
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
	given                         settings.Installation
	networks                      *document.Node // meshNetworks, or nil
	kubeconfigOptions             value          // ways to log in that istiod allows in remote Secrets
	rendered                      bool           // by meshtopo render
	ambientEnabled, multiNetwork  value          // variables of istiod
	readsElsewhere                bool           // it takes its configuration from another cluster
	otherCA                       bool           // istiod signs nothing there, and needs no cacerts
	anyRevision                   bool           // its revision depends on a version that is not set
	chart                         bool           // values of a chart, to which the release may add more
	common                        bool           // of which other charts of the cluster may be given the same
	partial                       bool           // a part of its values is not read
	misspelt                      fields.Paths   // paths that misspelt fields were probably meant to have
}

// remote reports whether the installation has no control plane, or is not meant to have one.
func (i *install) remote() bool {
	return i.profile.text == "remote" && !i.contradictory() || i.elsewhere()
}

// contradictory reports whether an installation has the profile of a remote, but a mesh config instead of the other
// settings of a remote.
func (i *install) contradictory() bool {
	return i.profile.text == "remote" && i.meshConfig.given() && !i.elsewhere() && len(i.misspelt) == 0 && i.configCluster.text != "true"
}

// elsewhere reports whether an installation names a control plane in another cluster. The charts have the path /inject
// by themselves.
func (i *install) elsewhere() bool {
	return i.profile.text != "empty" && (i.remotePilotAddress.given() || i.injectionURL.given() ||
		i.injectionPath.given() && (i.injectionPath.text != "/inject" || i.enabledRemote.text == "true"))
}

// readInstall reads what the three notations have in common: the values of Istio's charts, and the mesh config.
func readInstall(values, meshConfig *document.Node) *install {
	mesh := func(keys ...string) value {
		return first(setAt(meshConfig, keys...), setAt(values, append([]string{"meshConfig"}, keys...)...))
	}
	i := &install{
		meshID:             first(setAt(values, "global", "meshID"), mesh("defaultConfig", "meshId")),
		clusterName:        first(setAt(values, "global", "multiCluster", "clusterName"), setAt(values, "pilot", "env", "CLUSTER_ID")),
		network:            setAt(values, "global", "network"),
		trustDomain:        mesh("trustDomain"),
		clusterDomain:      setAt(values, "global", "proxy", "clusterDomain"),
		externalIstiod:     first(setAt(values, "global", "externalIstiod"), setAt(values, "pilot", "env", "EXTERNAL_ISTIOD")),
		configCluster:      setAt(values, "global", "configCluster"),
		remotePilotAddress: setAt(values, "global", "remotePilotAddress"),
		injectionPath:      setAt(values, "istiodRemote", "injectionPath"),
		injectionURL:       setAt(values, "istiodRemote", "injectionURL"),
		enabledRemote:      setAt(values, "istiodRemote", "enabled"),
		dnsCapture:         mesh("defaultConfig", "proxyMetadata", "ISTIO_META_DNS_CAPTURE"),
		networks:           values.At("global", "meshNetworks"),
		kubeconfigOptions:  setAt(values, "pilot", "env", kubeconfigOptions),
		revision:           setAt(values, "revision"),
		tags:               texts(values, "revisionTags"),
		namespace:          first(setAt(values, "global", "istioNamespace")).text,
		given: settings.Installation{
			MeshConfig: []*document.Node{meshConfig}, Values: []*document.Node{values}, Pilot: []*document.Node{values.At("pilot")},
		},
	}
	i.aliases = append(texts(meshConfig, "trustDomainAliases"), texts(values, "meshConfig", "trustDomainAliases")...)
	return i
}

// lacks reports whether an installation has no value at a path, and no misspelt field that is meant for it.
func (i *install) lacks(v value, path string) bool {
	return !v.given() && !i.misspelt.Have(path)
}

// name gives the name of the cluster. For a remote without one, it is the name in its injection path.
func (i *install) name() value {
	if i.clusterName.given() || !i.remote() {
		return i.clusterName
	}
	return i.injection().cluster
}

// ambient reports whether an installation has ztunnel. What meshtopo renders has none, whatever its istiod is told.
func (i *install) ambient() bool {
	return i.profile.text == "ambient" || i.profile.text == "openshift-ambient" || i.ambientEnabled.text == "true" && !i.rendered
}

// sidecar reports whether an installation is known to have sidecars only. With Helm, the profile may be set elsewhere.
func (i *install) sidecar() bool { return !i.ambient() && (!i.chart || i.profile.given()) }

// trust gives the trust domain of a control plane (pkg/config/mesh/mesh.go has the default).
func (i *install) trust() string {
	if i.trustDomain.given() {
		return i.trustDomain.text
	}
	return "cluster.local"
}

// accepts reports whether a trust domain is one of the aliases.
func (i *install) accepts(domain string) bool {
	return slices.ContainsFunc(i.aliases, func(v value) bool { return v.text == domain })
}

// saidDomain gives the domain of Services. Where the manifest does not set it, its position is that of the
// installation. A remote has that of its control plane, which injects its sidecars and gateways.
func (i *install) saidDomain() value {
	switch {
	case i.clusterDomain.given():
		return i.clusterDomain
	case i.misspelt.Have("spec.values.global.proxy.clusterDomain"), i.remote():
		return value{}
	}
	return value{i.domain(), i.pos}
}

// eachRegistry gives each cluster that a meshNetworks puts on a network.
func (i *install) eachRegistry(visit func(network string, registry value)) {
	if i.networks == nil {
		return
	}
	for _, e := range i.networks.Fields {
		for _, item := range e.Value.ItemsAt("endpoints") {
			if v := valueAt(item, "fromRegistry"); v.text != "" {
				visit(e.Key, v)
			}
		}
	}
}

// minor gives the minor version of Istio 1 of an installation, or false where it has no version.
func (i *install) minor() (int, bool) {
	parts := strings.Split(strings.TrimPrefix(i.tag.text, "v"), ".")
	if len(parts) < 2 || parts[0] != "1" {
		return 0, false
	}
	n, err := strconv.Atoi(parts[1])
	return n, err == nil
}

// externalOfPrimary gives externalIstiod of an installation that has a control plane.
func (i *install) externalOfPrimary() value {
	if i.remote() {
		return value{}
	}
	return i.externalIstiod
}

// aliasList gives the aliases in one text, sorted.
func (i *install) aliasList() value {
	var texts []string
	for _, a := range i.aliases {
		texts = append(texts, a.text)
	}
	if len(texts) == 0 {
		return value{}
	}
	slices.Sort(texts)
	return value{strings.Join(texts, ", "), i.aliases[0].pos}
}
