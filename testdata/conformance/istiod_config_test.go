package conformance

import (
	"fmt"
	"strings"
	"testing"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"istio.io/istio/pkg/config"
)

// configuration gives the objects of Istio's APIs in a cluster, which only an istiod there reads, and what the webhook
// of that istiod refuses.
func (p *place) configuration(t *testing.T) (taken []config.Config, refused []string) {
	t.Helper()
	for _, o := range p.objects {
		if group := o.GroupVersionKind().Group; !strings.HasSuffix(group, ".istio.io") || group == "install.istio.io" {
			continue
		}
		parsed, _, err := crd.ParseInputs(text(t, o.Object)) // with the checks of the webhook
		if err != nil {
			refused = append(refused, fmt.Sprintf("%s %s: %s", o.GetKind(), o.GetName(), strings.Join(strings.Fields(err.Error()), " ")))
		}
		taken = append(taken, parsed...)
	}
	return taken, refused
}
