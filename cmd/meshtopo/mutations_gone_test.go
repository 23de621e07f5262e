package main

// mutatedGone are objects that are gone, and rights that are.
func mutatedGone() []manifestMutation {
	const (
		two, branch = "two-clusters/cluster-a", "primary-remote-multi-network/cluster-b"
		name        = "name: \"istio-remote-reader-istio-system\"\n"
		labels      = "  labels:\n    app.kubernetes.io/managed-by: meshtopo\n    meshtopo.dev/topology: "
		namespace   = "  namespace: \"istio-system\"\n"
	)
	return []manifestMutation{
		{"no binding of the reader", two, readerFile, withoutObject("\nkind: ClusterRoleBinding\n"), foundAt(name+labels+"\"shop\"\nrules:\n- apiGroups: [\"\"]\n  resources: [namespaces", "reader-lacks-rights"), ""},
		{"no binding of the reader in a namespace", two, readerFile, withoutObject("\nkind: RoleBinding\n"), foundAt(name+namespace+labels+"\"shop\"\nrules:", "reader-lacks-rights"), ""},
		{"no role of the reader", two, readerFile, withoutObject("\nkind: ClusterRole\n"), foundAt("name: \"istio-remote-reader-istio-system\"\nsubjects:\n- kind: ServiceAccount\n  name: \"istio-remote-reader\"\n  namespace: \"istio-system\"\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n", "reader-lacks-rights"), ""},
		{"no account of the reader", two, readerFile, withoutObject("\nkind: ServiceAccount\n"), foundAt("kubernetes.io/service-account.name:", "token-secret-unknown-account"), ""},
		{"no Secret for the reader's token", two, readerFile, withoutObject("\nkind: Secret\n"), foundAt("name: \"istio-remote-reader\"\n  namespace: \"istio-system\"\n  labels:", "token-secret-missing"), ""},
		{"right to create ConfigMaps in a remote", branch, readerFile, turn("[configmaps]\n  verbs: [create]", "[configmaps]\n  verbs: [list]"), found("reader-lacks-rights"), ""},
		{"right to take the lock of a remote", branch, readerFile, turn("verbs: [get, update]", "verbs: [get]"), found("reader-lacks-rights"), ""},
		{"right to write into the webhooks of a remote", branch, readerFile, turn("\"istio-revision-tag-default\"]\n  verbs: [update]", "\"istio-revision-tag-default\"]\n  verbs: [patch]"), found("reader-lacks-rights"), ""},
		{"the reader is not listed", two, "1-prepare/kustomization.yaml", cut("remote-reader.yaml"), foundAt("resources:", "not-in-kustomization"), ""},
		{"the namespace is not listed", two, "1-prepare/kustomization.yaml", cut("namespace.yaml"), foundAt("resources:", "not-in-kustomization"), ""},
		{"a remote Secret is not listed", two, "2-secrets/kustomization.yaml", cut("cluster-b.yaml"), foundAt("resources:", "not-in-kustomization"), ""},
		{"cacerts is not listed", two, "2-secrets/kustomization.yaml", cut("cacerts.yaml"), foundAt("resources:", "not-in-kustomization"), ""},
		{"what exposes istiod is not listed", "primary-remote-multi-network/cluster-a", "5-expose/kustomization.yaml", cut("expose-istiod.yaml"), foundAt("resources:", "not-in-kustomization"), ""},
		{"istiod's Gateway asks for certificates", "mixed/eu-1", exposeIstiodFile, turn("protocol: TLS\n    tls:\n      mode: PASSTHROUGH\n    hosts: [\"*\"]\n  - port:\n      number: 15017", "protocol: TLS\n    tls:\n      mode: ISTIO_MUTUAL\n    hosts: [\"*\"]\n  - port:\n      number: 15017"), found("istiod-server-mode"), ""},
		{"istiod's webhook is found by its name", "mixed/eu-1", exposeIstiodFile, turn("name: tls-istiodwebhook\n      protocol: TLS\n    tls:\n      mode: PASSTHROUGH", "name: tls-istiodwebhook\n      protocol: TLS\n    tls:\n      mode: AUTO_PASSTHROUGH"), found("istiod-server-mode"), ""},
		{"routes to istiod of another Gateway", "mixed/eu-1", exposeIstiodFile, turn("[istiod-gateway]", "[cross-network-gateway]"), found("istiod-unrouted"), ""},
		{"no Gateway that the routes to istiod name", "primary-remote-multi-network/cluster-a", exposeIstiodFile, withoutObject("\nkind: Gateway\n"), foundAt("gateways:", "unknown-gateway"), ""},
		{"no route to one of two control planes", "upgrade/cluster-a", exposeIstiodFile, withoutObject("name: \"istiod-vs-1-31-1\""), foundIn("cluster-b/3-control-plane/1-31-1/istio-operator.yaml", "kind: IstioOperator", "istiod-unrouted"), ""},
		{"CA of another cluster", "mixed/eu-1", "2-secrets/remote-secrets/us-2.yaml", swappedAuthority(`"us-2": "`, "eu-1/2-secrets/remote-secrets/us-1.yaml", `"us-1": "`), found("ca-of-another-cluster"), ""},
		{"nothing is listed", two, "5-expose/kustomization.yaml", cut("cross-network-gateway.yaml"), foundAt("resources:", "not-in-kustomization"), ""},
	}
}
