package main

import (
	"testing"
	"time"
)

// volumeOfB is a volume of istiod with the remote Secret for cluster-b.
const volumeOfB = `    pilot:
      env: {PILOT_MULTICLUSTER_KUBECONFIG_PATH: /etc/kubeconfigs}
      volumeMounts: [{name: kubeconfigs, mountPath: /etc/kubeconfigs}]
      volumes: [{name: kubeconfigs, projected: {sources: [{secret: {name: istio-remote-secret-cluster-b}}]}}]`

// mutatedSecrets are mistakes about remote Secrets, the kubeconfigs in them, and the accounts by which clusters are
// read.
func mutatedSecrets(t *testing.T) []manifestMutation {
	const (
		two, trio, mixed = "two-clusters/cluster-a", "multi-primary-multi-network/east-1", "mixed/eu-1"
		secretB          = "2-secrets/remote-secrets/cluster-b.yaml"
		secretUS1        = "2-secrets/remote-secrets/us-1.yaml"
		secretUS2        = "2-secrets/remote-secrets/us-2.yaml"
		key              = `"cluster-b": "`
		operator         = "kind: IstioOperator"
		role             = "name: \"istio-remote-reader-istio-system\"\n  labels:\n    app.kubernetes.io/managed-by: meshtopo\n    meshtopo.dev/topology: \"shop\"\nrules:"
		remoteRole       = "name: \"istio-remote-reader-istio-system\"\n  labels:\n    app.kubernetes.io/managed-by: meshtopo\n    meshtopo.dev/topology: \"planet\"\nrules:"
	)
	past, soon, other := time.Now().AddDate(0, 0, -2).Unix(), time.Now().AddDate(0, 0, 30).Unix(), selfSigned("Other")
	return []manifestMutation{
		{"no label", two, secretB, cut("istio/multiCluster"), foundAt("labels:", "remote-secret-unlabelled"), ""},
		{"label misspelt", two, secretB, turn("istio/multiCluster", "istio/multicluster"), foundAt("labels:", "remote-secret-unlabelled"), ""},
		{"label false", two, secretB, turn(`istio/multiCluster: "true"`, `istio/multiCluster: "false"`), found("remote-secret-unlabelled"), ""},
		{"label as a boolean", two, secretB, turn(`istio/multiCluster: "true"`, "istio/multiCluster: true"), found("remote-secret-unlabelled"), ""},
		{"namespace of a remote Secret", two, secretB, turn(`namespace: "istio-system"`, "namespace: default"), found("secret-namespace"), ""},
		{"no namespace of a remote Secret", two, secretB, cut("namespace:"), foundAt("metadata:", "secret-namespace"), ""},
		{"key of another cluster", mixed, secretUS2, turn(`"us-2": "`, `"us-3": "`), found("unknown-remote-cluster"), ""},
		{"key of the file", two, secretB, turn(key, `"cluster-b.yaml": "`), found("remote-secret-key"), ""},
		{"key in capitals", two, secretB, turn(key, `"Cluster-B": "`), found("remote-secret-key"), ""},
		{"key of the cluster itself", two, secretB, turn(key, `"cluster-a": "`), found("remote-secret-of-itself"), ""},
		{"key of another one's Secret", mixed, secretUS2, turn(`"us-2": "`, `"us-1": "`), found("remote-secret-twice"), ""},
		{"name in capitals", two, secretB, turn(`name: "istio-remote-secret-cluster-b"`, `name: "istio-remote-secret-Cluster-B"`), found("secret-name"), ""},
		{"type of a certificate", two, secretB, turn("\ndata:", "\ntype: kubernetes.io/tls\ndata:"), foundAt("type:", "secret-type"), ""},
		{"no Secret", two, secretB, deleted, foundIn("cluster-a/"+controlPlaneFile, operator, "missing-remote-secret"), ""},
		{"no Secret of one of three", trio, "2-secrets/remote-secrets/west-1.yaml", deleted, foundIn("east-1/"+controlPlaneFile, operator, "missing-remote-secret"), ""},
		{"no Secret of a remote elsewhere", mixed, secretUS2, deleted, foundIn("eu-1/"+controlPlaneFile, operator, "missing-remote-secret"), ""},
		{"no Secret of a remote", "primary-remote-one-network/cluster-a", secretB, deleted, foundIn("cluster-a/"+controlPlaneFile, operator, "missing-remote-secret"), ""},
		{"a Secret for itself", two, "2-secrets/remote-secrets/cluster-a.yaml", all(listed, copied("cluster-b/2-secrets/remote-secrets/cluster-a.yaml")), foundAt(`"cluster-a": "`, "remote-secret-of-itself"), ""},
		{"Secret for a volume that istiod does not have", two, secretB, all(cut("istio/multiCluster"), turn(`"istio-remote-secret-cluster-b"`, `"istio-remote-kubeconfig-cluster-b"`)), foundAt(`name: "istio-remote-kubeconfig-cluster-b"`, "kubeconfig-not-mounted"), ""},
		{"Secret in a volume under the name of its cluster", two, secretB, all(cut("istio/multiCluster"), in("cluster-a/"+controlPlaneFile, add("  values:", volumeOfB))), foundAt(key, "kubeconfig-file-name"), ""},
		{"kubeconfig in plain text below data", two, secretB, decoded(key+"|", "data:"), foundAt("\"cluster-b\": |\n", "secret-value"), ""},
		{"kubeconfig as a map", two, secretB, decoded(key, "stringData:"), foundAt("\"cluster-b\":\n", "secret-value"), ""},

		{"server http", two, secretB, data(key, turn("https://", "http://")), found("api-url-not-https"), ""},
		{"server without scheme", two, secretB, data(key, turn("https://", "")), found("api-url-not-https"), ""},
		{"server at localhost", two, secretB, data(key, turn("198.51.100.1", "localhost")), found("api-url-unreachable"), ""},
		{"server of kind", two, secretB, data(key, turn("198.51.100.1", "0.0.0.0")), found("api-url-unreachable"), ""},
		{"server as a Service", two, secretB, data(key, turn("198.51.100.1:6443", "kubernetes.default.svc")), found("api-url-unreachable"), ""},
		{"server at a private address", two, secretB, data(key, turn("198.51.100.1", "10.0.0.1")), found("api-url-private"), ""},
		{"server with a path", two, secretB, data(key, turn(":6443", ":6443/api/v1")), found("api-url-invalid"), ""},
		{"server of another cluster", mixed, secretUS2, data(`"us-2": "`, turn("us-2.example.com", "us-1.example.com")), found("server-of-two-clusters"), ""},
		{"kubeconfigs swapped", mixed, secretUS2, swapped(`"us-2": "`, "eu-1/"+secretUS1, `"us-1": "`), and(found("kubeconfig-name"), foundIn("eu-1/"+secretUS1, `"us-1": "`, "kubeconfig-name")), "each Secret has the other's"},
		{"kubeconfig of another cluster", mixed, secretUS2, data(`"us-2": "`, replacedAll("us-2", "us-1")), found("kubeconfig-name"), ""},
		{"no server", two, secretB, data(key, cut("server:")), found("kubeconfig-incomplete"), ""},
		{"no current-context", two, secretB, data(key, cut("current-context:")), found("kubeconfig-incomplete"), ""},
		{"context of another name", two, secretB, data(key, turn(`current-context: "cluster-b"`, `current-context: "admin@cluster-b"`)), found("kubeconfig-incomplete"), ""},
		{"context with another user", two, secretB, data(key, turn(`user: "cluster-b"`, `user: "admin"`)), found("kubeconfig-incomplete"), ""},
		{"no users", two, secretB, data(key, cut("users:")), found("kubeconfig-incomplete"), ""},
		{"token of another cluster", mixed, secretUS2, all(swappedToken(`"us-2": "`, "eu-1/"+secretUS1, `"us-1": "`)), found("shared-token"), ""},
		{"names of the cluster", two, secretB, data(key, replacedAll(`"cluster-b"`, `"kind-b"`)), found("kubeconfig-name"), ""},
		{"no verification", two, secretB, data(key, add("    server:", "    insecure-skip-tls-verify: true"), cut("certificate-authority-data")), found("kubeconfig-insecure"), ""},
		{"proxy", two, secretB, data(key, add("    server:", `    proxy-url: "http://proxy.example.com:3128"`)), found("kubeconfig-proxy"), ""},
		{"proxy of another scheme", two, secretB, data(key, add("    server:", `    proxy-url: "ftp://proxy.example.com"`)), found("proxy-url-invalid"), ""},
		{"proxy without scheme", two, secretB, data(key, add("    server:", `    proxy-url: "proxy.example.com:3128"`)), found("proxy-url-invalid"), ""},
		{"tunnel for a proxy", two, secretB, data(key, add("    server:", `    proxy-url: "socks5://localhost:1080"`)), found("proxy-url-unreachable"), ""},
		{"no CA", two, secretB, data(key, cut("certificate-authority-data")), found("kubeconfig-without-ca"), ""},
		{"CA in a file", two, secretB, data(key, cut("certificate-authority-data"), add("    server:", "    certificate-authority: /home/me/ca.crt")), found("kubeconfig-file"), ""},
		{"CA that is not encoded", two, secretB, data(key, turn(`certificate-authority-data: "`, `certificate-authority-data: "-----BEGIN`)), found("kubeconfig-data"), ""},
		{"CA cut off", two, secretB, data(key, authorityData(halfOf)), found("malformed-pem"), ""},
		{"server's certificate for a CA", two, secretB, data(key, authorityData(func(string) string { return pemOf(selfSigned("Server", leaf)) })), found("server-certificate-as-ca"), ""},
		{"key beside the CA", two, secretB, data(key, authorityData(func(pem string) string { return pem + other.KeyPEM() })), found("private-key-exposed"), ""},
		{"exec", two, secretB, data(key, cut("token:"), add("  user:\n", "    exec: {command: aws, args: [eks, get-token]}")), found("kubeconfig-refused"), ""},
		{"provider of a cloud", two, secretB, data(key, cut("token:"), add("  user:\n", "    auth-provider: {name: gcp}")), found("kubeconfig-refused"), ""},
		{"token in a file", two, secretB, data(key, cut("token:"), add("  user:\n", "    tokenFile: /var/run/token")), found("kubeconfig-refused"), ""},
		{"no credentials", two, secretB, data(key, turn("    token:", "    tokn:")), found("kubeconfig-without-credentials"), ""},
		{"empty kubeconfig", two, secretB, data(key, text("")), found("kubeconfig-empty"), ""},
		{"kubeconfig that is a Secret", two, secretB, data(key, turn("kind: Config", "kind: Secret")), found("kubeconfig-invalid"), ""},
		{"kubeconfig that is no YAML", two, secretB, data(key, turn("contexts:", "contexts: [")), found("kubeconfig-invalid"), ""},
		{"context without quotes", two, secretB, data(key, turn(`    user: "cluster-b"`, "    user: on"), turn("users:\n- name: \"cluster-b\"", "users:\n- name: on")), found("unquoted-scalar", "unquoted-scalar"), "it stands at two places"},
		{"token expired", two, secretB, data(key, withToken(claims{"sub": reader, "exp": past})), found("token-expired"), ""},
		{"token for a month", two, secretB, data(key, withToken(claims{"sub": reader, "exp": soon})), found("token-expires-soon"), ""},
		{"token of a pod", two, secretB, data(key, withToken(claims{"sub": reader, "kubernetes.io": claims{"pod": claims{"name": "x"}}})), found("bound-token"), ""},
		{"token of a person", two, secretB, data(key, withToken(claims{"sub": "oidc:someone"})), found("token-of-another-account"), ""},
		{"token for istiod", two, secretB, data(key, withToken(claims{"sub": reader, "aud": []string{"istio-ca"}})), found("token-for-another-audience"), ""},
		{"token of the future", two, secretB, data(key, withToken(claims{"sub": reader, "nbf": soon})), found("token-not-yet-valid"), ""},
		{"token encoded once more", two, secretB, data(key, tokenText(base64Of)), found("encoded-token"), ""},
		{"token cut off", two, secretB, data(key, tokenText(halfOf)), found("malformed-token"), ""},

		{"line in a kubeconfig", two, secretB, plain(key, turn("https://198.51.100.1", "http://198.51.100.1")), found("api-url-not-https"), ""},
		{"line in a kubeconfig, of its name", two, secretB, plain(key, turn(`clusters:`+"\n    - name: \"cluster-b\"", `clusters:`+"\n    - name: \"cluster-c\"")), found("kubeconfig-incomplete"), ""},
		{"line of a kubeconfig's token", two, secretB, plain(key, withToken(claims{"sub": reader, "exp": past})), found("token-expired"), ""},

		{"right to read nodes", two, readerFile, turn("[namespaces, nodes, pods", "[namespaces, pods"), found("reader-lacks-rights"), ""},
		{"right to read slices", two, readerFile, cut("- apiGroups: [discovery.k8s.io]"), foundAt(role, "reader-lacks-rights"), ""},
		{"right to watch", two, readerFile, turn("gateways]\n  verbs: [list, watch]", "gateways]\n  verbs: [list]"), found("reader-lacks-rights"), ""},
		{"right to review tokens of a remote", "mixed/us-2", readerFile, cut("- apiGroups: [authentication.k8s.io]"), foundAt(remoteRole, "reader-lacks-rights"), ""},
		{"right to write the root into a remote", "mixed/us-2", readerFile, turn("\"istio-ca-crl\"]\n  verbs: [list, watch, update]", "\"istio-ca-crl\"]\n  verbs: [list, watch]"), found("reader-lacks-rights"), ""},
		{"reader as an admin", two, readerFile, turn("  kind: ClusterRole\n  name: \"istio-remote-reader-istio-system\"", "  kind: ClusterRole\n  name: cluster-admin"), found("reader-is-admin"), ""},
		{"reader of one namespace", two, readerFile, turn("kind: ClusterRoleBinding\nmetadata:\n", "kind: RoleBinding\nmetadata:\n  namespace: istio-system\n"), foundAt("name: \"istio-remote-reader-istio-system\"\n  labels:\n    app.kubernetes.io/managed-by: meshtopo\n    meshtopo.dev/topology: \"shop\"\nroleRef:", "reader-in-one-namespace"), ""},
		{"subject in another namespace", two, readerFile, turn("  name: \"istio-remote-reader\"\n  namespace: \"istio-system\"\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n", "  name: \"istio-remote-reader\"\n  namespace: default\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n"), foundAt("- kind: ServiceAccount\n  name: \"istio-remote-reader\"\n  namespace: default", "reader-lacks-rights"), ""},
		{"subject misspelt", two, readerFile, turn("  name: \"istio-remote-reader\"\n  namespace: \"istio-system\"\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n", "  name: istio-remote-raeder\n  namespace: \"istio-system\"\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\n"), foundAt("- kind: ServiceAccount\n  name: istio-remote-raeder", "reader-lacks-rights"), ""},
		{"role misspelt", two, readerFile, turn("  kind: ClusterRole\n  name: \"istio-remote-reader-istio-system\"\nsubjects:", "  kind: ClusterRole\n  name: istio-remote-reader-istio-sytem\nsubjects:"), found("reader-lacks-rights"), ""},
		{"token Secret without type", two, readerFile, cut("type: kubernetes.io/service-account-token"), foundAt("kubernetes.io/service-account.name", "secret-type"), ""},
		{"token Secret of another type", two, readerFile, turn("type: kubernetes.io/service-account-token", "type: Opaque"), found("secret-type"), ""},
		{"token Secret without account", two, readerFile, cut("  annotations:"), foundAt("metadata:\n  name: \"istio-remote-reader-istio-remote-secret-token\"", "token-secret-without-account"), ""},
		{"token Secret of an unknown account", two, readerFile, turn(`service-account.name: "istio-remote-reader"`, `service-account.name: "istio-remote-raeder"`), found("token-secret-unknown-account"), ""},
		{"no token Secret", two, readerFile, turn("    meshtopo.dev/topology: \"shop\"\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n",
			"    meshtopo.dev/topology: \"shop\"\nsecrets:\n- name: other-istio-remote-secret-token\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n"), foundAt("- name: other-istio", "token-secret-missing"), ""},
	}
}
