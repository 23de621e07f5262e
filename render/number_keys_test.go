package render

import (
	"strings"
	"testing"
)

// TestNumberKeys renders keys that are numbers in a topology, of settings and of patches in either form, as strings: whatever
// reads YAML takes them for what istioctl does.
func TestNumberKeys(t *testing.T) {
	const patches = `
    values: {pilot: {podAnnotations: {8080: setting}}}
    patches:
    - target: {kind: Namespace}
      patch: |
        apiVersion: v1
        kind: Namespace
        metadata: {name: istio-system, annotations: {8081: merged}}
    - target: {kind: IstioOperator, name: control-plane}
      patch: |
        apiVersion: install.istio.io/v1alpha1
        kind: IstioOperator
        metadata: {name: control-plane}
        spec: {values: {pilot: {podAnnotations: {8080: patched, "8082": quoted}}}}
    - target: {kind: IstioOperator, name: control-plane}
      patch: |
        - {op: add, path: /spec/values/pilot/podLabels, value: {8083: added}}
`
	files := variantFiles(t, "two-clusters", `version: "1.31.1"`, `version: "1.31.1"`+strings.TrimSuffix(patches, "\n"))
	for file, wants := range map[string][]string{
		"clusters/cluster-a/1-prepare/namespace.yaml":            {`"8081": merged`},
		"clusters/cluster-a/3-control-plane/istio-operator.yaml": {`"8080": patched`, `"8082": quoted`, `"8083": added`},
	} {
		for _, want := range wants {
			if strings.Count(files[file], want) != 1 {
				t.Errorf("%s does not have %s once:\n%s", file, want, files[file])
			}
		}
	}
}
