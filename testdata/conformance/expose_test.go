package conformance

import (
	"slices"
	"sort"
	"strings"
	"testing"

	networkingv1 "istio.io/client-go/pkg/apis/networking/v1"

	"istio.io/api/networking/v1alpha3"
	"istio.io/istio/pkg/config/host"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"meshtopo.dev/meshtopo/schema"
)

// TestExposed checks which Istio resources each cluster gets. A remote gets none: its primary's configure its
// gateway too.
func TestExposed(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		var want []string
		if c.RunsControlPlane() && c.mesh.MultiNetwork() && c.configuresGateway() {
			want = append(want, "Gateway/cross-network-gateway")
		}
		if c.serves() {
			want = append(want, "Gateway/istiod-gateway")
			for _, plane := range c.asPlanes() {
				want = append(want, "VirtualService/"+plane.revisioned("istiod-vs"))
			}
		}
		for _, other := range c.mesh.Described(c.Cluster) {
			want = append(want, "Gateway/"+schema.RemoteGateway+other.Name)
		}
		sort.Strings(want)
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

// configuresGateway reports whether a cluster's control plane has an east-west gateway to configure: its own, or
// that of a remote.
func (c *cluster) configuresGateway() bool {
	return c.EastWestGateway.Enabled || slices.ContainsFunc(c.mesh.Remotes(c.Name), func(r *schema.Cluster) bool {
		return r.EastWestGateway.Enabled
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
		if asked := "outbound_.80_._.web.shop.svc." + c.mesh.Mesh.ClusterDomain; !covers(server.Hosts, asked) {
			t.Errorf("hosts %v do not cover %s", server.Hosts, asked)
		}
	})
}

// TestExposedIstiod checks that what remotes send to the gateway arrives at a port that the primary's istiod has.
func TestExposedIstiod(t *testing.T) {
	eachControlPlane(t, func(t *testing.T, c *cluster) {
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

		vs := get[networkingv1.VirtualService](t, layer, "VirtualService", c.revisioned("istiod-vs"))
		equal(t, "gateways", vs.Spec.Gateways, []string{gw.Name})
		service := get[corev1.Service](t, c.manifests(t, c.controlPlane()), "Service", c.revisioned("istiod"))
		name := strings.Join([]string{service.Name, service.Namespace, "svc", c.mesh.Mesh.ClusterDomain}, ".")
		routes := map[uint32]uint32{}
		for _, route := range vs.Spec.Tls {
			to, match := route.Route[0].Destination, route.Match[0]
			equal(t, "host", to.Host, name)
			// What the remote's sidecars ask for, and its API server when it calls the webhook.
			if asked := service.Name + "." + service.Namespace + ".svc"; !covers(match.SniHosts, asked) {
				t.Errorf("port %d takes %v, not %s", match.Port, match.SniHosts, asked)
			}
			routes[match.Port] = to.Port.Number
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
	installed := c.layer(t, "4-gateway")
	if c.has(gateway) {
		installed = c.manifests(t, gateway)
	}
	pod := only[appsv1.Deployment](t, installed, "Deployment").Spec.Template
	if !labels.SelectorFromSet(gw.Spec.Selector).Matches(labels.Set(pod.Labels)) {
		t.Errorf("%s selects %v, the gateway's pods have %v", gw.Name, gw.Spec.Selector, pod.Labels)
	}
}

// covers reports whether one of the hosts, which may be patterns, matches a name.
func covers(hosts []string, name string) bool {
	return slices.ContainsFunc(hosts, func(h string) bool { return host.Name(name).SubsetOf(host.Name(h)) })
}
