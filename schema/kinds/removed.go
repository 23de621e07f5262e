package kinds

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var removedKind = &diag.Rule{
	Code: "removed-kind", Severity: diag.Warning,
	Title:  "a kind that Istio, or an operator for it, no longer has",
	Why:    "no Istio that is maintained, and no operator for one, reads it: what it says of the mesh does not come about, and its settings are not checked",
	Fix:    "use what took its place",
	Source: "https://istio.io/latest/news/releases/",
	Bad:    "apiVersion: maistra.io/v2\nkind: ServiceMeshControlPlane",
	Good:   "apiVersion: sailoperator.io/v1\nkind: Istio",
}

const sail = "use an Istio of the Sail operator (sailoperator.io/v1), which OpenShift Service Mesh 3 has too, or Helm"

// removed says for API groups, and for some kinds of theirs, what took their place.
var removed = map[string]string{
	"maistra.io ServiceMeshControlPlane": sail,
	"maistra.io ServiceMeshMemberRoll":   "select namespaces by meshConfig.discoverySelectors of an Istio of the Sail operator",
	"maistra.io ServiceMeshMember":       "label the namespace as meshConfig.discoverySelectors of an Istio of the Sail operator want it",
	"federation.maistra.io":              "meshes of the Sail operator are joined like those of Istio: by remote Secrets and east-west gateways",
	"istio.banzaicloud.io":               sail,
	"servicemesh.cisco.com":              sail,
	"istio.openshift.com":                sail,
	"operator.istio.io":                  sail,
	"authentication.istio.io":            "use PeerAuthentication and RequestAuthentication of security.istio.io/v1",
	"rbac.istio.io":                      "use AuthorizationPolicy of security.istio.io/v1",
	"config.istio.io":                    "Mixer has been gone since Istio 1.8: use Telemetry, WasmPlugin or EnvoyFilter",
}

// checkRemoved reports an object of a kind that there was. It gives false for others.
func checkRemoved(o *manifest.Object, found *diag.List) bool {
	fix, known := removed[o.Group()+" "+o.Kind]
	if !known {
		fix, known = removed[o.Group()]
	}
	if o.Group() == "install.istio.io" && slices.Contains([]string{"IstioControlPlane", "IstioMesh"}, o.Kind) {
		fix, known = sail, true
	}
	if !known || strings.HasSuffix(o.Kind, "List") {
		return false
	}
	found.Add(o.Pos(), removedKind, "%s is of %s, which is no longer there", o, o.APIVersion).Fix = fix
	return true
}
