package main

import (
	"crypto/x509"
	"strings"
	"testing"
	"time"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// kubeconfigB is where the topologies of these tables have the kubeconfig of cluster-b.
const kubeconfigB = "kubeconfigs/cluster-b.yaml"

// readerOfB gives a sound kubeconfig of the reader of cluster-b.
func readerOfB(t *testing.T) string {
	t.Helper()
	const example = "../../testdata/two-clusters/"
	return kubeconfigFor("cluster-b", "https://198.51.100.1:6443", read(t, example+server), read(t, example+token))
}

// byKubeconfig has cluster-b of the example two-clusters be read with a kubeconfig.
func byKubeconfig(place string) []edit {
	return []edit{
		{"      apiServer: {url: \"https://198.51.100.1:6443\", ca: certs/cluster-b/api.pem}\n", ""},
		{"{token: {file: tokens/cluster-b}}", "{kubeconfig: {file: " + place + "}}"},
	}
}

// inKubeconfig has mistakes in the kubeconfig of cluster-b.
func inKubeconfig(t *testing.T, codes, name string, edits ...edit) wrong {
	t.Helper()
	return wrong{codes: codes, name: name, edits: byKubeconfig(kubeconfigB), files: map[string]string{kubeconfigB: apply(t, readerOfB(t), edits)}}
}

// inFile has a text in the place of the kubeconfig of cluster-b.
func inFile(codes, name, text string) wrong {
	return wrong{codes: codes, name: name, edits: byKubeconfig(kubeconfigB), files: map[string]string{kubeconfigB: text}}
}

// inSecret gives the stringData of a Secret that has a kubeconfig under some keys.
func inSecret(kubeconfig string, keys ...string) string {
	text := "stringData:\n"
	for _, key := range keys {
		text += "  " + key + ": |\n    " + strings.ReplaceAll(strings.TrimSpace(kubeconfig), "\n", "\n    ") + "\n"
	}
	return text
}

// lineOf gives the line of the kubeconfig of cluster-b that begins with a text.
func lineOf(t *testing.T, begin string) string {
	t.Helper()
	for line := range strings.SplitSeq(readerOfB(t), "\n") {
		if strings.HasPrefix(line, begin) {
			return line
		}
	}
	t.Fatalf("no line begins with %q", begin)
	return ""
}

// wrongCredentials has topologies with other credentials than tokens.
func wrongCredentials(t *testing.T) []wrong {
	const serverB = "server: https://198.51.100.1:6443"
	caLine, tokenLine := lineOf(t, "    certificate-authority-data:"), lineOf(t, "    token:")
	field := func(old, text string) edit { return edit{old, text} }
	return []wrong{
		{codes: "invalid-value invalid-value", name: "names of Secrets with tokens of before", edits: []edit{inIstio("reader: {formerTokenSecret: ‹Former›}"), {"network: network2", "network: network2\n      istio: {reader: {formerTokenSecret: ‹Former›}}"}}},
		{codes: "invalid-value", name: "a variable for a kubeconfig", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{kubeconfig: {env: ‹KUBE-CONFIG›}}"}}},
		{codes: "invalid-value", name: "a variable for a client key", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{clientCertificate: {cert: " + clientB + ", key: {env: ‹CLIENT-KEY›}}}"}}, files: map[string]string{clientB: pemOf(sign(selfSigned("Ours"), leaf, onlyClients))}},
		{codes: "invalid-value", name: "nobody refreshes it", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{token: {file: tokens/cluster-b}, refreshedBy: ‹\"\"›}"}}},
		{codes: "insecure-kubeconfig-options invalid-value", name: "what istiod is to be allowed", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{kubeconfig: {file: " + kubeconfigB + "}, ‹insecureOptions›: [‹oidc›]}"}}, files: map[string]string{kubeconfigB: readerOfB(t)}},
		{codes: "credential-ways", name: "two", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{token: {file: tokens/cluster-b}, ‹kubeconfig›: {file: " + kubeconfigB + "}}"}}},
		{codes: "rotating-to-same-secret", name: "no new name", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{token: {file: tokens/cluster-b}, rotating: ‹true›}"}}},
		{codes: "private-place", name: "of a kubeconfig", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{‹kubeconfig›: {}}"}}},
		{codes: "credential-not-in-store", name: "a client certificate", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{‹clientCertificate›: {cert: " + clientB + ", key: {file: " + clientKeyB + "}}}"},
			{"{protection: plaintext}", `{protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "ca/{cluster}"}}`}}, files: map[string]string{clientB: pemOf(sign(selfSigned("Ours"), leaf))}},
		{codes: "missing-private-file", name: "a kubeconfig", edits: byKubeconfig("‹" + kubeconfigB + "›")},
		{codes: "missing-field", name: "apiServer.url", edits: []edit{{`apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-b/api.pem}`, "‹apiServer›: {ca: certs/cluster-b/api.pem}"}}},
		inKubeconfig(t, "kubeconfig-refused", "exec", field(tokenLine, "    ‹exec›: {command: aws, args: [eks, get-token]}")),
		inKubeconfig(t, "kubeconfig-refused", "gcp", field(tokenLine, "    ‹auth-provider›: {name: gcp}")),
		inKubeconfig(t, "kubeconfig-file", "the token", field(tokenLine, "    tokenFile: ‹/var/run/token›")),
		inKubeconfig(t, "kubeconfig-file kubeconfig-file", "of a client certificate", field(tokenLine, "    client-certificate: ‹/home/me/client.crt›\n    client-key: ‹/home/me/client.key›")),
		inKubeconfig(t, "kubeconfig-file", "the CA of oidc", field(tokenLine, "    auth-provider: {name: oidc, config: {idp-certificate-authority: ‹/home/me/ca.crt›}}")),
		inKubeconfig(t, "kubeconfig-file", "the CA", field(caLine, "    certificate-authority: ‹/home/me/ca.crt›")),
		inKubeconfig(t, "kubeconfig-without-ca", "nothing", field("  cluster:\n    "+serverB+"\n"+caLine, "  ‹cluster›:\n    "+serverB)),
		inKubeconfig(t, "kubeconfig-data", "of the CA", field(caLine, "    certificate-authority-data: ‹x›")),
		inKubeconfig(t, "kubeconfig-insecure", "not verified", field(caLine, "    insecure-skip-tls-verify: ‹true›")),
		inKubeconfig(t, "kubeconfig-incomplete", "no server", field("  cluster:\n    "+serverB, "  ‹cluster›:")),
		inKubeconfig(t, "kubeconfig-incomplete", "another context", field("current-context: cluster-b", "current-context: ‹cluster-c›")),
		inKubeconfig(t, "kubeconfig-without-credentials", "nobody", field("  user:\n"+tokenLine, "  ‹user›: {}")),
		inKubeconfig(t, "kubeconfig-without-credentials", "a password", field("  user:\n"+tokenLine, "  ‹user›: {username: admin, password: hunter2}")),
		inKubeconfig(t, "malformed-token", "a placeholder in a kubeconfig", field(tokenLine, "    token: ‹${TOKEN}›")),
		inKubeconfig(t, "malformed-token", "words to replace in a kubeconfig", field(tokenLine, "    token: ‹REPLACE_ME›")),
		inKubeconfig(t, "token-expired", "in a kubeconfig", field(tokenLine, "    token: ‹"+jwt(claims{"sub": "system:serviceaccount:istio-system:istio-remote-reader", "exp": 1700000000})+"›")),
		inKubeconfig(t, "token-expires-soon", "in a kubeconfig", field(tokenLine, "    token: ‹"+jwt(claims{"sub": reader, "exp": time.Now().AddDate(0, 0, 7).Unix()})+"›")),
		{codes: "token-expired", name: "and is refreshed", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{token: {file: ‹tokens/cluster-b›}, refreshedBy: a job}"}}, files: map[string]string{token: jwt(claims{"sub": reader, "exp": 1700000000})}},
		inKubeconfig(t, "api-url-unreachable", "in a kubeconfig", field(serverB, "server: ‹https://127.0.0.1:6443›")),
		inKubeconfig(t, "api-url-not-https", "in a kubeconfig", field(serverB, "server: ‹http://198.51.100.1:6443›")),
		inKubeconfig(t, "api-url-duplicate", "in a kubeconfig", field(serverB, "server: ‹https://192.0.2.1:6443›")),
		inKubeconfig(t, "proxy-url-unreachable", "in a kubeconfig", field(serverB, serverB+"\n    proxy-url: ‹http://localhost:3128›")),
		{codes: "kubeconfig-invalid", name: "a token in its place", edits: byKubeconfig(kubeconfigB), files: map[string]string{kubeconfigB: "‹" + jwt(claims{"sub": "x"}) + "›\n"}},
		inFile("kubeconfig-invalid", "two documents", "‹apiVersion›"+strings.TrimPrefix(readerOfB(t), "apiVersion")+"---\n"+readerOfB(t)),
		inFile("kubeconfig-invalid", "two in a Secret, neither of the cluster", "‹apiVersion›: v1\nkind: Secret\n"+inSecret(readerOfB(t), "east", "west")),
		inFile("kubeconfig-invalid", "two Secrets of the cluster", "‹apiVersion›: v1\nkind: Secret\n"+inSecret(readerOfB(t), "cluster-b")+"---\nkind: Secret\n"+inSecret(readerOfB(t), "cluster-b")),
		inFile("kubeconfig-invalid", "a token Secret", "‹apiVersion›: v1\nkind: Secret\ndata: {ca.crt: eA==, namespace: eA==, token: eA==}\n"),
		inFile("kubeconfig-invalid", "a Secret without base64", "apiVersion: v1\nkind: Secret\ndata: {‹cluster-b›: x}\n"),
		inFile("kubeconfig-invalid", "an encrypted Secret", "‹apiVersion›: v1\nkind: Secret\ndata: {cluster-b: \"ENC[AES256_GCM,data:x,type:str]\"}\nsops: {mac: \"ENC[AES256_GCM,data:x,type:str]\"}\n"),
		inFile("kubeconfig-invalid", "an encrypted kubeconfig", "‹apiVersion›: v1\nkind: Config\nusers: \"ENC[AES256_GCM,data:x,type:str]\"\nsops: {mac: \"ENC[AES256_GCM,data:x,type:str]\"}\n"),
		{codes: "kubeconfig-empty", name: "an empty file", edits: byKubeconfig("‹" + kubeconfigB + "›"), files: map[string]string{kubeconfigB: ""}},
		{codes: "kubeconfig-incomplete kubeconfig-unusable", name: "what is wrong is lowered", edits: append(byKubeconfig("‹"+kubeconfigB+"›"),
			edit{"  networks:", "  rules: {kubeconfig-incomplete: {severity: warning, reason: it works}}\n  networks:"}),
			files: map[string]string{kubeconfigB: strings.Replace(readerOfB(t), "  cluster:\n    "+serverB+"\n", "  ‹cluster›:\n", 1)}},
		{codes: "private-file-as-patch", name: "a kubeconfig", edits: append(byKubeconfig(kubeconfigB), inIstio("patches: [{path: ‹"+kubeconfigB+"›}]")),
			files: map[string]string{kubeconfigB: readerOfB(t)}},
	}
}

// clientB is where the topologies of these tables have the client certificate of cluster-b, and its key.
const clientB, clientKeyB = "certs/cluster-b/client.pem", "certs/cluster-b/client-key.pem"

// byClientCertificate has cluster-b of the example two-clusters be read with a client certificate.
func byClientCertificate(cert, key string) edit {
	return edit{"{token: {file: tokens/cluster-b}}", "{clientCertificate: {cert: " + cert + ", key: {file: " + key + "}}}"}
}

// wrongClients has client certificates that are not right.
func wrongClients() []wrong {
	const past = -48 * time.Hour
	ours := selfSigned("Ours")
	client, other := sign(ours, leaf, onlyClients), sign(ours, leaf)
	files := func(cert, key string) map[string]string { return map[string]string{clientB: cert, clientKeyB: key} }
	at := func(code, name, cert, key string, text map[string]string) wrong {
		return wrong{codes: code, name: "of a client: " + name, edits: []edit{byClientCertificate(cert, key)}, files: text}
	}
	certB, keyB := "‹"+clientB+"›", "‹"+clientKeyB+"›"
	old, server := sign(ours, leaf, until(time.Now().Add(past))), sign(ours, leaf, trusttest.Extended(x509.ExtKeyUsageServerAuth))
	return []wrong{
		at("missing-file", "nothing", certB, clientKeyB, map[string]string{clientKeyB: client.KeyPEM()}),
		at("missing-private-file", "no key", clientB, keyB, map[string]string{clientB: pemOf(client)}),
		at("key-mismatch", "another's key", clientB, keyB, files(pemOf(client), other.KeyPEM())),
		at("certificate-expired", "two days ago", certB, clientKeyB, files(pemOf(old), old.KeyPEM())),
		at("incompatible-extended-key-usage", "for servers", certB, clientKeyB, files(pemOf(server), server.KeyPEM())),
		{codes: "insecure-kubeconfig-options invalid-value", name: "an option that no kubeconfig is allowed", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{token: {file: tokens/cluster-b}, ‹insecureOptions›: [‹clientKeyFile›]}"}}},
		at("ca-as-client-certificate", "a CA", certB, clientKeyB, files(pemOf(ours), ours.KeyPEM())),
		at("certificate-for-key", "twice", clientB, keyB, files(pemOf(client), pemOf(client))),
	}
}

// doubtfulCredentials has credentials that may not be what is meant.
func doubtfulCredentials(t *testing.T) []wrong {
	other := "clusters:\n- name: other\n  cluster: {server: \"https://203.0.113.1:6443\"}\n"
	return []wrong{
		{codes: "insecure-kubeconfig-options", name: "a token", edits: []edit{{"{token: {file: tokens/cluster-b}}", "{token: {file: tokens/cluster-b}, ‹insecureOptions›: [exec]}"}}},
		inKubeconfig(t, "kubeconfig-several-clusters", "two", edit{"clusters:\n- name", other + "- ‹name›"}),
		inKubeconfig(t, "kubeconfig-name", "another cluster's", edit{"    cluster: cluster-b\n", "    cluster: cluster-a\n"}, edit{"- name: cluster-b\n  cluster:\n", "- name: ‹cluster-a›\n  cluster:\n"}),
	}
}
