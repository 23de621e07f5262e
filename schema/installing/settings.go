package installing

import (
	"maps"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var settingNotTaken = &diag.Rule{
	Code: "installer-setting", Severity: diag.Error, Fixed: true,
	Title:  "a setting that what installs Istio does not take",
	Why:    "components say what istioctl makes of an IstioOperator; Istio's charts and the Sail operator have no place for it, and would leave it out without a word",
	Fix:    "set the value that the chart has for it, below istio.values",
	Source: "operator/pkg/component/component.go; manifests/charts/istio-control/istio-discovery/values.yaml",
	Bad:    `istio: {installer: helm, components: {pilot: {k8s: {replicaCount: 2}}}}`,
	Good:   `istio: {installer: helm, values: {pilot: {replicaCount: 2}}}`,
}

// setting is a setting of an IstioOperator that is not taken, and what to do instead.
type setting struct {
	path []string // below istio
	fix  string
}

// checkSettings reports what a cluster sets for istioctl, and has installed by something else. A setting of the mesh is
// found for each cluster; the list keeps one finding.
func checkSettings(t schema.Written, found *diag.List) {
	for _, c := range t.Clusters {
		if c.Istio.Installer != schema.Helm && c.Istio.Installer != schema.Sail {
			continue
		}
		for _, s := range slices.Concat(components(c.Istio.Components), values(c.Istio)) {
			path := t.IstioPath(c, s.path...)
			if t.Broken(path...) {
				continue
			}
			d := found.Add(t.Pos(path...), settingNotTaken, "%s is not for installer: %s", strings.Join(s.path, "."), c.Istio.Installer)
			d.Fix = s.fix
			d.Relate(t.Pos(t.IstioPath(c, "installer")...), "what installs Istio")
		}
	}
}

// components gives what no chart has a place for. That the parts of the profile are installed needs no place.
func components(components map[string]any) []setting {
	var all []setting
	for _, name := range slices.Sorted(maps.Keys(components)) {
		fields, single := components[name].(map[string]any)
		if !single {
			if list, _ := components[name].([]any); slices.ContainsFunc(list, enabled) {
				all = append(all, setting{[]string{"components", name}, "delete it, and install such a gateway as a release of the chart gateway, or as an injected Deployment"})
			}
			continue
		}
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			path := []string{"components", name, field}
			switch k8s, _ := fields[field].(map[string]any); {
			case field == "enabled":
				if fields[field] == false && name == "base" {
					all = append(all, setting{path, "delete it: the chart base is always installed"})
				}
			case field == "hub", field == "tag":
				all = append(all, setting{path, "set istio." + field + ", or istio.values." + name + "." + field})
			case field == "k8s":
				for _, field := range slices.Sorted(maps.Keys(k8s)) {
					all = append(all, setting{slices.Concat(path, []string{field}), instead(name, field)})
				}
			case field == "namespace":
				all = append(all, setting{path, "delete it: everything is installed in istio.namespace"})
			}
		}
	}
	return all
}

// enabled reports whether an item of a list of gateways is installed.
func enabled(item any) bool {
	gateway, ok := item.(map[string]any)
	return ok && gateway["enabled"] != false
}

// instead says which value of a chart does what a field below k8s does.
func instead(component, field string) string {
	if value, ok := valuesForK8s[component][field]; ok {
		return "set istio.values." + strings.ReplaceAll(value, ", ", " and istio.values.") + " instead"
	}
	return "delete it: the chart has no value for it; change what it makes with your own tooling, such as a post-renderer of helm"
}

// valuesForK8s are the values of Istio's charts for the fields below k8s, by component. The charts of 1.24 and all
// since have them.
var valuesForK8s = map[string]map[string]string{
	"pilot": {
		"affinity": "pilot.affinity", "env": "pilot.env", "hpaSpec": "pilot.autoscaleMin, pilot.autoscaleMax",
		"imagePullPolicy": "global.imagePullPolicy", "nodeSelector": "pilot.nodeSelector", "podAnnotations": "pilot.podAnnotations",
		"podDisruptionBudget": "global.defaultPodDisruptionBudget", "priorityClassName": "global.priorityClassName",
		"replicaCount": "pilot.replicaCount", "resources": "pilot.resources", "serviceAnnotations": "pilot.serviceAnnotations",
		"strategy": "pilot.rollingMaxSurge, pilot.rollingMaxUnavailable", "tolerations": "pilot.tolerations",
		"volumes": "pilot.volumes", "volumeMounts": "pilot.volumeMounts",
	},
	"cni": {
		"affinity": "cni.affinity", "env": "cni.env", "imagePullPolicy": "cni.pullPolicy", "podAnnotations": "cni.podAnnotations",
		"resources": "cni.resources",
	},
	"ztunnel": {
		"affinity": "ztunnel.affinity", "env": "ztunnel.env", "imagePullPolicy": "ztunnel.imagePullPolicy",
		"nodeSelector": "ztunnel.nodeSelector", "podAnnotations": "ztunnel.podAnnotations", "resources": "ztunnel.resources",
	},
}

// values gives the values that are for gateways, which no chart beside them reads, and those that the resource Istio
// does not have.
func values(istio schema.Istio) []setting {
	var all []setting
	gateways, _ := istio.Values["gateways"].(map[string]any)
	for _, name := range []string{"istio-egressgateway", "istio-ingressgateway"} {
		if gateways[name] != nil {
			all = append(all, setting{[]string{"values", "gateways", name}, "delete it, and install such a gateway as a release of the chart gateway, or as an injected Deployment"})
		}
	}
	if istio.Installer != schema.Sail {
		return all
	}
	const fix = "delete it: the resource Istio has no such value, and kubectl refuses it"
	for _, name := range slices.Sorted(maps.Keys(istio.Values)) {
		if !slices.Contains(sailValues, name) && !(name == "gateways" && len(all) > 0) {
			all = append(all, setting{[]string{"values", name}, fix})
		}
	}
	for _, path := range sailLacks {
		if holds(istio.Values, path) {
			all = append(all, setting{append([]string{"values"}, path...), fix})
		}
	}
	ztunnel, _ := istio.Values["ztunnel"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(ztunnel)) {
		if !slices.Contains(sailZTunnel, name) {
			all = append(all, setting{[]string{"values", "ztunnel", name}, "delete it: the resource ZTunnel has no such value, and kubectl refuses it"})
		}
	}
	return all
}

// holds reports whether there is a value at a path.
func holds(values map[string]any, path []string) bool {
	for _, key := range path[:len(path)-1] {
		values, _ = values[key].(map[string]any)
	}
	_, ok := values[path[len(path)-1]]
	return ok
}

// sailLacks are values of the charts, below those of sailValues, that the resource Istio does not have.
var sailLacks = [][]string{
	{"base", "enableCRDTemplates"}, {"base", "enableIstioConfigCRDs"}, {"base", "validateGateway"}, {"pilot", "cni", "chained"},
}

// sailValues are the values of the resource Istio (api/v1/values_types.gen.go, Values), and those of which the tree has
// resources of their own.
var sailValues = []string{
	"base", "cni", "compatibilityVersion", "defaultRevision", "experimental", "gatewayClasses", "global", "istiodRemote",
	"meshConfig", "pilot", "profile", "revision", "revisionTags", "sidecarInjectorWebhook", "telemetry", "ztunnel",
}

// sailZTunnel are the values of the resource ZTunnel (api/v1/values_types_extra.go, ZTunnelConfig).
var sailZTunnel = []string{
	"affinity", "annotations", "caAddress", "dnsConfig", "dnsPolicy", "env", "hub", "image", "imagePullPolicy", "imagePullSecrets",
	"istioNamespace", "labels", "logAsJson", "logLevel", "multiCluster", "network", "nodeSelector", "peerCaCrl", "podAnnotations",
	"podLabels", "resourceName", "resourceQuotas", "resources", "revision", "seLinuxOptions", "tag", "terminationGracePeriodSeconds",
	"tolerations", "updateStrategy", "variant", "volumeMounts", "volumes", "xdsAddress",
}
