package installer

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// apiGateway is the east-west gateway as a Gateway of the Gateway API, of which istiod makes the rest.
type apiGateway struct{ Target }

func (apiGateway) folder() string { return "gateway/gateway-api" }

// fill leaves out the label app, by which the Istio Gateway for remotes' gateways is kept from this one.
func (g apiGateway) fill() {
	data := struct {
		gatewayData
		Listeners  []text.Listener
		Parameters map[string]string
		PortLabel  string
	}{g.gatewayData(), g.listeners(), g.parameters(), strconv.FormatInt(g.EastWestGateway.Port, 10)}
	var o options
	o.of(g.folder(), g.Topology.MultiNetwork(), "network") // or it has to have port 15443
	o.of(g.folder(), data.Revision != "", "revision")
	o.of(g.folder(), len(data.ServiceAnnotations) > 0, "service-annotations")
	o.of(g.folder(), len(data.Parameters) > 0, "parameters")
	o.of(g.folder(), data.Port != schema.GatewayPort, "port")
	g.Add(layout.Gateway+"/gateway.yaml", g.Compose(text.Composition{Object: g.folder() + "/gateway.yaml", Options: o}, data))
	if len(data.Parameters) > 0 {
		g.Add(layout.Gateway+"/parameters.yaml", g.Compose(text.Composition{Object: g.folder() + "/parameters.yaml"}, data))
	}
	g.Kustomization(layout.Gateway)
}

// listeners give the Service its ports. Those for calls from other networks open the gateway as well. Those of istiod
// open nothing, since no route is for them: the Gateway and the VirtualService of 5-expose do, for all names, and a
// listener without a name would stand in their way.
func (g apiGateway) listeners() []text.Listener {
	var all []text.Listener
	if g.Topology.MultiNetwork() {
		var hosts []string
		for _, host := range g.Topology.Mesh.ExposedHosts {
			if host = strings.ToLower(host); !slices.Contains(hosts, host) {
				hosts = append(hosts, host)
			}
		}
		for i, host := range hosts {
			l := text.Listener{Name: "tls", Hostname: host, Port: g.EastWestGateway.Port, Auto: true}
			if i > 0 {
				l.Name = fmt.Sprintf("tls-%d", i+1)
			}
			if host == "*" {
				l.Hostname = ""
			}
			all = append(all, l)
		}
	}
	if g.Topology.ServesRemotes(g.Cluster) || len(all) == 0 {
		all = append(all, text.Listener{Name: "tls-istiod", Hostname: g.IstiodService(), Port: 15012},
			text.Listener{Name: "tls-webhook", Hostname: g.IstiodService(), Port: 15017})
	}
	return all
}

// parameters are what istiod merges into the objects that it makes, by the keys of a ConfigMap that it reads.
func (g apiGateway) parameters() map[string]string {
	settings := g.gatewaySettings()
	pod := merged(settings.pod, g.container())
	deployment, autoscaler := settings.scaled()
	texts := map[string]string{}
	for key, spec := range map[string]fields{
		"deployment":              merged(deployment, below(pod, "template", "spec")),
		"service":                 settings.Service,
		"horizontalPodAutoscaler": autoscaler,
		"podDisruptionBudget":     settings.DisruptionBudget,
	} {
		if len(spec) > 0 {
			texts[key] = yamlText(fields{"spec": spec})
		}
	}
	return texts
}

// container gives the resources of the proxy, where the topology says something of them.
func (g apiGateway) container() fields {
	resources := fields{}
	if len(g.EastWestGateway.Limits) > 0 {
		resources["limits"] = g.EastWestGateway.Limits
	}
	if len(g.EastWestGateway.Requests) > 0 {
		resources["requests"] = g.EastWestGateway.Requests
	}
	if len(resources) == 0 {
		return nil
	}
	return fields{"containers": []any{fields{"name": "istio-proxy", "resources": resources}}}
}

func yamlText(object fields) string {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(object); err != nil {
		panic(err) // it is made of maps, lists and scalars
	}
	return out.String()
}

// install brings the CRDs first.
func (g apiGateway) install() []string {
	return []string{g.bringCRDs(), shell.Apply(g.Cluster, layout.Gateway)}
}

func (g apiGateway) gone() []string {
	return []string{
		g.deleteGateways(),
		shell.KubectlGateway(g.Cluster, "delete configmaps --selector '"+shell.OwnedBy(g.Topology.Name)+"'"),
	}
}

const (
	lostClass    = "istiod makes a Deployment and a Service of a Gateway of class istio: of another one it makes nothing, or only what waits on the waypoint's port"
	lostListener = "istiod opens a listener for calls from other networks only where it has this option, and for the hosts that are exposed"
)

func (g apiGateway) owned(id patch.Identity) []patch.Owned {
	if id.Group != "gateway.networking.k8s.io" || id.Name != gatewayName {
		return nil
	}
	const labels = "spec.infrastructure.labels."
	return []patch.Owned{
		patch.Own("spec.gatewayClassName", lostClass, "leave it"),
		patch.Own("spec.addresses", lostGateway, "leave it: with addresses istiod makes no Service"),
		patch.Own("spec.listeners", lostListener, "add a listener beside it").Keeping("name"),
		patch.Own(labels+"istio", LostSelector, "leave it"),
		patch.Own(labels+`topology\.istio\.io/network`, LostNetwork, "change "+patch.AnyCluster+"network"),
		patch.Own(labels+`topology\.istio\.io/cluster`, lostCluster, "leave it").Allowing(g.Name),
		patch.Own(`metadata.annotations.networking\.istio\.io/service-type`, lostGateway, "set "+patch.AnyCluster+"eastWestGateway.serviceType"),
		patch.Own(`metadata.annotations.gateway\.istio\.io/name-override`, lostGateway, "leave it"),
	}
}
