package render

import (
	"slices"
	"strings"
	"testing"
)

// TestAllowedPatches proves that what follows from the topology is all that is protected: patches that the owner of a
// mesh may need are made without a finding.
func TestAllowedPatches(t *testing.T) {
	const (
		gateway = "/spec/components/ingressGateways/0/"
		overlay = `[{op: add, path: ` + gateway + `k8s/overlays, value: [{kind: %, name: istio-eastwestgateway, patches: [{path: %, value: %}]}]}]`
		istiod  = `[{op: add, path: /spec/components, value: {pilot: {k8s: {overlays: [{kind: %, name: istiod, patches: [{path: %, value: %}]}]}}}}]`
	)
	fill := func(text string, values ...string) string {
		for _, v := range values {
			text = strings.Replace(text, "%", v, 1)
		}
		return text
	}
	for name, tt := range map[string]struct{ object, patch string }{
		"resources":                      {"eastwest", `[{op: add, path: ` + gateway + `k8s/resources, value: {requests: {cpu: 1}}}]`},
		"replicas":                       {"eastwest", `[{op: add, path: ` + gateway + `k8s/replicaCount, value: 3}]`},
		"an autoscaler":                  {"eastwest", `[{op: add, path: ` + gateway + `k8s/hpaSpec, value: {minReplicas: 2, maxReplicas: 5}}]`},
		"tolerations":                    {"eastwest", `[{op: add, path: ` + gateway + `k8s/tolerations, value: [{key: edge, operator: Exists}]}]`},
		"affinity":                       {"eastwest", `[{op: add, path: ` + gateway + `k8s/affinity, value: {nodeAffinity: {}}}]`},
		"annotations of the Service":     {"eastwest", `[{op: add, path: ` + gateway + `k8s/serviceAnnotations, value: {example.com/internal: "true"}}]`},
		"annotations of the pod":         {"eastwest", `[{op: add, path: ` + gateway + `k8s/podAnnotations, value: {example.com/scrape: "true", inject.istio.io/templates: gateway}}]`},
		"a proxy config":                 {"eastwest", `[{op: add, path: ` + gateway + `k8s/podAnnotations, value: {proxy.istio.io/config: "concurrency: 4"}}]`},
		"a label":                        {"eastwest", `[{op: add, path: ` + gateway + `label/team, value: mesh}, {op: add, path: ` + gateway + `label/sidecar.istio.io~1inject, value: "true"}]`},
		"another variable":               {"eastwest", `[{op: add, path: ` + gateway + `k8s/env/-, value: {name: ISTIO_META_IDLE_TIMEOUT, value: 5s}}]`},
		"a variable with its value":      {"eastwest", `[{op: add, path: ` + gateway + `k8s/env/-, value: {name: ISTIO_META_NETWORK, value: network2}}]`},
		"a source range":                 {"eastwest", `[{op: add, path: ` + gateway + `k8s/service/loadBalancerSourceRanges, value: [192.0.2.0/24]}]`},
		"another port":                   {"eastwest", `[{op: add, path: ` + gateway + `k8s/service/ports/0, value: {name: https, port: 443, targetPort: 8443}}]`},
		"another gateway":                {"eastwest", `[{op: add, path: /spec/components/ingressGateways/-, value: {name: shop, enabled: true}}]`},
		"a component that stays off":     {"eastwest", `[{op: add, path: /spec/components/pilot, value: {enabled: false}}]`},
		"values with their value":        {"eastwest", `[{op: add, path: /spec/values/global/multiCluster, value: {clusterName: cluster-b}}, {op: add, path: /spec/values/global/meshID, value: shop}]`},
		"a grace period by an overlay":   {"eastwest", fill(overlay, "Deployment", "spec.template.spec.terminationGracePeriodSeconds", "60")},
		"a lifecycle by an overlay":      {"eastwest", fill(overlay, "Deployment", "'spec.template.spec.containers.[name:istio-proxy].lifecycle'", "{preStop: {}}")},
		"a variable by an overlay":       {"eastwest", fill(overlay, "Deployment", "'spec.template.spec.containers.[name:istio-proxy].env'", "{name: GODEBUG, value: x}")},
		"a variable at the end":          {"eastwest", fill(overlay, "Deployment", "'spec.template.spec.containers.[name:istio-proxy].env.[-1]'", "{name: GODEBUG, value: x}")},
		"a port by an overlay":           {"eastwest", fill(overlay, "Service", "spec.ports", "{name: https, port: 443}")},
		"a field of another port":        {"eastwest", fill(overlay, "Service", "'spec.ports.[name:https].nodePort'", "30443")},
		"a label by an overlay":          {"eastwest", fill(overlay, "Service", "metadata.labels.team", "mesh")},
		"an autoscaler by an overlay":    {"eastwest", fill(overlay, "HorizontalPodAutoscaler", "spec.behavior", "{}")},
		"istiod's arguments":             {"control-plane", fill(istiod, "Deployment", "'spec.template.spec.containers.[name:discovery].args'", "--log_as_json")},
		"istiod's variable":              {"control-plane", fill(istiod, "Deployment", "'spec.template.spec.containers.[name:discovery].env'", "{name: GODEBUG, value: x}")},
		"istiod's metrics port":          {"control-plane", fill(istiod, "Service", "'spec.ports.[name:http-monitoring].appProtocol'", "http")},
		"a selector of the webhook":      {"control-plane", fill(istiod, "MutatingWebhookConfiguration", "'webhooks.[name:rev.namespace.sidecar-injector\\.istio\\.io].failurePolicy'", "Ignore")},
		"istiod's environment":           {"control-plane", `[{op: add, path: /spec/values/pilot, value: {env: {PILOT_DEBOUNCE_AFTER: 1s, CLUSTER_ID: cluster-b}}}]`},
		"istiod's environment and more":  {"control-plane", `[{op: add, path: /spec/components, value: {pilot: {k8s: {env: [{name: PILOT_DEBOUNCE_AFTER, value: 1s}], replicaCount: 2}}}}]`},
		"other arguments":                {"control-plane", `[{op: add, path: /spec/unvalidatedValues, value: {pilot: {extraContainerArgs: [--log_as_json]}}}]`},
		"values that are not validated":  {"control-plane", `[{op: add, path: /spec/unvalidatedValues, value: {pilot: {customField: 1}, global: {network: network2}}}]`},
		"metadata of every proxy":        {"control-plane", `[{op: add, path: /spec/meshConfig/defaultConfig/proxyMetadata/EXIT_ON_ZERO_ACTIVE_CONNECTIONS, value: "true"}]`},
		"a gateway with its own network": {"control-plane", `[{op: add, path: /spec/components, value: {ingressGateways: [{name: shop, enabled: true, k8s: {env: [{name: ISTIO_META_NETWORK, value: network2}]}}]}}]`},
		"a gateway of another network's": {"control-plane", `[{op: add, path: /spec/components, value: {ingressGateways: [{name: vms, enabled: true, k8s: {env: [{name: ISTIO_META_REQUESTED_NETWORK_VIEW, value: vms}]}}]}}]`},
		"a server of another port":       {"cross-network-gateway", `[{op: add, path: /spec/servers/0, value: {port: {number: 8443, name: https, protocol: HTTPS}, tls: {mode: SIMPLE, credentialName: shop}, hosts: [shop.example.com]}}]`},
		"a server for istiod's port":     {"cross-network-gateway", `[{op: add, path: /spec/servers/-, value: {port: {number: 15012, name: tls-istiod, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: ["*"]}}]`},
		"the version of the charts":      {"control-plane", `[{op: add, path: /spec/compatibilityVersion, value: "1.30"}]`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, found := patched(t, nil, []entry{{Target: map[string]string{"name": tt.object}, Patch: tt.patch}})
			for _, d := range found.Sorted() {
				t.Errorf("%s\ngives %s: %s", tt.patch, d.Code, d.Message)
			}
		})
	}
}

// TestAllowedRoutes does the same for the route to istiod, with and without a revision.
func TestAllowedRoutes(t *testing.T) {
	const route = `, value: {match: [%], route: [{destination: {host: shop.shop.svc.cluster.local}}]}}]`
	for name, tt := range map[string]struct{ revision, place, match string }{
		"behind":               {"", "-", `{sniHosts: ["*"]}`},
		"for another port":     {"", "0", `{port: 8443, sniHosts: ["*.example.com"]}`},
		"for other names":      {"canary", "0", `{port: 15012, sniHosts: [istiod.istio-system.svc, "*.example.com"]}`},
		"for a longer pattern": {"canary", "0", `{sniHosts: ["*.istiod-canary.istio-system.svc"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			found := patchedRemote(t, tt.revision, `[{op: add, path: /spec/tls/`+tt.place+strings.Replace(route, "%", tt.match, 1))
			if found != nil {
				t.Errorf("found %q", found)
			}
		})
	}
	for _, match := range []string{`{port: 15017, sniHosts: ["*.svc"]}`, `{sniHosts: [istiod-canary.istio-system.svc.cluster.local]}`, `{port: 15012}`} {
		if got, want := patchedRemote(t, "canary", `[{op: add, path: /spec/tls/0`+strings.Replace(route, "%", match, 1)), []string{"patch-owned"}; !slices.Equal(got, want) {
			t.Errorf("%s gives %q, want %q", match, got, want)
		}
	}
}

// patchedRemote gives the codes for a patch of the VirtualService of a primary with a remote.
func patchedRemote(t *testing.T, revision, operations string) []string {
	t.Helper()
	text := string(read(t, "../testdata/primary-remote-multi-network/topology.yaml"))
	settings := `{version: "1.28.3", revision: "` + revision + `", patches: [{target: {kind: VirtualService}, patch: '` + operations + `'}]}`
	_, _, found := checked(t, strings.Replace(text, `{version: "1.28.3"}`, settings, 1))
	return codes(found)
}
