package main

// mutatedIdentity are mistakes about what clusters have in common, and what each has of its own.
func mutatedIdentity() []manifestMutation {
	const (
		two, trio = "two-clusters/cluster-b", "multi-primary-multi-network/west-1"
		operator  = "kind: IstioOperator"
	)
	return []manifestMutation{
		{"mesh ID", two, controlPlaneFile, turn(`meshID: "shop"`, `meshID: "shopp"`), found("different-mesh-ids"), ""},
		{"mesh ID of the first of three", "multi-primary-multi-network/east-1", controlPlaneFile, turn(`meshID: "trio"`, `meshID: "tri"`), found("different-mesh-ids"), ""},
		{"trust domain of the first of three", "multi-primary-multi-network/east-1", controlPlaneFile, turn(`trustDomain: "trio.example.com"`, `trustDomain: "cluster.local"`), found("different-trust-domains"), ""},
		{"cluster domain of the first of three", "multi-primary-multi-network/east-1", controlPlaneFile, turn(`clusterDomain: "mesh.example.com"`, `clusterDomain: "cluster.local"`), found("different-cluster-domains"), ""},
		{"no mesh ID", two, controlPlaneFile, cut("meshID:"), foundAt(operator, "no-mesh-id"), ""},
		{"trust domain", two, controlPlaneFile, turn(`trustDomain: "cluster.local"`, `trustDomain: "example.com"`), found("different-trust-domains"), ""},
		{"trust domain that is none", two, controlPlaneFile, everywhere(`trustDomain: "cluster.local"`, `trustDomain: "cluster_local"`),
			and(foundIn("cluster-a/"+controlPlaneFile, "trustDomain", "invalid-value"), foundAt("trustDomain", "invalid-value")), "each cluster says it"},
		{"trust domain, misspelt", two, controlPlaneFile, turn("trustDomain:", "trustdomain:"), found("ignored-istio-field"), ""},
		{"trust domain left out", trio, controlPlaneFile, cut("trustDomain:"), foundAt(operator, "different-trust-domains"), ""},
		{"trust domain of the alias alone", trio, controlPlaneFile, turn(`trustDomain: "trio.example.com"`, `trustDomain: "old.example.com"`), found("different-trust-domains"), ""},
		{"cluster domain", trio, controlPlaneFile, turn(`clusterDomain: "mesh.example.com"`, `clusterDomain: "cluster.local"`), found("different-cluster-domains"), ""},
		{"no cluster domain", trio, controlPlaneFile, cut("clusterDomain:"), foundAt(operator, "different-cluster-domains"), ""},
		{"revision of a primary", "mixed/us-1", controlPlaneFile, turn(`revision: "1-31-1"`, `revision: "1-30-2"`), found("gateway-revision"), ""},
		{"no revision of a primary", "mixed/us-1", controlPlaneFile, cut("revision:"), foundAt(operator, "gateway-revision"), ""},
		{"no cluster name of a primary", "mixed/us-1", controlPlaneFile, cut("multiCluster:"), foundAt(operator, "no-cluster-name"), ""},
		{"no cluster name", two, controlPlaneFile, cut("clusterName:"), foundAt(operator, "no-cluster-name"), ""},
		{"Istio's own cluster name", two, controlPlaneFile, turn(`clusterName: "cluster-b"`, `clusterName: "Kubernetes"`), found("reserved-cluster-name"), ""},
		{"cluster name in capitals", two, controlPlaneFile, turn(`clusterName: "cluster-b"`, `clusterName: "Cluster-B"`), found("invalid-name"), ""},
		{"cluster name of the other", two, controlPlaneFile, turn(`clusterName: "cluster-b"`, `clusterName: "cluster-a"`), found("cluster-name-twice"), ""},
		{"another cluster name", two, controlPlaneFile, turn(`clusterName: "cluster-b"`, `clusterName: "cluster-c"`), found("unknown-remote-cluster"), ""},
		{"another cluster name of three", trio, controlPlaneFile, turn(`clusterName: "west-1"`, `clusterName: "west"`), found("unknown-remote-cluster"), ""},
		{"another cluster name of a primary", "mixed/us-1", controlPlaneFile, turn(`clusterName: "us-1"`, `clusterName: "us"`), found("unknown-remote-cluster"), ""},
		{"cluster name that is a number", two, controlPlaneFile, turn(`clusterName: "cluster-b"`, `clusterName: 2`), found("wrong-istio-value"), ""},
		{"namespace of one control plane", "multi-primary-one-network/cluster-b", controlPlaneFile, all(everywhereIn("cluster-b/", `"istio-system"`, `"istio-two"`)),
			foundAt(operator, "several-namespaces"), ""},
		{"version of a control plane", "mixed/us-1", controlPlaneFile, all(add("  profile:", "  tag: 1.29.1"), in("eu-1/"+controlPlaneFile, add("  profile:", "  tag: 1.31.1"))), foundAt("tag: 1.29.1", "primaries-apart"), ""},
		{"version of one of three", trio, controlPlaneFile, turn("1.31.1-distroless", "1.29.1-distroless"), found("primaries-apart"), ""},
		{"revision default", two, controlPlaneFile, all(add("  profile:", "  revision: default"), in("cluster-b/"+eastWestFile, add("  profile:", "  revision: default"))),
			and(foundAt("revision:", "reserved-revision")), ""},
		{"revision with dots", "single-cluster/cluster-a", controlPlaneFile, add("  profile:", "  revision: 1.31.1"), found("invalid-value"), ""},
		{"revision that is too long", two, controlPlaneFile, all(add("  profile:", "  revision: a123456789-123456789-123456789-123456789-123456789-123456789"),
			in("cluster-b/"+eastWestFile, add("  profile:", "  revision: a123456789-123456789-123456789-123456789-123456789-123456789"))), foundAt("revision:", "long-revision"), ""},

		{"operator without a name", two, controlPlaneFile, cut("name: control-plane"), foundAt("metadata:", "operator-unnamed"), ""},
		{"gateway's operator without a name", two, eastWestFile, cut("name: eastwest\n"), foundAt("metadata:", "operator-unnamed"), ""},
		{"operators of one name", two, eastWestFile, turn("name: eastwest\n", "name: control-plane\n"), found("operator-name-twice"), ""},
		{"operators in one file", two, controlPlaneFile, joined(eastWestFile), foundAt("kind: IstioOperator\nmetadata:\n  name: eastwest", "operators-in-one-file"), ""},
		{"operator in a kustomization", two, "5-expose/kustomization.yaml", add(`- "cross-network-gateway.yaml"`, `- "../4-gateway/istio-operator.yaml"`), found("operator-in-kustomization"), ""},
		{"profile misspelt", two, controlPlaneFile, turn(`"default"`, `"defualt"`), found("unknown-profile"), ""},
		{"profile external", two, controlPlaneFile, turn(`"default"`, `"external"`), found("unknown-profile"), ""},
		{"API group misspelt", two, controlPlaneFile, turn("install.istio.io/v1alpha1", "insall.istio.io/v1alpha1"), found("misspelt-operator"), ""},
		{"kind misspelt", two, eastWestFile, turn("kind: IstioOperator", "kind: IstioOperater"), found("misspelt-operator"), ""},
		{"ambient control plane beside sidecars", two, controlPlaneFile, turn(`profile: "default"`, `profile: "ambient"`), foundIn("cluster-b/"+eastWestFile, "name: istio-eastwestgateway", "gateway-for-other-data-plane"), ""},
		{"ambient control planes on one network", "multi-primary-one-network/cluster-b", controlPlaneFile,
			all(turn(`profile: "default"`, `profile: "ambient"`), in("cluster-a/"+controlPlaneFile, turn(`profile: "default"`, `profile: "ambient"`))), foundAt("network:", "ambient-on-one-network"), ""},
		{"ambient primary of a remote", "primary-remote-one-network/cluster-a", controlPlaneFile, add("  values:", "    pilot: {env: {AMBIENT_ENABLE_MULTI_NETWORK: \"true\"}}"),
			foundIn("cluster-b/"+controlPlaneFile, "profile: remote", "ambient-remote"), ""},
		{"component istiodRemote", "mixed/us-2", controlPlaneFile, add("  profile:", "  components:\n    istiodRemote:\n      enabled: true"), foundAt("istiodRemote:\n      enabled", "obsolete-component"), ""},
		{"field of the mesh config, misspelt", two, controlPlaneFile, turn("accessLogFile", "accesLogFile"), found("ignored-istio-field"), ""},
		{"field of the values, misspelt", two, controlPlaneFile, turn("multiCluster:", "multicluster:"), found("unknown-istio-field"), ""},
		{"DNS capture as a boolean", two, controlPlaneFile, turn(`ISTIO_META_DNS_CAPTURE: "true"`, "ISTIO_META_DNS_CAPTURE: true"), found("wrong-istio-value"), ""},
		{"variable that nothing reads", two, controlPlaneFile, turn("ISTIO_META_DNS_CAPTURE", "ISTIO_META_DNS_INSECURE"), found("unread-variable"), ""},
		{"router mode of a gateway", two, eastWestFile, add("        env:", "        - name: ISTIO_META_ROUTER_MODE\n          value: sni-dnat"), foundAt("ISTIO_META_ROUTER_MODE", "unread-variable"), ""},
		{"overlays as a map", two, eastWestFile, add("      k8s:", "        overlays: {certs: {kind: Deployment}}"), found("wrong-istio-value"), ""},
		{"networks in the mesh config", two, controlPlaneFile, add("  meshConfig:", "    networks: {network1: {}}"), found("ignored-istio-field"), ""},
		{"externalIstiod without remotes", two, controlPlaneFile, add("network: ", "      externalIstiod: true"), found("external-istiod-without-remotes"), ""},
		{"invented kind", two, ownFile, text("apiVersion: networking.istio.io/v1beta1\nkind: RemoteCluster\nmetadata: {name: cluster-a}\nspec: {}\n"), foundAt("RemoteCluster", "unknown-kind"), ""},
		{"setting of an invented kind", two, ownFile, text("apiVersion: networking.istio.io/v1beta1\nkind: RemoteCluster\nmetadata: {name: cluster-a}\nspec:\n  network: network1\n"),
			and(foundAt("RemoteCluster", "unknown-kind"), foundAt("network: ", "invented-setting")), "each setting has another place to go to"},
		{"kind of a Gateway, misspelt", two, crossNetworkFile, turn("kind: Gateway", "kind: Gatway"), found("unknown-kind"), ""},
		{"selector of a Gateway, misspelt", two, crossNetworkFile, turn("selector:", "selectors:"), found("unknown-object-field"), ""},
		{"port of a Gateway in quotes", two, crossNetworkFile, turn("number: 15443", `number: "15443"`), found("wrong-object-value"), ""},

		{"manifest of Helm", two, namespaceFile, turn(`name: "istio-system"`, "name: {{ .Values.namespace }}"), found("template-skipped"), ""},
		{"tab", two, namespaceFile, turn("    app.kubernetes", "\tapp.kubernetes"), found("tab-indentation"), ""},
		{"key twice", two, controlPlaneFile, add("  profile:", "  profile: minimal"), found("duplicate-key"), ""},
		{"colon in a value", two, controlPlaneFile, turn(`meshID: "shop"`, "meshID: shop: web"), found("invalid-yaml"), ""},
		{"label that is a number", two, namespaceFile, turn(`topology: "shop"`, "topology: 1"), found("wrong-object-value"), ""},
		{"Latin-1", two, namespaceFile, turn("istio-system", "isti\xf3-system"), found("invalid-encoding"), ""},
	}
}

// mutatedRemotes are mistakes about remotes and their primaries.
func mutatedRemotes() []manifestMutation {
	const (
		branch, mixed = "primary-remote-multi-network/cluster-b", "mixed/us-2"
		primary       = "primary-remote-multi-network/cluster-a"
		operator      = "kind: IstioOperator"
		annotation    = "topology.istio.io/controlPlaneClusters"
	)
	return []manifestMutation{
		{"no annotation", branch, namespaceFile, cut("annotations:"), foundAt("name: ", "remote-without-control-plane"), ""},
		{"annotation with a space", mixed, namespaceFile, turn(`"us-1"`, `"eu-1, us-1"`), found("spaced-control-planes"), ""},
		{"annotation of an unknown cluster", mixed, namespaceFile, turn(`"us-1"`, `"us-3"`), found("unknown-primary"), ""},
		{"annotation of a remote", mixed, namespaceFile, turn(`"us-1"`, `"ap-1"`), found("unknown-primary"), ""},
		{"annotation of itself", branch, namespaceFile, turn(`"cluster-a"`, `"cluster-b"`), found("unknown-primary"), ""},
		{"no address", branch, controlPlaneFile, cut("remotePilotAddress"), foundAt(operator, "remote-without-address"), ""},
		{"address with a scheme", branch, controlPlaneFile, turn(`"203.0.113.10"`, `"https://203.0.113.10"`), found("bad-gateway-address"), ""},
		{"address of the API server", branch, controlPlaneFile, turn(`"203.0.113.10"`, `"203.0.113.10:6443"`), found("bad-gateway-address"), ""},
		{"address of nothing", branch, controlPlaneFile, turn(`"203.0.113.10"`, `"999.1.1.1"`), found("bad-gateway-address"), ""},
		{"loopback for an address", branch, controlPlaneFile, turn(`"203.0.113.10"`, `"127.0.0.1"`), found("bad-gateway-address"), ""},
		{"host name for an address", branch, controlPlaneFile, turn(`"203.0.113.10"`, `"istiod.example.com"`), found("gateway-hostname"), ""},
		{"no injection path", branch, controlPlaneFile, cut("istiodRemote:"), foundAt(operator, "injection-path"), ""},
		{"injection path without its network's name", branch, controlPlaneFile, turn("/net/network2", "/net"), found("injection-path"), ""},
		{"injection path without a cluster", branch, controlPlaneFile, turn("/cluster/cluster-b", ""), found("injection-path"), ""},
		{"injection path in the old form", branch, controlPlaneFile, turn("/inject/cluster/cluster-b/net/network2", "/inject/:ENV:cluster=cluster-b:ENV:net=network2"), found("injection-path"), ""},
		{"injection path with another key", branch, controlPlaneFile, turn("/net/network2", "/network/network2"), found("injection-path"), ""},
		{"injection path of another cluster", mixed, controlPlaneFile, turn("/cluster/us-2", "/cluster/us-1"), found("injection-cluster"), ""},
		{"cluster name of a remote", mixed, controlPlaneFile, turn(`clusterName: "us-2"`, `clusterName: "us-22"`), found("injection-cluster"), ""},
		{"mesh config of a remote", branch, controlPlaneFile, add("  profile:", "  meshConfig:\n    accessLogFile: /dev/stdout"), foundAt("meshConfig:", "unused-on-remote"), ""},
		{"revision of a remote", mixed, controlPlaneFile, turn(`revision: "1-31-1"`, `revision: "1-30-2"`), found("remote-revision"), ""},
		{"no revision of a remote", mixed, controlPlaneFile, cut("revision:"), foundAt(operator, "remote-revision"), ""},
		{"namespace of a remote", branch, controlPlaneFile, everywhereIn("cluster-b/", `"istio-system"`, `"istio-remote"`), foundAt(operator, "remote-namespace"), ""},
		{"newer remote", branch, controlPlaneFile, all(add("  profile:", "  tag: 1.29.0"), in("cluster-a/"+controlPlaneFile, add("  profile:", "  tag: 1.28.3"))), foundAt("tag:", "remote-newer"), ""},
		{"older remote", branch, controlPlaneFile, all(add("  profile:", "  tag: 1.26.0"), in("cluster-a/"+controlPlaneFile, add("  profile:", "  tag: 1.28.3"))), foundAt("tag:", "remote-older"), ""},
		{"remote with the profile of a primary", branch, controlPlaneFile, turn("profile: remote", "profile: default"), found("remote-without-profile"), ""},
		{"remote without a profile", "mixed/us-2", controlPlaneFile, cut("profile: remote"), foundAt(operator, "remote-without-profile"), ""},
		{"primary with the profile of a remote", primary, controlPlaneFile, turn(`profile: "default"`, "profile: remote"), found("remote-without-address"), ""},
		{"one of two primaries with the profile of a remote", "two-clusters/cluster-b", controlPlaneFile, turn(`profile: "default"`, "profile: remote"), found("remote-without-address"), ""},
		{"primary without externalIstiod", primary, controlPlaneFile, cut("externalIstiod"), foundAt(operator, "primary-not-external"), ""},
		{"primary that is not external", primary, controlPlaneFile, turn("externalIstiod: true", "externalIstiod: false"), found("primary-not-external"), ""},
		{"one primary of two without externalIstiod", "mixed/us-1", controlPlaneFile, cut("externalIstiod"), foundAt(operator, "primary-not-external"), ""},
		{"cacerts of a remote", branch, cacertsFile, copied("cluster-a/" + cacertsFile), foundAt("name: cacerts", "cacerts-unused"), ""},
	}
}
