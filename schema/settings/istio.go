package settings

import (
	"cmp"
	"fmt"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/private"
)

var UnknownIstioField = &diag.Rule{
	Code: "unknown-istio-field", Severity: diag.Error,
	Title:  "a field of values or components that Istio does not have",
	Why:    "istioctl refuses the whole IstioOperator, and nothing is installed",
	Fix:    "correct its name, or delete it",
	Source: "operator/pkg/apis/types.go and values_types.proto of each minor version; a warning for versions that meshtopo does not know",
	Bad:    `istio: {values: {pilot: {autoscaleEnable: true}}}`,
	Good:   `istio: {values: {pilot: {autoscaleEnabled: true}}}`,
}

var IgnoredIstioField = &diag.Rule{
	Code: "ignored-istio-field", Severity: diag.Warning, Symptom: true,
	Title:  "a field of the mesh config that Istio does not have",
	Why:    "istiod ignores it silently, and the mesh runs without the setting",
	Fix:    "correct its name, or delete it",
	Source: "mesh/v1alpha1/config.proto and proxy.proto in istio.io/api; pkg/config/mesh/mesh.go, which discards unknown fields",
	Bad:    `istio: {meshConfig: {outboundTrafficPolicies: {mode: REGISTRY_ONLY}}}`,
	Good:   `istio: {meshConfig: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}}}`,
}

var WrongIstioValue = &diag.Rule{
	Code: "wrong-istio-value", Severity: diag.Error,
	Title:  "a value of another type than Istio's field has",
	Why:    "istioctl refuses the whole IstioOperator, and nothing is installed",
	Fix:    "give a value of the field's type",
	Source: "operator/pkg/apis/types.go, values_types.proto and validation/validation.go; mesh/v1alpha1 in istio.io/api",
	Bad:    `istio: {meshConfig: {enableAutoMtls: "true"}}`,
	Good:   `istio: {meshConfig: {enableAutoMtls: true}}`,
}

var UnreadVariable = &diag.Rule{
	Code: "unread-variable", Severity: diag.Warning, Symptom: true,
	Title:  "an environment variable that no program of Istio reads",
	Why:    "istiod and the proxies run as if it were not there; of ISTIO_META_*, only an EnvoyFilter of your own could read it from the metadata of a proxy",
	Fix:    "correct its name, or delete it",
	Source: "pkg/model/proxy.go and the env.Register calls of pilot-agent and pilot-discovery",
	Bad:    `istio: {meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_DNS_INSECURE: "true"}}}}`,
	Good:   `istio: {meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_DNS_AUTO_ALLOCATE: "true"}}}}`,
}

// OfMeshNetworks reports whether CheckMeshNetworks of package rules checks a problem below values: the form of the
// networks, but not misspelt fields in it.
func OfMeshNetworks(path []string, kind istio.ProblemKind) bool {
	if len(path) < 2 || path[0] != "global" || path[1] != "meshNetworks" {
		return false
	}
	return kind != istio.UnknownField || len(path) > 2 && path[2] == "networks"
}

// ReportIstio makes a finding of a problem in part of what istioctl and istiod of a minor version read.
func ReportIstio(p *istio.Problem, part string, minor int, found *diag.List) *diag.Diagnostic {
	if p.Kind == istio.UnknownField && p.Since > 0 {
		return reportLaterField(p, part, minor, found)
	}
	d := found.Add(p.Pos, ruleOf(p), "%s", p.Message(part))
	d.Fix, d.About = cmp.Or(fixOfVolume(p), p.Fix()), diag.About{Setting: p.Place(part), Value: p.Wrong()}
	switch {
	case p.Kind == istio.UnknownField:
		limitToVersion(d, p.Until, minor)
	case p.Kind == istio.Exclusive:
		d.Why = "istiod keeps one of them, whichever comes later in its own list, and ignores the other"
		d.Relate(p.Other.KeyPos, fmt.Sprintf("%q", p.Other.Key))
	case p.Kind == istio.GivenTwice:
		d.Why = "which of the two values counts is left to the decoder"
		d.Relate(p.Other.KeyPos, fmt.Sprintf("%q", p.Other.Key))
	}
	return d
}

func ruleOf(p *istio.Problem) *diag.Rule {
	switch {
	case p.Kind != istio.UnknownField:
		return WrongIstioValue
	case p.Reader == istio.Istiod:
		return IgnoredIstioField
	}
	return UnknownIstioField
}

// CheckVariables reports variables that nothing in a minor version of Istio reads.
func CheckVariables(written *document.Node, minor int, found *diag.List) {
	for _, v := range istio.Variables(written) {
		CheckVariable(v, minor, istio.NamesVariable(written.At("meshConfig"), v.Name), found)
	}
}

// CheckVariable gives the finding of a variable that nothing in a minor version of Istio reads, or nil; named says that
// the mesh config takes a value from it.
func CheckVariable(v istio.Variable, minor int, named bool, found *diag.List) *diag.Diagnostic {
	history := istio.Obsolete(v.Name)
	switch {
	case !v.Node.Broken && !v.HasText() && !found.ErrorAt(v.Pos):
		ReportVariable(v, found)
		return nil
	case v.Node.Broken || v.Program.Reads(v.Name, minor) || found.ErrorAt(v.Pos, v.Node.Pos), history == "" && (named || !Judged(minor)):
		return nil
	}
	since, until := v.Program.Around(v.Name, minor)
	if minor == 0 && until > 0 && history == "" { // it may be a version that reads it
		return nil
	}
	if since > 0 {
		return reportLaterVariable(v, since, minor, found)
	}
	d := found.Add(v.Pos, UnreadVariable, "no part of Istio %s reads %s", nameOf(minor), private.Variable(v.Name))
	d.About.Setting = v.Name
	if near := v.Program.Nearest(v.Name); near != "" && v.Program.Reads(near, minor) {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	}
	if until > 0 {
		d.Why = fmt.Sprintf("Istio 1.%d was the last version that read it", until)
	}
	if history != "" {
		d.Why, d.Fix = history, "delete it"
	}
	return d
}

// ReportVariable reports a variable whose value is no text.
func ReportVariable(v istio.Variable, found *diag.List) {
	d := found.Add(v.Pos, WrongIstioValue, "the variable %s must be a string, not %s", v.Name, v.Node.Kind)
	d.About = diag.About{Setting: v.Name, Value: v.Node.Kind.String()}
	d.Why = "the chart prints a map or a list as Go does, map[a:b], and that is what the variable says"
	d.Fix = "give it a string"
}
