package schema

import (
	"meshtopo.dev/meshtopo/schema/document"
)

// EastWestGateway is a cluster's gateway for traffic from other networks and to its control plane.
type EastWestGateway struct {
	Enabled            bool // resolved by the rule of which clusters have one
	Kind               GatewayKind
	Namespace          string
	Revision           string // a revision or a tag, or "" for the default one
	Discovery          GatewayDiscovery
	Addresses          []string
	Port               int64 // at which other clusters call it for workloads
	ServiceType        string
	ServiceAnnotations map[string]string
	Limits, Requests   map[string]string
	Service            map[string]any // more of the spec of its Service, by the names of Kubernetes
	Pod                map[string]any // more of the spec of its pods, by the names of Kubernetes
	Replicas           int64          // 0 for what its kind has
	Autoscaling        *Autoscaling
	DisruptionBudget   map[string]any // the spec of a PodDisruptionBudget, without its selector
}

// Autoscaling is how many gateways there are, by their load.
type Autoscaling struct {
	Min, Max int64
	CPU      int64 // the share of the requested CPU, in percent
}

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

// GatewayPort is the port at which other clusters call a gateway for workloads, unless the topology says another. A
// proxy listens there whatever the port of its Service is.
const GatewayPort = 15443

// ServiceFields and PodFields are the fields of a gateway that stand in the specs of its Service and of its pods.
var (
	ServiceFields = []string{"loadBalancerClass", "loadBalancerSourceRanges", "externalIPs", "externalTrafficPolicy"}
	PodFields     = []string{
		"nodeSelector", "tolerations", "affinity", "topologySpreadConstraints", "priorityClassName", "imagePullSecrets",
	}
)

func decodeGateway(n *document.Node) EastWestGateway {
	return EastWestGateway{
		Enabled:            n.BoolAt("enabled"),
		Kind:               GatewayKind(n.StringAt("kind")),
		Namespace:          n.StringAt("namespace"),
		Revision:           n.StringAt("revision"),
		Discovery:          GatewayDiscovery(n.StringAt("discovery")),
		Addresses:          n.StringsAt("addresses"),
		Port:               n.IntAt("port"),
		ServiceType:        n.StringAt("serviceType"),
		ServiceAnnotations: n.StringMapAt("serviceAnnotations"),
		Limits:             n.StringMapAt("resources", "limits"),
		Requests:           n.StringMapAt("resources", "requests"),
		Service:            decodeFields(n, ServiceFields),
		Pod:                decodeFields(n, PodFields),
		Replicas:           n.IntAt("replicas"),
		Autoscaling:        decodeAutoscaling(n.At("autoscaling")),
		DisruptionBudget:   n.ObjectAt("podDisruptionBudget"),
	}
}

// decodeFields gives those fields of a map that say something.
func decodeFields(n *document.Node, names []string) map[string]any {
	fields := map[string]any{}
	for _, name := range names {
		if v := n.At(name); v != nil && !v.Broken && len(v.Text)+len(v.Fields)+len(v.Items) > 0 {
			fields[name] = v.Value()
		}
	}
	return fields
}

func decodeAutoscaling(n *document.Node) *Autoscaling {
	if n == nil || n.Kind != document.Map {
		return nil
	}
	return &Autoscaling{Min: n.IntAt("minReplicas"), Max: n.IntAt("maxReplicas"), CPU: n.IntAt("targetCPUUtilizationPercentage")}
}

// FewestGateways is how many gateways there are at least.
func (g EastWestGateway) FewestGateways() int64 {
	switch {
	case g.Replicas > 0:
		return g.Replicas
	case g.Autoscaling != nil:
		return g.Autoscaling.Min
	}
	return 1
}
