package main

import (
	"regexp"
	"testing"
)

// ofTheMesh are words of what istiod, its proxies or its injection do.
var ofTheMesh = regexp.MustCompile(`\b(istiods?|sidecars?|prox(y|ies)|endpoints?|ztunnel|Envoy|handshakes?|inject\w*|mutual TLS|pods?)\b`)

// TestSymptomsAreMarked proves that a rule claims a symptom where its reason speaks of what happens in the mesh, or
// that there is a reason why it does not. What is claimed is proved in testdata/conformance.
func TestSymptomsAreMarked(t *testing.T) {
	for _, r := range allRules() {
		says := !r.Symptom && ofTheMesh.MatchString(r.Why)
		if says && unclaimed[r.Code] == "" {
			t.Errorf("%s says what happens in the mesh, and claims no symptom: %s", r.Code, r.Why)
		}
		if !says && unclaimed[r.Code] != "" {
			t.Errorf("%s needs no reason", r.Code)
		}
	}
}

// unclaimed says why the words of some rules are no claim.
var unclaimed = map[string]string{
	"drift-copies-differ":           "it says what an old token does; token-expired claims it",
	"external-secrets-server":       "it says what External Secrets cannot reach",
	"missing-store-key":             "it says what External Secrets makes no Secret of",
	"passphrase-key":                "it says what somebody can do who has the file",
	"shared-store-key":              "shared-token and key-mismatch claim it",
	"default-revision":              "it says what goes by the default",
	"revision-in-use":               "it says what the next render would take away; remote-revision claims it",
	"default-too-early":             "it says what Argo CD does",
	"revision-twice":                "it says what the API server and two webhooks do",
	"revisions-apart":               "it says what Istio supports",
	"tag-gone":                      "it says what the next render would take away",
	"unknown-gateway-revision":      "it says what is not injected; gateway-revision claims it",
	"version-jump":                  "it says what Istio supports",
	"awaiting-gateway-address":      "it says what is rendered",
	"ca-key-in-gateway":             "it says what somebody can do who breaks in",
	"certificate-expires-soon":      "it says what happens later; certificate-expired claims it",
	"early-gateway":                 "it says what istioctl does",
	"gateway-kind":                  "it says what would not be made; network-without-gateway claims what follows",
	"gateway-setting":               "it says what istiod of other versions does, which is not here",
	"gateway-scale":                 "the API server refuses the object, or a node is never drained",
	"gateway-pod":                   "the API server refuses the object",
	"gateway-out-of-scope":          "it is shown by what istiod gives a gateway without the variable",
	"crl-expired":                   "istiod does not look at it; it is shown by what peers refuse",
	"crl-not-yet-valid":             "istiod does not look at it; it is shown by what peers refuse",
	"crl-revokes-ca":                "istiod does not look at it; it is shown by what peers refuse",
	"crl-expires-soon":              "it says what happens later",
	"malformed-crl":                 "the check of the bundle is that of istiod (Verify)",
	"crl-incomplete":                "the check of the bundle is that of istiod (Verify)",
	"crl-not-verified":              "the check of the bundle is that of istiod (Verify)",
	"crl-of-another-issuer":         "the check of the bundle is that of istiod (Verify)",
	"ambiguous-root":                "it depends on which root a proxy tries first",
	"name-constraints":              "istiod does not look at them; it is shown by what peers refuse",
	"ambient-federation":            "no ztunnel runs in the tests",
	"ambient-trust-domain":          "no ztunnel runs in the tests",
	"root-not-trusted-yet":          "it says what the next render would do; schema/rotation shows it by handshakes",
	"roots-replaced":                "it says what a running istiod does not take",
	"trust-domain-not-accepted-yet": "it says what the next render would do; schema/rotation shows it by handshakes",
	"two-cacerts-forms":             "it says which of two files istiod takes of a Secret",
	"weak-key":                      "it says what somebody can do who breaks a key",
	"gitops-decryption":             "missing-trust claims what follows",
	"issued-with-one-root":          "it says what cert-manager writes; several roots are what only other providers have",
	"idle-gateway":                  "it says what nothing needs",
	"insecure-kubeconfig-options":   "it says what somebody can do who may write Secrets",
	"long-revision":                 "it says what Kubernetes refuses",
	"primaries-apart":               "it says what Istio supports",
	"privileged-port":               "it says what istioctl refuses",
	"remote-network-name":           "it says what Kubernetes refuses",
	"remote-newer":                  "it says what Istio supports",
	"remote-older":                  "it says what Istio supports",
	"reserved-cluster-name":         "it says what cannot be told apart in logs and metrics",
	"revision-tag":                  "it says what the Sail operator makes",
	"tag-of-another-version":        "it says what is in images of other versions, which are not here",
	"token-expires-soon":            "it says what happens later; token-expired claims it",
	"update-strategy":               "remote-revision claims what follows",
	"discovery-without-addresses":   "network-without-gateway claims it",
	"gateway-found-by-service-too":  "it depends on what can reach the addresses of the Service",
	"remote-gateway-class":          "it says what istiod of other clusters does with it",
	"remote-gateway-elsewhere":      "network-without-gateway claims it",
	"remote-gateway-listener":       "network-without-gateway claims it",
	"remote-gateway-unread":         "network-without-gateway claims it",
}
