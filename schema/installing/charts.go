package installing

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var chartRefusesValues = &diag.Rule{
	Code: "chart-refuses-values", Severity: diag.Warning,
	Title:  "a version of the chart gateway that Helm 4 cannot install",
	Why:    "its schema does not have the chart's own values, and Helm 4 checks them: additional properties '_internal_defaults_do_not_set', 'networkGateway' not allowed. Helm 3 installs it",
	Fix:    "use 1.25.5, 1.26.4, 1.27.1, or a later version; the commands of the README have --skip-schema-validation, and other tools, such as Argo CD, need it too",
	Source: "manifests/charts/gateway/values.schema.json",
	Bad:    `istio: {installer: helm, version: "1.27.0"}`,
	Good:   `istio: {installer: helm, version: "1.27.1"}`,
}

// checkCharts reports versions of charts with which something is wrong.
func checkCharts(t schema.Written, found *diag.List) {
	for _, c := range t.Clusters {
		path := t.IstioPath(c, "version")
		if c.EastWestGateway.Enabled && c.EastWestGateway.Kind == schema.ChartGateway && c.Istio.Version.ChartRefusesValues() && !t.Broken(path...) {
			found.Add(t.Pos(path...), chartRefusesValues, "Helm 4 refuses the chart gateway of %s", c.Istio.Version)
		}
	}
}
