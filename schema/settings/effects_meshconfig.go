package settings

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

var AutoMTLSOff = &diag.Rule{
	Code: "auto-mtls-off", Severity: diag.Warning, Symptom: true,
	Title:  "a mesh of several networks without automatic mutual TLS",
	Why:    "a gateway finds the Service of a call by the SNI of mutual TLS: calls to other networks that no DestinationRule gives ISTIO_MUTUAL leave as plain text, and are reset at port 15443",
	Fix:    "delete meshConfig.enableAutoMtls",
	Source: "pilot/pkg/networking/core/cluster_tls.go (buildUpstreamTLSSettings)",
	Bad:    `istio: {meshConfig: {enableAutoMtls: false}}`,
	Good:   `istio: {meshConfig: {enableAutoMtls: true}}`,
}

var NothingShared = &diag.Rule{
	Code: "nothing-shared", Severity: diag.Info, Symptom: true,
	Title:  "a mesh config that keeps all Services in their clusters",
	Why:    "every cluster answers for itself only, however many endpoints the others have: calls never leave it, and failover finds nothing. Without this, only kube-system and the API server's Service are kept back",
	Fix:    "name the hosts that are to stay in their clusters, or add an entry with clusterLocal: false for those that are shared",
	Source: "pilot/pkg/model/cluster_local.go",
	Bad:    `istio: {meshConfig: {serviceSettings: [{settings: {clusterLocal: true}, hosts: ["*"]}]}}`,
	Good:   `istio: {meshConfig: {serviceSettings: [{settings: {clusterLocal: true}, hosts: ["*.local-only.svc.cluster.local"]}]}}`,
}

var ServicesNotExported = &diag.Rule{
	Code: "services-not-exported", Severity: diag.Warning, Symptom: true,
	Title:  "a mesh config that hides Services from the gateways between networks",
	Why:    "a gateway knows the Services only that its own namespace may see: calls from other networks are reset there, while istiod still sends its share of calls to it",
	Fix:    `use ["*"], or add the namespace of the gateways`,
	Source: "pilot/pkg/networking/core/cluster.go (buildOutboundSniDnatClusters), pilot/pkg/model/push_context.go (initDefaultExportMaps)",
	Bad:    `istio: {meshConfig: {defaultServiceExportTo: ["."]}}`,
	Good:   `istio: {meshConfig: {defaultServiceExportTo: [".", istio-system]}}`,
}

// meshConfigEffects are the settings of the mesh config.
var meshConfigEffects = []Effect{
	{Setting: "meshConfig.discoverySelectors", Verdict: Refused, Code: HiddenFromDiscovery.Code,
		Does: "istiod reads the Services, Gateways and pods of the namespaces only that one of the selectors fits, in every cluster: it does not find the gateways, " +
			"nor the resources that expose istiod, where none fits the namespace of the control plane. A label that makes one fit is rendered; without one that can be, it is refused. " +
			"The network label is read all the same",
		Source: "pkg/kube/namespace/filter.go, pilot/pkg/serviceregistry/kube/controller/controller.go"},
	{Setting: "meshConfig.defaultServiceExportTo", Verdict: Warned, Code: ServicesNotExported.Code, check: checkExportTo,
		Does:   "a gateway between networks routes to the Services only that its own namespace may see",
		Source: ServicesNotExported.Source},
	{Setting: "meshConfig.enableAutoMtls", Verdict: Warned, Code: AutoMTLSOff.Code, check: checkAutoMTLS,
		Does: "without it calls to other networks are plain text, and reset at port 15443", Source: AutoMTLSOff.Source},
	{Setting: "meshConfig.serviceSettings", Verdict: Warned, Code: NothingShared.Code, check: checkServiceSettings,
		Does: "clusterLocal keeps the Services of the hosts in their clusters, which somebody may want of some, but not of all", Source: NothingShared.Source},
	{Setting: "meshConfig.trustDomain", Verdict: Refused, Code: "owned-setting",
		Does: "identities of one cluster that others do not expect", Source: "pkg/config/mesh/mesh.go"},
	{Setting: "meshConfig.trustDomainAliases", Verdict: Refused, Code: "owned-setting",
		Does: "which identities of other trust domains are taken", Source: "pkg/config/mesh/mesh.go"},
	{Setting: "meshConfig.defaultConfig.meshId", Verdict: Refused, Code: "owned-setting",
		Does: "telemetry joins clusters by it", Source: "mesh/v1alpha1/proxy.proto in istio.io/api"},
	{Setting: "meshConfig.defaultConfig.proxyMetadata.ISTIO_META_DNS_CAPTURE", Verdict: Refused, Code: "owned-setting",
		Does:   "without it a Service that exists in another cluster only has no name here, and a headless one has the pods only of the own cluster (mesh.dnsCapture; dns-capture-off notes it)",
		Source: "https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/"},
	{Setting: "meshConfig.defaultConfig.proxyMetadata.ISTIO_META_REQUESTED_NETWORK_VIEW", Verdict: Refused, Code: "owned-setting",
		Does: "a proxy with it has no endpoints on other networks, which is for gateways only", Source: "pilot/pkg/model/network.go, pilot/pkg/xds/endpoints/ep_filters.go"},
	{Setting: "meshConfig.rootNamespace", Verdict: Harmless,
		Does: "policies of the whole mesh are read from there; the network label stays that of the control plane's namespace", Source: "pilot/pkg/serviceregistry/ambient/policies.go"},
	{Setting: "meshConfig.serviceScopeConfigs", Verdict: Harmless,
		Does: "which Services ztunnel and waypoints may call in other clusters; without AMBIENT_ENABLE_MULTI_NETWORK nothing reads it", Source: "pilot/pkg/serviceregistry/ambient/services.go, from 1.27 on"},
	{Setting: "meshConfig.localityLbSetting", Verdict: Harmless,
		Does: "which endpoints are called first; gateways of other networks have the locality of the endpoints behind them", Source: "pilot/pkg/networking/core/loadbalancer/loadbalancer.go"},
	{Setting: "meshConfig.zoneAwareLbSetting", Verdict: Harmless,
		Does: "which zones are called first, and by how much; endpoints on other networks stay", Source: "pilot/pkg/networking/core/loadbalancer/loadbalancer.go, from 1.31 on"},
	{Setting: "meshConfig.outboundTrafficPolicy", Verdict: Harmless,
		Does: "calls to hosts outside the mesh; Services and gateways of other clusters are inside", Source: "pilot/pkg/networking/core/listener.go"},
	{Setting: "meshConfig.caCertificates", Verdict: Harmless,
		Does: "more roots that the proxies trust beside those of cacerts", Source: "pilot/pkg/model/proxy_config.go"},
	{Setting: "meshConfig.defaultVirtualServiceExportTo", Verdict: Harmless,
		Does: "the VirtualService that exposes istiod is in the namespace of its gateway", Source: "pilot/pkg/model/push_context.go"},
	{Setting: "meshConfig.defaultDestinationRuleExportTo", Verdict: Harmless,
		Does: "which clients a DestinationRule is for, as in a mesh of one cluster", Source: "pilot/pkg/model/push_context.go"},
	{Setting: "meshConfig.meshMTLS", Verdict: Harmless,
		Does: "the versions and ciphers of mutual TLS; gateways between networks pass it through", Source: "pilot/pkg/security/authn/policy_applier.go"},
}

func checkExportTo(i Installation, m Mesh, found *diag.List) {
	s, ok := i.meshConfig("defaultServiceExportTo")
	seen := s.texts()
	if !ok || m.Networks < 2 || len(seen) == 0 || slices.Contains(seen, "*") || slices.Contains(seen, m.Namespace) {
		return
	}
	d := found.Add(s.at, ServicesNotExported, "Services are not exported to namespace %s, where the gateways between networks are", m.Namespace)
	d.About.Setting = "meshConfig.defaultServiceExportTo"
}

func checkAutoMTLS(i Installation, m Mesh, found *diag.List) {
	if s, ok := i.meshConfig("enableAutoMtls"); ok && s.Text == "false" && m.Networks > 1 {
		found.Add(s.at, AutoMTLSOff, "calls to other networks would not use mutual TLS").About.Setting = "meshConfig.enableAutoMtls"
	}
}

// checkServiceSettings reports a list of settings that makes all Services local and shares none of them.
func checkServiceSettings(i Installation, _ Mesh, found *diag.List) {
	list, ok := i.meshConfig("serviceSettings")
	if !ok {
		return
	}
	var all []diag.Pos
	for _, item := range list.Items {
		settings := item.At("settings")
		if !settings.BoolAt("clusterLocal") && !settings.BoolAt("cluster_local") {
			return
		}
		if n := slices.Index(item.StringsAt("hosts"), "*"); n >= 0 {
			all = append(all, item.At("hosts").Items[n].Pos)
		}
	}
	if len(all) > 0 {
		d := found.Add(all[len(all)-1], NothingShared, "every Service of the mesh stays in its cluster")
		d.About.Setting = "meshConfig.serviceSettings"
	}
}

// texts gives the strings of a list.
func (s setting) texts() []string {
	if s.Node == nil {
		return nil
	}
	return s.StringsAt()
}
