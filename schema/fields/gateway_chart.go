package fields

import (
	"fmt"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/settings"
)

// gatewayChart are the values of the chart gateway in 1.24 to 1.31 (manifests/charts/gateway/values.schema.json, and
// the templates for parts of which the schema leaves open what is in them).
var gatewayChart = map[string][]string{
	"": {
		"_internal_defaults_do_not_set", "additionalContainers", "affinity", "annotations", "autoscaling", "compatibilityVersion",
		"containerSecurityContext", "defaultRevision", "dnsConfig", "dnsPolicy", "enabled", "env", "envVarFrom", "global",
		"imagePullPolicy", "imagePullSecrets", "initContainers", "kind", "labels", "lifecycle", "minReadySeconds", "name",
		"networkGateway", "networkGatewayPorts", "nodeSelector", "pilot", "platform", "podAnnotations", "podDisruptionBudget",
		"priorityClassName", "profile", "rbac", "readinessProbe", "replicaCount", "resources", "revision", "runAsRoot",
		"securityContext", "service", "serviceAccount", "strategy", "terminationGracePeriodSeconds", "tolerations",
		"topologySpreadConstraints", "unprivilegedPort", "volumeMounts", "volumes",
	},
	"service": {
		"allocateLoadBalancerNodePorts", "annotations", "clusterIP", "externalIPs", "externalTrafficPolicy", "healthCheckNodePort",
		"internalTrafficPolicy", "ipFamilies", "ipFamilyPolicy", "loadBalancerClass", "loadBalancerIP", "loadBalancerSourceRanges",
		"ports", "selectorLabels", "type",
	},
	"autoscaling": {
		"autoscaleBehavior", "enabled", "maxReplicas", "minReplicas", "targetCPUUtilizationPercentage", "targetMemoryUtilizationPercentage",
	},
	"networkGatewayPorts": {"status-port", "tls", "tls-istiod", "tls-webhook"},
}

// CheckGatewayChart reports misspelt values of the chart gateway. A key that is like none of them may be of another
// chart.
func CheckGatewayChart(values *document.Node, found *diag.List) {
	checkGatewayChart(values, "", "Helm refuses the values: the chart gateway has a schema", found)
	for _, name := range []string{"autoscaling", "networkGatewayPorts", "service"} {
		if part := values.At(name); part != nil {
			checkGatewayChart(part, name, "the chart gateway ignores it silently", found)
		}
	}
}

func checkGatewayChart(part *document.Node, name, why string, found *diag.List) {
	for _, e := range part.Fields {
		near := diag.Slip(e.Key, gatewayChart[name])
		if near == "" || near == e.Key {
			continue
		}
		where := "the values of the chart gateway have"
		if name != "" {
			where = name + " of the chart gateway has"
		}
		d := found.Add(e.KeyPos, settings.UnknownIstioField, "%s no field %q", where, e.Key)
		d.Why, d.Fix = why, fmt.Sprintf("did you mean %q?", near)
		if name != "" {
			d.Severity = diag.Warning
		}
	}
}
