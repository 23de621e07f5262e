package settings

import (
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
	Source: "operator/pkg/apis/types.go and values_types.proto; a warning where a cluster has another version than the one that meshtopo knows",
	Bad:    `istio: {values: {pilot: {autoscaleEnable: true}}}`,
	Good:   `istio: {values: {pilot: {autoscaleEnabled: true}}}`,
}

var IgnoredIstioField = &diag.Rule{
	Code: "ignored-istio-field", Severity: diag.Warning,
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
	Code: "unread-variable", Severity: diag.Warning,
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

// ReportIstio makes a finding of a problem in part of what istioctl and istiod read; known says that it is for
// istio.Version. That the tables do not have a field says less of another version of Istio.
func ReportIstio(p *istio.Problem, part string, known bool, found *diag.List) *diag.Diagnostic {
	rule := WrongIstioValue
	if p.Kind == istio.UnknownField {
		rule = UnknownIstioField
		if p.Reader == istio.Istiod {
			rule = IgnoredIstioField
		}
	}
	d := found.Add(p.Pos, rule, "%s", p.Message(part))
	d.Fix, d.About = p.Fix(), diag.About{Setting: p.Place(part), Value: p.Wrong()}
	switch {
	case p.Kind == istio.UnknownField && !known:
		d.Severity = diag.Warning
		d.Message += " in Istio " + istio.Version
	case p.Kind == istio.Exclusive:
		d.Why = "istiod keeps one of them, whichever comes later in its own list, and ignores the other"
		d.Relate(p.Other.KeyPos, fmt.Sprintf("%q", p.Other.Key))
	case p.Kind == istio.GivenTwice:
		d.Why = "which of the two values counts is left to the decoder"
		d.Relate(p.Other.KeyPos, fmt.Sprintf("%q", p.Other.Key))
	}
	return d
}

// CheckVariables reports variables that nothing reads. Other versions of Istio read others.
func CheckVariables(written *document.Node, known bool, found *diag.List) {
	for _, v := range istio.Variables(written) {
		CheckVariable(v, known && !istio.NamesVariable(written.At("meshConfig"), v.Name), found)
	}
}

// CheckVariable gives the finding of a variable that nothing reads, or nil; certain says that a name which Istio's
// programs do not have is read by nothing.
func CheckVariable(v istio.Variable, certain bool, found *diag.List) *diag.Diagnostic {
	history := istio.Obsolete(v.Name)
	switch {
	case !v.Node.Broken && !v.HasText() && !found.ErrorAt(v.Pos):
		ReportVariable(v, found)
		return nil
	case v.Node.Broken || v.Program.Reads(v.Name) || found.ErrorAt(v.Pos, v.Node.Pos), history == "" && !certain:
		return nil
	}
	d := found.Add(v.Pos, UnreadVariable, "no part of Istio %s reads %s", istio.Version, private.Variable(v.Name))
	d.About.Setting = v.Name
	if near := v.Program.Nearest(v.Name); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
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
