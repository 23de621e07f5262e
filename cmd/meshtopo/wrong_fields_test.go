package main

// wrongFields has topologies with fields that do not belong there, that are missing, or whose values have the
// wrong form.
func wrongFields() []wrong {
	const tokenA = "{token: {file: tokens/cluster-a}}"
	mesh := func(setting string) []edit {
		return []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    " + setting}}
	}
	one := func(setting string) []edit {
		return []edit{{"network: network2", "network: network2\n      istio: {" + setting + "}"}}
	}
	gateway := func(setting string) []edit {
		return []edit{{tokenA, tokenA + "\n      eastWestGateway: {" + setting + "}"}}
	}
	intermediate := func(cert, key, chain string) []edit {
		return []edit{{tokenA, tokenA + "\n      intermediate: {cert: " + cert + ", key: " + key + ", chain: " + chain + "}"}}
	}
	rules := func(settings string) []edit { return []edit{{"  secrets:", "  rules: " + settings + "\n  secrets:"}} }
	return []wrong{
		{codes: "unknown-field", name: "beside spec", edits: []edit{{"kind: Topology", "kind: Topology\n‹status›: {}"}}},
		{codes: "unknown-field", name: "in metadata", edits: []edit{{"{name: shop}", "{name: shop, ‹labls›: {team: shop}}"}}},
		{codes: "unknown-field", name: "in spec", edits: []edit{{"  secrets:", "  ‹wasm›: {}\n  secrets:"}}},
		{codes: "unknown-field", name: "of another place", edits: []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    ‹trustDomain›: example.com"}}},
		{codes: "unknown-field", name: "a role, which is derived", edits: []edit{{"network: network2", "network: network2\n      ‹role›: remote"}}},
		{codes: "unknown-field", name: "below a network", edits: []edit{{"{network1: {},", "{network1: {‹cidrs›: [10.0.0.0/8]},"}}},
		{codes: "unknown-field", name: "in apiServer", edits: []edit{{`"https://192.0.2.1:6443",`, `"https://192.0.2.1:6443", ‹insecure›: true,`}}},
		{codes: "unknown-field", name: "the token instead of its place", edits: []edit{{tokenA, "{token: {‹value›: hunter2}}"}}},
		{codes: "unknown-field", name: "misspelt, and so missing", edits: []edit{{"network: network1", "‹netwrok›: network1"}}},
		{codes: "missing-field", name: "spec is forgotten", file: "a.yaml", files: map[string]string{
			"a.yaml": "apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: solo}\n‹istio›: {version: \"1.31.1\"}\nnetworks: {network1: {}}\nclusters:\n  cluster-a: {network: network1}\n"}},
		{codes: "missing-field unknown-network", name: "spec is forgotten, and more", file: "a.yaml", files: map[string]string{
			"a.yaml": "apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: solo}\n‹mesh›: {id: solo}\nistio: {version: \"1.31.1\"}\n" +
				"networks: {network1: {}}\nclusters:\n  cluster-a: {network: ‹network2›}\n"}},
		{codes: "unknown-field", name: "clusters beside spec", edits: []edit{{"  clusters:\n", "‹clusters›:\n"}}},
		{codes: "unknown-field", name: "networks above spec", edits: []edit{{"  networks: {network1: {}, network2: {}}\n", ""}, {"spec:", "‹networks›: {network1: {}, network2: {}}\nspec:"}}},
		{codes: "missing-field", name: "the name beside metadata", edits: []edit{{"metadata: {name: shop}", "‹name›: shop"}}},
		{codes: "missing-field", name: "the version without istio", edits: []edit{{"  istio:\n    version: \"1.31.1\"\n    meshConfig: {accessLogFile: /dev/stdout}\n", "  ‹version›: \"1.31.1\"\n"}}},
		{codes: "unknown-field", name: "a cluster inside another", edits: []edit{{"    cluster-b:\n      network: network2\n", "      ‹cluster-b›:\n        network: network2\n"},
			{`      apiServer: {url: "https://198.51.100.1:6443"`, `        apiServer: {url: "https://198.51.100.1:6443"`}, {"      credential: {token: {file: tokens/cluster-b}}", "        credential: {token: {file: tokens/cluster-b}}"}}},
		{codes: "unknown-field", name: "the name of a cluster indented as a field", edits: []edit{{"    cluster-b:", "      ‹cluster-b›:"}}},
		{codes: "unknown-field", name: "a cluster beside clusters", edits: []edit{{"    cluster-b:", "  ‹cluster-b›:"}}},
		{codes: "empty-value", name: "the fields of a cluster beside its name", example: "single-cluster", edits: []edit{{"    cluster-a: {network: network1}", "    ‹cluster-a›:\n    network: network1\n    podCIDRs: []"}}},
		{codes: "empty-value", name: "the fields of apiServer beside it", edits: []edit{
			{`      apiServer: {url: "https://192.0.2.1:6443", ca: certs/cluster-a/api.pem}`, "      ‹apiServer›:\n      url: \"https://192.0.2.1:6443\"\n      ca: certs/cluster-a/api.pem"}}},
		{codes: "empty-value duplicate-key", name: "a field twice behind one without a value", edits: []edit{{"      network: network2\n", "      network: network2\n      ‹state›:\n      ‹network›: network1\n"}}},
		{codes: "invalid-value", name: "a version for a revision", edits: mesh("revision: ‹1.31.1›")},
		{codes: "unquoted-scalar", name: "a short version for a revision", edits: mesh("revision: ‹1.31›")},
		{codes: "unknown-field", name: "what only patches can do", edits: gateway("‹podAnnotations›: {team: mesh}")},
		{codes: "unknown-field unknown-field unknown-field", name: "in every cluster", example: "multi-primary-multi-network", edits: []edit{
			{"    east-1:\n", "    east-1:\n      ‹netwrok›: east\n"},
			{"    east-2:\n", "    east-2:\n      ‹netwrok›: east\n"},
			{"    west-1:\n", "    west-1:\n      ‹netwrok›: east\n"},
		}},

		{codes: "missing-field", name: "apiVersion", edits: []edit{{"apiVersion: meshtopo.dev/v1alpha1\nkind", "‹›kind"}}},
		{codes: "missing-field", name: "kind", edits: []edit{{"apiVersion:", "‹›apiVersion:"}, {"kind: Topology\n", ""}}},
		{codes: "missing-field", name: "metadata.name", edits: []edit{{"metadata: {name: shop}", "‹metadata›: {}"}}},
		{codes: "missing-field", name: "spec", example: "single-cluster", edits: []edit{
			{"apiVersion:", "‹›apiVersion:"},
			{"spec:\n  istio: {version: \"1.31.1\"}\n  networks: {network1: {}}\n  clusters:\n    cluster-a: {network: network1}\n", ""}}},
		{codes: "missing-field+missing-field+missing-field", name: "everything below spec", example: "single-cluster", edits: []edit{
			{"spec:", "‹spec›: {}"},
			{"\n  istio: {version: \"1.31.1\"}\n  networks: {network1: {}}\n  clusters:\n    cluster-a: {network: network1}\n", "\n"}}},
		{codes: "missing-field", name: "istio.version", edits: []edit{{"  istio:", "  ‹istio›:"}, {"    version: \"1.31.1\"\n", ""}}},
		{codes: "missing-field", name: "trust.roots", edits: []edit{{"  trust:", "  ‹trust›:"},
			{"    roots: [certs/root-cert.pem]      # shared, or the clusters would not believe each other's certificates\n", ""}}},
		{codes: "missing-field", name: "secrets.protection", edits: []edit{{"secrets: {protection: plaintext}", "‹secrets›: {}"}}},
		{codes: "missing-field", name: "networks", edits: []edit{{"spec:", "‹spec›:"}, {"  networks: {network1: {}, network2: {}}\n", ""}}},
		{codes: "missing-field missing-field", name: "the network of each cluster", edits: []edit{
			{"    cluster-a:", "    ‹cluster-a›:"}, {"      network: network1\n", ""},
			{"    cluster-b:", "    ‹cluster-b›:"}, {"      network: network2\n", ""}}},
		{codes: "missing-field+missing-field", name: "apiServer.url and ca", edits: []edit{
			{`apiServer: {url: "https://192.0.2.1:6443", ca: certs/cluster-a/api.pem}`, "‹apiServer›: {}"}}},
		{codes: "missing-field", name: "of an empty credential", edits: []edit{{"credential: " + tokenA, "‹credential›: {}"}}},
		{codes: "missing-field+private-place", name: "key and chain of an intermediate", edits: []edit{
			{tokenA, tokenA + "\n      ‹intermediate›: {cert: certs/cluster-a/ca-cert.pem}"}}},

		{codes: "empty-value", name: "a field without a value", edits: []edit{{"network: network1", "‹network›:"}}},
		{codes: "empty-value", name: "a map without fields", edits: []edit{{"    intermediates: certs/{cluster}", "    ‹intermediates›: ~\n   "}}},
		{codes: "empty-value", name: "an item", edits: []edit{{`["*.local"]`, "[\"*.local\", ‹null›]"}}},

		{codes: "wrong-type", name: "the document is a list", file: "list.yaml", files: map[string]string{"list.yaml": "‹-› kind: Topology\n"}},
		{codes: "wrong-type", name: "the document is a text", file: "text.yaml", files: map[string]string{"text.yaml": "‹topology.yaml›\n"}},
		{codes: "wrong-type", name: "a text for a list", edits: []edit{{`exposedHosts: ["*.local"]`, `exposedHosts: ‹"*.local"›`}}},
		{codes: "wrong-type", name: "a list for a map", edits: []edit{{"networks: {network1: {}, network2: {}}", "‹networks›: [network1, network2]"}}},
		{codes: "wrong-type", name: "a list of clusters", example: "single-cluster", edits: []edit{
			{"  clusters:\n    cluster-a: {network: network1}", "  ‹clusters›:\n  - name: cluster-a\n    network: network1"}}},
		{codes: "wrong-type", name: "a map for a text", edits: []edit{{"network: network1", "‹network›: {name: network1}"}}},
		{codes: "wrong-type", name: "a text for a boolean", edits: []edit{{"dnsCapture: true", `dnsCapture: ‹"true"›`}}},
		{codes: "wrong-type", name: "the token itself", edits: []edit{{tokenA, "{token: ‹hunter2›}"}}},
		{codes: "wrong-type", name: "the token in a list", edits: []edit{{tokenA, "{token: {‹file›: [hunter2]}}"}}},

		{codes: "unknown-value", name: "apiVersion", edits: []edit{{"meshtopo.dev/v1alpha1", "‹meshtopo.dev/v1›"}}},
		{codes: "unknown-value", name: "kind", edits: []edit{{"kind: Topology", "kind: ‹IstioOperator›"}}},
		{codes: "unknown-value", name: "a profile that is derived", edits: []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    profile: ‹remote›"}}},
		{codes: "unknown-value", name: "state", edits: []edit{{"network: network1", "network: network1\n      state: ‹activ›"}}},
		{codes: "unknown-value", name: "type of a Service", edits: []edit{{tokenA, tokenA + "\n      eastWestGateway: {serviceType: ‹loadbalancer›}"}}},
		{codes: "unknown-value unknown-value invalid-value invalid-value invalid-value invalid-value unknown-value invalid-value", name: "what a cluster sets of its Secrets", edits: []edit{
			{"      network: network2\n", "      network: network2\n      secrets:\n        protection: ‹vault›\n        externalSecrets:\n          store: {kind: ‹Vault›, name: ‹Vault›}\n" +
				"          remoteSecretKey: ‹\"mesh/{name}\"›\n          cacertsKey: ‹\"ca/{reader}\"›\n          refreshInterval: ‹hourly›\n          fill: ‹vault›\n          bearerToken: ‹\"{cluster}_token\"›\n"}}},
		{codes: "wrong-type", name: "a text for the Secrets of a cluster", edits: []edit{{"      network: network2\n", "      network: network2\n      secrets: ‹plaintext›\n"}}},
		{codes: "wrong-type", name: "a text for a cluster's External Secrets", edits: []edit{{"      network: network2\n", "      network: network2\n      secrets: {externalSecrets: ‹vault›}\n"}}},
		{codes: "wrong-type", name: "a text for a cluster's store", edits: []edit{{"      network: network2\n", "      network: network2\n      secrets: {externalSecrets: {store: ‹vault›}}\n"}}},
		{codes: "unknown-value", name: "fill", edits: stored(`{store: {name: vault}, cacertsKey: "ca/{cluster}", fill: ‹vault›}`)},
		{codes: "unknown-value", name: "kind of a store", edits: stored(`{store: {name: vault, kind: ‹Vault›}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "ca/{cluster}"}`)},
		{codes: "invalid-value", name: "name of a store", edits: stored(`{store: {name: ‹Vault›}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "ca/{cluster}"}`)},
		{codes: "invalid-value", name: "key of a token", edits: stored(`{store: {name: vault}, remoteSecretKey: ‹"mesh/{name}"›, cacertsKey: "ca/{cluster}"}`)},
		{codes: "invalid-value", name: "the reader in the key of a CA", edits: stored(`{store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: ‹"ca/{reader}"›}`)},
		{codes: "invalid-value", name: "how often a store is asked", edits: stored(`{store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "ca/{cluster}", refreshInterval: ‹hourly›}`)},
		{codes: "invalid-value", name: "the Secret to log in with", edits: stored(`{store: {name: vault}, cacertsKey: "ca/{cluster}", fill: kubernetes, bearerToken: ‹"{cluster}_token"›}`)},
		{codes: "unknown-value", name: "a protection that is not there yet", edits: []edit{{"protection: plaintext", "protection: ‹vault›"}}},

		{codes: "invalid-value", name: "a version without its patch number", edits: []edit{{`"1.31.1"`, `‹"1.31"›`}}},
		{codes: "invalid-value", name: "a version that is too old", edits: []edit{{`"1.31.1"`, `‹"1.23.5"›`}}},
		{codes: "invalid-value", name: "namespace", edits: []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    namespace: ‹Istio_System›"}}},
		{codes: "invalid-value", name: "trust domain", edits: []edit{{"trustDomain: cluster.local", "trustDomain: ‹spiffe://cluster.local›"}}},
		{codes: "invalid-value", name: "one of several aliases", edits: []edit{{"dnsCapture:", "trustDomainAliases: [old.example.com, ‹old_example_com›]\n    dnsCapture:"}}},
		{codes: "invalid-value", name: "host pattern", edits: []edit{{`["*.local"]`, `["*.local", ‹"web.*.local"›]`}}},
		{codes: "invalid-value", name: "gateway address", edits: []edit{{tokenA, tokenA + "\n      eastWestGateway: {addresses: [‹\"203.0.113.10:15443\"›]}"}}},
		{codes: "invalid-value", name: "reader", edits: []edit{{"network: network2", "network: network2\n      istio: {reader: {serviceAccount: ‹Reader›}}"}}},
		{codes: "invalid-value", name: "token Secret", edits: []edit{{"network: network2", "network: network2\n      istio: {reader: {tokenSecret: ‹Token_2›}}"}}},
		{codes: "invalid-value", name: "an absolute path", edits: []edit{{"[certs/root-cert.pem]", "[‹/etc/certs/root-cert.pem›]"}}},
		{codes: "invalid-value", name: "a path that leaves the root", edits: []edit{{"{file: tokens/cluster-a}", "{file: ‹../tokens/cluster-a›}"}}},
		{codes: "invalid-value", name: "a token for the name of a variable", edits: []edit{{"{file: tokens/cluster-a}", "{env: ‹hunter2.hunter2›}"}}},
		{codes: "invalid-value", name: "an empty URL", edits: []edit{{`"https://192.0.2.1:6443"`, `‹""›`}}},

		{codes: "invalid-name", name: "of a cluster", example: "single-cluster", edits: []edit{{"cluster-a:", "‹Cluster_A›:"}}},
		{codes: "invalid-name invalid-value", name: "of a network, and where it is used", edits: []edit{
			{"{network1: {}, network2: {}}", "{‹eu/west›: {}, network2: {}}"}, {"network: network1", "network: ‹eu/west›"}}},
		{codes: "invalid-name invalid-name", name: "of annotations", edits: gateway("serviceAnnotations: {‹two words›: a, ‹a/b/c›: b, example.com/c: d}")},
		{codes: "invalid-name invalid-value invalid-name", name: "of resources, and a quantity", edits: gateway(
			"resources: {limits: {‹gpu›: \"1\", example.com/gpu: \"1\", memory: ‹1 GB›}, requests: {‹requests.cpu›: 1m}}")},
		{codes: "invalid-value", name: "a negative quantity", edits: gateway("resources: {limits: {memory: ‹\"-1Gi\"›}}")},
		{codes: "reserved-variable", name: "of the shell", edits: []edit{{"{file: tokens/cluster-a}", "{env: ‹PATH›}"}}},
		{codes: "reserved-variable", name: "of the loader of programs", edits: []edit{{"{file: tokens/cluster-a}", "{env: ‹LD_PRELOAD›}"}}},
		{codes: "reserved-variable", name: "of a proxy, in lower case", edits: []edit{{"{file: tokens/cluster-a}", "{env: ‹https_proxy›}"}}},
		{codes: "reserved-variable", name: "of the READMEs", edits: []edit{{"{file: tokens/cluster-a}", "{env: ‹CTX_CLUSTER_B›}"}}},
		{codes: "reserved-variable", name: "of a key", edits: intermediate("certs/cluster-a/ca-cert.pem", "{env: ‹KUBECONFIG›}", "certs/cluster-a/cert-chain.pem")},
		{codes: "invalid-cidr", name: "an address", edits: []edit{{tokenA, tokenA + "\n      podCIDRs: [10.0.0.0/16, ‹10.1.0.0›]"}}},

		{codes: "unknown-value", name: "severity of a rule", edits: rules("{unused-network: {severity: ‹warn›, reason: tested}}")},
		{codes: "invalid-value", name: "an empty reason", edits: rules("{unused-network: {severity: ignore, reason: ‹\" \"›}}")},
		{codes: "missing-field", name: "no reason", edits: rules("{‹unused-network›: {severity: ignore}}")},
		{codes: "unknown-field", name: "in the setting of a rule", edits: rules("{unused-network: {severity: ignore, reason: tested, ‹until›: 2030}}")},
		{codes: "wrong-type", name: "a severity for the setting of a rule", edits: rules("{unused-network: ‹ignore›}")},
		{codes: "unknown-rule", name: "misspelt", edits: rules("{‹unused-netwrok›: {severity: ignore, reason: tested}}")},
		{codes: "unknown-rule unknown-value", name: "misspelt, with a severity that is none", edits: rules("{‹unused-netwrok›: {severity: ‹none›, reason: tested}}")},
		{codes: "rule-not-adjustable", name: "what cannot be rendered", edits: rules("{unknown-field: {severity: ‹warning›, reason: tested}}")},
		{codes: "rule-not-adjustable unknown-network", name: "what it would have hidden", edits: append(
			rules("{unknown-network: {severity: ‹ignore›, reason: tested}}"), edit{"network: network2", "network: ‹netwrok2›"})},

		{codes: "missing-field", name: "istio, beside a cluster's own", edits: []edit{{"spec:\n", "‹spec›:\n"},
			{"  istio:\n    version: \"1.31.1\"\n    meshConfig: {accessLogFile: /dev/stdout}\n", ""}, {"network: network2", "network: network2\n      istio: {namespace: istio-b}"}}},
		{codes: "unknown-field", name: "a state, misspelt", example: "joining", edits: []edit{{"state: joining", "‹staet›: joining"}}},
		{codes: "unknown-field", name: "a primary, misspelt", example: "primary-remote-multi-network", edits: []edit{{"primary: cluster-a", "‹primry›: cluster-a"}}},
		{codes: "invalid-value", name: "namespace of the document", edits: []edit{{"{name: shop}", "{name: shop, namespace: ‹Meshes›}"}}},
		{codes: "unquoted-scalar", name: "a label", edits: []edit{{"{name: shop}", "{name: shop, labels: {critical: ‹true›}}"}}},
		{codes: "wrong-type", name: "annotations", edits: []edit{{"{name: shop}", "{name: shop, ‹annotations›: [note]}"}}},
		{codes: "invalid-value", name: "hub", edits: mesh(`hub: ‹""›`)},
		{codes: "invalid-value", name: "an image for its tag", edits: mesh("tag: ‹registry.example.com/istio/pilot:1.31.1›")},
		{codes: "unquoted-scalar", name: "a tag that is a number", edits: mesh("tag: ‹1.31›")},
		{codes: "unknown-value", name: "profile of a cluster", edits: one("profile: ‹ambient›")},
		{codes: "wrong-type", name: "hub of a cluster", edits: one("‹hub›: [registry.example.com/istio]")},
		{codes: "invalid-value", name: "tag of a cluster", edits: one(`tag: ‹"1.31.1 distroless"›`)},
		{codes: "invalid-value", name: "name of an API server that is a URL", edits: []edit{{`"https://192.0.2.1:6443",`, `"https://192.0.2.1:6443", tlsServerName: ‹"https://api.example.com"›,`}}},
		{codes: "invalid-value", name: "name of an API server with a port", edits: []edit{{`"https://192.0.2.1:6443",`, `"https://192.0.2.1:6443", tlsServerName: ‹"api.example.com:6443"›,`}}},
		{codes: "wrong-type", name: "name of an API server", edits: []edit{{`"https://192.0.2.1:6443",`, `"https://192.0.2.1:6443", ‹tlsServerName›: [api.example.com],`}}},
		{codes: "wrong-type", name: "a proxy before an API server", edits: []edit{{`"https://192.0.2.1:6443",`, `"https://192.0.2.1:6443", ‹proxyURL›: {http: proxy.example.com},`}}},
		{codes: "unquoted-scalar", name: "an annotation of a Service", edits: gateway("serviceAnnotations: {service.beta.kubernetes.io/aws-load-balancer-internal: ‹true›}")},
		{codes: "unquoted-scalar", name: "a limit", edits: gateway("resources: {limits: {cpu: ‹2›}}")},
		{codes: "wrong-type", name: "requests", edits: gateway("resources: {‹requests›: [200m, 256Mi]}")},
		{codes: "missing-file", name: "an intermediate of its own", edits: intermediate("‹certs/none.pem›", "{file: certs/cluster-a/ca-key.pem}", "certs/cluster-a/cert-chain.pem")},
		{codes: "missing-private-file", name: "the key of an intermediate of its own", edits: intermediate("certs/cluster-a/ca-cert.pem", "{file: ‹certs/none.pem›}", "certs/cluster-a/cert-chain.pem")},
		{codes: "missing-private-file", name: "the key of an intermediate in a variable", edits: intermediate("certs/cluster-a/ca-cert.pem", "{env: ‹KEY_THAT_NOBODY_SET›}", "certs/cluster-a/cert-chain.pem")},
		{codes: "missing-file", name: "the revocation lists of an intermediate of its own", edits: intermediate("certs/cluster-a/ca-cert.pem", "{file: certs/cluster-a/ca-key.pem}", "certs/cluster-a/cert-chain.pem, crl: ‹certs/none.pem›")},
		{codes: "missing-file", name: "the chain of an intermediate of its own", edits: intermediate("certs/cluster-a/ca-cert.pem", "{file: certs/cluster-a/ca-key.pem}", "‹certs/none.pem›")},
	}
}

// stored has External Secrets make all Secrets of two-clusters, with some settings.
func stored(settings string) []edit {
	return []edit{{"secrets: {protection: plaintext}", "secrets: {protection: external-secrets, externalSecrets: " + settings + "}"}}
}
