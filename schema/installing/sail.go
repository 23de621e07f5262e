package installing

import (
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var sailProfile = &diag.Rule{
	Code: "sail-profile", Severity: diag.Error, Fixed: true,
	Title:  "a profile that the Sail operator does not have",
	Why:    "the API server refuses the resource Istio: spec.profile is one of a list, and minimal is not on it",
	Fix:    "leave istio.profile out: the Sail operator installs no gateway with any profile, which is what minimal is for",
	Source: "https://github.com/istio-ecosystem/sail-operator/blob/main/api/v1/istio_types.go",
	Bad:    `istio: {installer: sail, version: "1.30.3", profile: minimal}`,
	Good:   `istio: {installer: sail, version: "1.30.3"}`,
}

var sailVersion = &diag.Rule{
	Code: "sail-version", Severity: diag.Info,
	Title:  "a version that the Sail operator may not have",
	Why:    "spec.version of the resource Istio is one of a list that comes with the operator, and the API server refuses any other; this version was not on it in August 2026",
	Fix:    "see what your operator has: kubectl explain istios.spec.version; and write that version",
	Source: "https://github.com/istio-ecosystem/sail-operator/blob/main/pkg/istioversion/versions.yaml",
	Bad:    `istio: {installer: sail, version: "1.31.1"}`,
	Good:   `istio: {installer: sail, version: "1.30.3"}`,
}

// checkSail reports what the Sail operator does not have.
func checkSail(t schema.Written, found *diag.List) {
	for _, c := range t.Clusters {
		if c.Istio.Installer != schema.Sail {
			continue
		}
		if path := t.IstioPath(c, "profile"); c.Istio.Profile == "minimal" && c.RunsControlPlane() && !t.Broken(path...) {
			found.Add(t.Pos(path...), sailProfile, "the Sail operator has no profile minimal")
		}
		for _, p := range c.ControlPlanes() {
			if path := t.IstioPath(p, "version"); p.Istio.Version != "" && !t.Broken(path...) && !sailHas(p.Istio.Version) {
				found.Add(t.Pos(path...), sailVersion, "the Sail operator may not have Istio %s", p.Istio.Version)
			}
		}
	}
}

// sailVersions are the patch versions, from the first to the last, that the operator had of each minor version in
// August 2026.
var sailVersions = map[int][2]int{24: {0, 6}, 25: {1, 5}, 26: {0, 8}, 27: {0, 9}, 28: {0, 10}, 29: {0, 6}, 30: {0, 3}}

func sailHas(v schema.Version) bool {
	patches, ok := sailVersions[v.Minor()]
	return ok && v.Patch() >= patches[0] && v.Patch() <= patches[1] && !strings.Contains(string(v), "-")
}
