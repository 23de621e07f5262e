package schema

// Installer is what installs Istio in a cluster.
type Installer string

const (
	Istioctl Installer = "istioctl" // IstioOperators
	Helm     Installer = "helm"     // values of Istio's charts
	Sail     Installer = "sail"     // resources of the Sail operator
)

// GatewayKind is what an east-west gateway is made from.
type GatewayKind string

const (
	OperatorGateway   GatewayKind = "operator"    // an IstioOperator of its own
	ChartGateway      GatewayKind = "chart"       // values of the chart gateway
	GatewayAPI        GatewayKind = "gateway-api" // a Gateway of the Gateway API, of which istiod makes the rest
	DeploymentGateway GatewayKind = "deployment"  // a Deployment and what belongs to it, with the proxy injected
)

// GatewayDiscovery is how control planes find the addresses of a gateway.
type GatewayDiscovery string

const (
	ByService   GatewayDiscovery = "service"   // in its Service, which they read in its cluster
	ByAddresses GatewayDiscovery = "addresses" // in a Gateway of class istio-remote beside each of them
)

// ChartRefusesValues reports whether the schema of the chart gateway refuses the chart's own values, with a Helm that
// checks these: that was mended in 1.25.5, 1.26.4, 1.27.1 and 1.28.0.
func (v Version) ChartRefusesValues() bool {
	mended := map[int]int{25: 5, 26: 4, 27: 1}
	patch, ok := mended[v.Minor()]
	return v.Minor() != 0 && v.Minor() < 25 || ok && v.Patch() < patch
}
