package lint

import "testing"

// TestDescribesControlPlane sets each field that only a control plane reads. A file with it beside an east-west gateway
// installs the control plane, and profile: empty would remove it.
func TestDescribesControlPlane(t *testing.T) {
	const gateway = "{name: istio-eastwestgateway, label: {istio: eastwestgateway, topology.istio.io/network: network1}}"
	const head = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {name: istio}\nspec:\n"
	const components = "  components: {ingressGateways: [" + gateway + "]}\n"
	for name, text := range map[string]string{
		"mesh ID":        components + "  values: {global: {meshID: mesh1}}\n",
		"cluster name":   components + "  values: {global: {multiCluster: {clusterName: east}}}\n",
		"pilot":          components + "  values: {pilot: {autoscaleMin: 2}}\n",
		"mesh config":    components + "  values: {meshConfig: {trustDomain: example.com}}\n",
		"other gateway":  "  components: {ingressGateways: [{name: istio-ingressgateway}, " + gateway + "]}\n",
		"egress gateway": "  components: {ingressGateways: [" + gateway + "], egressGateways: [{name: istio-egressgateway}]}\n",
	} {
		t.Run(name, func(t *testing.T) {
			file := File{Name: "east/istio.yaml", Read: func() ([]byte, error) { return []byte(head + text), nil }}
			for _, d := range run(t, []Source{{Cluster: "east", Files: []File{file}}}, nil) {
				if d.Code == eastWestProfile.Code {
					t.Errorf("found %s", d.Message)
				}
			}
		})
	}
}
