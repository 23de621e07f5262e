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
// of Kubernetes. Each kind of gateway has its own place for them.
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
