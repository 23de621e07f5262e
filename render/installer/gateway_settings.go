package installer

import (
	"maps"
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
)

// fields is a part of an object or of a chart's values.
type fields = map[string]any

// portLabel is the label of a Service by which istiod knows the port for calls from other networks, if it is not 15443.
const portLabel = "networking.istio.io/gatewayPort"

// gatewaySettings are what the topology says about the gateway of a cluster beside what every gateway has, by the names
// of Kubernetes.
type gatewaySettings struct {
	schema.EastWestGateway
	pod fields // of the spec of its pods
}

// gatewaySettings gives them. A constraint on how the pods spread counts those that its selector finds, which is none
// without one.
func (t Target) gatewaySettings() gatewaySettings {
	s := gatewaySettings{t.EastWestGateway, maps.Clone(t.EastWestGateway.Pod)}
	constraints, _ := s.pod["topologySpreadConstraints"].([]any)
	if len(constraints) == 0 {
		return s
	}
	constraints = slices.Clone(constraints)
	for i, item := range constraints {
		if c, ok := item.(fields); ok && c["labelSelector"] == nil {
			c = maps.Clone(c)
			c["labelSelector"] = fields{"matchLabels": fields{"istio": "eastwestgateway"}}
			constraints[i] = c
		}
	}
	s.pod["topologySpreadConstraints"] = constraints
	return s
}

// otherPort gives the number of the port and whether it is not the usual one.
func (s gatewaySettings) otherPort() (label string, other bool) {
	return strconv.FormatInt(s.Port, 10), s.Port != schema.GatewayPort
}

// scaled gives what says how many pods there are: the spec of a Deployment and that of an autoscaler.
func (s gatewaySettings) scaled() (deployment, autoscaler fields) {
	if s.Replicas > 0 {
		return fields{"replicas": s.Replicas}, nil
	}
	a := s.Autoscaling
	if a == nil {
		return nil, nil
	}
	metric := fields{"type": "Resource", "resource": fields{"name": "cpu", "target": fields{
		"type": "Utilization", "averageUtilization": a.CPU,
	}}}
	return nil, fields{"minReplicas": a.Min, "maxReplicas": a.Max, "metrics": []any{metric}}
}

// below puts settings below a path, or gives nil where there are none.
func below(settings fields, path ...string) fields {
	if len(settings) == 0 {
		return nil
	}
	for _, key := range slices.Backward(path) {
		settings = fields{key: settings}
	}
	return settings
}

// merged gives several settings as one.
func merged(all ...fields) fields {
	var one fields
	for _, settings := range all {
		one = schema.Merge(one, settings)
	}
	return one
}

// operator gives the settings as the spec of an IstioOperator has them. What its component has no field for is put over
// the objects that it makes.
func (s gatewaySettings) operator(namespace string) fields {
	component, k8s, values := fields{"name": gatewayName}, fields{}, fields{}
	if s.Namespace != namespace {
		component["namespace"] = s.Namespace
	}
	for _, name := range []string{"nodeSelector", "tolerations", "affinity", "priorityClassName"} {
		if value, given := s.pod[name]; given {
			k8s[name] = value
		}
	}
	if port, other := s.otherPort(); other {
		k8s["overlays"] = append(listOf(k8s["overlays"]), overlay("Service", `metadata.labels.networking\.istio\.io/gatewayPort`, port))
	}
	if constraints, given := s.pod["topologySpreadConstraints"]; given {
		k8s["overlays"] = append(listOf(k8s["overlays"]), overlay("Deployment", "spec.template.spec.topologySpreadConstraints", constraints))
	}
	if len(s.Service) > 0 {
		k8s["service"] = s.Service
	}
	gateway := s.operatorScale()
	if len(s.DisruptionBudget) > 0 {
		k8s["podDisruptionBudget"] = s.DisruptionBudget
		values["global"] = fields{"defaultPodDisruptionBudget": fields{"enabled": true}}
	}
	if secrets := s.pullSecrets(); len(secrets) > 0 {
		values = merged(values, fields{"global": fields{"imagePullSecrets": secrets}})
	}
	values = merged(values, below(gateway, "gateways", "istio-ingressgateway"))
	if len(k8s) > 0 {
		component["k8s"] = k8s
	}
	if len(component) > 1 {
		return merged(fields{"components": fields{"ingressGateways": []any{component}}}, below(values, "values"))
	}
	return below(values, "values")
}

// operatorScale gives the values of the gateway's chart that say how many pods there are.
func (s gatewaySettings) operatorScale() fields {
	switch a := s.Autoscaling; {
	case s.Replicas > 0:
		return fields{"autoscaleEnabled": false, "replicaCount": s.Replicas}
	case a != nil:
		return fields{"autoscaleMin": a.Min, "autoscaleMax": a.Max, "cpu": fields{"targetAverageUtilization": a.CPU}}
	}
	return nil
}

// pullSecrets gives the names of Secrets as Istio's values have them.
func (s gatewaySettings) pullSecrets() []any {
	var names []any
	for _, item := range listOf(s.pod["imagePullSecrets"]) {
		if secret, ok := item.(fields); ok {
			names = append(names, secret["name"])
		}
	}
	return names
}

func listOf(value any) []any {
	list, _ := value.([]any)
	return list
}

// overlay changes an object that istioctl makes of the gateway.
func overlay(kind, path string, value any) fields {
	return fields{"kind": kind, "name": gatewayName, "patches": []any{fields{"path": path, "value": value}}}
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
