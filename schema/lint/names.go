package lint

// Labels, annotations, names and ports by which the objects of Istio name clusters and networks.
const (
	networkLabel    = "topology.istio.io/network"
	controlPlanes   = "topology.istio.io/controlPlaneClusters"
	gatewayPort     = "networking.istio.io/gatewayPort"
	networkView     = "ISTIO_META_REQUESTED_NETWORK_VIEW"
	eastWestGateway = "istio-eastwestgateway"
	ingressGateway  = "istio-ingressgateway"

	crossNetworkPort = "15443"
	ambientPort      = "15008"
	istiodPort       = "15012"
	webhookPort      = "15017"

	tokenSecretSuffix  = "-istio-remote-secret-token" // after the name of the account, as istioctl names it
	externalKubeconfig = "istio-kubeconfig"           // by which an external control plane reaches its config cluster
)
