package conformance

import (
	"fmt"
	"strings"
	"testing"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
	"istio.io/istio/pkg/config/schema/collections"
)

// configuration gives the objects of Istio's APIs in a cluster, which only an istiod there reads, and what the webhook
// of that istiod refuses.
func (p *place) configuration(t *testing.T) (taken []config.Config, refused []string) {
	t.Helper()
	for _, o := range p.objects {
		if group := o.GroupVersionKind().Group; !strings.HasSuffix(group, ".istio.io") || group == "install.istio.io" {
			continue
		}
		parsed, _, err := crd.ParseInputs(text(t, o.Object))
		if err != nil {
			t.Fatalf("%s %s: %v", o.GetKind(), o.GetName(), err)
		}
		for _, c := range parsed {
			schema, ok := collections.Pilot.FindByGroupVersionAliasesKind(c.GroupVersionKind)
			if !ok {
				t.Fatalf("Istio has no %v", c.GroupVersionKind)
			}
			if _, err := schema.ValidateConfig(c); err != nil {
				refused = append(refused, fmt.Sprintf("%s %s: %v", o.GetKind(), o.GetName(), err))
				continue
			}
			taken = append(taken, c)
		}
	}
	return taken, refused
}
