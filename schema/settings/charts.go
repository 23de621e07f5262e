package settings

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
)

// chartOnly are the values that the istiod chart reads (manifests/charts/istio-control/istio-discovery) and that
// IstioOperators do not have. Those of pilot can stand at the top as well.
var chartOnly = []string{
	"pilot.deploymentAnnotations", "pilot.initContainers", "pilot.pdb", "pilot.sidecarInjectorWebhookAnnotations",
	"pilot.terminationMessagePolicy", "pilot.trafficDistribution", "pilot.trustedZtunnelName",
	"base.validationFailurePolicy", "global.trustDomain", "global.proxy.capNetBindService", "global.proxy.variant",
	"global.proxy_init.forceApplyIptables", "global.waypoint.tolerations", "global.defaultResources.limits",
	"platform", "_internal_defaults_do_not_set",
}

// sailOnly are the values that the Istio of the Sail operator has (api/v1/values_types.gen.go) and that IstioOperators
// do not have: it takes Kubernetes' own types for some.
var sailOnly = []string{"global.defaultResources.limits", "global.defaultResources.claims"}

// TakenByCharts and TakenBySail report a field that IstioOperators do not have, and that the charts, or the Istio of
// the Sail operator, do.
func TakenByCharts(p *istio.Problem) bool { return isUnknown(p, chartOnly) }
func TakenBySail(p *istio.Problem) bool   { return isUnknown(p, sailOnly) }

func isUnknown(p *istio.Problem, known []string) bool {
	return p.Kind == istio.UnknownField && slices.Contains(known, istio.Place(p.Path))
}

// SailProblems gives what is wrong with the values of an Istio of the Sail operator.
func SailProblems(values *document.Node, minor int) []*istio.Problem {
	return unknownValues(values, sailOnly, minor)
}

// unknownValues gives the fields of values that no chart has, except some, and everything that is wrong with those that
// istiod reads. The template that prints another value may accept any type.
func unknownValues(values *document.Node, but []string, minor int) []*istio.Problem {
	known := knownToKubernetes(values, minor)
	return slices.DeleteFunc(istio.Check(values, istio.Values().In(minor)), func(p *istio.Problem) bool {
		switch {
		case p.Reader != istio.Istioctl:
			return false
		case p.Kind != istio.UnknownField || slices.Contains(but, istio.Place(p.Path)):
			return true
		}
		return p.Since == 0 && p.Until == 0 && known(p.Pos)
	})
}

// knownToKubernetes tells the fields that only istioctl does not know: up to 1.28 it decodes the types of Kubernetes in
// the values as protobuf, and the charts print them as they are.
func knownToKubernetes(values *document.Node, minor int) func(diag.Pos) bool {
	if minor == 0 || !istio.Covers(minor) {
		return func(diag.Pos) bool { return false }
	}
	unknown := map[diag.Pos]bool{}
	for _, p := range istio.Check(values, istio.Values()) {
		unknown[p.Pos] = true
	}
	return func(pos diag.Pos) bool { return !unknown[pos] }
}

// ChartProblems gives the fields in a file of Helm values that no chart has. The istiod chart reads the fields of pilot
// at the top, too. Other fields at the top may be those of other charts, so only a likely misspelling counts there. The
// gateway chart has a schema of its own: Helm refuses what it does not know.
func ChartProblems(root *document.Node, minor int) []*istio.Problem {
	if root.At("networkGateway") != nil {
		return nil
	}
	asPilot := map[string]*istio.Problem{} // by key: what is wrong with it if it is meant for pilot
	for _, p := range istio.Check(root, istio.PilotValues().In(minor)) {
		if p.Kind == istio.UnknownField && len(p.Path) == 1 && !slices.Contains(chartOnly, "pilot."+p.Path[0]) {
			asPilot[p.Path[0]] = p
		}
	}
	return slices.DeleteFunc(unknownValues(root, chartOnly, minor), func(p *istio.Problem) bool {
		return len(p.Path) == 1 && !misspelt(p, asPilot[p.Path[0]])
	})
}

// misspelt reports whether a key is probably a misspelt one of the values, or of pilot, and adds that to the problem.
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
