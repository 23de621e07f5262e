package owned

import (
	"strings"

	"meshtopo.dev/meshtopo/schema"
)

// variable is one of the environment of istiod, or of the proxies, that follows from the topology.
type variable struct {
	name  string
	field string // what says it in the topology; NAME stands for the cluster
	why   string // the symptom of another value
	want  func(t *schema.Topology, c *schema.Cluster) any
}

// istiodVariables are those that the chart of istiod gives it.
var istiodVariables = []variable{
	{"CLUSTER_ID", "the cluster's name under clusters", wrongName, wantName},
	{"EXTERNAL_ISTIOD", "the clusters that name this one as their primary", wrongServing, wantServingText},
	{"ISTIO_MULTIROOT_MESH", "trust.roots", wrongRoots, wantMultiRoot},
	{schema.KubeconfigPath, "secrets.remote", wrongKubeconfigs, wantKubeconfigPath},
	{schema.KubeconfigOptions, "clusters.NAME.credential.insecureOptions", wrongOptions, wantKubeconfigOptions},
	{"ENABLE_CA_SERVER", "trust.provider", wrongCA, wantNoCAServer},
	{"REVISION", "istio.revision", wrongInstall, wantRevisionName},
}

// proxyVariables are those that injection gives a proxy. Its own environment comes before that.
var proxyVariables = []variable{
	{"ISTIO_META_NETWORK", "clusters.NAME.network", wrongNetwork, wantNetwork},
	{"ISTIO_META_CLUSTER_ID", "the cluster's name under clusters", wrongName, wantName},
	{"ISTIO_META_MESH_ID", "mesh.id", wrongMesh, wantMeshID},
	{"TRUST_DOMAIN", "mesh.trustDomain", wrongIdentity, wantTrustDomain},
}

// requestedNetworkView limits a proxy to the endpoints of one network, which is for gateways of that network only.
const requestedNetworkView = "ISTIO_META_REQUESTED_NETWORK_VIEW"

// proxyConfigKey is the annotation that holds a pod's own proxy config, as YAML.
const proxyConfigKey = `proxy\.istio\.io/config`

// wantProxyConfig refuses a proxy config that has to do with what follows from the topology.
func wantProxyConfig(*schema.Topology, *schema.Cluster) any {
	return refusal(func(item any) string {
		text, _ := item.(string)
		for _, v := range proxyVariables {
			if strings.Contains(text, v.name) {
				return v.why
			}
		}
		if strings.Contains(text, "meshId") || strings.Contains(text, "mesh_id") {
			return wrongMesh
		}
		return ""
	})
}

// istiodEnvironment gives the settings that istiod's environment comes from.
func istiodEnvironment() []owned {
	var all []owned
	for _, v := range istiodVariables {
		all = append(all,
			owned{"values.pilot.env." + v.name, v.field, v.why, v.want},
			owned{"values.pilot.envVarFrom.[name=" + v.name + "].name", v.field, v.why, v.never})
	}
	return all
}

// proxyEnvironment gives the settings that the environment of proxies comes from: of all of them by the mesh config, of
// gateways by their own settings.
func proxyEnvironment() []owned {
	all := []owned{{
		"meshConfig.defaultConfig.proxyMetadata." + requestedNetworkView, "clusters.NAME.network", wrongView,
		inMeshConfig(func(*schema.Topology, *schema.Cluster) any { return mustNotBeSet("sidecars call other networks too") }),
	}}
	for _, v := range proxyVariables {
		all = append(all, owned{"meshConfig.defaultConfig.proxyMetadata." + v.name, v.field, v.why, inMeshConfig(v.everyProxy)})
		for _, direction := range []string{"ingress", "egress"} {
			all = append(all, owned{"values.gateways.istio-" + direction + "gateway.env." + v.name, v.field, v.why, v.want})
		}
	}
	return all
}

// everyProxy is what the mesh config of a primary may say, which is that of its remotes too.
func (v variable) everyProxy(t *schema.Topology, c *schema.Cluster) any {
	want := v.want(t, c)
	for _, remote := range t.Remotes(c.Name) {
		if want != nil && v.want(t, remote) != want {
			return mustNotBeSet("the proxies of its remotes would be given the same")
		}
	}
	return want
}

// never forbids to set it where istiod is given it.
func (v variable) never(t *schema.Topology, c *schema.Cluster) any {
	if v.want(t, c) == nil {
		return nil
	}
	return mustNotBeSet("istiod is given it already")
}

// wantRevisionName is what istiod calls its revision where it has none.
func wantRevisionName(_ *schema.Topology, c *schema.Cluster) any {
	if c.Istio.Revision == "" {
		return "default"
	}
	return c.Istio.Revision
}
