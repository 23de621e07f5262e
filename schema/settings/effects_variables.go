package settings

import (
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
)

const registry = "pilot/pkg/serviceregistry/kube/controller/"

// variableEffects are the variables of istiod that its code for several clusters reads.
var variableEffects = []Effect{
	{Setting: "pilot.env.AMBIENT_ENABLE_MULTI_NETWORK", Feature: "EnableAmbientMultiNetwork", Verdict: Warned, Code: AmbientFlagWithSidecars.Code, check: checkAmbientFlag,
		Does:   "with PILOT_ENABLE_AMBIENT, ztunnel and gateways call other networks by HBONE, and Services stay in their clusters unless they are global: right for ambient, and wrong for what has sidecars",
		Source: AmbientFlagWithSidecars.Source},
	{Setting: "pilot.env.AMBIENT_ENABLE_MULTI_NETWORK_INGRESS", Feature: "EnableAmbientIngressMultiNetwork", Verdict: Harmless,
		Does: "whether ingress gateways call other networks where the flag above is on", Source: "pilot/pkg/xds/endpoints/ep_filters.go, from 1.29 on"},
	{Setting: "pilot.env.AMBIENT_ENABLE_MULTI_NETWORK_WAYPOINT", Feature: "EnableAmbientWaypointMultiNetwork", Verdict: Harmless,
		Does: "whether waypoints call other networks where that flag is on", Source: "pilot/pkg/xds/endpoints/ep_filters.go, from 1.29 on"},
	{Setting: "pilot.env.AMBIENT_ENABLE_STATUS", Feature: "EnableAmbientStatus", Verdict: Harmless,
		Does: "conditions in the status of objects of the own cluster", Source: "pilot/pkg/serviceregistry/ambient/ambientindex.go"},
	{Setting: "pilot.env.ENABLE_INGRESS_WAYPOINT_ROUTING", Feature: "EnableIngressWaypointRouting", Verdict: Harmless,
		Does: "whether ingress gateways call waypoints of Services that ask for it", Source: "pilot/pkg/serviceregistry/ambient/ambientindex.go"},
	{Setting: "pilot.env.AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY", Feature: "EnableWdsDryRunAuthzPol", Verdict: Harmless,
		Does: "policies of the own cluster for ztunnel", Source: "pilot/pkg/serviceregistry/ambient/authorization.go, from 1.29 on"},
	{Setting: "pilot.env.ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS", Feature: "EnableWildcardHostServiceEntriesForTLS", Verdict: Harmless,
		Does: "hosts outside the mesh", Source: "pilot/pkg/serviceregistry/ambient/services.go"},
	{Setting: "pilot.env.PILOT_PREFER_SENDING_HBONE", Feature: "PreferHBONESend", Verdict: Harmless,
		Does: "how pods of the own network are called; gateways of other networks keep mutual TLS", Source: "pilot/pkg/xds/endpoints/endpoint_builder.go, ep_filters.go"},
	{Setting: "pilot.env.PILOT_ENABLE_SERVICEENTRY_SELECT_PODS", Feature: "EnableServiceEntrySelectPods", Verdict: Harmless,
		Does: "whether a ServiceEntry has the pods that it selects, in any cluster", Source: registry + "multicluster.go"},
	{Setting: "pilot.env.PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES", Feature: "EnableK8SServiceSelectWorkloadEntries", Verdict: Harmless,
		Does: "whether a Service has the WorkloadEntries that it selects, in any cluster", Source: registry + "multicluster.go"},
	{Setting: "pilot.env.PILOT_ENABLE_CROSS_CLUSTER_WORKLOAD_ENTRY", Feature: "WorkloadEntryCrossCluster", Verdict: Harmless,
		Does: "whether WorkloadEntries of other clusters are read: who turns it off does not want them", Source: registry + "multicluster.go"},
	{Setting: "pilot.env.ENABLE_MCS_HOST", Feature: "EnableMCSHost", Verdict: Rendered,
		Does: "istiod reads ServiceImports of every cluster: its reader may", Source: registry + "serviceimportcache.go"},
	{Setting: "pilot.env.ENABLE_MCS_SERVICE_DISCOVERY", Feature: "EnableMCSServiceDiscovery", Verdict: Rendered, Code: "reader-lacks-rights",
		Does: "istiod reads ServiceExports of every cluster: its reader may. Services that are not exported stay in their cluster, which is what it is for", Source: registry + "serviceexportcache.go"},
	{Setting: "pilot.env.ENABLE_MCS_CLUSTER_LOCAL", Feature: "EnableMCSClusterLocal", Verdict: Warned, Code: NothingShared.Code, check: checkClusterLocal,
		Does: "svc.cluster.local stays in its cluster, where ENABLE_MCS_SERVICE_DISCOVERY is on: without ENABLE_MCS_HOST nothing reaches another", Source: registry + "serviceexportcache.go"},
	{Setting: "pilot.env.ENABLE_MCS_AUTO_EXPORT", Feature: "EnableMCSAutoExport", Verdict: Rendered, Code: "reader-lacks-rights",
		Does: "istiod makes ServiceExports in every cluster: its reader may", Source: registry + "autoserviceexportcontroller.go"},
	{Setting: "pilot.env.MCS_API_GROUP", Verdict: Rendered,
		Does: "the API group of these: the reader's rights name it", Source: "pkg/kube/mcs/name.go"},
	{Setting: "pilot.env.ISTIO_DUAL_STACK", Feature: "EnableDualStack", Verdict: Harmless,
		Does: "whether endpoints have both of their addresses; gateways are called at those that they have", Source: registry + "endpointslice.go"},
	{Setting: "pilot.env.ENABLE_CLUSTER_TRUST_BUNDLE_API", Feature: "EnableClusterTrustBundles", Verdict: Rendered,
		Does: "istiod writes a ClusterTrustBundle into its remotes in place of ConfigMaps: its reader may", Source: registry + "multicluster.go, from 1.26 on"},
	{Setting: "pilot.env.PILOT_CA_CERT_CONFIGMAP", Feature: "CACertConfigMapName", Verdict: Rendered,
		Does: "the ConfigMap of the root certificate in the namespaces of remotes: its reader may write it", Source: registry + "namespacecontroller.go, from 1.27 on"},
	{Setting: "pilot.env.PILOT_CRL_CONFIGMAP", Feature: "CRLConfigMapName", Verdict: Rendered,
		Does: "that of revoked certificates, the same way", Source: registry + "namespacecontroller.go, from 1.29 on"},
	{Setting: "pilot.env.PILOT_ENABLE_CA_CRL", Feature: "EnableCACRL", Verdict: Rendered,
		Does: "whether there is one: its reader may write it where there is", Source: registry + "namespacecontroller.go, from 1.27 on"},
	{Setting: "pilot.env.PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", Feature: "EnableRemoteCredentialsController", Verdict: Rendered,
		Does: "whether istiod reads Secrets of other clusters: its reader may where it does", Source: "pilot/pkg/credentials/kube/multicluster.go, from 1.31 on"},
	{Setting: "pilot.env.EXTERNAL_ISTIOD", Feature: "ExternalIstiod", Verdict: Refused, Code: "owned-setting",
		Does: "whether istiod serves remotes; the topology says it", Source: registry + "multicluster.go"},
	{Setting: "pilot.env.INJECTION_WEBHOOK_CONFIG_NAME", Feature: "InjectionWebhookConfigName", Verdict: Warned, Code: WebhookNotPatched.Code, check: checkWebhook,
		Does: "empty: istiod does not write its CA into the webhooks of remotes. Another name changes nothing there", Source: WebhookNotPatched.Source},
	{Setting: "pilot.env.PILOT_REMOTE_CLUSTER_TIMEOUT", Feature: "RemoteClusterTimeout", Verdict: Warned, Code: WaitsForEveryCluster.Code, check: checkTimeout,
		Does: "how long istiod waits for another cluster before it is ready; with 0 for ever", Source: WaitsForEveryCluster.Source},
	{Setting: "pilot.env.ISTIO_WATCH_NAMESPACE", Feature: "InformerWatchNamespace", Verdict: Refused, Code: WatchesOneNamespace.Code, check: checkWatched,
		Does: "istiod reads one namespace only, in every cluster: that of the gateways or one with Services", Source: WatchesOneNamespace.Source},
	{Setting: "pilot.env.PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API", Feature: "MultiNetworkGatewayAPI", Verdict: Warned, Code: GatewayNotRead.Code, check: checkGatewayAPI,
		Does: "off: Gateways of class istio-remote do not count, and gateways that are Services do", Source: GatewayNotRead.Source},
	{Setting: "pilot.env.RESOLVE_HOSTNAME_GATEWAYS", Feature: "ResolveHostnameGateways", Verdict: Warned, Code: HostnameNotResolved.Code, check: checkResolved,
		Does: "off: gateways whose load balancers have host names are dropped", Source: HostnameNotResolved.Source},
	{Setting: "pilot.env.LOCAL_CLUSTER_SECRET_WATCHER", Feature: "LocalClusterSecretWatcher", Verdict: Harmless,
		Does: "remote Secrets of the cluster where istiod runs, which in a primary is the one that it reads anyway", Source: "pkg/kube/multicluster/secretcontroller.go"},
	{Setting: "pilot.env.PILOT_MULTICLUSTER_KUBECONFIG_PATH", Feature: "MulticlusterKubeconfigPath", Verdict: Warned, Code: SecretsNotRead.Code, check: checkKubeconfigPath,
		Does: "kubeconfigs of a directory in place of remote Secrets", Source: SecretsNotRead.Source},
	{Setting: "pilot.env.PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS", Verdict: Harmless,
		Does: "more ways to log in that remote Secrets may use; those that are rendered need none", Source: "pkg/kube/multicluster/secretcontroller.go"},
	{Setting: "pilot.env.PILOT_FILTER_GATEWAY_CLUSTER_CONFIG", Verdict: Harmless,
		Does: "fewer clusters for gateways, but not those for AUTO_PASSTHROUGH", Source: "pilot/pkg/networking/core/cluster.go (buildOutboundSniDnatClusters)"},
	{Setting: "pilot.env.PILOT_SCOPE_GATEWAY_TO_NAMESPACE", Verdict: Harmless,
		Does: "Gateways for pods of their own namespace only, where those of the mesh are unless eastWestGateway.namespace says another, which gateway-out-of-scope refuses", Source: "pilot/pkg/model/push_context.go (mergeGateways)"},
	{Setting: "pilot.env.PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS", Feature: "DefaultSendUnhealthyEndpoints", Verdict: Harmless,
		Does: "endpoints that are not ready, of any cluster", Source: registry + "pod.go"},
	{Setting: "pilot.env.PILOT_SEND_UNHEALTHY_ENDPOINTS", Feature: "GlobalSendUnhealthyEndpoints", Verdict: Harmless,
		Does: "the same, and without a panic threshold", Source: registry + "pod.go"},
	{Setting: "pilot.env.ENABLE_PROXY_FIND_POD_BY_IP", Feature: "EnableProxyFindPodByIP", Verdict: Harmless,
		Does: "which pod a proxy is; only its own cluster is asked", Source: registry + "pod.go"},
	{Setting: "pilot.env.LABEL_CANONICAL_SERVICES_FOR_MESH_EXTERNAL_SERVICE_ENTRIES", Feature: "CanonicalServiceForMeshExternalServiceEntry", Verdict: Harmless,
		Does: "names in metrics", Source: "pilot/pkg/xds/endpoints/endpoint_builder.go"},
	{Setting: "pilot.env.PILOT_DRAINING_LABEL", Feature: "DrainingLabel", Verdict: Harmless,
		Does: "which pods are taken out, in any cluster", Source: "pilot/pkg/xds/endpoints/endpoint_builder.go"},
	{Setting: "pilot.env.PILOT_PERSISTENT_SESSION_LABEL", Feature: "PersistentSessionLabel", Verdict: Harmless,
		Does: "which Services have sessions by cookie", Source: "pilot/pkg/xds/endpoints/endpoint_builder.go"},
}

func checkAmbientFlag(i Installation, m Mesh, found *diag.List) {
	flag, on := i.on("AMBIENT_ENABLE_MULTI_NETWORK")
	if _, set := i.on("PILOT_ENABLE_AMBIENT"); !on || m.Networks < 2 || m.Sidecars == nil || !m.Ambient && !set {
		return
	}
	d := found.Add(flag.at, AmbientFlagWithSidecars, "the control plane is set up for ambient calls between networks, and the mesh has sidecars")
	if m.Sidecars.Pos != flag.at && m.Sidecars.Pos.Line > 0 {
		d.Relate(m.Sidecars.Pos, m.Sidecars.What)
	}
}

func checkClusterLocal(i Installation, _ Mesh, found *diag.List) {
	local, on := i.on("ENABLE_MCS_CLUSTER_LOCAL")
	_, exports := i.on("ENABLE_MCS_SERVICE_DISCOVERY")
	if _, host := i.on("ENABLE_MCS_HOST"); on && exports && !host {
		d := found.Add(local.at, NothingShared, "every Service of the mesh stays in its cluster: no host clusterset.local leads to others")
		d.Fix = `set ENABLE_MCS_HOST: "true" as well, or delete ENABLE_MCS_CLUSTER_LOCAL`
		d.About.Setting = "ENABLE_MCS_CLUSTER_LOCAL"
	}
}

func checkWebhook(i Installation, m Mesh, found *diag.List) {
	if name, ok := i.variable("INJECTION_WEBHOOK_CONFIG_NAME"); ok && name.Text == "" && m.Remotes {
		found.Add(name.at, WebhookNotPatched, "istiod leaves the webhooks of its remotes without a CA")
	}
}

func checkTimeout(i Installation, _ Mesh, found *diag.List) {
	s, ok := i.variable("PILOT_REMOTE_CLUSTER_TIMEOUT")
	if timeout, err := time.ParseDuration(s.text()); ok && err == nil && timeout <= 0 {
		found.Add(s.at, WaitsForEveryCluster, "istiod does not get ready before it has read every other cluster")
	}
}

func checkWatched(i Installation, m Mesh, found *diag.List) {
	if s, ok := i.variable("ISTIO_WATCH_NAMESPACE"); ok && s.Text != "" && m.crosses() {
		found.Add(s.at, WatchesOneNamespace, "istiod reads nothing in any cluster but what is in namespace %q", s.Text)
	}
}

func checkGatewayAPI(i Installation, m Mesh, found *diag.List) {
	if s, off := i.off("PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API"); off && m.Referred != nil {
		found.Add(s.at, GatewayNotRead, "istiod does not look at Gateways, one of which says where another network's gateway is").Relate(m.Referred.Pos, m.Referred.What)
	}
}

func checkResolved(i Installation, m Mesh, found *diag.List) {
	if s, off := i.off("RESOLVE_HOSTNAME_GATEWAYS"); off && m.Networks > 1 && m.Hostname != nil {
		found.Add(s.at, HostnameNotResolved, "istiod drops gateways that have host names").Relate(m.Hostname.Pos, m.Hostname.What)
	}
}

func checkKubeconfigPath(i Installation, m Mesh, found *diag.List) {
	s, ok := i.variable("PILOT_MULTICLUSTER_KUBECONFIG_PATH")
	_, mounts := find(i.Pilot, once, "volumeMounts")
	if known := i.Kubeconfigs(); known != nil && m.Labelled != nil {
		d := found.Add(known.At, SecretsNotRead, "istiod reads the kubeconfigs of that directory, and none of the labelled Secrets beside it")
		d.Severity, d.Fix = diag.Error, "put their kubeconfigs into the volume, or delete PILOT_MULTICLUSTER_KUBECONFIG_PATH"
		d.Relate(m.Labelled.Pos, m.Labelled.What)
	} else if ok && s.Text != "" && m.Secrets && !mounts && (m.Minor == 0 || m.Minor >= 30) {
		found.Add(s.at, SecretsNotRead, "istiod reads kubeconfigs of that directory, and none of the remote Secrets")
	}
}
