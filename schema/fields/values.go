package fields

import (
	"meshtopo.dev/meshtopo/schema/carrier"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// CheckValues reports what is wrong with the values of one of Istio's charts.
func CheckValues(chart carrier.Chart, o *manifest.Object, found *diag.List) {
	switch chart {
	case carrier.CNI, carrier.ZTunnel:
		Report(o, Problems(o), found)
	case carrier.Istiod:
		local := &diag.List{}
		Report(o, Problems(o), local)
		CheckVariables(istio.ChartVariables(o.Root), o, local)
		found.Append(local)
	case carrier.Gateway:
		CheckGatewayChart(o.Root, found)
		CheckVariables(istio.GatewayVariables(o.Root), o, found)
	}
}
