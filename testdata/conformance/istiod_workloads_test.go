package conformance

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"

	"meshtopo.dev/meshtopo/schema"
)

// startPods makes one pod of each Deployment, with what the cluster's webhook injects.
func (p *place) startPods(t *testing.T, w *world) {
	t.Helper()
	var shop, system []*appsv1.Deployment
	for _, o := range p.objects.kind("Deployment") {
		d := as[appsv1.Deployment](t, o)
		if d.Namespace == "shop" {
			shop = append(shop, d)
		} else {
			system = append(system, d)
		}
	}
	for i, d := range append(shop, system...) {
		template := d.Spec.Template
		pod := &corev1.Pod{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
			ObjectMeta: metav1.ObjectMeta{
				Name: podName(d.Name), Namespace: d.Namespace,
				Labels: maps.Clone(template.Labels), Annotations: maps.Clone(template.Annotations),
			},
			Spec: *template.Spec.DeepCopy(),
		}
		pod = w.inject(t, p, pod)
		pod.Spec.NodeName = "node"
		pod.Status = corev1.PodStatus{
			Phase: corev1.PodRunning, PodIP: fmt.Sprintf("10.%d.0.%d", p.number, i+1),
			Conditions: []corev1.PodCondition{{Type: corev1.PodReady, Status: corev1.ConditionTrue}},
		}
		pod.Status.PodIPs = []corev1.PodIP{{IP: pod.Status.PodIP}}
		p.pods = append(p.pods, pod)
	}
}

// fillServices does what Kubernetes and its cloud do for Services: addresses, ports of nodes, and EndpointSlices.
func (p *place) fillServices(t *testing.T) {
	t.Helper()
	n := 0
	for _, o := range p.objects.kind("Service") {
		s := p.service[o.GetNamespace()+"/"+o.GetName()]
		if n++; s.Spec.ClusterIP == "" && s.Spec.Type != corev1.ServiceTypeExternalName {
			s.Spec.ClusterIP = fmt.Sprintf("10.%d.0.%d", 100+p.number, n)
		}
		switch s.Spec.Type {
		case corev1.ServiceTypeNodePort:
			for i := range s.Spec.Ports {
				s.Spec.Ports[i].NodePort = p.nodePort(s.Spec.Ports[i].Port)
			}
		case corev1.ServiceTypeLoadBalancer:
			s.Status.LoadBalancer.Ingress = p.balancer(s)
		}
		if s.Spec.Selector != nil {
			p.made = append(p.made, p.slice(s))
		}
	}
}

// balancer gives the addresses of a load balancer. That of the east-west gateway is known to the topology.
func (p *place) balancer(s *corev1.Service) []corev1.LoadBalancerIngress {
	if podName(s.Name) != eastWest {
		return []corev1.LoadBalancerIngress{{IP: fmt.Sprintf("192.0.2.%d", 100+p.number)}}
	}
	if p.EastWestGateway.Discovery == schema.ByAddresses { // what its Service says is of no use elsewhere
		return []corev1.LoadBalancerIngress{{IP: fmt.Sprintf("10.%d.9.9", p.number)}}
	}
	if strings.HasPrefix(s.Annotations["service.beta.kubernetes.io/aws-load-balancer-type"], "nlb") {
		return []corev1.LoadBalancerIngress{{Hostname: p.balancerName()}}
	}
	var all []corev1.LoadBalancerIngress
	for _, address := range p.gatewayAddresses() {
		all = append(all, corev1.LoadBalancerIngress{IP: address})
	}
	return all
}

// slice gives the endpoints of a Service.
func (p *place) slice(s *corev1.Service) *discoveryv1.EndpointSlice {
	slice := &discoveryv1.EndpointSlice{
		ObjectMeta: metav1.ObjectMeta{
			Name: s.Name + "-1", Namespace: s.Namespace, Labels: map[string]string{discoveryv1.LabelServiceName: s.Name},
		},
		AddressType: discoveryv1.AddressTypeIPv4,
	}
	for _, pod := range p.selected(s) {
		ready := true
		slice.Endpoints = append(slice.Endpoints, discoveryv1.Endpoint{
			Addresses: []string{pod.Status.PodIP}, Conditions: discoveryv1.EndpointConditions{Ready: &ready},
			TargetRef: &corev1.ObjectReference{Kind: "Pod", Name: pod.Name, Namespace: pod.Namespace},
		})
	}
	for _, port := range s.Spec.Ports {
		number := port.TargetPort.IntVal
		if port.TargetPort == (intstr.IntOrString{}) {
			number = port.Port
		}
		name, protocol := port.Name, corev1.ProtocolTCP
		slice.Ports = append(slice.Ports, discoveryv1.EndpointPort{Name: &name, Port: &number, Protocol: &protocol})
	}
	return slice
}

// selected gives the pods of a Service.
func (p *place) selected(s *corev1.Service) []*corev1.Pod {
	var some []*corev1.Pod
	for _, pod := range p.pods {
		if pod.Namespace == s.Namespace && s.Spec.Selector != nil && labels.SelectorFromSet(s.Spec.Selector).Matches(labels.Set(pod.Labels)) {
			some = append(some, pod)
		}
	}
	return some
}
