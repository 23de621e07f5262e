package shown_test

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/shown"
)

// TestExternal proves that of an ExternalSecret is shown where something private is, and which server a kubeconfig is
// for, and never what somebody wrote in the place of a hole.
func TestExternal(t *testing.T) {
	const text = `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: a}
spec:
  refreshInterval: 1h0m0s
  secretStoreRef: {kind: SecretStore, name: vault}
  target:
    template:
      metadata: {annotations: {networking.istio.io/cluster: west}}
      data:
        other: hidden
        west: |
          kind: Config
          clusters:
          - name: west
            cluster: {server: "https://192.0.2.1:6443"}
          users:
          - name: west
            user:
              token: s3cr3t
              password: s3cr3t
  data:
  - secretKey: token
    remoteRef: {key: mesh/west, property: token}
`
	found := &diag.List{}
	found.AddSource("a.yaml", []byte(text))
	found.Show(shown.File)
	out := found.Redacted("a.yaml")
	for _, want := range []string{"1h0m0s", "vault", "https://192.0.2.1:6443", "mesh/west", "secretKey: token"} {
		if !strings.Contains(out, want) {
			t.Errorf("%s is not shown:\n%s", want, out)
		}
	}
	for _, hidden := range []string{"s3cr3t", "hidden"} {
		if strings.Contains(out, hidden) {
			t.Errorf("%s is shown:\n%s", hidden, out)
		}
	}
}
