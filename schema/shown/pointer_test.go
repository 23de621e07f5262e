package shown

import "testing"

func TestPointer(t *testing.T) {
	for pointer, want := range map[string]string{
		"/metadata/labels/team":                        "/metadata/labels/team",
		"/metadata/annotations/example.com~1team":      "/metadata/annotations/example.com~1team",
		"/metadata/labels/topology.istio.io~1network":  "/metadata/labels/topology.istio.io~1network",
		"/spec/components/ingressGateways/0/k8s/env/-": "/spec/components/ingressGateways/0/k8s/env/-",
		"/spec/values/pilot/env/hunter2":               "/spec/values/pilot/env/[redacted]",
		"/stringData/tls.key":                          "/stringData/tls.key",
		"/stringData/password":                         "/stringData/[redacted]",
		"/data/hunter":                                 "/data/[redacted]",
		"hunter2":                                      "[redacted]",
		"hunter/labels":                                "[redacted]/labels",
		"":                                             "",
		"/metadata/labels/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa": "/metadata/labels/[redacted]",
		"/spec/ports/123456": "/spec/ports/[redacted]",
	} {
		if got := Pointer(pointer); got != want {
			t.Errorf("%q is shown as %q, not %q", pointer, got, want)
		}
	}
}
