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

// usualGateway gives the kind of gateway that goes with an installer.
func (i Installer) usualGateway() GatewayKind {
	switch i {
	case Helm:
		return ChartGateway
	case Sail:
		return GatewayAPI
	}
	return OperatorGateway
}
