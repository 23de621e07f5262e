package schema

import "strings"

// ruleTests are edits of ruleBase, the place of the finding between ‹ and ›, and what it must say.
var ruleTests = []struct {
	code, name string
	edits      []edit
	says       []string
}{
	{"no-clusters", "empty", []edit{{ruleBase[strings.Index(ruleBase, "  clusters:"):], "  ‹clusters›: {}\n"}, {"networks: {net-a: {}, net-b: {}}", "networks: {}"}}, nil},
	{"unknown-primary", "typo", []edit{{"primary: east", "primary: ‹eats›"}, {"eastWestGateway: {addresses: [203.0.113.10]}", "podCIDRs: []"}}, []string{`"eats"`, `use "east"`}},
	{"own-primary", "itself", []edit{{"primary: east", "primary: ‹north›"}}, []string{`"north" names itself`}},
	{"remote-primary", "chain", []edit{{"credential: {token: {file: tokens/west}}", "credential: {token: {file: tokens/west}}\n    far: {network: net-b, primary: ‹north›, state: joining}"}}, []string{`remote of "east"`, `use "east"`}},
	{"no-primary", "circle", []edit{
		{"  clusters:\n", "  ‹clusters›:\n"},
		{"      network: net-a\n", "      network: net-a\n      primary: north\n"},
		{"    west:\n      network: net-b\n", "    west:\n      network: net-b\n      primary: north\n"},
	}, []string{"each names a primary"}},

	{"unknown-network", "typo", []edit{{"network: net-a", "network: ‹net-c›"}}, []string{`use "net-a"`, `declare "net-c" under networks`}},
	{"unknown-network", "nothing near", []edit{{"network: net-a", "network: ‹elsewhere›"}}, []string{`declare "elsewhere"`}},
	{"unused-network", "left over", []edit{{"net-b: {}}", "net-b: {}, ‹net-c›: {}}"}}, []string{`"net-c"`}},

	{"network-without-gateway", "both off", []edit{
		{"primary: east", "primary: east\n      eastWestGateway: {enabled: ‹false›}"},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      eastWestGateway: {enabled: false}"},
	}, []string{`"net-b"`, "each of its 2 clusters"}},
	{"primary-without-gateway", "serves remotes", []edit{{"{addresses: [203.0.113.10]}", "{enabled: ‹false›, addresses: [203.0.113.10]}"}}, []string{`"east" has remotes`}},
	{"idle-gateway", "one network", []edit{
		{"networks: {net-a: {}, net-b: {}}", "networks: {net-b: {}}"},
		{"network: net-a", "network: net-b"},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      eastWestGateway: {enabled: ‹true›}"},
	}, []string{`"west"`}},
	{"undiscoverable-gateway", "ClusterIP", []edit{{"{addresses: [203.0.113.10]}", "{addresses: [203.0.113.10], serviceType: ‹ClusterIP›}"}}, []string{"no address outside"}},
	{"undiscoverable-gateway", "NodePort without nodes", []edit{{"{addresses: [203.0.113.10]}", "{addresses: [203.0.113.10], serviceType: ‹NodePort›}"}}, []string{"nodeSelector"}},
	{"undiscoverable-gateway", "selector in the documented form", []edit{
		{"{addresses: [203.0.113.10]}", "{addresses: [203.0.113.10], serviceType: NodePort, serviceAnnotations: {traffic.istio.io/nodeSelector: ‹role=edge›}}"},
	}, []string{`"role=edge"`, "JSON object"}},

	{"no-gateway-address", "none", []edit{{"eastWestGateway: {addresses: [203.0.113.10]}", "‹eastWestGateway›: {serviceType: LoadBalancer}"}}, []string{`"north"`}},
	{"no-gateway-address", "no gateway field", []edit{{"    east:", "    ‹east›:"}, {"      eastWestGateway: {addresses: [203.0.113.10]}\n", ""}}, nil},
	{"gateway-hostname", "load balancer", []edit{{"[203.0.113.10]", "[‹lb-1.elb.example.com›]"}}, []string{"IP address"}},
	{"gateway-hostname", "while joining", []edit{{"[203.0.113.10]", "[‹lb-1.elb.example.com›]"}, {"primary: east", "primary: east\n      state: joining"}}, nil},
	{"several-gateway-addresses", "two", []edit{{"[203.0.113.10]", "[203.0.113.10, ‹203.0.113.11›]"}}, []string{`"203.0.113.10" only`}},
	{"bad-gateway-address", "loopback", []edit{{"[203.0.113.10]", "[‹127.0.0.1›]"}}, []string{"loopback"}},
	{"bad-gateway-address", "unspecified", []edit{{"[203.0.113.10]", `[‹"::"›]`}}, []string{"unspecified"}},
	{"bad-gateway-address", "not an address", []edit{{"[203.0.113.10]", "[‹999.1.1.1›]"}}, []string{"looks like an IP address"}},
	{"bad-gateway-address", "Service", []edit{{"[203.0.113.10]", "[‹istio-eastwestgateway.istio-system.svc›]"}}, []string{"another one in every cluster"}},
	{"duplicate-gateway-address", "copied", []edit{{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      eastWestGateway: {addresses: [‹203.0.113.10›]}"}}, []string{`"east"`, `"west"`}},
	{"private-gateway-address", "between networks", []edit{{"[203.0.113.10]", "[‹10.0.0.10›]"}}, []string{`"north"`, `"net-b"`}},

	{"api-url-not-https", "http", []edit{{`url: "https://west.example.com:6443"`, `url: ‹"http://west.example.com:6443"›`}}, []string{"not https"}},
	{"api-url-not-https", "no scheme", []edit{{`url: "https://west.example.com:6443"`, `url: ‹west.example.com:6443›`}}, []string{"https:// in front"}},
	{"api-url-invalid", "path", []edit{{`"https://west.example.com:6443"`, `‹"https://west.example.com:6443/k8s/clusters/x"›`}}, []string{"the path"}},
	{"api-url-invalid", "query", []edit{{`"https://west.example.com:6443"`, `‹"https://west.example.com:6443?a=b"›`}}, []string{"a query"}},
	{"api-url-invalid", "no host", []edit{{`"https://west.example.com:6443"`, `‹"https://:6443"›`}}, []string{"no host"}},
	{"api-url-invalid", "underscore", []edit{{`"https://west.example.com:6443"`, `‹"https://k8s_paris:6443"›`}}, []string{`a "_" in its host`}},
	{"api-url-invalid", "empty label", []edit{{`"https://west.example.com:6443"`, `‹"https://west..example.com:6443"›`}}, []string{"neither a name nor an IP address"}},
	{"api-url-invalid", "a label that ends in a hyphen", []edit{{`"https://west.example.com:6443"`, `‹"https://west-.example.com:6443"›`}}, []string{"neither a name nor an IP address"}},
	{"api-url-invalid", "long label", []edit{{`"https://west.example.com:6443"`, `‹"https://` + strings.Repeat("w", 64) + `.example.com:6443"›`}}, []string{"neither a name nor an IP address"}},
	{"api-url-invalid", "port", []edit{{`"https://west.example.com:6443"`, `‹"https://west.example.com:65536"›`}}, []string{"port"}},
	{"api-url-invalid", "empty port", []edit{{`"https://west.example.com:6443"`, `‹"https://west.example.com:"›`}}, []string{"port"}},
	{"api-url-invalid", "no URL", []edit{{`"https://west.example.com:6443"`, `‹"https://[::1"›`}}, []string{"not a URL"}},
	{"api-url-unreachable", "loopback", []edit{{`"https://west.example.com:6443"`, `‹"https://127.0.0.1:6443"›`}}, []string{"loopback"}},
	{"api-url-unreachable", "localhost", []edit{{`"https://west.example.com:6443"`, `‹"https://localhost:6443"›`}}, nil},
	{"api-url-unreachable", "unspecified", []edit{{`"https://west.example.com:6443"`, `‹"https://0.0.0.0:6443"›`}}, nil},
	{"api-url-unreachable", "link-local", []edit{{`"https://west.example.com:6443"`, `‹"https://[fe80::1%25eth0]:6443"›`}}, []string{"link-local"}},
	{"api-url-unreachable", "nearly an address", []edit{{`"https://west.example.com:6443"`, `‹"https://127.1:6443"›`}}, []string{"looks like an IP address"}},
	{"api-url-unreachable", "a hexadecimal address", []edit{{`"https://west.example.com:6443"`, `‹"https://0x7f.1:6443"›`}}, []string{`"0x7f.1"`, "ends in a number"}},
	{"api-url-unreachable", "a hexadecimal number", []edit{{`"https://west.example.com:6443"`, `‹"https://0X7F000001:6443"›`}}, []string{"ends in a number"}},
	{"api-url-unreachable", "a name below a number", []edit{{`"https://west.example.com:6443"`, `‹"https://west.example.42.:6443"›`}}, []string{"ends in a number"}},
	{"bad-gateway-address", "a hexadecimal address", []edit{{"[203.0.113.10]", "[‹0x7f.1›]"}}, []string{"ends in a number"}},
	{"api-url-unreachable", "Service", []edit{{`"https://west.example.com:6443"`, `‹"https://kubernetes.default.svc"›`}}, nil},
	{"api-url-unreachable", "Service in full", []edit{{`"https://west.example.com:6443"`, `‹"https://kubernetes.default.svc.cluster.local:443"›`}}, nil},
	{"api-url-duplicate", "written otherwise", []edit{{`"https://west.example.com:6443"`, `‹"https://EAST.example.com.:6443/"›`}}, []string{`"east" and "west"`}},
	{"api-url-private", "RFC 1918", []edit{{`"https://east.example.com:6443"`, `‹"https://10.1.2.3:6443"›`}}, []string{`"net-b"`}},

	{"missing-api-server", "read by the other", []edit{{"    west:", "    ‹west›:"}, {"      apiServer: {url: \"https://west.example.com:6443\", ca: west.pem}\n", ""}}, []string{`"east" reads it`}},
	{"missing-credential", "active", []edit{{"    north:", "    ‹north›:"}, {"      credential: {token: {file: tokens/north}}\n", ""}}, []string{"state: joining"}},
	{"awaiting-gateway-address", "first step", []edit{{"      eastWestGateway: {addresses: [203.0.113.10]}\n", ""}, {"primary: east", "primary: east\n      state: ‹joining›"}}, []string{`"north"`, `"east"`}},
	{"joining-unread", "alone", []edit{{ruleBase[strings.Index(ruleBase, "    north:"):], ""}, {"networks: {net-a: {}, net-b: {}}", "networks: {net-a: {}}"}, {"network: net-a", "network: net-a\n      state: ‹joining›"}}, nil},

	{"windows-name", "a device", []edit{{"    west:", "    ‹com1›:"}}, []string{`"com1" is a device`}},
	{"reserved-cluster-name", "kubernetes", []edit{{"    west:", "    ‹kubernetes›:"}}, nil},
	{"escaped-slash", "network", []edit{{"networks: {net-a: {}", "networks: {‹net--slash--a›: {}"}, {"network: net-a", "network: net--slash--a"}}, nil},
	{"escaped-slash", "cluster", []edit{{"    west:", "    ‹we--slash--st›:"}}, nil},
	{"reserved-namespace", "mesh-wide", []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    namespace: ‹kube-system›"}}, nil},
	{"reserved-namespace", "default", []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    namespace: ‹default›"}}, nil},
	{"reserved-revision", "default", []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    revision: ‹default›"}}, nil},
	{"long-revision", "57 characters", []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    revision: ‹" + strings.Repeat("r", 57) + "›"}}, []string{"64 characters"}},
	{"reserved-reader", "Istio's", []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    reader: {serviceAccount: ‹istio-reader-service-account›}"}}, nil},
	{"reserved-reader", "istiod of the revision, in one cluster", []edit{
		{`version: "1.31.1"`, "version: \"1.31.1\"\n    revision: 1-31-1"},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      istio: {reader: {serviceAccount: ‹istiod-1-31-1›}}"},
	}, nil},
	{"long-reader", "token Secret", []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    reader: {serviceAccount: ‹" + strings.Repeat("reader.", 32) + "read›}"}}, []string{"254 characters"}},

	{"overlapping-pod-cidrs", "two clusters", []edit{
		{"primary: east", "primary: east\n      podCIDRs: [10.0.0.0/8]"},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      podCIDRs: [192.168.0.0/16, ‹10.20.0.0/16›]"},
	}, []string{"10.20.0.0/16", "10.0.0.0/8", `"net-b"`}},
	{"overlapping-pod-cidrs", "the wider one second", []edit{
		{"primary: east", "primary: east\n      podCIDRs: [10.20.0.0/16]"},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      podCIDRs: [‹10.0.0.0/8›]"},
	}, nil},
	{"overlapping-pod-cidrs", "one cluster", []edit{{"primary: east", "primary: east\n      podCIDRs: [10.0.0.0/16, \"fd00::/48\", ‹\"fd00:0:0:1::/64\"›]"}}, []string{`cluster "north"`}},

	{"missing-trust", "two primaries", []edit{{"  trust:\n    roots: [root.pem]\n    intermediates: certs/{cluster}\n", ""}, {"spec:", "‹spec›:"}}, []string{"2 control planes"}},
	{"no-roots", "empty", []edit{{"roots: [root.pem]", "‹roots›: []"}}, nil},
	{"missing-intermediate", "one primary", []edit{
		{"    intermediates: certs/{cluster}\n", ""},
		{"    east:\n", "    ‹east›:\n"},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      intermediate: {cert: a.pem, key: {file: a.key}, chain: b.pem}"},
	}, []string{`"east"`}},
	{"unprotected-secrets", "not said", []edit{{"  secrets: {protection: plaintext}\n", ""}, {"spec:", "‹spec›:"}}, []string{"protection: plaintext", `"east"`}},
	{"private-place", "both", []edit{{"{token: {file: tokens/west}}", "{token: {file: tokens/west, env: ‹WEST_TOKEN›}}"}}, []string{"by file and by env"}},
	{"private-place", "neither", []edit{{"{token: {file: tokens/west}}", "{‹token›: {}}"}}, nil},
	{"private-place", "key of a CA", []edit{{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      intermediate: {cert: a.pem, ‹key›: {}, chain: b.pem}"}}, []string{"the key"}},
	{"uncovered-cluster-domain", "public names", []edit{{"id: shop", `‹exposedHosts›: ["*.example.com", web.shop.example.com]`}}, []string{`"*.cluster.local"`}},
	{"uncovered-cluster-domain", "another cluster domain", []edit{{"id: shop", "clusterDomain: ‹mesh.example.com›"}}, []string{`"*.mesh.example.com"`}},
	{"uncovered-cluster-domain", "none", []edit{{"id: shop", `‹exposedHosts›: []`}}, nil},

	{"remote-namespace", "override", []edit{{"primary: east", "primary: east\n      istio: {namespace: ‹istio-remote›}"}}, []string{`"istio-system"`}},
	{"remote-revision", "override", []edit{{"primary: east", "primary: east\n      istio: {revision: ‹canary›}"}}, []string{`"canary"`}},
	{"remote-newer", "override", []edit{{`version: "1.31.1"`, `version: "1.30.1"`}, {"primary: east", "primary: east\n      istio: {version: ‹\"1.31.1\"›}"}}, []string{"1.31.1", "1.30.1"}},
	{"remote-older", "two minors", []edit{{"primary: east", "primary: east\n      istio: {version: ‹\"1.29.9\"›}"}}, []string{"1.29.9"}},
	{"primaries-apart", "two minors", []edit{{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      istio: {version: ‹\"1.29.1\"›}"}}, []string{`"east"`}},
	{"several-namespaces", "override", []edit{{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      istio: {namespace: ‹istio-west›}"}}, []string{`"istio-west"`}},
	{"unused-on-remote", "profile", []edit{{"primary: east", "primary: east\n      istio: {profile: ‹minimal›}"}}, []string{"always remote"}},
	{"unused-on-remote", "mesh config", []edit{{"primary: east", "primary: east\n      istio: {‹meshConfig›: {accessLogFile: /dev/stdout}}"}}, nil},
	{"unused-on-remote", "intermediate", []edit{{"primary: east", "primary: east\n      ‹intermediate›: {cert: a.pem, key: {file: a.key}, chain: b.pem}"}}, nil},
	{"unused-on-remote", "pilot", []edit{{"primary: east", "primary: east\n      istio: {components: {‹pilot›: {k8s: {replicaCount: 2}}}}"}}, []string{"istiod"}},
	{"early-gateway", "ingress", []edit{{"primary: east", "primary: east\n      istio: {components: {‹ingressGateways›: [{name: shop}]}}"}}, []string{"ingressGateways"}},
	{"later-setting", "1.30", []edit{{`version: "1.31.1"`, "version: \"1.30.1\"\n    values: {global: {‹readerServiceAccount›: {name: reader}}}"}}, []string{"1.31"}},

	{"owned-setting", "trust domain", mesh("meshConfig: {trustDomain: ‹example.com›}"), []string{`"cluster.local"`, "mesh.trustDomain"}},
	{"owned-setting", "another spelling", mesh("meshConfig: {trust_domain: ‹cluster.local›}"), []string{"another spelling of meshConfig.trustDomain"}},
	{"owned-setting", "aliases", mesh("meshConfig: {‹trustDomainAliases›: [old.example.com]}"), []string{`["old.example.com"]`}},
	{"owned-setting", "mesh ID", mesh("meshConfig: {defaultConfig: {meshId: ‹other›}}"), nil},
	{"owned-setting", "DNS capture as a boolean", mesh("meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_DNS_CAPTURE: ‹true›}}}"), []string{`is true, but the topology says "true"`}},
	{"owned-setting", "mesh config among values", mesh("values: {meshConfig: {trustDomain: ‹example.com›}}"), []string{"values.meshConfig.trustDomain"}},
	{"owned-setting", "mesh ID among values", mesh("values: {global: {meshID: ‹other›}}"), []string{`says "shop"`}},
	{"owned-setting", "network of some", mesh("values: {global: {network: ‹net-b›}}"), []string{`"net-a" for cluster "east"`, "clusters.east.network"}},
	{"owned-setting", "cluster name of none", mesh("values: {global: {multiCluster: {clusterName: ‹mesh›}}}"), []string{`"east" for cluster "east", "north" for cluster "north" and "west" for cluster "west"`}},
	{"owned-setting", "network of one", cluster("values: {global: {network: ‹net-a›}}"), []string{`"net-b" for cluster "west"`}},
	{"owned-setting", "namespace", mesh("values: {global: {istioNamespace: ‹istio›}}"), []string{`"istio-system"`}},
	{"owned-setting", "hub", mesh("hub: registry.example.com\n    values: {global: {hub: ‹docker.io/istio›}}"), []string{`"registry.example.com"`}},
	{"owned-setting", "cluster domain", mesh("values: {global: {proxy: {clusterDomain: ‹example.com›}}}"), nil},
	{"owned-setting", "external istiod without remotes", cluster("values: {global: {externalIstiod: ‹true›}}"), []string{`false for cluster "west"`}},
	{"owned-setting", "external istiod off", cluster("values: {pilot: {env: {EXTERNAL_ISTIOD: ‹\"true\"›}}}"), nil},
	{"owned-setting", "cluster ID", cluster("values: {pilot: {env: {CLUSTER_ID: ‹Kubernetes›}}}"), nil},
	{"owned-setting", "config cluster", cluster("values: {global: {configCluster: ‹true›}}"), nil},
	{"owned-setting", "address of istiod on a primary", cluster("values: {global: {remotePilotAddress: ‹203.0.113.10›}}"), []string{`must not be set for cluster "west"`}},
	{"owned-setting", "address of istiod", remote("values: {global: {remotePilotAddress: ‹203.0.113.99›}}"), []string{`"203.0.113.10"`}},
	{"owned-setting", "injection path", remote("values: {istiodRemote: {injectionPath: ‹/inject/cluster/south/net/net-b›}}"), []string{`"/inject/cluster/north/net/net-b"`}},
	{"owned-setting", "injection URL", remote("values: {istiodRemote: {injectionURL: ‹\"https://gw.example.com:15017/inject\"›}}"), []string{"must not be set"}},
	{"owned-setting", "remote by hand", cluster("values: {istiodRemote: {enabled: ‹true›}}"), nil},
	{"owned-setting", "revision", cluster("values: {revision: ‹canary›}"), []string{"istio.revision"}},
	{"owned-setting", "profile", cluster("values: {profile: ‹ambient›}"), []string{`"default"`}},
	{"owned-setting", "no istiod", cluster("components: {pilot: {enabled: ‹false›}}"), nil},
	{"owned-setting", "several roots", append(cluster("values: {pilot: {env: {ISTIO_MULTIROOT_MESH: ‹\"false\"›}}}"), edit{"[root.pem]", "[root.pem, old.pem]"}), []string{"trust.roots"}},
	{"owned-setting", "no map", mesh("values: {‹global›: [a]}"), []string{"must be a map, not a list"}},
	{"owned-setting", "no map in one cluster", cluster("values: {global: ‹x›}"), []string{"must be a map"}},
	{"owned-setting", "environment of istiod", cluster("components: {pilot: {k8s: {env: [{name: X, value: v}, {name: ‹CLUSTER_ID›, value: v}]}}}"), nil},
	{"owned-setting", "gateway of our name", mesh("components: {ingressGateways: [{name: mine}, {name: ‹istio-eastwestgateway›}]}"), nil},
	{"owned-setting", "gateway of our name in one cluster", cluster("components: {egressGateways: [{name: ‹istio-eastwestgateway›}]}"), nil},
	{"owned-setting", "trust domain of injection", mesh("values: {global: {trustDomain: ‹example.com›}}"), []string{`"cluster.local"`}},
	{"owned-setting", "profile of all charts", cluster("values: {global: {profile: ‹ambient›}}"), []string{`"default"`}},
	{"owned-setting", "revision of istiod", cluster("values: {pilot: {env: {REVISION: ‹canary›}}}"), []string{`"default"`}},
	{"owned-setting", "namespace of istiod", cluster("components: {pilot: {namespace: ‹other›}}"), []string{`"istio-system"`}},
	{"owned-setting", "network of every proxy", mesh("meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_NETWORK: ‹net-b›}}}"), []string{`must not be set for cluster "east"`, "its remotes"}},
	{"owned-setting", "network of the proxies of one", cluster("values: {meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_NETWORK: ‹net-a›}}}}"), []string{`"net-b" for cluster "west"`}},
	{"owned-setting", "trust domain of every proxy", mesh("meshConfig: {defaultConfig: {proxyMetadata: {TRUST_DOMAIN: ‹example.com›}}}"), []string{`"cluster.local"`}},
	{"owned-setting", "view of every proxy", cluster("meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_REQUESTED_NETWORK_VIEW: ‹net-b›}}}"), []string{"sidecars call other networks"}},
	{"owned-setting", "network of a gateway", mesh("components: {ingressGateways: [{name: a}, {name: b, k8s: {env: [‹{›name: ISTIO_META_NETWORK, value: net-b}]}}]}"), []string{"components.ingressGateways.1.k8s.env.0", `"net-a"`, `for cluster "east"`}},
	{"owned-setting", "cluster of a gateway's chart", cluster("values: {gateways: {istio-egressgateway: {env: {ISTIO_META_CLUSTER_ID: ‹east›}}}}"), []string{`"west"`}},
	{"owned-setting", "port of istiod", mesh("components: {pilot: {k8s: {service: {ports: [{port: 9443}, ‹{›port: 15012, targetPort: 1}]}}}}"), []string{"components.pilot.k8s.service.ports.1 changes"}},
	{"owned-setting", "overlay of istiod", mesh("components: {pilot: {k8s: {overlays: [{kind: HorizontalPodAutoscaler, name: istiod, patches: [{path: spec.maxReplicas, value: 9}]}, ‹{›kind: ConfigMap, name: istio, patches: [{path: data.mesh, value: x}]}]}}}"), []string{"components.pilot.k8s.overlays.1 changes"}},
	{"owned-setting", "proxy config of a gateway", mesh("components: {ingressGateways: [{name: shop, k8s: {podAnnotations: {proxy.istio.io/config: ‹'meshId: x'›}}}]}"), []string{"proxy.istio.io/config changes"}},
	{"owned-setting", "proxy config of a gateway's chart", cluster("values: {gateways: {istio-ingressgateway: {podAnnotations: {proxy.istio.io/config: ‹'proxyMetadata: {TRUST_DOMAIN: x}'›}}}}"), []string{"changes what follows"}},
	{"owned-setting", "argument of istiod", cluster("values: {pilot: {extraContainerArgs: [--log_as_json, ‹--clusterID=east›]}}"), []string{"values.pilot.extraContainerArgs.1 changes"}},
	{"owned-setting", "variable of istiod from elsewhere", cluster("values: {pilot: {envVarFrom: [{name: ‹REVISION›, value: canary}]}}"), []string{"is given it already"}},
	{"owned-setting", "overlay of a gateway", cluster("components: {ingressGateways: [{name: shop, k8s: {overlays: [‹{›kind: Deployment, name: shop, patches: [{path: 'spec.template.spec.containers.[name:istio-proxy].env.[name:TRUST_DOMAIN].value', value: x}]}]}}]}"), []string{"changes what follows"}},

	{"tag-of-another-version", "mesh-wide", mesh("tag: ‹1.29.4-distroless›"), []string{"1.29.4-distroless", "1.31.1"}},
	{"tag-of-another-version", "a version raised, its tag forgotten", []edit{
		{`version: "1.31.1"`, "version: \"1.30.1\"\n    tag: ‹1.30.1›"},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      istio: {version: \"1.31.1\"}"},
	}, []string{"1.30.1", "1.31.1"}},
	{"dns-capture-off", "turned off", []edit{{"id: shop", "dnsCapture: ‹false›"}}, nil},
	{"auto-mtls-off", "mesh-wide", mesh("meshConfig: {enableAutoMtls: ‹false›}"), []string{"mutual TLS"}},
	{"auto-mtls-off", "in another spelling", cluster("meshConfig: {enable_auto_mtls: ‹false›}"), nil},
	{"nothing-shared", "all hosts", mesh("meshConfig: {serviceSettings: [{settings: {clusterLocal: true}, hosts: [web.shop.svc.cluster.local, ‹\"*\"›]}]}"), nil},
	{"nothing-shared", "in one cluster", cluster("meshConfig: {serviceSettings: [{settings: {clusterLocal: true}, hosts: [‹\"*\"›]}]}"), nil},
	{"gateway-ip-family", "IPv6 for IPv4", []edit{
		{"[203.0.113.10]", `[‹"2001:db8::10"›]`},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      podCIDRs: [10.20.0.0/16]"},
	}, []string{"IPv6 addresses only", `"west" on network "net-b"`}},
	{"gateway-ip-family", "IPv4 for IPv6", []edit{
		{"primary: east", "primary: east\n      podCIDRs: [\"fd00:1::/48\"]"},
		{"[203.0.113.10]", `[‹203.0.113.10›]`},
	}, []string{"IPv4 addresses only", `"north"`}},
	{"mesh-networks-form", "the line that the chart adds", mesh("values: {global: {meshNetworks: {‹networks›: {net-a: {gateways: [{address: 203.0.113.10, port: 15443}]}}}}}"), []string{"the chart adds it"}},
	{"mesh-networks-form", "a list", mesh("values: {global: {‹meshNetworks›: [net-a]}}"), []string{"must be a map of networks"}},
	{"mesh-networks-form", "a text for a network", mesh("values: {global: {meshNetworks: {net-a: ‹203.0.113.10›}}}"), []string{`"net-a" must be a map`}},
	{"mesh-networks-form", "a map for a list", mesh("values: {global: {meshNetworks: {net-a: {‹gateways›: {address: 203.0.113.10, port: 15443}}}}}"), []string{"gateways must be a list"}},
	{"mesh-networks-form", "a text for an endpoint", mesh("values: {global: {meshNetworks: {net-a: {endpoints: [‹east›]}}}}"), []string{"must be a map, not a string"}},
	{"mesh-networks-form", "two ways at once", mesh("values: {global: {meshNetworks: {net-a: {endpoints: [‹{›fromRegistry: east, fromCidr: 10.0.0.0/8}]}}}}"), []string{"both fromRegistry and fromCidr"}},
	{"mesh-networks-form", "no address", mesh("values: {global: {meshNetworks: {net-a: {gateways: [‹{›port: 15443}]}}}}"), []string{"neither address nor registryServiceName"}},
	{"mesh-networks-form", "no port", cluster("values: {global: {meshNetworks: {net-a: {gateways: [‹{›address: 203.0.113.10}]}}}}"), []string{"port: 15443"}},
	{"mesh-networks-form", "a port beyond all", mesh("values: {global: {meshNetworks: {net-a: {gateways: [{address: 203.0.113.10, port: ‹154430›}]}}}}"), []string{"between 1 and 65535"}},
	{"mesh-networks-form", "no CIDR", mesh("values: {global: {meshNetworks: {net-a: {endpoints: [{fromCidr: ‹10.0.0.1›}]}}}}"), []string{`"10.0.0.1"`}},
	{"mesh-networks-registry", "misspelt", mesh("values: {global: {meshNetworks: {net-a: {endpoints: [{fromRegistry: ‹esat›}]}}}}"), []string{`did you mean "east"?`}},
	{"mesh-networks-registry", "on another network", mesh("values: {global: {meshNetworks: {net-b: {endpoints: [{fromRegistry: ‹east›}]}}}}"), []string{`on network "net-b", but it is on "net-a"`}},
	{"mesh-networks-overlap", "of two networks", mesh("values: {global: {meshNetworks: {net-a: {endpoints: [{fromCidr: 10.8.0.0/16}]}, net-b: {endpoints: [{fromCidr: 192.168.0.0/16}, {fromCidr: ‹10.0.0.0/8›}]}}}}"), []string{"10.8.0.0/16", `"net-a"`}},
	{"later-setting", "a variable of istiod", []edit{{`version: "1.31.1"`, "version: \"1.29.1\"\n    values: {pilot: {env: {PILOT_MULTICLUSTER_KUBECONFIG_PATH: ‹/etc/kubeconfigs›}}}"}}, []string{"1.30"}},

	{"unknown-rule", "misspelt", spec("rules: {‹unused-netwrok›: {severity: ignore, reason: tested}}"), []string{`did you mean "unused-network"?`}},
	{"unknown-rule", "of another tool", spec("rules: {‹IST0101›: {severity: warning, reason: tested}}"), []string{`no rule "IST0101"`, "meshtopo explain"}},
	{"rule-not-adjustable", "ignored", spec("rules: {unprotected-secrets: {severity: ‹ignore›, reason: tested}}"), []string{"unprotected-secrets", "stays error"}},
	{"rule-not-adjustable", "an info", spec("rules: {unused-network: {severity: error, reason: tested}, unknown-network: {severity: ‹info›, reason: tested}}"), []string{"declare this one"}},

	{"patch-source", "neither", mesh("patches: [‹{›target: {kind: Namespace}}]"), []string{"nothing says"}},
	{"patch-source", "both", cluster("patches: [{patch: '[]', path: ‹root.pem›}]"), []string{"by patch and by path"}},
}

// spec adds a line below spec.
func spec(line string) []edit { return []edit{{"spec:\n", "spec:\n  " + line + "\n"}} }

// mesh, cluster and remote add a line to the istio of the mesh, of the primary west, of the remote north.
func mesh(line string) []edit {
	return []edit{{`version: "1.31.1"`, "version: \"1.31.1\"\n    " + line}}
}

func cluster(line string) []edit {
	return []edit{{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      istio:\n        " + line}}
}

func remote(line string) []edit {
	return []edit{{"primary: east", "primary: east\n      istio:\n        " + line}}
}

// silentTests are edits of ruleBase after which nothing is wrong.
var silentTests = []struct {
	name  string
	edits []edit
}{
	{"as it is", nil},
	{"tags of the same minor version", mesh("tag: 1.31.0-distroless")},
	{"a tag that is no version", mesh("tag: canary-1.29")},
	{"a remote with an older tag", remote("tag: 1.29.4")},
	{"DNS capture on", []edit{{"id: shop", "dnsCapture: true"}}},
	{"automatic mutual TLS on one network", append(mesh("meshConfig: {enableAutoMtls: false}"),
		edit{"networks: {net-a: {}, net-b: {}}", "networks: {net-b: {}}"}, edit{"network: net-a", "network: net-b"})},
	{"some Services kept back", mesh("meshConfig: {serviceSettings: [{settings: {clusterLocal: true}, hosts: [\"*.svc.cluster.local\"]}]}")},
	{"all Services kept back but some", mesh("meshConfig: {serviceSettings: [{settings: {clusterLocal: true}, hosts: [\"*\"]}, {settings: {clusterLocal: false}, hosts: [web.shop.svc.cluster.local]}]}")},
	{"gateway of both families", []edit{
		{"[203.0.113.10]", `["2001:db8::10"]`},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      podCIDRs: [10.20.0.0/16, \"fd00:20::/48\"]"},
	}},
	{"gateway of another family on the same network", []edit{
		{"primary: east", "primary: east\n      podCIDRs: [\"fd00:1::/48\"]"},
		{"[203.0.113.10]", `["2001:db8::10"]`},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      eastWestGateway: {addresses: [203.0.113.20]}"},
	}},
	{"everything that meshNetworks can say", mesh("values: {global: {meshNetworks: {net-a: {endpoints: [{fromRegistry: east}, {fromCidr: 10.0.0.0/8}, {fromCidr: 10.1.0.0/16}], gateways: [{registryServiceName: gw.istio-system.svc.cluster.local, port: 15443}]}, vms: {endpoints: [{fromCidr: 192.168.0.0/16}]}}}}")},
	{"settings of rules that find nothing", spec("rules: {unused-network: {severity: error, reason: tested}, unknown-network: {severity: error, reason: tested}, api-url-private: {severity: ignore, reason: tested}}")},
	{"what is to be ignored", append(spec("rules: {unused-network: {severity: ignore, reason: tested}, missing-trust: {severity: ignore, reason: tested}}"),
		edit{"net-b: {}}", "net-b: {}, net-c: {}}"}, edit{"  trust:\n    roots: [root.pem]\n    intermediates: certs/{cluster}\n", ""})},
	{"one gateway a network", []edit{{"primary: east", "primary: east\n      eastWestGateway: {enabled: false}"}}},
	{"NodePort with nodes", []edit{{"{addresses: [203.0.113.10]}", `{addresses: [203.0.113.10], serviceType: NodePort, serviceAnnotations: {traffic.istio.io/nodeSelector: '{"role":"edge"}'}}`}}},
	{"ClusterIP with meshNetworks", []edit{
		{"{addresses: [203.0.113.10]}", "{addresses: [203.0.113.10], serviceType: ClusterIP}"},
		{`version: "1.31.1"`, "version: \"1.31.1\"\n    values: {global: {meshNetworks: {net-a: {gateways: [{address: 203.0.113.10, port: 15443}]}}}}"},
	}},
	{"IPv6 gateway", []edit{{"[203.0.113.10]", `["2001:db8::10"]`}}},
	{"host name of a gateway without remotes", []edit{{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      eastWestGateway: {addresses: [gw.example.com]}"}}},
	{"one address, two servers by name", []edit{{`{url: "https://west.example.com:6443", ca: west.pem}`, `{url: "https://east.example.com:6443", ca: west.pem, tlsServerName: west.example.com}`}}},
	{"a port of its own", []edit{{"https://west.example.com:6443", "https://east.example.com"}}},
	{"private address on one network", []edit{
		{"networks: {net-a: {}, net-b: {}}", "networks: {net-b: {}}"}, {"network: net-a", "network: net-b"},
		{"https://west.example.com:6443", "https://10.0.0.1:6443"}, {"[203.0.113.10]", "[10.0.0.10]"},
	}},
	{"joining without credential", []edit{{"      credential: {token: {file: tokens/north}}\n", "      state: joining\n"}}},
	{"joining without anything", []edit{{"      apiServer: {url: \"https://north.example.com:6443\", ca: north.pem}\n      credential: {token: {file: tokens/north}}\n", "      state: joining\n"}}},
	{"56 characters of revision", mesh("revision: " + strings.Repeat("r", 56))},
	{"the same ranges on two networks", []edit{
		{"      network: net-a\n", "      network: net-a\n      podCIDRs: [10.0.0.0/8]\n"},
		{"primary: east", "primary: east\n      podCIDRs: [10.0.0.0/8]"},
	}},
	{"neighbouring ranges", []edit{
		{"primary: east", "primary: east\n      podCIDRs: [10.0.0.0/16, 10.1.0.0/16]"},
		{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      podCIDRs: [10.2.0.0/15]"},
	}},
	{"certificates from elsewhere", []edit{
		{"  trust:\n    roots: [root.pem]\n    intermediates: certs/{cluster}\n", ""},
		{`version: "1.31.1"`, "version: \"1.31.1\"\n    values: {global: {caAddress: \"cert-manager-istio-csr.cert-manager.svc:443\"}}"},
	}},
	{"one namespace exposed", []edit{{"id: shop", `exposedHosts: ["*.shop.svc.cluster.local"]`}}},
	{"one Service exposed", []edit{{"id: shop", "exposedHosts: [web.shop.svc.cluster.local]"}}},
	{"everything exposed", []edit{{"id: shop", `exposedHosts: ["*"]`}}},
	{"remote one minor behind", remote(`version: "1.30.9"`)},
	{"primaries one minor apart", cluster(`version: "1.30.9"`)},
	{"what the topology says anyway", []edit{
		{`version: "1.31.1"`, "version: \"1.31.1\"\n    meshConfig: {trustDomain: cluster.local, trustDomainAliases: [], defaultConfig: {meshId: shop, proxyMetadata: {ISTIO_META_DNS_CAPTURE: \"true\"}}}\n    values: {revision: \"\", global: {meshID: shop, istioNamespace: istio-system, proxy: {clusterDomain: cluster.local}}}"},
		{"primary: east", "primary: east\n      istio: {values: {profile: remote, istiodRemote: {enabled: true, injectionPath: /inject/cluster/north/net/net-b}, global: {network: net-b, remotePilotAddress: 203.0.113.10}}}"},
	}},
	{"a contradiction that each cluster corrects", []edit{
		{`version: "1.31.1"`, "version: \"1.31.1\"\n    values: {global: {network: net-b}}"},
		{"      network: net-a\n", "      network: net-a\n      istio: {values: {global: {network: net-a}}}\n"},
	}},
	{"a gateway that says where it is", cluster("components: {ingressGateways: [{name: shop, k8s: {env: [{name: ISTIO_META_NETWORK, value: net-b}, {name: ISTIO_META_CLUSTER_ID, value: west}]}}]}")},
	{"proxies that are told where they are", cluster("meshConfig: {defaultConfig: {proxyMetadata: {ISTIO_META_NETWORK: net-b, ISTIO_META_CLUSTER_ID: west, TRUST_DOMAIN: cluster.local}}}")},
	{"overlays of the user's own", mesh("components: {pilot: {k8s: {overlays: [{kind: Deployment, name: istiod, patches: [{path: spec.template.spec.hostNetwork, value: true}]}]}}}")},
	{"several roots prepared", mesh("components: {pilot: {k8s: {env: [{name: ISTIO_MULTIROOT_MESH, value: \"true\"}]}}}")},
	{"settings of the user's own", mesh("meshConfig: {accessLogFile: /dev/stdout, defaultConfig: {proxyMetadata: {ISTIO_META_DNS_AUTO_ALLOCATE: \"true\"}}}\n    values: {global: {logAsJson: true}, pilot: {env: {PILOT_X: \"1\"}}}\n    components: {ingressGateways: [{name: istio-ingressgateway, enabled: false}]}")},
}
