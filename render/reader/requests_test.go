package reader

import (
	"testing"

	"meshtopo.dev/meshtopo/schema"
)

func TestInjector(t *testing.T) {
	for _, test := range []struct{ namespace, revision, want string }{
		{"istio-system", "", "istio-sidecar-injector"},
		{"istio-system", "1-31", "istio-sidecar-injector-1-31"},
		{"mesh", "", "istio-sidecar-injector-mesh"},
		{"mesh", "1-31", "istio-sidecar-injector-1-31-mesh"},
	} {
		c := &schema.Cluster{Istio: schema.Istio{Namespace: test.namespace, Revision: test.revision}}
		if got := Injector(c); got != test.want {
			t.Errorf("Injector(%s, %q) = %s, want %s", test.namespace, test.revision, got, test.want)
		}
	}
}
