package conformance

import (
	"sort"
	"strings"
	"testing"

	networkingv1 "istio.io/client-go/pkg/apis/networking/v1"

	"istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config/host"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// TestExposed checks which Istio resources each cluster gets. A remote gets none: its primary's configure its
// gateway too.
func TestExposed(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		var want []string
		if !c.Remote() && c.mesh.MultiNetwork() {
			want = append(want, "Gateway/cross-network-gateway")
		}
		if c.serves() {
			want = append(want, "Gateway/istiod-gateway", "VirtualService/istiod-vs")
		}
		var got []string
		if c.has("5-expose") {
			for _, o := range c.layer(t, "5-expose") {
				equal(t, "namespace", o.GetNamespace(), c.Istio.Namespace)
				got = append(got, o.GetKind()+"/"+o.GetName())
			}
		}
		sort.Strings(got)
		equal(t, "objects", got, want)
	})
}

// TestExposedServices checks the server that passes the mesh's traffic through.
func TestExposedServices(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		if !c.has("5-expose/cross-network-gateway.yaml") {
			return
		}
		gw := get[networkingv1.Gateway](t, c.layer(t, "5-expose"), "Gateway", "cross-network-gateway")
		selectsGateway(t, c, gw)
		if len(gw.Spec.Servers) != 1 {
			t.Fatalf("%d servers, want 1", len(gw.Spec.Servers))
		}
		server := gw.Spec.Servers[0]
		equal(t, "port", server.Port.Number, 15443)
		equal(t, "protocol", server.Port.Protocol, "TLS")
		equal(t, "mode", server.Tls.Mode, v1alpha3.ServerTLSSettings_AUTO_PASSTHROUGH)
		equal(t, "hosts", server.Hosts, c.mesh.Mesh.ExposedHosts)
		// What a sidecar asks for: pilot/pkg/model/service.go, BuildDNSSrvSubsetKey.
		sni := host.Name("outbound_.80_._.web.shop.svc." + c.mesh.Mesh.ClusterDomain)
		var covered bool
		for _, h := range server.Hosts {
			covered = covered || sni.SubsetOf(host.Name(h))
		}
		if !covered {
			t.Errorf("hosts %v cover nothing like %s", server.Hosts, sni)
		}
	})
}

// TestExposedIstiod checks that what remotes send to the gateway arrives at a port that the primary's istiod has.
func TestExposedIstiod(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		if !c.serves() {
			return
		}
		layer := c.layer(t, "5-expose")
		gw := get[networkingv1.Gateway](t, layer, "Gateway", "istiod-gateway")
		selectsGateway(t, c, gw)
		modes := map[uint32]v1alpha3.ServerTLSSettings_TLSmode{}
		for _, server := range gw.Spec.Servers {
			equal(t, "protocol", server.Port.Protocol, "TLS")
			modes[server.Port.Number] = server.Tls.Mode
		}
		passthrough := v1alpha3.ServerTLSSettings_PASSTHROUGH
		equal(t, "servers", modes, map[uint32]v1alpha3.ServerTLSSettings_TLSmode{15012: passthrough, 15017: passthrough})

		vs := get[networkingv1.VirtualService](t, layer, "VirtualService", "istiod-vs")
		equal(t, "gateways", vs.Spec.Gateways, []string{gw.Name})
		service := get[corev1.Service](t, c.manifests(t, controlPlane), "Service", c.revisioned("istiod"))
		name := strings.Join([]string{service.Name, service.Namespace, "svc", c.mesh.Mesh.ClusterDomain}, ".")
		routes := map[uint32]uint32{}
		for _, route := range vs.Spec.Tls {
			to := route.Route[0].Destination
			equal(t, "host", to.Host, name)
			routes[route.Match[0].Port] = to.Port.Number
			if _, ok := targets(service)[int32(to.Port.Number)]; !ok {
				t.Errorf("%s has no port %d", name, to.Port.Number)
			}
		}
		equal(t, "routes", routes, map[uint32]uint32{15012: 15012, 15017: 443})
	})
}

// selectsGateway checks that a Gateway applies to the pods of the cluster's east-west gateway.
func selectsGateway(t *testing.T, c *cluster, gw *networkingv1.Gateway) {
	t.Helper()
	pod := only[appsv1.Deployment](t, c.manifests(t, gateway), "Deployment").Spec.Template
	if !labels.SelectorFromSet(gw.Spec.Selector).Matches(labels.Set(pod.Labels)) {
		t.Errorf("%s selects %v, the gateway's pods have %v", gw.Name, gw.Spec.Selector, pod.Labels)
	}
}
