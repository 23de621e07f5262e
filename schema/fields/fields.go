// Package fields judges the fields of one object by itself: those that its kind does not have, and values that
// Kubernetes or Istio does not take, whatever the other objects say.
package fields

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/settings"
)

var (
	// UnknownField and WrongValue are of all objects.
	UnknownField = &diag.Rule{
		Code: "unknown-object-field", Severity: diag.Error,
		Title:  "a field that the kind of an object does not have",
		Why:    "kubectl apply refuses the object; where its validation is off, the field is dropped silently",
		Fix:    "correct its name, or delete it",
		Source: "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",
		Bad:    "kind: Gateway\nspec: {selectors: {istio: eastwestgateway}}",
		Good:   "kind: Gateway\nspec: {selector: {istio: eastwestgateway}}",
	}
	WrongValue = &diag.Rule{
		Code: "wrong-object-value", Severity: diag.Error,
		Title:  "a value of another type than the field of an object has",
		Why:    "the API server refuses the object",
		Fix:    "give a value of the field's type",
		Source: "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation",
		Bad:    "port: {number: \"15443\", name: tls, protocol: TLS}",
		Good:   "port: {number: 15443, name: tls, protocol: TLS}",
	}
)

// Rules gives every rule of this package.
func Rules() []*diag.Rule {
	return []*diag.Rule{
		UnknownField, WrongValue, MisspeltOperator, unknownProfile, obsoleteComponent, secretName, secretType, secretValue, registryTwice,
	}
}

// Report reports fields that an object does not have, and values of a wrong type.
func Report(o *manifest.Object, fields []*istio.Problem, found *diag.List) {
	for _, p := range fields {
		reportField(o, p, found)
	}
	checkSail(o, found)
	if o.Kind == "IstioOperator" {
		CheckVariables(istio.Variables(o.Root.At("spec")), o, found)
	}
}

// Problems gives what is wrong with the fields of an object. Messages show values, so Secrets and ConfigMaps are left
// out: they may hold private ones.
func Problems(o *manifest.Object) []*istio.Problem {
	var all []*istio.Problem
	switch t, ok := istio.Object(o.APIVersion, o.Kind); {
	case o.Kind == "":
		all = settings.ChartProblems(o.Root, MinorOf(o))
	case o.Is("sailoperator.io", "Istio"):
		all = settings.SailProblems(o.Root.At("spec", "values"), MinorOf(o))
	case ok && o.Kind != "Secret" && o.Kind != "ConfigMap":
		all = istio.Check(o.Root, t.In(MinorOf(o)))
	}
	minor := MinorOf(o)
	return slices.DeleteFunc(all, func(p *istio.Problem) bool {
		ofUnknownVersion := minor == 0 && p.Kind == istio.UnknownField && p.Until > 0 // it may be one that has it
		return ofMeshNetworks(p) || ofUnknownVersion
	})
}

// ofMeshNetworks reports whether a problem is in meshNetworks, which are checked as a whole.
func ofMeshNetworks(p *istio.Problem) bool {
	path := p.Path
	if len(path) > 2 && path[0] == "spec" && path[1] == "values" {
		path = path[2:]
	}
	return settings.OfMeshNetworks(path, p.Kind)
}

// reportField adds a finding for a problem. Where istioctl or istiod reads the field, it has the code that a topology
// would get.
func reportField(o *manifest.Object, p *istio.Problem, found *diag.List) {
	where := placeOfFields(o, p)
	if p.Reader != istio.APIServer {
		d := settings.ReportIstio(p, where, MinorOf(o), found)
		if slices.Contains(p.Path, "serviceScopeConfigs") && p.Near == "namespaceSelector" {
			d.Severity = diag.Error
			d.Why = "istiod ignores the field, and without a selector the rule holds for the Services of every namespace"
		}
		adaptValues(o, p, d)
		return
	}
	rule := WrongValue
	if p.Kind == istio.UnknownField {
		rule = UnknownField
	}
	found.Add(p.Pos, rule, "%s", p.Message(where)).Fix = p.Fix()
}

// placeOfFields gives what messages put before the path of a problem, where the path alone is not clear.
func placeOfFields(o *manifest.Object, p *istio.Problem) string {
	switch {
	case o.Is("sailoperator.io", "Istio"):
		return "spec.values"
	case o.Kind == "" && len(p.Path) < 2:
		return "values"
	case len(p.Path) < 2:
		return o.Kind
	}
	return ""
}

// MinorOf gives the minor version of Istio that an installation is of, or 0 where its tag does not say.
func MinorOf(o *manifest.Object) int {
	for _, path := range [][]string{{"spec", "tag"}, {"spec", "values", "global", "tag"}, {"spec", "version"}, {"global", "tag"}, {"tag"}} {
		if n := o.Root.At(path...); n != nil && n.Kind != document.Map && n.Kind != document.List && n.Kind != document.Null {
			return settings.MinorOf(n.Text)
		}
	}
	return settings.MinorOf(o.Version)
}

// CheckVariables reports environment variables that nothing reads.
func CheckVariables(variables []istio.Variable, o *manifest.Object, found *diag.List) {
	minor := MinorOf(o)
	for _, v := range variables {
		named := slices.ContainsFunc([][]string{{"meshConfig"}, {"spec", "meshConfig"}, {"spec", "values", "meshConfig"}}, func(path []string) bool {
			return istio.NamesVariable(o.Root.At(path...), v.Name)
		})
		d := settings.CheckVariable(v, minor, named, found)
		if d != nil && v.Name == "ISTIO_META_ROUTER_MODE" && v.Text != "sni-dnat" && v.Text != "standard" && v.Text != "" {
			d.Severity = diag.Error
			d.Append(", and no version knows its value %s", v.Text)
		}
	}
}

// adaptValues says what a problem leads to where istioctl does not read the values.
func adaptValues(o *manifest.Object, p *istio.Problem, d *diag.Diagnostic) {
	switch {
	case o.Is("sailoperator.io", "Istio"):
		d.Why = UnknownField.Why
		if p.Kind != istio.UnknownField {
			d.Why = WrongValue.Why
		}
	case o.Kind != "":
	case p.Kind == istio.UnknownField && p.Reader == istio.Istioctl:
		d.Severity = diag.Warning
		d.Why = "Helm passes it to the chart, which ignores it silently"
	case p.Kind == istio.WrongType || p.Kind == istio.UnknownValue:
		d.Why = "the chart writes it into the mesh config, which istiod then cannot read"
	}
}
