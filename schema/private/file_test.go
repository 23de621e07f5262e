package private

import "testing"

func TestInFile(t *testing.T) {
	const token = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ntype: kubernetes.io/service-account-token\n"
	tests := []struct {
		name       string
		have, want string
		holds      bool
	}{
		{"nothing", "", "", false},
		{"no data", token, token, false},
		{"data of something else", "kind: ConfigMap\ndata: {a: b}\n", "", false},
		{"a word that only contains it", "kind: ConfigMap\nmetadata:\n  name: remote-secret-a\ndata: {a: b}\n", "", false},
		{"Secrets in a role", "kind: ClusterRole\nmetadata:\n  name: a\nrules:\n- resources: [secrets]\n", "", false},
		{"data", token + "data:\n  token: dA==\n", token, true},
		{"data first", "data:\n  token: dA==\n" + token, token, true},
		{"stringData", token + "stringData: {token: t}\n", token, true},
		{"in what is rendered", "", token + "data: {token: dA==}\n", true},
		{"with the kind on the other side only", "kind: Secrets\ndata: {token: dA==}\n", token, true},
		{"a space before the colon", "kind : Secret\ndata : {token: dA==}\n", "", true},
		{"double quotes", "\"kind\": \"Secret\"\n\"data\": {}\n", "", true},
		{"single quotes", "'kind': 'Secret'\n'stringData':\n  a: b\n", "", true},
		{"flow style", "{kind: Secret, data: {token: dA==}}\n", "", true},
		{"JSON", `{"kind":"Secret","data":{"token":"dA=="}}`, "", true},
		{"JSON on several lines", "{\n  \"data\"\n  : {},\n  \"kind\":\n    \"Secret\"\n}", "", true},
		{"JSON in an annotation", `last-applied: "{\"data\":{\"token\":\"dA==\"},\"kind\":\"Secret\"}"`, "", true},
		{"an explicit key", "? kind\n: Secret\n? data\n: {token: dA==}\n", "", true},
		{"a tag and an anchor", "kind: !!str &a Secret\ndata: {token: dA==}\n", "", true},
		{"a value on its own line", "kind: >-\n  Secret\ndata: {token: dA==}\n", "", true},
		{"a comment", "kind: Secret # mine\n# data: {token: dA==}\n", "", true},
		{"a list", "kind: List\nitems:\n- kind: Secret\n  data: {token: dA==}\n", "", true},
		{"a list of Secrets", "kind: SecretList\nitems:\n- data: {token: dA==}\n", "", true},
		{"another document", "kind: Namespace\n--- # next\n" + token + "data: {token: dA==}\n", "", true},
		{"letters in another case", "kind: secret\nstringdata: {token: t}\n", "", true},
		{"capital letters", "kind: SECRET\nDATA: {token: t}\n", "", true},
		{"no line end", "data: {token: dA==}\nkind: Secret", "", true},

		{"a key in PEM", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\n", "", true},
		{"a key in PEM, indented and in a comment", "#   -----BEGIN PRIVATE KEY-----\n", "", true},
		{"a certificate", "-----BEGIN CERTIFICATE-----\nMIID\n", "", false},
		{"PEM in base64", "a: LS0tLS1CRUdJTiBQUklW\n", "", true},
		{"a JWT in a comment", "# see eyJhbGciOiJSUzI1NiJ9\n", "", true},
		{"a JWT in base64", "a: ZXlKaGJHY2lPaUpTVXpJ\n", "", true},
		{"a generator of Secrets", "secretGenerator:\n- name: a\n  files: [a]\n", "", true},
		{"a literal of a generator", "configMapGenerator:\n- literals: [db-password=hunter2]\n", "", true},
		{"a password in prose", "# the password is hunter2\n", "", true},
		{"a token in a variable", "# API_TOKEN=abc\n", "", true},
		{"a token in a field", "  myToken : abc\n", "", true},
		{"a token on the next line", "token:\n  abc\n", "", true},
		{"a token in a block", "token: |-\n  abc\n", "", true},
		{"prose that ends with a token", "this revokes its token:\n\n    kubectl delete\n", "", false},
		{"a key of a kubeconfig", "users: [{user: {client-key-data: abc}}]\n", "", true},
		{"JSON in a string", `a: "{\"token\": \"abc\"}"`, "", true},
		{"an environment variable", "env:\n- name: API_KEY\n  value: abc\n", "", true},
		{"an environment variable in flow style", "env: [{\"name\": \"apiToken\", \"value\": \"abc\"}]\n", "", true},
		{"one that is about something else", "env:\n- name: KEYSTORE\n  value: abc\n", "", false},
		{"credentials in a URL", "hub: https://me:abc@example.com\n", "", true},
		{"an address", "# mail me@example.com\n", "", false},
		{"a bootstrap token", "# abcdef.0123456789abcdef\n", "", true},
		{"a random text", "a: Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5\n", "", true},
		{"a key ID of a cloud", "a: AKIAIOSFODNN7EXAMPLE\n", "", true},
		{"hexadecimal digits", "a: 0123456789abcdef0123456789abcdef\n", "", true},
		{"the digest of an image", "image: a@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\n", "", false},
		{"digests of files", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef  5-expose/a.yaml\n", "", false},
		{"long names", "name: istio-remote-reader-istio-remote-secret-token-2\nvalue: PILOT_SKIP_VALIDATE_CLUSTER_2\nhost: externalIstiodOfClusterTwo\n", "", false},
		{"a path", "see clusters/cluster-a/1-prepare/README.md\n", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if holds := InFile([]byte(tt.have + "\n" + tt.want)); holds != tt.holds {
				t.Errorf("InFile = %v, want %v", holds, tt.holds)
			}
		})
	}
}
