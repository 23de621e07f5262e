package conformance

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"testing"
	"time"

	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/ambient"
	"istio.io/istio/pkg/activenotifier"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/workloadapi"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
)

// startAmbient has an istiod keep what it tells ztunnel, as pilot/pkg/bootstrap/servicecontroller.go does.
func (i *istiod) startAmbient(namespace, domain string, updater model.XDSUpdater, stop <-chan struct{}) {
	i.ambient = ambient.New(ambient.Options{
		SystemNamespace: namespace, DomainSuffix: domain, ClusterID: i.id, XDSUpdater: updater, MeshConfig: i.Env().Watcher,
		StatusNotifier: activenotifier.New(false), Debugger: new(krt.DebugHandler), MultiClusterController: i.remotes,
		Flags: ambient.FeatureFlags{
			DefaultAllowFromWaypoint:              features.DefaultAllowFromWaypoint,
			EnableK8SServiceSelectWorkloadEntries: features.EnableK8SServiceSelectWorkloadEntries,
		},
	})
	i.Env().AmbientIndexes = i.ambient
	go i.ambient.Run(stop)
}

// observeTunnels says where istiod has the ztunnels of its cluster find the sample, once that changes no more: it is
// computed in steps.
func (v *view) observeTunnels(i *istiod, p *place) {
	if i.ambient == nil {
		return
	}
	var lines []string
	for same, tries := 0, 0; same < 10 && tries < 200; same, tries = same+1, tries+1 {
		if now := i.tunnels(p); !slices.Equal(lines, now) {
			lines, same = now, 0
		}
		time.Sleep(20 * time.Millisecond)
	}
	v.lines = append(v.lines, lines...)
}

func (i *istiod) tunnels(p *place) []string {
	v := &view{}
	for _, a := range i.ambient.All() {
		workload := a.GetWorkload()
		if workload.GetServices()["shop/echo.shop.svc."+p.mesh.Mesh.ClusterDomain] == nil {
			continue
		}
		if gateway := workload.GetNetworkGateway(); gateway != nil {
			v.see("ztunnel of %s: calls echo on %s through %s", p.Name, workload.Network, tunnelEnd(gateway))
			continue
		}
		for _, address := range workload.Addresses {
			if ip, ok := netip.AddrFromSlice(address); ok {
				v.see("ztunnel of %s: calls echo on %s at %s", p.Name, workload.Network, ip)
			}
		}
		if len(workload.Addresses) == 0 {
			v.see("ztunnel of %s: knows of echo on %s and no way to it", p.Name, workload.Network)
		}
	}
	slices.Sort(v.lines)
	return v.lines
}

func tunnelEnd(gateway *workloadapi.GatewayAddress) string {
	to := gateway.GetHostname().GetHostname()
	if ip, ok := netip.AddrFromSlice(gateway.GetAddress().GetAddress()); ok {
		to = ip.String()
	}
	return fmt.Sprintf("%s:%d", to, gateway.HboneMtlsPort)
}

// fillGateways does what an istiod that knows the class istio-east-west does: it makes the class, and of each Gateway
// a Service; and it writes the addresses of its load balancer into the status. See
// pilot/pkg/config/kube/gatewaycommon/classinfo.go.
func (p *place) fillGateways(t *testing.T) {
	t.Helper()
	if p.istiodDeployment(t) == nil {
		return
	}
	env := p.istiodEnv(t)
	if env["PILOT_ENABLE_AMBIENT"] != "true" || env["AMBIENT_ENABLE_MULTI_NETWORK"] != "true" {
		return
	}
	p.made = append(p.made, &gatewayv1.GatewayClass{
		ObjectMeta: metav1.ObjectMeta{Name: "istio-east-west"},
		Spec:       gatewayv1.GatewayClassSpec{ControllerName: "istio.io/eastwest-controller"},
	})
	for _, o := range p.objects.kind("Gateway") {
		if class, _, _ := unstructured.NestedString(o.Object, "spec", "gatewayClassName"); class != "istio-east-west" {
			continue
		}
		service := &corev1.Service{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Service"},
			ObjectMeta: metav1.ObjectMeta{Name: o.GetName(), Namespace: o.GetNamespace(), Labels: maps.Clone(o.GetLabels())},
			Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeLoadBalancer, ClusterIP: fmt.Sprintf("10.%d.1.1", 100+p.number)},
		}
		listeners, _, _ := unstructured.NestedSlice(o.Object, "spec", "listeners")
		for _, l := range listeners {
			name, _, _ := unstructured.NestedString(l.(map[string]any), "name")
			port, _, _ := unstructured.NestedInt64(l.(map[string]any), "port")
			service.Spec.Ports = append(service.Spec.Ports, corev1.ServicePort{Name: name, Port: int32(port), Protocol: corev1.ProtocolTCP})
		}
		service.Status.LoadBalancer.Ingress = p.balancer(service)
		p.service[service.Namespace+"/"+service.Name] = service
		var addresses []any
		for _, address := range p.gatewayAddresses() {
			addresses = append(addresses, map[string]any{"type": "IPAddress", "value": address})
		}
		if err := unstructured.SetNestedSlice(o.Object, slices.Clip(addresses), "status", "addresses"); err != nil {
			t.Fatal(err)
		}
	}
}
