package conformance

import (
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// eachRemote runs f for every remote that can be installed, with what istioctl would install there.
func eachRemote(t *testing.T, f func(t *testing.T, c *cluster, installed objects)) {
	t.Helper()
	eachControlPlane(t, func(t *testing.T, c *cluster) {
		if c.ServedByPrimary() && c.installable() {
			f(t, c, c.manifests(t, c.controlPlane()))
		}
	})
}

// TestRemoteIstiod checks that a remote has no control plane, but a Service that leads to its primary's.
func TestRemoteIstiod(t *testing.T) {
	eachRemote(t, func(t *testing.T, c *cluster, installed objects) {
		if n := len(installed.kind("Deployment")); n != 0 {
			t.Errorf("%d Deployments, want none", n)
		}
		name := c.revisioned("istiod")
		service := get[corev1.Service](t, installed, "Service", name)
		equal(t, "selector", service.Spec.Selector, nil)
		equal(t, "ports", targets(service), map[int32]intstr.IntOrString{
			15012: {}, 443: intstr.FromInt32(15017),
		})
		slice := only[discoveryv1.EndpointSlice](t, installed, "EndpointSlice")
		equal(t, "Service of the slice", slice.Labels[discoveryv1.LabelServiceName], name)
		var addresses []string
		for _, endpoint := range slice.Endpoints {
			addresses = append(addresses, endpoint.Addresses...)
		}
		primary := c.mesh.Cluster(c.Primary).EastWestGateway.Addresses
		if len(addresses) == 0 {
			t.Error("the slice has no address")
		}
		for _, address := range addresses {
			if !slices.Contains(primary, address) {
				t.Errorf("the slice holds %s, want one of %v, the gateway of %s", address, primary, c.Primary)
			}
		}
	})
}

// TestRemoteInjection checks that a remote's injection webhooks name this cluster and its network.
func TestRemoteInjection(t *testing.T) {
	eachRemote(t, func(t *testing.T, c *cluster, installed objects) {
		hooks := only[admissionv1.MutatingWebhookConfiguration](t, installed, "MutatingWebhookConfiguration")
		if len(hooks.Webhooks) == 0 {
			t.Error("no webhook")
		}
		for _, hook := range hooks.Webhooks {
			service := hook.ClientConfig.Service
			if service == nil {
				t.Fatalf("%s: no Service", hook.Name)
			}
			equal(t, "Service", service.Namespace+"/"+service.Name, c.Istio.Namespace+"/"+c.revisioned("istiod"))
			if service.Path == nil {
				t.Fatalf("%s: no path", hook.Name)
			}
			equal(t, "path", pathSettings(*service.Path), map[string]string{"cluster": c.Name, "net": c.Network})
		}
	})
}

// TestNamespace checks the labels and annotations by which a control plane knows a cluster.
func TestNamespace(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		namespace := only[corev1.Namespace](t, c.layer(t, "1-prepare"), "Namespace")
		equal(t, "name", namespace.Name, c.Istio.Namespace)
		equal(t, "network", namespace.Labels["topology.istio.io/network"], c.Network)
		equal(t, "control plane", namespace.Annotations["topology.istio.io/controlPlaneClusters"], c.Primary)
		if c.ServedByPrimary() {
			primary := c.mesh.Cluster(c.Primary)
			equal(t, "revision", c.Istio.Revision, primary.Istio.Revision)
			equal(t, "namespace", c.Istio.Namespace, primary.Istio.Namespace)
		}
	})
}

// targets gives the target of each port of a Service; one that is not written is the zero value.
func targets(service *corev1.Service) map[int32]intstr.IntOrString {
	ports := map[int32]intstr.IntOrString{}
	for _, port := range service.Spec.Ports {
		ports[port.Port] = port.TargetPort
	}
	return ports
}

// pathSettings reads /inject/key/value/… as istiod does: pkg/kube/inject/webhook.go, parseInjectEnvs.
func pathSettings(path string) map[string]string {
	parts := strings.Split(strings.TrimPrefix(path, "/inject/"), "/")
	settings := map[string]string{}
	for i := 0; i+1 < len(parts); i += 2 {
		settings[parts[i]] = strings.ReplaceAll(parts[i+1], "--slash--", "/")
	}
	return settings
}
