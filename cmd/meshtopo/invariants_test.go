package main

import (
	"strings"
	"testing"
)

// invariant is what has to hold in a mesh of several clusters.
type invariant struct {
	number string
	what   string
	codes  string // of the rules that guard it
	why    string // a topology cannot break it, or not all of it
}

// invariants are those of Istio's multicluster documentation, source and issues, as far as they are known.
func invariants() []invariant {
	const (
		workloads = "workloads, their Services and policies are not in a topology"
		derived   = "it is rendered from one place of the topology"
	)
	return []invariant{
		{"1", "a cluster's name is a lower-case RFC 1123 label, and not Istio's own default", "invalid-name reserved-cluster-name", ""},
		{"2", "names of clusters are unique", "duplicate-key conflicting-values cluster-name-twice", ""},
		{"3", "the key of a remote Secret, the names in its kubeconfig, clusterName and the injection path are one", "owned-setting patch-owned escaped-slash", derived},
		{"4", "remote Secrets are labelled, and in istiod's namespace", "patch-owned patch-identity remote-secret-unlabelled", derived},
		{"5", "every control plane has a remote Secret for every other cluster", "missing-api-server missing-credential missing-remote-secret", derived},
		{"6", "the mesh ID is one", "owned-setting patch-owned different-mesh-ids", derived},
		{"7", "the trust domain is one, or aliases are mutual", "owned-setting patch-owned different-trust-domains", derived},
		{"8", "the root is common, and each istiod has a key of its own", "missing-trust no-roots missing-intermediate unknown-root different-roots shared-intermediate-key intermediate-is-root", ""},
		{"9", "cacerts is sound in itself", "key-mismatch certificate-for-key not-a-ca no-cert-sign path-length incompatible-extended-key-usage weak-signature unsupported-key " +
			"chain-without-intermediate chain-order chain-incomplete chain-without-root stray-certificate root-not-self-signed duplicate-root ambiguous-root weak-key name-constraints unverifiable-chain malformed-pem malformed-key", ""},
		{"10", "CAs are valid for long enough, an intermediate for no longer than its root", "certificate-expired certificate-not-yet-valid certificate-expires-soon intermediate-outlives-root", ""},
		{"11", "each network of several has a gateway", "network-without-gateway undiscoverable-gateway unknown-network watches-one-namespace hidden-from-discovery", ""},
		{"12", "a network has one name in labels, values, injection path and gateway", "owned-setting patch-owned", derived},
		{"13", "a network's name is a label value", "invalid-name invalid-value", ""},
		{"14", "addresses are disjoint on one network", "overlapping-pod-cidrs",
			"those of Services are not in a topology: Istio translates them for each cluster, and most clusters have the same"},
		{"15", "on different networks they may overlap", "overlapping-pod-cidrs", "it is a freedom, which the rule leaves"},
		{"16", "the API server's URL is https, and means the same in every cluster", "api-url-not-https api-url-invalid api-url-unreachable api-url-duplicate proxy-url-invalid proxy-url-unreachable", ""},
		{"17", "a private API server is read by its own network only", "api-url-private", ""},
		{"18", "the CA of an API server is one", "server-certificate-as-ca malformed-certificate unexpected-pem-block unknown-field ca-of-another-cluster", ""},
		{"19", "a kubeconfig authenticates in a way that istiod allows", "", "a token is the only way that is rendered"},
		{"20", "a token is the reader's, for the API server, and does not end", "malformed-token encoded-token token-expired token-not-yet-valid token-expires-soon " +
			"bound-token token-for-another-audience token-of-another-account shared-token", ""},
		{"21", "a remote has one primary, which is there, exposes istiod and knows of remotes", "unknown-primary own-primary remote-primary no-primary primary-without-gateway no-gateway-address owned-setting istiod-not-exposed primary-not-external", ""},
		{"21b", "a remote reaches its istiod", "node-port-for-remotes gateway-ends-tls webhook-not-patched cni-differs", ""},
		{"22", "the annotation of a remote names its primary", "patch-owned remote-without-control-plane", derived},
		{"23", "the address of a control plane is an IP address", "gateway-hostname bad-gateway-address remote-takes-ipv4 invalid-value owned-setting", ""},
		{"24", "a remote and its primary share revision, namespace and cluster domain", "remote-revision remote-namespace owned-setting", ""},
		{"25", "the namespace of control planes is one", "several-namespaces remote-namespace", ""},
		{"26", "the cluster domain is one, and exposed", "uncovered-cluster-domain owned-setting different-cluster-domains", ""},
		{"27", "remotes are not newer than their primary nor much older, and control planes are at most one minor version apart", "remote-newer remote-older primaries-apart tag-of-another-version later-setting", ""},
		{"28", "Kubernetes is new enough for Istio", "", "a topology does not say the version of Kubernetes"},
		{"28b", "each IstioOperator of a cluster has a name of its own", "patch-identity operator-unnamed operator-name-twice", derived},
		{"29", "a gateway has the ports that calls come to", "patch-owned patch-loses-items", derived},
		{"30", "two Gateways do not claim the same hosts on a port", "", "one Gateway is rendered for each port"},
		{"31", "the selector of the exposing Gateway fits the gateway's labels", "patch-owned gateway-selects-nothing", derived},
		{"32", "istiod is exposed only where a remote uses it", "idle-gateway exposed-without-remotes", derived},
		{"33", "a Service exists where it is called, or sidecars answer DNS", "dns-capture-off", workloads},
		{"34", "Services of one name agree", "service-ports-differ", workloads},
		{"35", "routes and subsets are in every config cluster", "", workloads},
		{"36", "mutual TLS is not off between networks, nor ended between them", "auto-mtls-off gateway-ends-tls gateway-proxy-protocol", workloads},
		{"37", "failover has outlier detection", "", workloads},
		{"38", "meshNetworks names clusters, and addresses once", "mesh-networks-form mesh-networks-registry mesh-networks-overlap", ""},
		{"39", "istiod can find a gateway's address", "undiscoverable-gateway hostname-not-resolved discovery-without-addresses remote-gateway-address remote-gateway-listener remote-gateway-unread remote-gateway-elsewhere", "whether a name resolves is not known offline"},
		{"40", "gateways and their clients share an IP family", "gateway-ip-family", ""},
		{"41", "an external istiod bears the name of its config cluster", "", "topologies have no external control plane yet"},
		{"42", "an ambient mesh is multi-primary, on several networks", "unknown-value", "topologies have no ambient mode yet"},
		{"43", "sidecars and ambient workloads have a gateway each", "", "topologies have no ambient mode yet"},
		{"44", "no two control planes share a key", "shared-intermediate-key", ""},
		{"45", "the names in a mesh config are Istio's", "ignored-istio-field owned-setting later-setting", ""},
		{"46", "what is cluster-local is not expected elsewhere", "nothing-shared services-not-exported", "kube-system and the API server's Service never leave a cluster"},
	}
}

// TestInvariants proves that each invariant has rules that guard it, or a reason why a topology cannot break it.
func TestInvariants(t *testing.T) {
	known := map[string]bool{}
	for _, r := range allRules() {
		known[r.Code] = true
	}
	numbers := map[string]bool{}
	for _, i := range invariants() {
		if numbers[i.number] {
			t.Errorf("invariant %s is there twice", i.number)
		}
		numbers[i.number] = true
		if i.codes == "" && i.why == "" {
			t.Errorf("invariant %s has no rule and no reason: %s", i.number, i.what)
		}
		for code := range strings.FieldsSeq(i.codes) {
			if !known[code] {
				t.Errorf("invariant %s names %s, which is no rule", i.number, code)
			}
		}
	}
}
