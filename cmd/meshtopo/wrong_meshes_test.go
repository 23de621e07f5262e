package main

// wrongMeshes has topologies whose clusters do not go together.
func wrongMeshes() []wrong {
	const (
		remotes = "primary-remote-multi-network"
		urlB    = `"https://198.51.100.1:6443"`
		tokenB  = "{token: {file: tokens/cluster-b}}"
	)
	proxyB := func(url string) []edit { return []edit{{urlB, urlB + ", proxyURL: " + url}} }
	return []wrong{
		{codes: "no-clusters", name: "an empty map", example: "single-cluster", edits: []edit{{"  clusters:\n    cluster-a: {network: network1}", "  ‹clusters›: {}"}}},
		{codes: "unknown-primary", name: "misspelt", example: "multi-primary-one-network", edits: []edit{{"network: network1\n      apiServer: {url: \"https://192.0.2.2:6443\"", "network: network1\n      primary: ‹cluster-c›\n      apiServer: {url: \"https://192.0.2.2:6443\""}}},
		{codes: "own-primary", name: "itself", example: remotes, edits: []edit{{"primary: cluster-a", "primary: ‹cluster-b›"}}},
		{codes: "remote-primary", name: "a remote of a remote", example: "mixed", edits: []edit{{"      network: ap\n      primary: us-1", "      network: ap\n      primary: ‹us-2›"}}},
		{codes: "no-primary", name: "each other's", example: remotes, edits: []edit{{"  clusters:", "  ‹clusters›:"}, {"network: network1\n", "network: network1\n      primary: cluster-b\n"}}},

		{codes: "unknown-network", name: "misspelt", edits: []edit{{"network: network2", "network: ‹netwrok2›"}}},
		{codes: "unknown-network unknown-network unknown-network", name: "in every cluster", example: "multi-primary-multi-network", edits: []edit{
			{"networks: {east: {}, west: {}}", "networks: {earth: {}}"}, {"network: east\n      apiServer: {url: \"https://east-1", "network: ‹east›\n      apiServer: {url: \"https://east-1"},
			{"network: east                ", "network: ‹east›                "}, {"network: west\n", "network: ‹west›\n"}}},
		{codes: "network-without-gateway", name: "turned off", edits: []edit{{tokenB, tokenB + "\n      eastWestGateway: {enabled: ‹false›}"}}},
		{codes: "primary-without-gateway", name: "turned off", example: remotes, edits: []edit{{"{addresses: [203.0.113.10]}", "{enabled: ‹false›, addresses: [203.0.113.10]}"}}},
		{codes: "undiscoverable-gateway undiscoverable-gateway", name: "no address outside", edits: []edit{
			{"{token: {file: tokens/cluster-a}}", "{token: {file: tokens/cluster-a}}\n      eastWestGateway: {serviceType: ‹ClusterIP›}"},
			{tokenB, tokenB + "\n      eastWestGateway: {serviceType: ‹NodePort›}"}}},
		{codes: "no-gateway-address", name: "for an active remote", example: remotes, edits: []edit{{"    cluster-a:", "    ‹cluster-a›:"}, {"      eastWestGateway: {addresses: [203.0.113.10]}\n", ""}}},
		{codes: "no-gateway-address", name: "of one of two primaries", example: "mixed", edits: []edit{{"eastWestGateway: {addresses: [203.0.113.20]}", "‹eastWestGateway›: {serviceType: LoadBalancer}"}}},
		{codes: "gateway-hostname", name: "of a load balancer", example: remotes, edits: []edit{{"[203.0.113.10]", "[‹lb-1.elb.example.com›]"}}},
		{codes: "bad-gateway-address", name: "loopback", example: remotes, edits: []edit{{"[203.0.113.10]", "[‹127.0.0.1›]"}}},
		{codes: "bad-gateway-address", name: "nearly an address", example: remotes, edits: []edit{{"[203.0.113.10]", "[‹999.1.1.1›]"}}},
		{codes: "duplicate-gateway-address", name: "copied", example: "mixed", edits: []edit{{"[203.0.113.20]", "[‹203.0.113.10›]"}}},

		{codes: "no-gateway-address", name: "on one network", example: "primary-remote-one-network", edits: []edit{{"    cluster-a:", "    ‹cluster-a›:"}, {"      eastWestGateway: {addresses: [203.0.113.10]}\n", ""}}},
		{codes: "uncovered-cluster-domain", name: "hosts of Istio's own domain", example: "multi-primary-multi-network", edits: []edit{{`exposedHosts: ["*.mesh.example.com"]`, `‹exposedHosts›: ["*.local"]`}}},

		{codes: "api-url-not-https", name: "http", edits: []edit{{urlB, `‹"http://198.51.100.1:6443"›`}}},
		{codes: "api-url-not-https", name: "no scheme", edits: []edit{{urlB, `‹"198.51.100.1:6443"›`}}},
		{codes: "api-url-invalid", name: "the path of the API", edits: []edit{{urlB, `‹"https://198.51.100.1:6443/api/v1"›`}}},
		{codes: "api-url-invalid", name: "the path of its health", edits: []edit{{urlB, `‹"https://198.51.100.1:6443/healthz"›`}}},
		{codes: "api-url-duplicate", name: "with one path", edits: []edit{{`"https://192.0.2.1:6443"`, `"https://192.0.2.1/k8s/clusters/c-1"`}, {urlB, `‹"https://192.0.2.1:443/k8s/clusters/c-1/"›`}}},
		{codes: "api-url-invalid", name: "a password", edits: []edit{{urlB, `‹"https://admin:hunter2@198.51.100.1:6443"›`}}},
		{codes: "api-url-unreachable", name: "loopback", edits: []edit{{urlB, `‹"https://127.0.0.1:6443"›`}}},
		{codes: "api-url-unreachable", name: "a Service", edits: []edit{{urlB, `‹https://kubernetes.default.svc›`}}},
		{codes: "api-url-unreachable", name: "link-local", edits: []edit{{urlB, `‹"https://[fe80::1]:6443"›`}}},
		{codes: "api-url-duplicate", name: "written otherwise", example: "mixed", edits: []edit{{`"https://us-2.example.com:6443"`, `‹"https://US-1.example.com.:6443/"›`}}},
		{codes: "proxy-url-invalid", name: "another scheme", edits: proxyB(`‹"ftp://proxy.example.com:3128"›`)},
		{codes: "proxy-url-invalid", name: "no scheme", edits: proxyB(`‹"proxy.example.com:3128"›`)},
		{codes: "proxy-url-invalid", name: "socks of another version", edits: proxyB(`‹"socks4://proxy.example.com:1080"›`)},
		{codes: "proxy-url-invalid", name: "a password", edits: proxyB(`‹"http://admin:hunter2@proxy.example.com:3128"›`)},
		{codes: "proxy-url-invalid", name: "a user", edits: proxyB(`‹"socks5://admin@proxy.example.com:1080"›`)},
		{codes: "proxy-url-invalid", name: "a path", edits: proxyB(`‹"http://proxy.example.com:3128/proxy.pac"›`)},
		{codes: "proxy-url-invalid", name: "no host", edits: proxyB(`‹"http://:3128"›`)},
		{codes: "proxy-url-invalid", name: "a port beyond all", edits: proxyB(`‹"http://proxy.example.com:312800"›`)},
		{codes: "proxy-url-invalid", name: "an underscore", edits: proxyB(`‹"http://my_proxy:3128"›`)},
		{codes: "proxy-url-unreachable", name: "a tunnel", edits: proxyB(`‹"socks5://localhost:1080"›`)},
		{codes: "proxy-url-unreachable", name: "loopback", edits: proxyB(`‹"http://127.0.0.1:3128"›`)},
		{codes: "proxy-url-unreachable", name: "loopback of IPv6", edits: proxyB(`‹"http://[::1]:3128"›`)},
		{codes: "api-url-duplicate", name: "behind one proxy", edits: []edit{{`"https://192.0.2.1:6443"`, `"https://10.0.0.1:6443", proxyURL: "http://proxy.example.com:3128"`},
			{urlB, `‹"https://10.0.0.1:6443"›, proxyURL: "http://PROXY.example.com:3128"`}}},
		{codes: "missing-api-server", name: "of a cluster that another reads", edits: []edit{{"    cluster-b:", "    ‹cluster-b›:"}, {"      apiServer: {url: " + urlB + ", ca: certs/cluster-b/api.pem}\n", ""}}},
		{codes: "missing-api-server+missing-credential missing-api-server+missing-credential", name: "of every cluster", edits: []edit{
			{"    cluster-a:", "    ‹cluster-a›:"}, {"      apiServer: {url: \"https://192.0.2.1:6443\", ca: certs/cluster-a/api.pem}\n      credential: {token: {file: tokens/cluster-a}}\n", ""},
			{"    cluster-b:", "    ‹cluster-b›:"}, {"      apiServer: {url: " + urlB + ", ca: certs/cluster-b/api.pem}\n      credential: " + tokenB + "\n", ""}}},
		{codes: "missing-credential", name: "of an active cluster", edits: []edit{{"    cluster-b:", "    ‹cluster-b›:"}, {"      credential: " + tokenB + "\n", ""}}},
		{codes: "overlapping-pod-cidrs", name: "of two clusters", example: "multi-primary-one-network", edits: []edit{{"[10.20.0.0/16]", "[192.168.0.0/16, ‹10.10.128.0/17›]"}}},

		{codes: "missing-trust", name: "between two control planes", edits: []edit{{"spec:", "‹spec›:"},
			{"  trust:\n    roots: [certs/root-cert.pem]      # shared, or the clusters would not believe each other's certificates\n    intermediates: certs/{cluster}    # one signing CA a cluster\n", ""}}},
		{codes: "no-roots", name: "an empty list", edits: []edit{{"roots: [certs/root-cert.pem]", "‹roots›: []"}}},
		{codes: "missing-intermediate missing-intermediate", name: "of each control plane", edits: []edit{{"    cluster-a:", "    ‹cluster-a›:"}, {"    cluster-b:", "    ‹cluster-b›:"},
			{"    intermediates: certs/{cluster}    # one signing CA a cluster\n", ""}}},
		{codes: "unprotected-secrets", name: "not a word", edits: []edit{{"spec:", "‹spec›:"}, {"  secrets: {protection: plaintext}\n", ""}}},
		{codes: "missing-secret-store", name: "for the mesh", edits: []edit{{"secrets: {protection: plaintext}",
			`secrets: {protection: external-secrets, ‹externalSecrets›: {remoteSecretKey: "mesh/{cluster}", cacertsKey: "ca/{cluster}"}}`}}},
		{codes: "missing-secret-store", name: "for one that reads and one that pushes", example: "external-secrets", edits: []edit{{"    externalSecrets:\n      store: {name: vault}\n", "    ‹externalSecrets›:\n"}}},
		{codes: "missing-store-key", name: "for the signing CAs", edits: []edit{{"secrets: {protection: plaintext}",
			`secrets: {protection: external-secrets, ‹externalSecrets›: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}"}}`}}},
		{codes: "shared-store-key", name: "for the tokens of both clusters", edits: stored(`{store: {name: vault}, remoteSecretKey: ‹mesh/token›, cacertsKey: "ca/{cluster}"}`)},
		{codes: "external-secrets-server", name: "a name that the URL does not have", edits: append(stored(`{store: {name: vault}, cacertsKey: "ca/{cluster}", fill: kubernetes}`),
			edit{"ca: certs/cluster-b/api.pem", "ca: certs/cluster-b/api.pem, tlsServerName: ‹b.example.com›"})},
		{codes: "private-place", name: "two places", edits: []edit{{"{file: tokens/cluster-b}", "{file: tokens/cluster-b, env: ‹TOKEN_B›}"}}},
		{codes: "shared-token", name: "one ServiceAccount's for both clusters", edits: []edit{{tokenB, "{token: {file: ‹tokens/cluster-a›}}"}}},
		{codes: "private-place", name: "no place", edits: []edit{{tokenB, "{‹token›: {}}"}}},
		{codes: "uncovered-cluster-domain", name: "public names only", edits: []edit{{`exposedHosts: ["*.local"]`, `‹exposedHosts›: ["*.example.com"]`}}},
		{codes: "uncovered-cluster-domain", name: "another cluster domain", edits: []edit{{"    dnsCapture:", "    clusterDomain: ‹mesh.example.com›\n    dnsCapture:"}, {`    exposedHosts: ["*.local"]` + "\n", ""}}},
	}
}
