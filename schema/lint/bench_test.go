package lint

import (
	"fmt"
	"strings"
	"testing"
)

// fleet gives manifests of n primaries that read each other: n + 3 documents for each.
func fleet(n int) []Source {
	var all []Source
	for i := range n {
		s := Source{Cluster: fmt.Sprintf("cluster-%d", i)}
		add := func(name, text string) {
			s.Files = append(s.Files, File{Name: s.Cluster + "/" + name, Read: func() ([]byte, error) { return []byte(text), nil }})
		}
		add("namespace.yaml", fmt.Sprintf("apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: network-%d}}\n", i))
		add("control-plane.yaml", fmt.Sprintf(controlPlane, i, i))
		add("eastwest.yaml", fmt.Sprintf(eastWest, i, i, i))
		add("expose.yaml", expose)
		for j := range n {
			if j != i {
				add(fmt.Sprintf("remote-secrets/cluster-%d.yaml", j), strings.ReplaceAll(expand(remote), "NAME", fmt.Sprintf("cluster-%d", j)))
			}
		}
		all = append(all, s)
	}
	return all
}

const (
	controlPlane = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: control-plane, namespace: istio-system}
spec:
  values: {global: {meshID: fleet, network: network-%d, multiCluster: {clusterName: cluster-%d}}}
`
	eastWest = `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: {name: eastwest, namespace: istio-system}
spec:
  profile: empty
  components:
    ingressGateways:
    - name: istio-eastwestgateway
      enabled: true
      label: {istio: eastwestgateway, app: istio-eastwestgateway, topology.istio.io/network: network-%d}
      k8s:
        env: [{name: ISTIO_META_REQUESTED_NETWORK_VIEW, value: network-%d}]
        service:
          ports:
          - {name: status-port, port: 15021, targetPort: 15021}
          - {name: tls, port: 15443, targetPort: 15443}
          - {name: tls-istiod, port: 15012, targetPort: 15012}
          - {name: tls-webhook, port: 15017, targetPort: 15017}
  values: {global: {network: network-%d}, gateways: {istio-ingressgateway: {injectionTemplate: gateway}}}
`
	expose = `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: cross-network-gateway, namespace: istio-system}
spec:
  selector: {istio: eastwestgateway}
  servers:
  - {port: {number: 15443, name: tls, protocol: TLS}, tls: {mode: AUTO_PASSTHROUGH}, hosts: ["*.local"]}
`
	remote = `apiVersion: v1
kind: Secret
metadata:
  name: istio-remote-secret-NAME
  namespace: istio-system
  labels: {istio/multiCluster: "true"}
stringData:
  NAME: |
    apiVersion: v1
    kind: Config
    clusters:
    - name: NAME
      cluster: {server: "https://NAME.example.com:6443", certificate-authority-data: ${CA}}
    contexts:
    - name: NAME
      context: {cluster: NAME, user: NAME}
    current-context: NAME
    users:
    - name: NAME
      user: {token: the-opaque-token-of-NAME}
`
)

// BenchmarkRun lints meshes, with the time and the memory of a document.
func BenchmarkRun(b *testing.B) {
	for _, n := range []int{3, 30, 70} {
		sources := fleet(n)
		b.Run(fmt.Sprintf("clusters=%d", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				found, err := Run(Input{Clusters: sources, Now: now})
				if err != nil || found.Len() > 0 {
					b.Fatalf("Run gives %v, and finds %d mistakes, the first of them %+v", err, found.Len(), found.Sorted()[0])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*n*(n+3)), "µs/document")
		})
	}
}
