package main

import (
	"os"
	"slices"
	"testing"
	"time"
)

// doubtful has topologies that are rendered with a warning or a note.
func doubtful(t *testing.T) []wrong {
	const (
		remotes    = "primary-remote-multi-network"
		oneNetwork = "multi-primary-one-network"
		tokenB     = "{token: {file: tokens/cluster-b}}"
	)
	var (
		soon   = time.Now().AddDate(0, 0, 30)
		ours   = selfSigned("Ours")
		theirs = selfSigned("Theirs")
		tier   = sign(ours, called("Tier"))
		ca     = sign(ours)
		old    = selfSigned("Old", until(time.Now().AddDate(0, 0, -2)))

		exampleRoot = read(t, "../../testdata/two-clusters/certs/root-cert.pem")
	)
	otherRoot := wrong{codes: "different-roots", name: "half-way through a rotation",
		edits: []edit{{"roots: [certs/root-cert.pem]", "‹roots›: [certs/root-cert.pem, certs/next.pem]"}},
		files: intermediate{ca: ca, root: ours}.files("certs/cluster-b")}
	otherRoot.files["certs/next.pem"] = pemOf(ours)
	mesh := func(setting string) []edit {
		return []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    " + setting}}
	}
	istiod := func(environment string) []edit { return mesh("values: {pilot: {env: {" + environment + "}}}") }
	return slices.Concat(doubtfulFederations(), append(doubtfulPatched(), []wrong{
		{codes: "byte-order-mark", name: "of an editor", edits: []edit{{"# Two clusters, each", "\ufeff‹›# Two clusters, each"}}},
		{codes: "unused-network", name: "left over", edits: []edit{{"network2: {}}", "network2: {}, ‹network3›: {}}"}}},
		{codes: "unused-external-secrets", name: "a store that no Secret comes from", edits: []edit{{"{protection: plaintext}", "{protection: plaintext, ‹externalSecrets›: {store: {name: vault}}}"}}},
		{codes: "idle-gateway", name: "in a mesh of one network", example: oneNetwork, edits: []edit{{tokenB, tokenB + "\n      eastWestGateway: {enabled: ‹true›}"}}},
		{codes: "several-gateway-addresses", name: "of a primary with remotes", example: remotes, edits: []edit{{"[203.0.113.10]", "[203.0.113.10, ‹203.0.113.11›]"}}},
		{codes: "private-gateway-address", name: "between networks", example: remotes, edits: []edit{{"[203.0.113.10]", "[‹10.1.0.10›]"}}},
		{codes: "api-url-private", name: "between networks", edits: []edit{{`"https://198.51.100.1:6443"`, `‹"https://10.0.0.1:6443"›`}}},
		{codes: "gateway-ip-family", name: "of pods on another network", edits: []edit{
			{"{token: {file: tokens/cluster-a}}", "{token: {file: tokens/cluster-a}}\n      podCIDRs: [10.10.0.0/16]"},
			{tokenB, tokenB + "\n      eastWestGateway: {addresses: [‹\"2001:db8::20\"›]}"}}},
		{codes: "tag-of-another-version", name: "left from the last upgrade", edits: mesh("tag: ‹1.30.4-distroless›")},
		{codes: "chart-refuses-values", name: "of a gateway", edits: []edit{{`version: "1.31.1"`, "version: ‹\"1.27.0\"›\n    installer: helm"}}},
		{codes: "sail-version", name: "not in the operator", edits: []edit{{`version: "1.31.1"`, "version: ‹\"1.31.1\"›\n    installer: sail"}}},
		{codes: "dns-capture-off", name: "turned off", edits: []edit{{"dnsCapture: true ", "dnsCapture: ‹false› "}}},
		{codes: "auto-mtls-off", name: "between networks", edits: []edit{{"{accessLogFile: /dev/stdout}", "{accessLogFile: /dev/stdout, enableAutoMtls: ‹false›}"}}},
		{codes: "nothing-shared", name: "every host", edits: []edit{{"{accessLogFile: /dev/stdout}",
			"{serviceSettings: [{settings: {clusterLocal: true}, hosts: [‹\"*\"›]}]}"}}},
		{codes: "services-not-exported", name: "to the gateways", edits: []edit{{"{accessLogFile: /dev/stdout}", "{‹defaultServiceExportTo›: [\".\"]}"}}},
		{codes: "ambient-flag-with-sidecars", name: "between networks", edits: istiod(`PILOT_ENABLE_AMBIENT: "true", AMBIENT_ENABLE_MULTI_NETWORK: ‹"true"›`)},
		{codes: "webhook-not-patched", name: "of remotes", example: remotes, edits: []edit{{`{version: "1.28.3"}`, `{version: "1.28.3", values: {pilot: {env: {INJECTION_WEBHOOK_CONFIG_NAME: ‹""›}}}}`}}},
		{codes: "waits-for-every-cluster", name: "for ever", edits: istiod("PILOT_REMOTE_CLUSTER_TIMEOUT: ‹0s›")},
		{codes: "gateway-found-by-service-too", name: "by its load balancer", edits: []edit{{"      network: network1\n", "      network: network1\n      eastWestGateway: {discovery: ‹addresses›, addresses: [203.0.113.10]}\n"}}},
		{codes: "gateway-found-by-service-too", name: "by its nodes", example: "gateway-addresses", edits: []edit{{"        serviceType: NodePort\n", "        serviceType: NodePort\n        serviceAnnotations: {traffic.istio.io/nodeSelector: ‹'{}'›}\n"}}},
		{codes: "gateway-not-read", name: "that describes another", edits: append(istiod(`PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API: ‹"false"›`),
			edit{"      network: network1\n", "      network: network1\n      eastWestGateway: {serviceType: ClusterIP, discovery: addresses, addresses: [203.0.113.10]}\n"})},
		{codes: "hostname-not-resolved", name: "of one gateway", edits: append(istiod(`RESOLVE_HOSTNAME_GATEWAYS: ‹"false"›`),
			edit{tokenB, tokenB + "\n      eastWestGateway: {addresses: [gateway.example.com]}"})},
		{codes: "remote-secrets-not-read", name: "but a directory", edits: istiod("PILOT_MULTICLUSTER_KUBECONFIG_PATH: ‹/etc/kubeconfigs›")},
		{codes: "cni-differs", name: "between primary and remote", example: remotes, edits: []edit{{"[203.0.113.10]}", "[203.0.113.10]}\n      istio: {components: {cni: {enabled: ‹true›}}}"}}},
		{codes: "gateway-proxy-protocol", name: "of a load balancer", edits: []edit{{tokenB, tokenB +
			"\n      eastWestGateway: {serviceAnnotations: {load-balancer.hetzner.cloud/uses-proxyprotocol: ‹'true'›}}"}}},
		{codes: "node-port-for-remotes", name: "of a primary", example: remotes, edits: []edit{{"[203.0.113.10]",
			`[203.0.113.10], serviceType: ‹NodePort›, serviceAnnotations: {traffic.istio.io/nodeSelector: '{"role":"edge"}'}`}}},
		{codes: "mesh-networks-overlap", name: "of two networks", edits: mesh(
			"values: {global: {meshNetworks: {network1: {endpoints: [{fromCidr: 10.0.0.0/8}]}, network2: {endpoints: [{fromCidr: ‹10.9.0.0/16›}]}}}}")},
		{codes: "awaiting-gateway-address", name: "a remote about to join", example: "joining", edits: []edit{{"state: joining", "state: ‹joining›"}}},
		{codes: "joining-unread", name: "alone", example: "single-cluster", edits: []edit{{"{network: network1}", "{network: network1, state: ‹joining›}"}}},
		{codes: "reserved-cluster-name", name: "Istio's own", example: "single-cluster", edits: []edit{{"    cluster-a:", "    ‹kubernetes›:"}}},
		{codes: "sail-version", name: "one of two", example: "upgrade", edits: []edit{{"  istio:\n", "  istio:\n    installer: sail\n"}, {`"1.31.1"`, `‹"1.31.1"›`}}},
		{codes: "revisions-apart", name: "three minor versions", example: "upgrade", edits: []edit{{`"1.30.3"`, `"1.28.3"`}, {`"1.31.1"`, `‹"1.31.1"›`}}},
		{codes: "revisions-apart", name: "two with a CNI plugin", example: "upgrade", edits: []edit{{`"1.30.3"`, `"1.29.3"`}, {`"1.31.1"`, `‹"1.31.1"›`}, {"  istio:\n", "  istio:\n    components: {cni: {enabled: true}}\n"}}},
		{codes: "windows-name", name: "a device for a cluster", example: "single-cluster", edits: []edit{{"    cluster-a:", "    ‹aux›:"}}},
		{codes: "windows-name", name: "a device for a file", edits: []edit{{"tokens/cluster-b", "‹tokens/con.jwt›"}},
			change: func(t *testing.T, root *os.Root) {
				if err := root.Rename("tokens/cluster-b", "tokens/con.jwt"); err != nil {
					t.Error(err)
				}
			}},
		{codes: "several-namespaces token-of-another-account", name: "one control plane elsewhere", edits: []edit{
			{"network: network2", "network: network2\n      istio: {namespace: ‹istio-b›}"}, named[token]}},

		{codes: "several-namespaces", name: "one control plane elsewhere, and its reader", edits: []edit{{"network: network2", "network: network2\n      istio: {namespace: ‹istio-b›}"}},
			files: map[string]string{token: jwt(claims{"sub": "system:serviceaccount:istio-b:istio-remote-reader"})}},

		{codes: "ignored-istio-field", name: "of the mesh config", edits: []edit{{"{accessLogFile: /dev/stdout}", "{‹accesLogFile›: /dev/stdout}"}}},
		{codes: "unread-variable", name: "of the proxies", edits: []edit{{"{accessLogFile: /dev/stdout}", "{defaultConfig: {proxyMetadata: {‹ISTIO_META_ROUTER_MODE›: sni-dnat}}}"}}},
		{codes: "later-setting", name: "a variable of istiod", edits: []edit{{`version: "1.31.1"`, "version: \"1.28.1\"\n    values: {pilot: {env: {‹PILOT_CRL_CONFIGMAP›: crl}}}"}}},
		{codes: "later-setting", name: "of the mesh config", edits: []edit{{`version: "1.31.1"`, "version: \"1.29.1\""}, {"{accessLogFile: /dev/stdout}", "{defaultConfig: {‹connectionSettings›: {}}}"}}},
		{codes: "shared-intermediate-key", name: "one for both clusters", edits: []edit{{"certs/{cluster}", "‹certs/cluster-a›"}}},
		{codes: "shared-token", name: "one that two API servers may know", edits: []edit{{tokenB, "{token: {file: ‹tokens/cluster-a›}}"}},
			files: map[string]string{"tokens/cluster-a": "hunter2hunter2hunter2"}},
		{codes: "ca-of-another-cluster", name: "of the entry that was copied", edits: []edit{{"certs/cluster-b/api.pem", "‹certs/cluster-a/api.pem›"}}},
		otherRoot,
		bad("certificate-expires-soon", "the CA of an API server", server, pemOf(selfSigned("Server", until(soon)))),
		newRevoking().soon(t, soon),
		signed(t, "certificate-expires-soon", "an intermediate", cert, intermediate{ca: sign(ours, until(soon)), root: ours}),
		signed(t, "intermediate-outlives-root", "an intermediate", chain, intermediate{ca: sign(ours, until(time.Now().AddDate(90, 0, 0))), root: ours}),
		signed(t, "chain-without-root", "an intermediate", chain, intermediate{ca: ca, chain: []authority{ca}, root: ours}),
		signed(t, "stray-certificate", "of somebody else", chain, intermediate{ca: ca, chain: []authority{ca, ours, theirs}, root: ours}),
		signed(t, "root-not-self-signed", "an intermediate for a root", root, intermediate{ca: sign(tier), root: tier}),
		bad("duplicate-root", "copied", root, exampleRoot+exampleRoot),
		bad("ambiguous-root", "made again", root, exampleRoot+sameName),
		bad("weak-key", "a root", root, exampleRoot+smallKey),
		bad("server-certificate-as-ca", "an API server", server, pemOf(selfSigned("Server", leaf))),
		bad("expired-in-bundle", "an old CA beside the new one", server, pemOf(theirs, old)),
		bad("token-for-another-audience", "of istiod", token, jwt(claims{"sub": reader, "aud": []string{"istio-ca"}})),
		bad("token-of-another-account", "of Istio's own", token, jwt(claims{"sub": "system:serviceaccount:istio-system:istio-reader-service-account"})),
	}...), doubtfulSecrets(t), doubtfulGitOps(), doubtfulCredentials(t))
}

// notes are the codes that are less than warnings.
var notes = map[string]bool{"unused-network": true, "awaiting-gateway-address": true, "joining-unread": true, "windows-name": true,
	"different-roots": true, "dns-capture-off": true, "nothing-shared": true, "sail-version": true, "unused-external-secrets": true, "unused-gitops-name": true, "shared-sealing-certificate": true}

// TestDoubtful runs `meshtopo validate` and `meshtopo render` on every topology that is valid but has warnings or
// notes: each has its place, why and fix, and fails a run only where --fail-on says so.
func TestDoubtful(t *testing.T) {
	for _, w := range inShort(doubtful(t)) {
		t.Run(w.codes+"/"+w.name, func(t *testing.T) {
			dir := copyExample(t, w.exampleName())
			want := w.prepare(t, dir)
			file := w.arguments()[0]
			got := inProcess(t, dir, want.stdin, "validate", "--fail-on", "info", file)
			got.check(t, exitFound, want)
			got.checkFit(t, dir)
			warned := exitFound
			if notes[w.codes] {
				warned = exitOK
			}
			inProcess(t, dir, want.stdin, "validate", "--fail-on", "warning", file).check(t, warned, want)
			inProcess(t, dir, want.stdin, "validate", file).check(t, exitOK, want)
			inProcess(t, dir, want.stdin, "render", "-o", "out", file).check(t, exitOK, want)
			if _, err := os.Stat(dir + "/out/clusters/README.md"); err != nil {
				t.Error(err)
			}
		})
	}
}
