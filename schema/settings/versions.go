package settings

import (
	"fmt"
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/istio"
)

var LaterSetting = &diag.Rule{
	Code: "later-setting", Severity: diag.Error,
	Title:  "a setting that this version of Istio does not know yet",
	Why:    "istioctl of that version refuses the IstioOperator with `unknown field`",
	Fix:    "delete it, or install a version that has it",
	Source: "operator/pkg/apis/values_types.proto, mesh/v1alpha1 in istio.io/api and the env.Register calls of each version; a warning where a program ignores what it does not know",
	Bad:    `istio: {version: "1.30.2", values: {global: {readerServiceAccount: {name: reader}}}}`,
	Good:   `istio: {version: "1.31.1", values: {global: {readerServiceAccount: {name: reader}}}}`,
}

// MinorOf gives the minor version in a tag such as 1.31.1-distroless, or a version such as v1.31-latest; 0 for others.
func MinorOf(tag string) int {
	m := tagVersion().FindStringSubmatch(tag)
	if m == nil {
		return 0
	}
	minor, _ := strconv.Atoi(m[1]) // of three digits at most
	return minor
}

var tagVersion = diag.OnceRegexp(`^v?1\.([0-9]{1,3})(?:[.-]|$)`)

// Judged reports whether the tables are right for a minor version; one that is not known, 0, counts as istio.Version.
func Judged(minor int) bool { return minor == 0 || istio.Covers(minor) }

// nameOf gives the version that was judged by.
func nameOf(minor int) string {
	if istio.Covers(minor) {
		return "1." + strconv.Itoa(minor)
	}
	return istio.Version
}

func reportLaterField(p *istio.Problem, part string, minor int, found *diag.List) *diag.Diagnostic {
	setting := p.Place(part)
	d := found.Add(p.Pos, LaterSetting, "%s came with Istio 1.%d, but the version here is %s", setting, p.Since, nameOf(minor))
	d.About.Setting = setting
	d.Fix = fmt.Sprintf("delete it, or install Istio 1.%d", p.Since)
	if p.Reader == istio.Istiod {
		d.Severity = diag.Warning
		d.Why = "istiod of that version ignores the field silently, and the mesh runs without the setting"
	}
	return d
}

func reportLaterVariable(v istio.Variable, since, minor int, found *diag.List) *diag.Diagnostic {
	d := found.Add(v.Pos, LaterSetting, "%s came with Istio 1.%d, but the version here is %s", v.Name, since, nameOf(minor))
	d.About.Setting, d.Severity = v.Name, diag.Warning
	d.Why = "Istio of that version does not read the variable, and runs as if it were not there"
	d.Fix = fmt.Sprintf("delete it, or install Istio 1.%d", since)
	return d
}

// limitToVersion says for which version it is true that there is no such field: until is the last one that had it, or
// 0. Of a version that the tables do not cover they prove less.
func limitToVersion(d *diag.Diagnostic, until, minor int) {
	switch {
	case until > 0:
		d.Message += fmt.Sprintf(" in Istio %s: 1.%d was the last version with it", nameOf(minor), until)
	case !Judged(minor):
		d.Severity = diag.Warning
		d.Message += " in Istio " + istio.Version
	case nameOf(minor) != istio.Version:
		d.Message += " in Istio " + nameOf(minor)
	}
}

// fixOfVolume says where a volume of Kubernetes has its kind, or "" for other fields: the types of istioctl were others
// until 1.28.
func fixOfVolume(p *istio.Problem) string {
	const source = "volumeSource"
	switch {
	case p.Kind != istio.UnknownField || len(p.Path) == 0:
		return ""
	case p.Near == "" && slices.Contains(p.Known, source):
		return "put it into volumeSource, where istioctl wants it until 1.28; from 1.29 on it stands beside name, and volumeSource is refused"
	case p.Path[len(p.Path)-1] == source && slices.Contains(p.Known, "emptyDir"):
		return "write what is in it beside name, as from 1.29 on; only until 1.28 istioctl wants it in volumeSource"
	}
	return ""
}
