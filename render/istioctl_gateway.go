package render

import "meshtopo.dev/meshtopo/render/layout"

// gateway is the east-west gateway as samples/multicluster/gen-eastwest-gateway.sh makes it. It needs a file and an
// istioctl call of its own: given together, its empty profile would win over the control plane's.
func (i istioctl) gateway() {
	gateway := i.c.EastWestGateway
	data := struct {
		object
		Revision           string
		Network            string
		ServiceType        string
		ServiceAnnotations map[string]string
		Limits, Requests   map[string]string
	}{
		i.object(), i.c.Istio.Revision, i.c.Network, gateway.ServiceType, gateway.ServiceAnnotations,
		gateway.Limits, gateway.Requests,
	}
	var o options
	o.add(data.Revision != "", "revision")
	o.add(len(gateway.ServiceAnnotations) > 0, "service-annotations")
	o.add(len(gateway.Limits) > 0, "limits")
	o.add(len(gateway.Requests) > 0, "requests")
	i.add(layout.Gateway, "eastwest-gateway.yaml", o, nil, data)
}
