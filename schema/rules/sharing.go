package rules

import "meshtopo.dev/meshtopo/schema/diag"

var sharingRules = group{
	rules: []*diag.Rule{dnsCaptureOff},
	check: mesh.checkDNSCapture,
}

var dnsCaptureOff = &diag.Rule{
	Code: "dns-capture-off", Severity: diag.Info, Symptom: true,
	Title:  "sidecars that do not answer DNS in a mesh of several clusters",
	Why:    "a Service that exists in another cluster only has no name in this one, `Could not resolve host`, and a headless one has the pods only of the cluster that asks",
	Fix:    "set mesh.dnsCapture: true, or create every Service, with its namespace, in each cluster that calls it",
	Source: "https://istio.io/latest/docs/ops/configuration/traffic-management/dns-proxy/",
	Bad:    `mesh: {dnsCapture: false}`,
	Good:   `mesh: {dnsCapture: true}`,
}

// checkDNSCapture reports DNS capture only where somebody turned it off: it is on by default.
func (t mesh) checkDNSCapture(found *diag.List) {
	path := []string{"spec", "mesh", "dnsCapture"}
	if len(t.Clusters) > 1 && t.Given(path...) && !t.Unsure(path...) && !t.Mesh.DNSCapture {
		found.Add(t.Pos(path...), dnsCaptureOff, "a Service that exists in another cluster only cannot be resolved")
	}
}
