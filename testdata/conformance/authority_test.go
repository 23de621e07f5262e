package conformance

import (
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"meshtopo.dev/meshtopo/schema"
)

// TestIstioCSR proves that with istio-csr, whatever installs Istio, istiod is no CA, and that proxies and ztunnel ask
// istio-csr: istiod by its environment, proxies by the values that the injector fills its templates from.
func TestIstioCSR(t *testing.T) {
	const (
		parts   = "components: {cni: {enabled: true}, ztunnel: {enabled: true}}"
		address = "istio-csr.cert-manager.svc:443"
	)
	eachExample(t, func(t *testing.T, e *example) {
		if e.name != "istio-csr" {
			return
		}
		for _, installer := range []schema.Installer{schema.Istioctl, schema.Helm, schema.Sail} {
			t.Run(string(installer), func(t *testing.T) {
				made := e.installedBy(t, installer, parts)
				for _, c := range e.topology.Clusters {
					checkIstioCSR(t, c, made[c.Name], address)
				}
			})
		}
	})
}

func checkIstioCSR(t *testing.T, c *schema.Cluster, objects map[string]*unstructured.Unstructured, address string) {
	t.Helper()
	variable := func(object, name string) any {
		containers, _, _ := unstructured.NestedSlice(objects[object].Object, "spec", "template", "spec", "containers")
		variables, _ := containers[0].(map[string]any)["env"].([]any)
		at := slices.IndexFunc(variables, func(v any) bool { return v.(map[string]any)["name"] == name })
		if at < 0 {
			return nil
		}
		return variables[at].(map[string]any)["value"]
	}
	if got := variable("DaemonSet/istio-system/ztunnel", "CA_ADDRESS"); got != address {
		t.Errorf("%s: ztunnel asks %v for certificates", c.Name, got)
	}
	if c.ServedByPrimary() {
		return // whose proxies are injected by what its primary says
	}
	if got := variable("Deployment/istio-system/"+c.IstiodName(), "ENABLE_CA_SERVER"); got != "false" {
		t.Errorf("%s: istiod has ENABLE_CA_SERVER=%v", c.Name, got)
	}
	name := strings.Replace(c.IstiodName(), "istiod", "istio-sidecar-injector", 1)
	values, _, _ := unstructured.NestedString(objects["ConfigMap/istio-system/"+name].Object, "data", "values")
	if !strings.Contains(strings.ReplaceAll(values, " ", ""), `"caAddress":"`+address+`"`) {
		t.Errorf("%s: proxies are injected without the address:\n%s", c.Name, values)
	}
}
