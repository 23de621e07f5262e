package conformance

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	"testing"
)

// serves gives the cluster whose istiod answers to a Service of a cluster: the cluster itself, or the one whose
// gateway has an address of the Service's, as the control plane has it that answers. It gives nil where nobody does.
func (w *world) serves(t *testing.T, p *place, namespace, name string) *place {
	t.Helper()
	s := p.service[namespace+"/"+name]
	if s == nil {
		return nil
	}
	if s.Spec.Selector != nil {
		for _, plane := range p.planes {
			if istiod := plane.istiodDeployment(t); istiod != nil && selects(s.Spec.Selector, istiod.Spec.Template.Labels) {
				return plane
			}
		}
		return nil
	}
	for _, o := range p.objects.kind("EndpointSlice") {
		slice := as[discoveryv1.EndpointSlice](t, o)
		if slice.Namespace == namespace && slice.Labels[discoveryv1.LabelServiceName] == name {
			if at := w.answering(t, slice); at != nil {
				return at.led(t, w, name+"."+namespace+".svc")
			}
			return nil
		}
	}
	return nil
}

// answering gives the cluster with an istiod whose gateway has an address of the slice, and all of its ports.
func (w *world) answering(t *testing.T, slice *discoveryv1.EndpointSlice) *place {
	t.Helper()
	for _, p := range w.places {
		gateway := p.service[p.EastWestGateway.Namespace+"/"+eastWest]
		if managed := p.service[p.EastWestGateway.Namespace+"/"+eastWest+"-istio"]; managed != nil {
			gateway = managed
		}
		if gateway == nil || p.istiodDeployment(t) == nil {
			continue
		}
		for _, endpoint := range slice.Endpoints {
			if slices.ContainsFunc(endpoint.Addresses, func(a string) bool { return slices.Contains(p.gatewayAddresses(), a) }) && opens(gateway, slice.Ports) {
				return p
			}
		}
	}
	return nil
}

// opens reports whether a Service answers at all of some ports. That of nodes answers at ports of nodes.
func opens(s *corev1.Service, ports []discoveryv1.EndpointPort) bool {
	return !slices.ContainsFunc(ports, func(port discoveryv1.EndpointPort) bool {
		return !slices.ContainsFunc(s.Spec.Ports, func(p corev1.ServicePort) bool {
			if s.Spec.Type == corev1.ServiceTypeNodePort {
				return p.NodePort == *port.Port
			}
			return p.Port == *port.Port
		})
	})
}

func selects(selector, labels map[string]string) bool {
	for key, value := range selector {
		if labels[key] != value {
			return false
		}
	}
	return true
}

// splitHost takes the name of a Service apart: istiod.istio-system.svc:15012.
func splitHost(host string) (namespace, name string) {
	host, _, _ = strings.Cut(host, ":")
	parts := strings.Split(host, ".")
	if len(parts) < 2 {
		return "", host
	}
	return parts[1], parts[0]
}
