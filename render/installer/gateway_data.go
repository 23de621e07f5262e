package installer

import "meshtopo.dev/meshtopo/render/text"

// gatewayData is what the templates of a gateway hold, whatever it is made from.
type gatewayData struct {
	text.Object
	Revision           string
	Port               int64
	Network            string
	ServiceType        string
	ServiceAnnotations map[string]string
	Limits, Requests   map[string]string
}

func (t Target) gatewayData() gatewayData {
	gateway, object := t.EastWestGateway, t.Object
	object.Namespace = gateway.Namespace
	return gatewayData{
		object, t.GatewayLabel(), gateway.Port, t.Network, gateway.ServiceType, gateway.ServiceAnnotations, gateway.Limits, gateway.Requests,
	}
}

// options are the optional parts that a chart has, by the values of an IstioOperator or its own.
func (d gatewayData) options(folder string) options {
	var o options
	o.of(folder, d.Revision != "", "revision")
	o.of(folder, len(d.ServiceAnnotations) > 0, "service-annotations")
	o.of(folder, len(d.Limits) > 0, "limits")
	o.of(folder, len(d.Requests) > 0, "requests")
	return o
}
