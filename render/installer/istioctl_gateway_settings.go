package installer

// operator gives the settings as the spec of an IstioOperator has them. The IstioOperator is beside the control plane,
// which is in the namespace.
func (s gatewaySettings) operator(namespace string) fields {
	component := fields{"name": gatewayName}
	if s.Namespace != namespace {
		component["namespace"] = s.Namespace
	}
	if k8s := s.operatorK8s(); len(k8s) > 0 {
		component["k8s"] = k8s
	}
	values := below(s.operatorValues(), "values")
	if len(component) == 1 {
		return values
	}
	return merged(fields{"components": fields{"ingressGateways": []any{component}}}, values)
}

// operatorK8s gives the settings below k8s of the component. What it has no field for is put over the objects that it
// makes.
func (s gatewaySettings) operatorK8s() fields {
	k8s, overlays := fields{}, []any{}
	for _, name := range []string{"nodeSelector", "tolerations", "affinity", "priorityClassName"} {
		if value, given := s.pod[name]; given {
			k8s[name] = value
		}
	}
	if port, other := s.otherPort(); other {
		overlays = append(overlays, overlay("Service", `metadata.labels.networking\.istio\.io/gatewayPort`, port))
	}
	if constraints, given := s.pod["topologySpreadConstraints"]; given {
		overlays = append(overlays, overlay("Deployment", "spec.template.spec.topologySpreadConstraints", constraints))
	}
	if len(overlays) > 0 {
		k8s["overlays"] = overlays
	}
	return merged(k8s, below(s.Service, "service"), below(s.DisruptionBudget, "podDisruptionBudget"))
}

// operatorValues gives the settings that are values of the gateway's chart.
func (s gatewaySettings) operatorValues() fields {
	global := fields{}
	if len(s.DisruptionBudget) > 0 {
		global["defaultPodDisruptionBudget"] = fields{"enabled": true}
	}
	if secrets := s.pullSecrets(); len(secrets) > 0 {
		global["imagePullSecrets"] = secrets
	}
	return merged(below(global, "global"), below(s.operatorScale(), "gateways", "istio-ingressgateway"))
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
	list, _ := s.pod["imagePullSecrets"].([]any)
	for _, item := range list {
		if secret, ok := item.(fields); ok {
			names = append(names, secret["name"])
		}
	}
	return names
}

// overlay changes an object that istioctl makes of the gateway.
func overlay(kind, path string, value any) fields {
	return fields{"kind": kind, "name": gatewayName, "patches": []any{fields{"path": path, "value": value}}}
}
