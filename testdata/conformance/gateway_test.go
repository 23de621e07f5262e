package conformance

import (
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const eastWest = "istio-eastwestgateway"

// eachGateway runs f for every cluster that has an east-west gateway, with what istioctl would install for it.
func eachGateway(t *testing.T, f func(t *testing.T, c *cluster, installed objects)) {
	t.Helper()
	eachCluster(t, func(t *testing.T, c *cluster) {
		if c.has(gateway) {
			f(t, c, c.manifests(t, gateway))
		}
	})
}

// TestGatewayPods checks the gateway's Deployment: its labels, which select it and put it on its network, and the
// network whose endpoints it may see.
func TestGatewayPods(t *testing.T) {
	eachGateway(t, func(t *testing.T, c *cluster, installed objects) {
		deployment := only[appsv1.Deployment](t, installed, "Deployment")
		equal(t, "name", deployment.Name, eastWest)
		pod := deployment.Spec.Template
		for label, want := range map[string]string{
			"istio":                     "eastwestgateway",
			"app":                       eastWest,
			"topology.istio.io/network": c.Network,
			"istio.io/rev":              c.Istio.Revision,
			"sidecar.istio.io/inject":   "true",
		} {
			equal(t, "label "+label, pod.Labels[label], want)
		}
		equal(t, "injection template", pod.Annotations["inject.istio.io/templates"], "gateway")
		proxy := container(t, &pod.Spec, "istio-proxy")
		equal(t, "ISTIO_META_REQUESTED_NETWORK_VIEW", environment(proxy)["ISTIO_META_REQUESTED_NETWORK_VIEW"], c.Network)
		quantities(t, "limit", proxy.Resources.Limits, c.EastWestGateway.Limits)
		quantities(t, "request", proxy.Resources.Requests, c.EastWestGateway.Requests)
	})
}

// TestGatewayService checks the gateway's Service, by which other control planes find it.
func TestGatewayService(t *testing.T) {
	eachGateway(t, func(t *testing.T, c *cluster, installed objects) {
		service := only[corev1.Service](t, installed, "Service")
		equal(t, "name", service.Name, eastWest)
		equal(t, "label", service.Labels["topology.istio.io/network"], c.Network)
		equal(t, "type", string(service.Spec.Type), c.EastWestGateway.ServiceType)
		for key, want := range c.EastWestGateway.ServiceAnnotations {
			equal(t, "annotation "+key, service.Annotations[key], want)
		}
		want := map[int32]intstr.IntOrString{
			15021: intstr.FromInt32(15021),
			15443: intstr.FromInt32(15443),
			15012: intstr.FromInt32(15012),
			15017: intstr.FromInt32(15017),
		}
		if c.example.name == "patches" {
			want[443] = intstr.FromInt32(8443) // by a patch
		}
		equal(t, "ports", targets(service), want)
		pod := only[appsv1.Deployment](t, installed, "Deployment").Spec.Template
		for key, want := range service.Spec.Selector {
			equal(t, "selected label "+key, pod.Labels[key], want)
		}
	})
}

// TestGatewayIsInjected checks that exactly one webhook of the cluster's control plane injects the gateway's pods,
// which have no proxy of their own.
func TestGatewayIsInjected(t *testing.T) {
	eachGateway(t, func(t *testing.T, c *cluster, installed objects) {
		namespace := only[corev1.Namespace](t, c.layer(t, "1-prepare"), "Namespace")
		namespace.Labels["kubernetes.io/metadata.name"] = namespace.Name // as the API server does
		pod := only[appsv1.Deployment](t, installed, "Deployment").Spec.Template
		var hooks []string
		var all objects
		for _, plane := range c.asPlanes() {
			all = append(all, c.manifests(t, plane.controlPlane())...)
		}
		for _, o := range all.kind("MutatingWebhookConfiguration") {
			for _, hook := range as[admissionv1.MutatingWebhookConfiguration](t, o).Webhooks {
				if matches(t, hook.NamespaceSelector, namespace.Labels) && matches(t, hook.ObjectSelector, pod.Labels) {
					hooks = append(hooks, hook.Name)
				}
			}
		}
		if len(hooks) != 1 {
			t.Errorf("webhooks %v inject the gateway, want one", hooks)
		}
	})
}

// TestGatewayWhereNeeded checks that every network of a mesh of several has a gateway, and every primary with remotes.
func TestGatewayWhereNeeded(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		served := map[string]bool{}
		for _, c := range e.topology.Clusters {
			served[c.Network] = served[c.Network] || c.EastWestGateway.Enabled
			if c := e.cluster(c); c.serves() && !c.has("4-gateway") {
				t.Errorf("%s serves remotes and has no gateway", c.Name)
			}
		}
		for network, ok := range served {
			if e.topology.MultiNetwork() && !ok {
				t.Errorf("no cluster on %s has a gateway", network)
			}
		}
	})
}

// quantities checks the resources that the user gave; Istio's defaults may stand beside them.
func quantities(t *testing.T, what string, got corev1.ResourceList, want map[string]string) {
	t.Helper()
	for name, value := range want {
		have := got[corev1.ResourceName(name)]
		equal(t, what+" "+name, have.String(), value)
	}
}
