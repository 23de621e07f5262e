package rules

import (
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

var sharingRules = group{
	rules: []*diag.Rule{dnsCaptureOff, autoMTLSOff, nothingShared},
	check: func(t mesh, found *diag.List) {
		t.checkDNSCapture(found)
		t.checkMeshConfig(found)
	},
}

var dnsCaptureOff = &diag.Rule{
	Code: "dns-capture-off", Severity: diag.Info,
	Title:  "sidecars that do not answer DNS in a mesh of several clusters",
	Why:    "a Service that exists in another cluster only has no name in this one: `Could not resolve host`",
	Fix:    "set mesh.dnsCapture: true, or create every Service, with its namespace, in each cluster that calls it",
	Source: "https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/",
	Bad:    `mesh: {dnsCapture: false}`,
	Good:   `mesh: {dnsCapture: true}`,
}

var autoMTLSOff = &diag.Rule{
	Code: "auto-mtls-off", Severity: diag.Warning,
	Title:  "a mesh of several networks without automatic mutual TLS",
	Why:    "a gateway finds the Service of a call by the SNI of mutual TLS: calls to other networks that no DestinationRule gives ISTIO_MUTUAL leave as plain text, and are reset at port 15443",
	Fix:    "delete meshConfig.enableAutoMtls",
	Source: "pilot/pkg/networking/core/cluster_tls.go (buildUpstreamTLSSettings)",
	Bad:    `istio: {meshConfig: {enableAutoMtls: false}}`,
	Good:   `istio: {meshConfig: {enableAutoMtls: true}}`,
}

var nothingShared = &diag.Rule{
	Code: "nothing-shared", Severity: diag.Info,
	Title:  "a mesh config that keeps all Services in their clusters",
	Why:    "every cluster answers for itself only, however many endpoints the others have: calls never leave it, and failover finds nothing. Without this, only kube-system and the API server's Service are kept back",
	Fix:    "name the hosts that are to stay in their clusters, or add an entry with clusterLocal: false for those that are shared",
	Source: "pilot/pkg/model/cluster_local.go",
	Bad:    `istio: {meshConfig: {serviceSettings: [{settings: {clusterLocal: true}, hosts: ["*"]}]}}`,
	Good:   `istio: {meshConfig: {serviceSettings: [{settings: {clusterLocal: true}, hosts: ["*.local-only.svc.cluster.local"]}]}}`,
}

// checkDNSCapture reports DNS capture only where somebody turned it off: it is on by default.
func (t mesh) checkDNSCapture(found *diag.List) {
	path := []string{"spec", "mesh", "dnsCapture"}
	if len(t.Clusters) > 1 && t.Given(path...) && !t.Unsure(path...) && !t.Mesh.DNSCapture {
		found.Add(t.Pos(path...), dnsCaptureOff, "a Service that exists in another cluster only cannot be resolved")
	}
}

// checkMeshConfig reports settings of the mesh config that keep calls from other clusters. A setting that is written
// once for all control planes is found for each of them; the list keeps one finding.
func (t mesh) checkMeshConfig(found *diag.List) {
	for _, p := range t.primaries() {
		if len(t.Clusters) < 2 {
			return
		}
		if s, ok := t.Setting(p, []string{"meshConfig", "enableAutoMtls"}); ok && s.Value == false && t.MultiNetwork() {
			found.Add(t.Pos(s.Path...), autoMTLSOff, "calls to other networks would not use mutual TLS")
		}
		if s, ok := t.Setting(p, []string{"meshConfig", "serviceSettings"}); ok && s.Short == "" {
			t.checkServiceSettings(s.Path, found)
		}
	}
}

// checkServiceSettings reports a list of settings that makes all Services local and shares none of them.
func (t mesh) checkServiceSettings(path []string, found *diag.List) {
	list := t.Root().At(path...)
	var all []string
	for i, item := range list.Items {
		settings := item.At("settings")
		switch hosts := item.StringsAt("hosts"); {
		case !settings.BoolAt("clusterLocal") && !settings.BoolAt("cluster_local"):
			return
		case slices.Contains(hosts, "*"):
			all = append(slices.Clone(path), strconv.Itoa(i), "hosts", strconv.Itoa(slices.Index(hosts, "*")))
		}
	}
	if all != nil && list.Kind == document.List {
		found.Add(t.Pos(all...), nothingShared, "every Service of the mesh stays in its cluster")
	}
}
