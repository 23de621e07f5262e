package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// chartOnly are the values that the istiod chart reads (manifests/charts/istio-control/istio-discovery) and that IstioOperators do not
// have. Those of pilot can stand at the top as well.
var chartOnly = []string{
	"pilot.deploymentAnnotations", "pilot.initContainers", "pilot.pdb", "pilot.sidecarInjectorWebhookAnnotations",
	"pilot.terminationMessagePolicy", "pilot.trafficDistribution", "pilot.trustedZtunnelName",
	"base.validationFailurePolicy", "global.trustDomain", "global.proxy.capNetBindService", "global.proxy.variant",
	"global.proxy_init.forceApplyIptables", "global.waypoint.tolerations", "global.defaultResources.limits",
	"platform", "_internal_defaults_do_not_set",
}

// sailOnly are the values that the Istio of the Sail operator has (api/v1/values_types.gen.go) and that IstioOperators do not have: it
// takes Kubernetes' own types for some.
var sailOnly = []string{"global.defaultResources.limits", "global.defaultResources.claims"}

// unknownValues gives the fields of values that nobody has, but for some, and everything that is wrong with what istiod reads of them.
// Whether the type of another value matters is left to the template that prints it.
func unknownValues(values *document.Node, but []string) []*istio.Problem {
	return slices.DeleteFunc(istio.Check(values, istio.Values()), func(p *istio.Problem) bool {
		return p.Reader == istio.Istioctl && (p.Kind != istio.UnknownField || slices.Contains(but, istio.Place(p.Path)))
	})
}

// chartProblems gives the fields of a file of Helm values that no chart has. At the top it may have those of pilot as well, which
// the istiod chart reads there, and those of other charts: only a slip of the fingers is one of Istio's. The gateway chart has a
// schema of its own, by which Helm refuses what it does not know.
func chartProblems(root *document.Node) []*istio.Problem {
	if root.At("networkGateway") != nil {
		return nil
	}
	asPilot := map[string]*istio.Problem{} // the keys that pilot does not have
	for _, p := range istio.Check(root, istio.PilotValues()) {
		if p.Kind == istio.UnknownField && len(p.Path) == 1 && !slices.Contains(chartOnly, "pilot."+p.Path[0]) {
			asPilot[p.Path[0]] = p
		}
	}
	return slices.DeleteFunc(unknownValues(root, chartOnly), func(p *istio.Problem) bool {
		return len(p.Path) == 1 && !misspelt(p, asPilot[p.Path[0]])
	})
}

// misspelt reports whether a key is a slip of the fingers away from one of the values, or of pilot; and has the problem say so.
func misspelt(p, asPilot *istio.Problem) bool {
	if asPilot == nil {
		return false
	}
	ofValues, ofPilot := slip(p), slip(asPilot)
	if !ofValues && ofPilot {
		p.Near, p.Instead, p.Known = asPilot.Near, asPilot.Instead, asPilot.Known
	}
	if ofValues && ofPilot {
		p.Instead = ""
	}
	return ofValues || ofPilot
}

func slip(p *istio.Problem) bool { return p.Near != "" && diag.Slip(p.Path[0], []string{p.Near}) != "" }

// sharpenValues says what a problem means where istioctl does not read the values.
func sharpenValues(o *manifest.Object, p *istio.Problem, d *diag.Diagnostic) {
	switch {
	case o.Is("sailoperator.io", "Istio"):
		d.Why = unknownObjectField.Why
		if p.Kind != istio.UnknownField {
			d.Why = wrongObjectValue.Why
		}
	case o.Kind != "":
	case p.Kind == istio.UnknownField && p.Reader == istio.Istioctl:
		d.Severity = diag.Warning
		d.Why = "Helm hands it to the chart, which does not read it: the setting is not made, and nothing says so"
	case p.Kind == istio.WrongType || p.Kind == istio.UnknownValue:
		d.Why = "the chart writes it into the mesh config, and istiod cannot read that any more"
	}
}
