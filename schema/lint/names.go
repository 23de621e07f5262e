package lint

// What the objects of Istio say about clusters and networks by label, annotation, name or port.
const (
	networkLabel    = "topology.istio.io/network"
	controlPlanes   = "topology.istio.io/controlPlaneClusters"
	gatewayPort     = "networking.istio.io/gatewayPort"
	nodeSelector    = "traffic.istio.io/nodeSelector"
	remoteLabel     = "istio/multiCluster"
	networkView     = "ISTIO_META_REQUESTED_NETWORK_VIEW"
	eastWestGateway = "istio-eastwestgateway"
	ingressGateway  = "istio-ingressgateway"

	crossNetworkPort = "15443"
	ambientPort      = "15008"
	istiodPort       = "15012"
	webhookPort      = "15017"
)
