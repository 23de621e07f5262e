package owned

import (
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema"
)

// eastWestGateway is the name of the gateway that meshtopo renders in an IstioOperator of its own.
const eastWestGateway = "istio-eastwestgateway"

// istioctlFields are what istioctl alone reads: the components of an IstioOperator.
var istioctlFields = []owned{
	{"components.pilot.enabled", "clusters.NAME.primary", wrongInstall, wantTrue},
	{"components.pilot.namespace", "istio.namespace", wrongNamespace, wantNamespace},
	{"components.pilot.k8s.service.selector", "the topology", wrongReach, wantChartService},
	{"components.pilot.k8s.service.ports.[*]", "the topology", wrongReach, wantIstiodPort},
	{"components.pilot.k8s.overlays.[*]", "the topology", wrongInstall, wantIstiodOverlay},
	{"components.pilot.k8s.volumes.[name=" + schema.KubeconfigVolume + "].name", "secrets.remote", wrongVolume, wantNoVolume},
	{"components.pilot.k8s.volumeMounts.[name=" + schema.KubeconfigVolume + "].name", "secrets.remote", wrongVolume, wantNoVolume},
	{"components.ingressGateways.[name=" + eastWestGateway + "].name", "clusters.NAME.eastWestGateway", wrongTwice, wantNoSecondGateway},
	{"components.egressGateways.[name=" + eastWestGateway + "].name", "clusters.NAME.eastWestGateway", wrongTwice, wantNoSecondGateway},
	{"components.ingressGateways.[*].k8s.overlays.[*]", "the topology", wrongInstall, wantGatewayOverlay},
	{"components.egressGateways.[*].k8s.overlays.[*]", "the topology", wrongInstall, wantGatewayOverlay},
	{"components.ingressGateways.[*].k8s.podAnnotations." + proxyConfigKey, "the topology", wrongInstall, wantProxyConfig},
	{"components.egressGateways.[*].k8s.podAnnotations." + proxyConfigKey, "the topology", wrongInstall, wantProxyConfig},
}

// istioctlSettings are these, and the environment of the components.
func istioctlSettings() []owned {
	all := slices.Clone(istioctlFields)
	for _, v := range istiodVariables {
		all = append(all, owned{"components.pilot.k8s.env.[name=" + v.name + "].name", v.field, v.why, v.never})
	}
	for _, v := range proxyVariables {
		for _, direction := range []string{"ingress", "egress"} {
			all = append(all, owned{"components." + direction + "Gateways.[*].k8s.env.[name=" + v.name + "]", v.field, v.why, v.item})
		}
	}
	return all
}

// item is the variable as one of a list.
func (v variable) item(t *schema.Topology, c *schema.Cluster) any {
	want := v.want(t, c)
	if want == nil {
		return nil
	}
	return map[string]any{"name": v.name, "value": want}
}

func wantTrue(*schema.Topology, *schema.Cluster) any { return true }

func wantChartService(*schema.Topology, *schema.Cluster) any {
	return mustNotBeSet("the chart's selector finds istiod")
}

// wantIstiodPort refuses a port that istiod's Service has: istioctl merges the two.
func wantIstiodPort(*schema.Topology, *schema.Cluster) any {
	return refusal(func(item any) string {
		port, _ := item.(map[string]any)
		if slices.Contains([]string{"15012", "443"}, fmt.Sprint(port["port"])) || port["$patch"] != nil {
			return wrongReach
		}
		return ""
	})
}

func wantNoSecondGateway(*schema.Topology, *schema.Cluster) any {
	return mustNotBeSet("that is the gateway that eastWestGateway describes")
}

func wantIstiodOverlay(*schema.Topology, *schema.Cluster) any {
	return refusal(RefuseOverlay(overlaidIstiod))
}
func wantGatewayOverlay(*schema.Topology, *schema.Cluster) any {
	return refusal(RefuseOverlay(OverlaidGateway))
}
