package private

import (
	"strings"
	"testing"
)

// TestInDocument tells what may be a Secret from what cannot.
func TestInDocument(t *testing.T) {
	for _, text := range []string{
		"kind: Secret", "kind: secret\n", `{"kind":"Secret","metadata":`, "{kind: Secret}", "'kind' : \"Secret\"", "kind: !!str Secret", "kind: &k Secret",
		"kind: >-\n  Secret\n", "? kind\n: Secret\n", "kind: SecretList\nitems: [", "kind: ExternalSecret", "kid: Secret\n", "kind: \"\\x53ecret\"", `{"kind":"\u0053ecret"`,
		"stringData: {", "StringData:\n", "apiVersion: v1\ndata:\n  a: aHVudGVy", "data", "data: {a: b", `{"data":{"a"`, "'data' : {",
		"secretGenerator:\n- literals: [", "kind: ConfigMap\ndata: {\n---x\nkind: Secret\n", "apiVersion: v1\nkind: Config\nusers: [",
		"kind: Sec\x00ret", "k\x00i\x00n\x00d\x00:\x00 \x00S\x00e\x00c\x00r\x00e\x00t\x00", "kind: S\xffecret", "kind: Se\u200bcret", "kind: Se\u2028cret",
	} {
		if !InDocument([]byte(text)) {
			t.Errorf("%q may hold a Secret", text)
		}
	}
	for _, text := range []string{
		"", "kind: IstioOperator\nmetadata: {name: a}\nspec: [", "# the Secret cacerts\nkind: Namespace\n", "  # kind: Secret", "kind: Deployment\nvolumes:\n- secret: {secretName: cacerts}\n",
		`{"kind":"Deployment","volumes":[{"secret":{"secretName":"cacerts"}}]}`, "kind: ConfigMap\ndata: {a: b", "metadata: {", "kind: ClusterRole\nresources: [secrets", "imagePullSecrets: [a", "kind: Config\n",
	} {
		if InDocument([]byte(text)) {
			t.Errorf("%q holds no Secret", text)
		}
	}
}

func BenchmarkInDocument(b *testing.B) {
	text := []byte(strings.Repeat("apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a, namespace: b}\nspec:\n  hosts: [a.b.svc.cluster.local]\n", 1000))
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		InDocument(text)
	}
}
