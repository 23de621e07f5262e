package networkgateway

import "meshtopo.dev/meshtopo/schema/diag"

// WorkloadRules are the rules of what a gateway is installed by.
var WorkloadRules = []*diag.Rule{Unlabelled, WithoutNetwork, WithoutView, Claims, Revision, MountedCA}

// Source is where Istio says what an east-west gateway is.
const Source = "samples/multicluster/gen-eastwest-gateway.sh"

var (
	Unlabelled = &diag.Rule{
		Code: "gateway-without-label", Severity: diag.Error, Symptom: true,
		Title:  "an east-west gateway whose pods carry the label of the ingress gateway",
		Why:    "without a label of its own its pods carry istio: ingressgateway: no Gateway of the mesh selects them, and those of the ingress gateway do",
		Fix:    "add label: {istio: eastwestgateway, app: istio-eastwestgateway} to the gateway",
		Source: "manifests/charts/gateways/istio-ingress/values.yaml",
		Bad:    "components: {ingressGateways: [{name: istio-eastwestgateway}]}",
		Good:   "components: {ingressGateways: [{name: istio-eastwestgateway, label: {istio: eastwestgateway}}]}",
	}
	WithoutNetwork = &diag.Rule{
		Code: "gateway-without-network", Severity: diag.Error, Symptom: true,
		Title:  "a gateway between networks without the label of its network",
		Why:    "istiod finds the gateways of a network by that label: without it the network counts as one without a gateway, its endpoints are called directly, and calls time out",
		Fix:    "add the label topology.istio.io/network with the name of the cluster's network",
		Source: "pilot/pkg/serviceregistry/kube/controller/network.go",
		Bad:    "label: {istio: eastwestgateway}",
		Good:   "label: {istio: eastwestgateway, topology.istio.io/network: network1}",
	}
	WithoutView = &diag.Rule{
		Code: "gateway-without-network-view", Severity: diag.Error, Symptom: true,
		Title:  "an east-west gateway that sees the endpoints of all networks",
		Why:    "without ISTIO_META_REQUESTED_NETWORK_VIEW the gateway passes what comes from other networks on to other networks again",
		Fix:    "add ISTIO_META_REQUESTED_NETWORK_VIEW with the name of the network to k8s.env of the gateway",
		Source: Source,
		Bad:    "k8s: {env: []}",
		Good:   "k8s: {env: [{name: ISTIO_META_REQUESTED_NETWORK_VIEW, value: network1}]}",
	}
	Claims = &diag.Rule{
		Code: "gateway-of-cluster-kubernetes", Severity: diag.Error, Symptom: true,
		Title:  "an east-west gateway that takes its cluster's name from a file that does not have it",
		Why:    `without injection the gateway says that its cluster is "Kubernetes", and istiod refuses it: client claims to be in cluster "Kubernetes"`,
		Fix:    "add values.gateways.istio-ingressgateway.injectionTemplate: gateway, so that the control plane fills it in",
		Source: "manifests/charts/gateways/istio-ingress/templates/deployment.yaml",
		Bad:    "spec: {profile: empty, values: {global: {network: network1}}}",
		Good:   "spec: {profile: empty, values: {global: {network: network1}, gateways: {istio-ingressgateway: {injectionTemplate: gateway}}}}",
	}
	Revision = &diag.Rule{
		Code: "gateway-revision", Severity: diag.Warning, Symptom: true,
		Title:  "a gateway of another revision than the control plane",
		Why:    "a control plane of the gateway's revision injects its pods; without one they do not start. A revision tag is fine, too",
		Fix:    "give the gateway's IstioOperator the spec.revision of the control plane's",
		Source: Source,
		Bad:    "spec: {profile: empty, revision: 1-30-2} # the control plane has 1-31-1",
		Good:   "spec: {profile: empty, revision: 1-31-1}",
	}
	MountedCA = &diag.Rule{
		Code: "ca-key-in-gateway", Severity: diag.Error,
		Title:  "a gateway that mounts the Secret cacerts",
		Why:    "a gateway gets its certificate from istiod. The Secret has the private key of the mesh's CA: who breaks into the gateway can issue certificates for every workload in the mesh",
		Fix:    "delete the volume: only istiod reads cacerts, from its own namespace",
		Source: "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
		Bad:    "k8s: {volumes: [{name: certs, secret: {secretName: cacerts}}]}",
		Good:   "k8s: {}",
	}
)
