package plaintext

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"
)

// harmless gives texts in which nothing is private, or nothing in clear, by what they are.
func harmless() map[string]string {
	secret := func(data string) string {
		return "apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: istio-system}\n" + data + "\n"
	}
	begin := func(label string) string { return "-----BEGIN " + label + "-----\n" }
	sealed := "AgB" + base64.StdEncoding.EncodeToString(random(600))
	enc := "ENC[AES256_GCM,data:" + base64.StdEncoding.EncodeToString(random(60)) + ",iv:" + base64.StdEncoding.EncodeToString(random(32)) + ",tag:" + base64.StdEncoding.EncodeToString(random(16)) + ",type:str]"
	digest := hex.EncodeToString(random(32))
	testPEM := testKey + "\n" + pkcs8PEM()
	segments := strings.Split(jwt("a"), ".")
	return map[string]string{
		"nothing":                    "",
		"a certificate":              certificate(),
		"a certificate in base64":    "ca: " + b64(certificate()) + "\n",
		"DER of a certificate":       "ca: " + strings.Join(strings.Split(strings.TrimSpace(certificate()), "\n")[1:5], "") + "\n",
		"a public key":               publicKey(),
		"a key of SSH to log in to":  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5" + strings.TrimRight(base64.StdEncoding.EncodeToString(random(36)), "=") + " me@host\n",
		"a request":                  block("CERTIFICATE REQUEST", append([]byte{0x30, 0x82, 1, 0}, random(256)...)),
		"parameters":                 block("EC PARAMETERS", []byte{6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7}),
		"a message of PGP":           begin("PGP MESSAGE") + "\n" + folded(base64.StdEncoding.EncodeToString(random(500)), 64) + "\n=abcd\n-----END PGP MESSAGE-----\n",
		"a file of age":              begin("AGE ENCRYPTED FILE") + folded(base64.StdEncoding.EncodeToString(random(500)), 64) + "\n-----END AGE ENCRYPTED FILE-----\n",
		"a recipient of age":         "age1" + chosen(strings.ToLower(bech32), 58) + "\n",
		"a file of git-crypt":        "\x00GITCRYPT\x00" + string(random(500)),
		"a vault of Ansible":         "$ANSIBLE_VAULT;1.1;AES256\n" + folded(hex.EncodeToString(random(400)), 80) + "\n",
		"an image":                   "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + string(random(3000)),
		"an image in a page":         "![a](data:image/png;base64," + base64.StdEncoding.EncodeToString(append([]byte("\x89PNG\r\n\x1a\n"), random(900)...)) + ")\n",
		"UTF-16":                     wide("name: a\r\n", binary.LittleEndian, true),
		"a test key":                 testPEM,
		"a test key with CRLF":       strings.ReplaceAll(testPEM, "\n", "\r\n"),
		"a test key in base64":       secret("data:\n  ca-key.pem: " + b64(testPEM)),
		"a test key in a Secret":     secret("stringData:\n  ca-key.pem: |\n    " + indented(testPEM, "    ")),
		"a test key in JSON":         `{"kind": "Secret", "stringData": {"ca-key.pem": "` + strings.ReplaceAll(testPEM, "\n", `\n`) + `"}}`,
		"a test key in a patch":      "@@ -0,0 +1,9 @@\n+" + indented(testPEM, "+") + "\n",
		"a test key, base64 twice":   "a: " + b64(b64(testPEM)) + "\n",
		"a test token":               jwt(testTokens+"east") + "\n",
		"a test token in base64":     secret("data:\n  token: " + b64(jwt(testTokens+"east"))),
		"a test token of a Secret":   secret("stringData:\n  west: |\n    " + indented(kubeconfig("token: "+jwt(testTokens+"west")), "    ")),
		"a test key of age":          "# " + testKey + "\n# public key: age1abc\nAGE-SECRET-KEY-1" + chosen(bech32, 58) + "\n",
		"half of a JWT":              segments[0] + "." + segments[1] + "\n",
		"a JWT without signature":    segments[0] + "." + segments[1] + ".\n",
		"a JWT that is cut off":      "token: " + segments[0] + "...\n",
		"a JWT with a made up end":   segments[0] + "." + segments[1] + ".c2lnbmF0dXJl\n",
		"an encrypted JWT":           b64url(`{"alg":"RSA-OAEP","enc":"A256GCM"}`) + "." + strings.Repeat(base64.RawURLEncoding.EncodeToString(random(48))+".", 3) + "abc\n",
		"the first line of a key":    "grep -q '" + begin("RSA PRIVATE KEY"),
		"a key that is left out":     begin("PRIVATE KEY") + "...\n-----END PRIVATE KEY-----\n",
		"a key that is cut off":      begin("RSA PRIVATE KEY") + "MIIEpAIBAAKCAQEA…\n-----END RSA PRIVATE KEY-----\n",
		"a key of words":             begin("PRIVATE KEY") + b64("this is where your private key has to be, in base64 and in lines of 64") + "\n-----END PRIVATE KEY-----\n",
		"a key of one letter":        begin("PRIVATE KEY") + strings.Repeat("A", 400) + "\n-----END PRIVATE KEY-----\n",
		"a template of a key":        "tls.key: |\n  " + begin("PRIVATE KEY") + "  {{ .Values.key | indent 2 }}\n  -----END PRIVATE KEY-----\n",
		"code that reads keys":       "var begin = \"-----BEGIN PRIVATE KEY-----\"\nvar end = \"-----END PRIVATE KEY-----\"\n",
		"an age key that is no key":  "AGE-SECRET-KEY-1" + strings.Repeat("Q", 58) + "\n",
		"a digest":                   "image: registry.example.com/istio/pilot@sha256:" + digest + "\n",
		"a checksum of a Secret":     "annotations:\n  checksum/secret: " + digest + "\n",
		"a commit":                   "token: git\nrev: " + hex.EncodeToString(random(20)) + "\n",
		"sums":                       "example.com/a v1.0.0 h1:" + base64.StdEncoding.EncodeToString(random(32)) + "\n",
		"integrity":                  `"integrity": "sha512-` + base64.StdEncoding.EncodeToString(random(64)) + `"` + "\n",
		"a fingerprint":              "SHA256:" + base64.RawStdEncoding.EncodeToString(random(32)) + "\n",
		"a UUID":                     "secret: 0f8fad5b-d9cb-469f-a165-70867728950e\n",
		"names of Secrets":           "secretName: istio-remote-secret-cluster-2-West\nimagePullSecrets: [registry-2]\ntokenSecret: istio-remote-reader-istio-remote-secret-token-2\n",
		"code about tokens":          "token := readTokenOfCluster2(ctx, secret)\npassword = config.Database2.Password\n",
		"a variable":                 "export TOKEN=$(kubectl create token reader)\nPASSWORD=${DB_PASSWORD:-}\n",
		"placeholders":               "token: <your token>\npassword: CHANGEME-0123456789abcdef\napi-key: xxxxxxxxxxxxxxxxxxxxxxxxxxxx\n",
		"a URL without a password":   "https://me@example.com/a, https://example.com:8443/a@b\n",
		"a URL with a placeholder":   "postgres://user:password@host/a postgres://app:${PASSWORD}@db/a https://user:<password>@host\n",
		"a header of an example":     "Authorization: Basic " + b64("user:password") + "\nAuthorization: Bearer <token>\n",
		"a SealedSecret":             "kind: SealedSecret\nspec:\n  encryptedData:\n    ca-key.pem: " + sealed + "\n  template:\n    metadata: {name: cacerts}\n    type: Opaque\n",
		"a SealedSecret of words":    "kind: SealedSecret\nspec:\n  encryptedData:\n    password: " + sealed + "\n    token: \"" + sealed + "\"\n",
		"a SealedSecret in lines":    "kind: SealedSecret\nspec:\n  encryptedData:\n    password: " + indented(folded(sealed, 76), "      ") + "\n    token: >-\n      " + indented(folded(sealed, 76), "      ") + "\n",
		"a ciphertext of a cloud":    "password: AQICAH" + mixed(200) + "\nencryptedPassword: " + mixed(80) + "\n",
		"an address":                 "credential: Robot1@example.com\n",
		"the digest of a password":   secret("stringData:\n  admin.password: $2a$10$" + chosen(letters, 53)),
		"a Secret of sops":           secret("data:\n  a: " + enc + "\nsops:\n  age:\n  - recipient: age1abc\n    enc: |\n      " + begin("AGE ENCRYPTED FILE") + "      " + indented(folded(base64.StdEncoding.EncodeToString(random(300)), 64), "      ") + "\n      -----END AGE ENCRYPTED FILE-----"),
		"a Secret of sops in JSON":   `{"kind": "Secret", "data": {"a": "` + enc + `"}}`,
		"variables of sops":          "TOKEN=" + enc + "\nsops_version=3.13.3\n",
		"an ExternalSecret":          "kind: ExternalSecret\nspec:\n  target:\n    template:\n      data:\n        west: |\n          " + indented(kubeconfig("token: \"{{ .token }}\""), "          ") + "\n",
		"the Secret of a token":      secret("type: kubernetes.io/service-account-token"),
		"a Secret of a template":     secret("data:\n  password: {{ .Values.password | b64enc | quote }}"),
		"a Secret with placeholders": secret("stringData:\n  password: <password>\n  token: ${TOKEN}\n  key: CHANGEME"),
		"a Secret of short words":    secret("stringData: {a: b, password: test, user: admin}"),
		"a Secret of public things":  secret("data:\n  ca.crt: " + b64(certificate()) + "\n  namespace: " + b64("istio-system") + "\n  id_rsa.pub: " + b64("ssh-rsa AAAA me")),
		"a Secret of settings":       secret("stringData:\n  config.yaml: |\n    tenantId: some-tenant-id\n    clientSecret: some-client-secret\n    level: 7\n"),
		"a cluster of Argo CD":       secret("stringData:\n  name: west\n  config: |\n    {\n      \"awsAuthConfig\": {\"clusterName\": \"west-1\"},\n      \"tlsClientConfig\": {\"insecure\": false}\n    }\n"),
		"a repository of Argo CD":    secret("stringData:\n  type: git\n  url: https://git.example.com/mesh.git"),
		"a Secret without values":    secret("data: {}"),
		"a Secret with nothing in":   secret("data: {a: \"\"}"),
		"a kubeconfig with exec":     kubeconfig("exec: {command: aws, args: [eks, get-token]}"),
		"a kubeconfig of a page":     kubeconfig("token: <token of the reader>"),
		"a kubeconfig in a Secret":   secret("stringData:\n  west: |\n    " + indented(kubeconfig("exec: {command: aws}"), "    ")),
		"roles for Secrets":          "kind: Role\nrules:\n- resources: [secrets]\n  verbs: [get]\n---\nkind: Config\ndata: {a: b}\n",
		"a registry without login":   `{"auths": {"registry.example.com": {}}}`,
		"a public JWK":               `{"keys": [{"kty": "EC", "x": "` + base64.RawURLEncoding.EncodeToString(random(32)) + `", "y": "` + base64.RawURLEncoding.EncodeToString(random(32)) + `"}]}`,
		"words in base64":            "secret: " + b64("secret is secure") + "\n",
		"a text in base64":           "data: " + b64(strings.Repeat("just some text about tokens and keys\n", 5)) + "\n",
		"pages of results":           `{"NextToken": "` + mixed(60) + `"}`,
		"an encrypted message":       `{"protected": "` + b64(`{"alg":"dir"}`) + `", "ciphertext": "` + mixed(200) + `"}`,
	}
}

func b64url(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// TestHarmless finds nothing in what is public, encrypted, an example, or not filled in.
func TestHarmless(t *testing.T) {
	for name, text := range harmless() {
		t.Run(name, func(t *testing.T) {
			if got, _ := check(text); len(got) > 0 {
				t.Errorf("found %q in\n%s", got, text)
			}
		})
	}
}

// TestTestKeys knows a key by its first line and a token by its kid, and by nothing else.
func TestTestKeys(t *testing.T) {
	for name, text := range map[string]string{
		"the line further above": testKey + "\n\n" + pkcs8PEM(),
		"no comment between":     "# " + testKey + "\nname: a\nAGE-SECRET-KEY-1" + chosen(bech32, 58) + "\n",
		"another line":           "TEST KEY\n" + pkcs8PEM(),
		"a second key":           testKey + "\n" + pkcs8PEM() + pkcs8PEM(),
		"another kid":            jwt("testdata"),
		"a key in a test Secret": "kind: Secret\nstringData:\n  a: |\n    " + indented(testKey+"\n"+pkcs8PEM(), "    ") + "\n  b: Tr0ub4dor\n",
	} {
		if got, _ := check(text); len(got) != 1 {
			t.Errorf("%s: found %q", name, got)
		}
	}
}
