package settings

import "meshtopo.dev/meshtopo/schema/diag"

var AmbientFlagWithSidecars = &diag.Rule{
	Code: "ambient-flag-with-sidecars", Severity: diag.Warning, Symptom: true,
	Title: "a control plane that is set up for ambient calls between networks, in a mesh that has sidecars",
	Why: "with AMBIENT_ENABLE_MULTI_NETWORK every Service that is not labelled istio.io/global stays in its cluster, for sidecars too, " +
		"and ingress gateways call other networks by HBONE, which no sidecar answers, or not at all",
	Fix:    "delete AMBIENT_ENABLE_MULTI_NETWORK until all that is called across networks is ambient",
	Source: "pilot/pkg/xds/endpoints/endpoint_builder.go and ep_filters.go; https://github.com/istio/istio/issues/61746",
	Bad:    `istio: {values: {pilot: {env: {PILOT_ENABLE_AMBIENT: "true", AMBIENT_ENABLE_MULTI_NETWORK: "true"}}}}`,
	Good:   `istio: {values: {pilot: {env: {PILOT_ENABLE_AMBIENT: "true"}}}}`,
}

var WebhookNotPatched = &diag.Rule{
	Code: "webhook-not-patched", Severity: diag.Warning, Symptom: true,
	Title:  "a primary with remotes whose istiod does not write its CA into webhooks",
	Why:    "the API server of a remote does not trust the webhook for injection: `x509: certificate signed by unknown authority`, and no pod starts there",
	Fix:    "delete INJECTION_WEBHOOK_CONFIG_NAME, or give each remote values.istiodRemote.injectionCABundle",
	Source: "pilot/pkg/serviceregistry/kube/controller/multicluster.go",
	Bad: `istio: {values: {pilot: {env: {INJECTION_WEBHOOK_CONFIG_NAME: ""}}}}
clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a}}`,
	Good: `istio: {values: {pilot: {env: {INJECTION_WEBHOOK_CONFIG_NAME: istio-sidecar-injector}}}}
clusters: {cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}, cluster-b: {primary: cluster-a}}`,
}

var WaitsForEveryCluster = &diag.Rule{
	Code: "waits-for-every-cluster", Severity: diag.Warning, Symptom: true,
	Title:  "a control plane that does not get ready while another cluster is away",
	Why:    "one cluster that does not answer keeps every istiod that starts from getting ready: no new pod of any cluster gets a configuration",
	Fix:    "delete PILOT_REMOTE_CLUSTER_TIMEOUT, which is 30s then",
	Source: "pkg/kube/multicluster/cluster.go, pilot/pkg/features/pilot.go",
	Bad:    `istio: {values: {pilot: {env: {PILOT_REMOTE_CLUSTER_TIMEOUT: 0s}}}}`,
	Good:   `istio: {values: {pilot: {env: {PILOT_REMOTE_CLUSTER_TIMEOUT: 60s}}}}`,
}

var WatchesOneNamespace = &diag.Rule{
	Code: "watches-one-namespace", Severity: diag.Error, Symptom: true,
	Title:  "a control plane that reads one namespace only, in a mesh whose clusters call each other through gateways",
	Why:    "istiod sees the gateways or the Services, which are in different namespaces, but never both: calls to other networks and remotes fail",
	Fix:    "delete ISTIO_WATCH_NAMESPACE; meshConfig.discoverySelectors limit what istiod reads to several namespaces",
	Source: "pkg/kube/kclient/client.go (ToOpts)",
	Bad:    `istio: {values: {pilot: {env: {ISTIO_WATCH_NAMESPACE: shop}}}}`,
	Good:   `istio: {values: {pilot: {env: {ISTIO_WATCH_NAMESPACE: ""}}}}`,
}

var GatewayNotRead = &diag.Rule{
	Code: "gateway-not-read", Severity: diag.Warning, Symptom: true,
	Title:  "a Gateway that names another network's gateway, beside an istiod that looks at none",
	Why:    "the network counts as one without a gateway: calls go straight to addresses of its pods, and time out",
	Fix:    "delete PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API",
	Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
	Bad: `istio: {values: {pilot: {env: {PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API: "false"}}}}
clusters: {cluster-b: {eastWestGateway: {kind: deployment, discovery: addresses, addresses: [203.0.113.20]}}}`,
	Good: `clusters: {cluster-b: {eastWestGateway: {kind: deployment, discovery: addresses, addresses: [203.0.113.20]}}}`,
}

var HostnameNotResolved = &diag.Rule{
	Code: "hostname-not-resolved", Severity: diag.Warning, Symptom: true,
	Title:  "a gateway with a host name, beside an istiod that resolves none",
	Why:    "istiod drops the gateway (\"Failed parsing gateway address\"), and its network counts as one without: calls to it time out",
	Fix:    "delete RESOLVE_HOSTNAME_GATEWAYS",
	Source: "pilot/pkg/model/network.go",
	Bad: `istio: {values: {pilot: {env: {RESOLVE_HOSTNAME_GATEWAYS: "false"}}}}
clusters: {cluster-b: {eastWestGateway: {addresses: [gateway.example.com]}}}`,
	Good: `istio: {values: {pilot: {env: {RESOLVE_HOSTNAME_GATEWAYS: "true"}}}}
clusters: {cluster-b: {eastWestGateway: {addresses: [gateway.example.com]}}}`,
}

var SecretsNotRead = &diag.Rule{
	Code: "remote-secrets-not-read", Severity: diag.Warning, Symptom: true,
	Title:  "remote Secrets beside an istiod that reads kubeconfigs elsewhere",
	Why:    "istiod looks into that directory and at no remote Secret: the endpoints of other clusters never appear",
	Fix:    "delete PILOT_MULTICLUSTER_KUBECONFIG_PATH, or mount the Secrets there",
	Source: "pkg/kube/multicluster/secretcontroller.go, from 1.30 on",
	Bad:    `istio: {values: {pilot: {env: {PILOT_MULTICLUSTER_KUBECONFIG_PATH: /etc/kubeconfigs}}}}`,
	Good:   `istio: {values: {pilot: {env: {PILOT_MULTICLUSTER_KUBECONFIG_PATH: ""}}}}`,
}
