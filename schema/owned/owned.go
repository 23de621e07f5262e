// Package owned says which settings of Istio follow from a topology, and whether a user contradicts one.
//
// Everything else that users set for Istio is left to package rules.
package owned

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/document"
)

// owned is a setting below istio that follows from the topology. A user may repeat it, not change it.
type owned struct {
	path  string // from meshConfig, values or components down (document.ParsePath)
	Field string // what says it in the topology; NAME stands for the cluster
	Why   string // the symptom of another value
	want  func(t *schema.Topology, c *schema.Cluster) any
}

// mustNotBeSet is the want of a setting that a cluster must not have at all: the reason.
type mustNotBeSet string

// refusal is the want of an item or a text of which only some are refused: it gives the symptom of one that is, or "".
type refusal func(item any) string

// What goes wrong with another value than the topology's.
const (
	wrongIdentity    = "workloads would have identities that the other clusters do not expect: CERTIFICATE_VERIFY_FAILED"
	wrongName        = "istiod would refuse sidecars with `client claims to be in cluster`, or take the cluster for another one: its remote Secrets go by the topology's name"
	wrongNetwork     = "pods would count as on another network than the cluster's gateway: calls go to the wrong gateway, or straight to addresses that do not answer"
	wrongNamespace   = "the manifests would be installed in one namespace and look for istiod in another"
	wrongDomain      = "the gateways would expect names of Services that the sidecars do not send; connections are reset"
	wrongMesh        = "telemetry would see two meshes"
	wrongServing     = "istiod would manage remotes that it does not have, or not those that it has: no istio-ca-root-cert, no injection"
	wrongControl     = "the remote's webhook and sidecars would call something else than their primary's istiod: no injection, no certificates"
	wrongInstall     = "the manifests of one cluster would contradict each other; what istioctl makes of that is left to chance"
	wrongRoots       = "istiod would ignore one of the roots, and workloads under it be refused while the root rotates"
	wrongFederation  = "the roots of other meshes would be others than the topology says: their workloads are refused, or anybody's accepted"
	wrongDNS         = "a Service that exists in another cluster only would resolve in some clusters and not in others"
	wrongView        = "a proxy with one network's view has no endpoints on the others: calls to them end in 503 no healthy upstream"
	wrongKubeconfigs = "istiod would look for the kubeconfigs of other clusters elsewhere: their endpoints never appear"
	wrongOptions     = "istiod would refuse the kubeconfigs of these clusters with `kubeconfig is not allowed`, and their endpoints never appear"
	wrongVolume      = "the Deployment would have two volumes of one name, or two at one path, and the API server refuse it"
	wrongCA          = "istiod or the proxies would ask another CA than istio-csr, which the other clusters do not trust: CERTIFICATE_VERIFY_FAILED"
	wrongTwice       = "the two would be one Deployment and one Service, and each install would undo the other"
)

// ownedSettings has all of them. A want of nil means that the topology does not decide it for a cluster.
var ownedSettings = sync.OnceValue(func() []Setting {
	var all []Setting
	for _, o := range slices.Concat(chartFields, istiodEnvironment(), proxyEnvironment(), istioctlSettings()) {
		all = append(all, Setting{owned: o, Path: document.ParsePath(o.path)})
	}
	return all
})

// From gives what says a setting in a topology, by its path from meshConfig, values or components down; "" for one that
// users set.
func From(path string) string {
	for _, s := range ownedSettings() {
		if s.path == path {
			return s.Field
		}
	}
	return ""
}

// chartFields are what Istio's charts read, by whatever means they are installed: its settings that are no variables.
var chartFields = []owned{
	{"meshConfig.trustDomain", "mesh.trustDomain", wrongIdentity, inMeshConfig(wantTrustDomain)},
	{"meshConfig.trustDomainAliases", "mesh.trustDomainAliases", wrongIdentity, inMeshConfig(wantAliases)},
	{"meshConfig.defaultConfig.meshId", "mesh.id", wrongMesh, inMeshConfig(wantMeshID)},
	{"meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE", "mesh.dnsCapture", wrongDNS, inMeshConfig(wantDNSCapture)},
	{"meshConfig.defaultConfig.proxyMetadata.PROXY_CONFIG_XDS_AGENT", "trust.roots", wrongRoots, inMeshConfig(wantMultiRoot)},
	{"meshConfig.caCertificates", "trust.federatesWith", wrongFederation, inMeshConfig(wantFederated)},
	{"values.global.trustDomain", "mesh.trustDomain", wrongIdentity, wantTrustDomain},
	{"values.global.meshID", "mesh.id", wrongMesh, wantMeshID},
	{"values.global.network", "clusters.NAME.network", wrongNetwork, wantNetwork},
	{"values.global.multiCluster.clusterName", "the cluster's name under clusters", wrongName, wantName},
	{"values.global.istioNamespace", "istio.namespace", wrongNamespace, wantNamespace},
	{"values.global.caAddress", "trust.istioCSR.address", wrongCA, wantCAAddress},
	{"values.ztunnel.caAddress", "trust.istioCSR.address", wrongCA, wantCAAddress},
	{"values.global.hub", "istio.hub", wrongInstall, wantHub},
	{"values.global.tag", "istio.tag", wrongInstall, wantTag},
	{"values.global.proxy.clusterDomain", "mesh.clusterDomain", wrongDomain, wantClusterDomain},
	{"values.global.externalIstiod", "the clusters that name this one as their primary", wrongServing, wantServing},
	{"values.global.configCluster", "primary: every cluster's istiod reads its own or its primary's API server", wrongControl, wantFalse},
	{"values.global.remotePilotAddress", "eastWestGateway.addresses of the primary", wrongControl, wantPilotAddress},
	{"values.istiodRemote.enabled", "clusters.NAME.primary", wrongControl, wantRemote},
	{"values.istiodRemote.injectionPath", "the cluster's name and network", wrongName, wantInjectionPath},
	{"values.istiodRemote.injectionURL", "eastWestGateway.addresses of the primary", wrongControl, wantNoInjectionURL},
	{"values.revision", "istio.revision", wrongInstall, wantRevision},
	{"values.profile", "istio.profile, and for a remote from primary", wrongInstall, wantProfile},
	{"values.global.profile", "istio.profile, and for a remote from primary", wrongInstall, wantProfile},
	{"values.pilot.extraContainerArgs.[*]", "the topology", wrongInstall, wantIstiodArgument},
	{"values.pilot.volumes.[name=" + schema.KubeconfigVolume + "].name", "secrets.remote", wrongVolume, wantNoVolume},
	{"values.pilot.volumeMounts.[name=" + schema.KubeconfigVolume + "].name", "secrets.remote", wrongVolume, wantNoVolume},
	{"values.pilot.volumeMounts.[mountPath=" + schema.KubeconfigDirectory + "].mountPath", "secrets.remote", wrongVolume, wantNoVolume},
	{"values.gateways.istio-ingressgateway.podAnnotations." + proxyConfigKey, "the topology", wrongInstall, wantProxyConfig},
	{"values.gateways.istio-egressgateway.podAnnotations." + proxyConfigKey, "the topology", wrongInstall, wantProxyConfig},
}

func wantTrustDomain(t *schema.Topology, _ *schema.Cluster) any   { return known(t.Mesh.TrustDomain) }
func wantMeshID(t *schema.Topology, _ *schema.Cluster) any        { return known(t.Mesh.ID) }
func wantClusterDomain(t *schema.Topology, _ *schema.Cluster) any { return known(t.Mesh.ClusterDomain) }
func wantDNSCapture(t *schema.Topology, _ *schema.Cluster) any    { return text(t.Mesh.DNSCapture) }
func wantNetwork(_ *schema.Topology, c *schema.Cluster) any       { return known(c.Network) }
func wantName(_ *schema.Topology, c *schema.Cluster) any          { return c.Name }
func wantNamespace(_ *schema.Topology, c *schema.Cluster) any     { return known(c.Istio.Namespace) }
func wantHub(_ *schema.Topology, c *schema.Cluster) any           { return known(c.Istio.Hub) }
func wantTag(_ *schema.Topology, c *schema.Cluster) any           { return known(c.Istio.Tag) }
func wantRevision(_ *schema.Topology, c *schema.Cluster) any      { return c.Istio.Revision }
func wantRemote(_ *schema.Topology, c *schema.Cluster) any        { return c.ServedByPrimary() }
func wantServing(t *schema.Topology, c *schema.Cluster) any       { return t.ServesRemotes(c) }
func wantServingText(t *schema.Topology, c *schema.Cluster) any   { return text(t.ServesRemotes(c)) }
func wantFalse(*schema.Topology, *schema.Cluster) any             { return false }

// inMeshConfig limits a setting to the clusters that have a mesh config.
func inMeshConfig(want func(*schema.Topology, *schema.Cluster) any) func(*schema.Topology, *schema.Cluster) any {
	return func(t *schema.Topology, c *schema.Cluster) any {
		if !c.HasMeshConfig() {
			return nil
		}
		return want(t, c)
	}
}

// known is nil, so nothing is decided, where the topology has no value: it was wrong, or is left to Istio.
func known(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// text gives a boolean as the string that an environment variable is.
func text(b bool) string { return strconv.FormatBool(b) }

func wantAliases(t *schema.Topology, _ *schema.Cluster) any {
	aliases := make([]any, len(t.Mesh.TrustDomainAliases))
	for i, a := range t.Mesh.TrustDomainAliases {
		aliases[i] = a
	}
	return aliases
}

func wantPilotAddress(t *schema.Topology, c *schema.Cluster) any {
	if !c.ServedByPrimary() {
		return mustNotBeSet("its control plane runs in the cluster itself")
	}
	return known(PilotAddress(t, c))
}

// PilotAddress is where a remote reaches its control plane: the first address of its primary's gateway, or "".
func PilotAddress(t *schema.Topology, c *schema.Cluster) string {
	if p := t.PrimaryOf(c); p != nil && len(p.EastWestGateway.Addresses) > 0 {
		return p.EastWestGateway.Addresses[0]
	}
	return ""
}

func wantInjectionPath(t *schema.Topology, c *schema.Cluster) any {
	if !c.ServedByPrimary() {
		return mustNotBeSet("its control plane injects by its own cluster's name")
	}
	return known(InjectionPath(c))
}

// InjectionPath is what a remote's webhook asks its primary's istiod for, which makes that tell the sidecars where they
// are; "" where the network is not known.
func InjectionPath(c *schema.Cluster) string {
	if c.Network == "" {
		return ""
	}
	return "/inject/cluster/" + c.Name + "/net/" + c.Network
}

func wantNoInjectionURL(_ *schema.Topology, c *schema.Cluster) any {
	if c.ServedByPrimary() {
		return mustNotBeSet("its webhook calls istiod at the address of its primary's gateway")
	}
	return mustNotBeSet("its control plane runs in the cluster itself")
}

func wantProfile(_ *schema.Topology, c *schema.Cluster) any {
	if c.Role == schema.Remote {
		return "remote"
	}
	return known(c.Istio.Profile)
}

// wantFederated leaves caCertificates to users as long as no other mesh is named.
func wantFederated(t *schema.Topology, _ *schema.Cluster) any {
	if !t.Federates() {
		return nil
	}
	return mustNotBeSet("the roots of other meshes are written there")
}

// wantMultiRoot lets istiod and the agents take a changed set of roots, while the root rotates.
func wantMultiRoot(t *schema.Topology, _ *schema.Cluster) any {
	if !t.SeveralRoots() {
		return nil
	}
	return "true"
}

// wantCAAddress is where proxies of a cluster ask for their certificates where istiod does not sign. It is a Service of
// their own cluster, also in a remote.
func wantCAAddress(t *schema.Topology, _ *schema.Cluster) any {
	if !t.TrustFrom(schema.IstioCSR) {
		return nil
	}
	return known(t.Trust.IstioCSR.Address)
}

// wantNoCAServer keeps istiod from being a CA beside istio-csr.
func wantNoCAServer(t *schema.Topology, _ *schema.Cluster) any {
	if !t.TrustFrom(schema.IstioCSR) {
		return nil
	}
	return "false"
}

// Text gives what the topology wants at a path, as a text, and "" where it wants nothing there. Lists are sorted.
func Text(t *schema.Topology, c *schema.Cluster, path string) string {
	for _, o := range ownedSettings() {
		if o.path != path {
			continue
		}
		switch want := o.want(t, c).(type) {
		case string, bool:
			return fmt.Sprint(want)
		case []any:
			texts := make([]string, len(want))
			for i, item := range want {
				texts[i] = fmt.Sprint(item)
			}
			slices.Sort(texts)
			return strings.Join(texts, ", ")
		}
	}
	return ""
}

// Setting is a setting of Istio that follows from the topology.
type Setting struct {
	owned
	Path []string // from meshConfig, values, unvalidatedValues or components down; [name=x] and [*] are items of lists
	Want any      // the only value that it may be given, or nil
	// Items, where it is not nil, gives the symptom of an item of the list at Path that is refused, or of the text
	// there, or "".
	Items func(item any) string
}

// Settings gives the settings that follow from the topology for a cluster, wherever istioctl and istiod read them
// from.
func Settings(t *schema.Topology, c *schema.Cluster) []Setting {
	var all []Setting
	for _, s := range ownedSettings() {
		switch want := s.want(t, c).(type) {
		case nil:
			continue
		case mustNotBeSet:
		case options:
			s.Want = string(want)
		case refusal:
			s.Items = want
			if last := len(s.Path) - 1; s.Path[last] == "[*]" {
				s.Path = s.Path[:last]
			}
		default:
			s.Want = want
		}
		all = append(all, s.everywhere()...)
	}
	return all
}

// everywhere gives a setting at each path that it is read from. The charts' values have a mesh config too, and
// protobuf's JSON reads a second spelling of it. unvalidatedValues are merged over values, and istiod's chart merges
// all that is below pilot over what is beside it (templates/zzy_descope_legacy.yaml).
func (s Setting) everywhere() []Setting {
	first, rest := s.Path[0], s.Path[1:]
	switch {
	case first == "components":
		return []Setting{s}
	case first == "meshConfig":
		all := []Setting{s, s.elsewhere([]string{"meshConfig"}, snakeCases(rest)...)}
		for _, values := range [][]string{{"values"}, {"unvalidatedValues"}, {"unvalidatedValues", "pilot"}} {
			values = append(values, "meshConfig")
			all = append(all, s.elsewhere(values, rest...), s.elsewhere(values, snakeCases(rest)...))
		}
		return all
	case rest[0] == "pilot":
		return []Setting{s, s.elsewhere([]string{"unvalidatedValues"}, rest...), s.elsewhere([]string{"unvalidatedValues"}, rest[1:]...)}
	}
	return []Setting{s, s.elsewhere([]string{"unvalidatedValues"}, rest...), s.elsewhere([]string{"unvalidatedValues", "pilot"}, rest...)}
}

// elsewhere gives the same setting at another path.
func (s Setting) elsewhere(first []string, rest ...string) Setting {
	s.Path = slices.Concat(first, rest)
	return s
}

func snakeCases(keys []string) []string {
	var all []string
	for _, key := range keys {
		all = append(all, document.SnakeCase(key))
	}
	return all
}
