package render

import (
	"strings"
	"testing"
)

// TestNumberKeys renders keys that are numbers in a topology as strings: whatever reads YAML takes them for what
// istioctl does. A patch changes them, which has to have them in quotes, as for kustomize.
func TestNumberKeys(t *testing.T) {
	const settings = `
    values: {pilot: {podAnnotations: {8080: setting, 8081: setting}}}
    patches:
    - target: {kind: IstioOperator, name: control-plane}
      patch: |
        apiVersion: install.istio.io/v1alpha1
        kind: IstioOperator
        metadata: {name: control-plane}
        spec: {values: {pilot: {podAnnotations: {"8080": patched}}}}`
	files := variantFiles(t, "two-clusters", `version: "1.31.1"`, `version: "1.31.1"`+settings)
	operator := files["clusters/cluster-a/3-control-plane/istio-operator.yaml"]
	for _, want := range []string{`"8080": patched`, `"8081": setting`} {
		if strings.Count(operator, want) != 1 {
			t.Errorf("%s is not there once:\n%s", want, operator)
		}
	}
	if strings.Count(operator, "808") != 2 {
		t.Errorf("a key is there twice:\n%s", operator)
	}
}
