package installer

import (
	"maps"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// deploymentGateway is the east-west gateway as Istio's chart gateway makes it, in plain objects: istiod injects the
// proxy. Names, ports and selectors are those of an IstioOperator's, so the Service stays when one follows the other.
type deploymentGateway struct{ Target }

func (deploymentGateway) folder() string { return "gateway/deployment" }

func (g deploymentGateway) fill() {
	data := struct {
		gatewayData
		ServiceAccount, Role string
		Rules                []reader.Rule
		Fewest, Most, CPU    int64 // of an autoscaler
	}{g.gatewayData(), gatewayName, gatewayName, []reader.Rule{readSecrets}, usualScale.Min, usualScale.Max, usualScale.CPU}
	settings := g.gatewaySettings()
	if a := settings.Autoscaling; a != nil {
		data.Fewest, data.Most, data.CPU = a.Min, a.Max, a.CPU
	}
	data.Limits, data.Requests = g.resources(data.Limits, gatewayLimits), g.resources(data.Requests, gatewayRequests)
	add := func(file string, objects ...[]byte) { g.Add(layout.Gateway+"/"+file+".yaml", objects...) }
	compose := func(object string, o options, settings fields) []byte {
		return g.Compose(text.Composition{Object: object + ".yaml", Options: o, Settings: settings}, data)
	}
	var revision, service, labels options
	revision.of(g.folder(), data.Revision != "", "revision")
	// Where others are given addresses the Service has no label: istiod would take its addresses as well.
	service.of(g.folder(), g.EastWestGateway.Discovery != schema.ByAddresses, "network")
	service.of(g.folder(), len(data.ServiceAnnotations) > 0, "service-annotations")
	labels.of(g.folder(), true, "labels")
	add("deployment", compose(g.folder()+"/deployment", revision, settings.deployment()))
	if settings.Replicas == 0 {
		add("horizontal-pod-autoscaler", compose(g.folder()+"/horizontal-pod-autoscaler", nil, nil))
	}
	if budget := settings.DisruptionBudget; len(budget) > 0 {
		add("pod-disruption-budget", compose(g.folder()+"/pod-disruption-budget", nil, fields{"spec": budget}))
	}
	add("service", compose(g.folder()+"/service", service, settings.service()))
	add("service-account", compose("service-account", labels, nil), compose("role", labels, nil), compose("role-binding", labels, nil))
	g.Kustomization(layout.Gateway)
}

// usualScale is the autoscaler of the chart.
var usualScale = schema.Autoscaling{Min: 1, Max: 5, CPU: 80}

// What the proxy gets by the chart's values, and what its account may do: istiod gives certificates of Secrets to a
// gateway whose account may read them.
var (
	gatewayRequests = map[string]string{"cpu": "100m", "memory": "128Mi"}
	gatewayLimits   = map[string]string{"cpu": "2000m", "memory": "1024Mi"}
	readSecrets     = reader.Rule{Resources: []string{"secrets"}, Verbs: []string{"get", "watch", "list"}}
)

// resources gives the user's, and the usual ones of what the user says nothing about: a usual limit may be less than
// what the user requests.
func (g deploymentGateway) resources(own, usual map[string]string) map[string]string {
	all := maps.Clone(usual)
	maps.DeleteFunc(all, func(name, _ string) bool {
		return g.EastWestGateway.Limits[name] != "" || g.EastWestGateway.Requests[name] != ""
	})
	maps.Copy(all, own)
	return all
}

// install deletes a Deployment that was made in another way, and leaves its pods to the new one, whose selector they
// fit. On another network they do not fit.
func (g deploymentGateway) install() []string {
	return append(g.deleteLeft(),
		g.deleteMovedGateway(),
		shell.KubectlGateway(g.Cluster, "delete deployments --cascade=orphan --field-selector metadata.name="+gatewayName+
			" --selector 'app.kubernetes.io/managed-by!=meshtopo'"),
		shell.Kubectl(g.Cluster, "apply --server-side --force-conflicts -k "+layout.Path(g.Name, layout.Gateway)),
	)
}

// deleteLeft deletes what of an earlier tree would go on to change the number of pods.
func (g deploymentGateway) deleteLeft() []string {
	var kinds []string
	if g.EastWestGateway.Replicas > 0 {
		kinds = append(kinds, "horizontalpodautoscalers")
	}
	if len(g.EastWestGateway.DisruptionBudget) == 0 {
		kinds = append(kinds, "poddisruptionbudgets")
	}
	if len(kinds) == 0 {
		return nil
	}
	return []string{shell.KubectlGateway(g.Cluster, "delete "+strings.Join(kinds, ",")+" --selector '"+
		shell.OwnedBy(g.Topology.Name)+",app="+gatewayName+"'")}
}

// gone leaves what another way of installing has taken over since: it has the label of that.
func (g deploymentGateway) gone() []string {
	return []string{shell.KubectlGateway(g.Cluster, "delete deployments,services,horizontalpodautoscalers,poddisruptionbudgets,"+
		"serviceaccounts,roles,rolebindings --selector '"+shell.OwnedBy(g.Topology.Name)+",app="+gatewayName+"'")}
}

func (g deploymentGateway) owned(id patch.Identity) []patch.Owned {
	var all []patch.Owned
	for _, o := range overlaidGateway {
		if o.Kind == id.Kind && !isPort(o) && id.Name == gatewayName {
			all = append(all, patch.Own(o.Path, o.Why, "leave it"))
		}
	}
	switch {
	case id.Name != gatewayName:
	case id.Kind == "Service":
		all = append(all, patch.Own("spec.ports", LostPort, "add a port beside it").Keeping("name", "port"))
	case id.Kind == "Deployment":
		all = append(all, patch.Own("spec.template.spec.containers.[name=istio-proxy].image", lostInjection, "leave it"))
	}
	return all
}

// deployment gives the settings as the spec of a Deployment.
func (s gatewaySettings) deployment() fields {
	replicas, _ := s.scaled()
	return below(merged(replicas, below(s.pod, "template", "spec")), "spec")
}

// service gives the settings as a Service has them.
func (s gatewaySettings) service() fields {
	service := below(s.Service, "spec")
	if port, other := s.otherPort(); other {
		service = merged(service, fields{"metadata": fields{"labels": fields{portLabel: port}}})
	}
	return service
}
