package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// chartGateway is an east-west gateway from the chart gateway.
type chartGateway struct{ Target }

func (chartGateway) folder() string { return "helm" }

// fill adds a file of values, of which networkGateway gives the Service its ports.
func (h chartGateway) fill() {
	data := h.gatewayData()
	of := text.Composition{Object: "helm/gateway.yaml", Options: data.options(h.folder()), Settings: h.gatewaySettings().chart()}
	h.Add(layout.Values(layout.Gateway, "gateway"), h.Compose(of, data))
}

// install deletes a Deployment first that was made in another way: its selector is another one, and Kubernetes changes
// no selector.
func (h chartGateway) install() []string {
	return []string{
		shell.KubectlGateway(h.Cluster, "delete deployments --field-selector metadata.name="+gatewayName+
			" --selector 'app.kubernetes.io/instance!="+gatewayName+"'"),
		chart{Target: h.Target, name: "gateway", release: gatewayName, directory: layout.Gateway}.upgrade(h.EastWestGateway.Namespace),
	}
}

// owned is nothing: patches change objects, and values are none.
func (chartGateway) owned(patch.Identity) []patch.Owned { return nil }

// gone deletes the release, or what Helm knows of it where a Deployment has taken its objects over: they have
// the same names, and to uninstall the release would delete them.
func (h chartGateway) gone() []string {
	if h.EastWestGateway.Kind == schema.DeploymentGateway && h.Has(layout.Gateway) {
		return []string{shell.KubectlGateway(h.Cluster, "delete secrets --selector 'owner=helm,name="+gatewayName+"'")}
	}
	if h.Istio.Installer != schema.Helm {
		return nil // whoever has no Helm need not get it for this
	}
	return []string{h.uninstall(gatewayName, h.EastWestGateway.Namespace)}
}

// chart gives the settings as values of the chart gateway.
func (s gatewaySettings) chart() fields {
	values := merged(s.pod, below(s.Service, "service"), below(s.DisruptionBudget, "podDisruptionBudget"))
	switch a := s.Autoscaling; {
	case s.Replicas > 0:
		values = merged(values, fields{"replicaCount": s.Replicas, "autoscaling": fields{"enabled": false}})
	case a != nil:
		values = merged(values, fields{"autoscaling": fields{
			"minReplicas": a.Min, "maxReplicas": a.Max, "targetCPUUtilizationPercentage": a.CPU,
		}})
	}
	if port, other := s.otherPort(); other {
		values = merged(values, fields{
			"labels": fields{portLabel: port}, "networkGatewayPorts": fields{"tls": fields{"port": s.Port}},
		})
	}
	return values
}
