package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/text"
)

// Gateway is the east-west gateway as samples/multicluster/gen-eastwest-gateway.sh makes it. It needs a file and an
// istioctl call of its own: given together, its empty profile would win over the control plane's.
func (i istioctl) Gateway() {
	gateway := i.EastWestGateway
	data := struct {
		text.Object
		Revision           string
		Network            string
		ServiceType        string
		ServiceAnnotations map[string]string
		Limits, Requests   map[string]string
	}{
		i.Object, i.Istio.Revision, i.Network, gateway.ServiceType, gateway.ServiceAnnotations,
		gateway.Limits, gateway.Requests,
	}
	var o options
	o.add(data.Revision != "", "revision")
	o.add(len(gateway.ServiceAnnotations) > 0, "service-annotations")
	o.add(len(gateway.Limits) > 0, "limits")
	o.add(len(gateway.Requests) > 0, "requests")
	i.add(layout.Gateway, text.Composition{Object: "istioctl/eastwest-gateway.yaml", Options: o}, data)
}
