package render

import (
	"slices"
	"testing"
)

// TestOwnedBySideDoors proves that what is protected cannot be undone by what reads the objects later: the API server,
// kustomize and istioctl have words that take away what was rendered without naming it.
func TestOwnedBySideDoors(t *testing.T) {
	const annotations = "/spec/components/ingressGateways/0/k8s/podAnnotations"
	for name, tt := range map[string]struct{ object, operation string }{
		"aggregated rules":  {"istio-remote-reader-istio-system", `{op: add, path: /aggregationRule, value: {clusterRoleSelectors: []}}`},
		"a hashed name":     {"cacerts", `{op: add, path: /metadata/annotations, value: {internal.config.kubernetes.io/needsHashSuffix: enabled}}`},
		"istiod's selector": {"control-plane", `{op: add, path: /spec/components, value: {pilot: {k8s: {service: {selector: {app: shop}}}}}}`},
		"istiod's port":     {"control-plane", `{op: add, path: /spec/components, value: {pilot: {k8s: {service: {ports: [{port: 15012, targetPort: 1}]}}}}}`},
		"a replaced map":    {"eastwest", `{op: add, path: ` + annotations + `, value: {$patch: replace, team: mesh}}`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, found := patched(t, nil, []entry{{Target: map[string]string{"name": tt.object}, Patch: "[" + tt.operation + "]"}})
			if got, want := codes(found), []string{"patch-owned"}; !slices.Equal(got, want) {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
}
