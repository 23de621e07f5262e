package settings

import "meshtopo.dev/meshtopo/schema/diag"

var CNIDiffers = &diag.Rule{
	Code: "cni-differs", Severity: diag.Warning, Symptom: true,
	Title:  "a remote without Istio's CNI plugin, whose primary has it",
	Why:    "pods of the remote are injected as the primary says, to wait for a CNI plugin that is not there: their init container istio-validation fails, and they do not start",
	Fix:    "set components.cni.enabled: true for the remote as well",
	Source: "manifests/charts/istio-control/istio-discovery/files/injection-template.yaml",
	Bad: `clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}, istio: {components: {cni: {enabled: true}}}}
  cluster-b: {primary: cluster-a}`,
	Good: `istio: {components: {cni: {enabled: true}}}
clusters:
  cluster-a: {eastWestGateway: {addresses: [203.0.113.10]}}
  cluster-b: {primary: cluster-a}`,
}

// CNI tells whether an installation sets Istio's CNI plugin, where, and to what.
func (i Installation) CNI() (enabled bool, at diag.Pos, given bool) {
	s, ok := find(i.Components, once, "cni", "enabled")
	if !ok {
		s, ok = find(i.Pilot, once, "cni", "enabled")
	}
	return s.text() == "true", s.at, ok
}
