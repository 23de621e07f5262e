package render

import (
	"bytes"
	"testing"
)

func TestHoldsSecret(t *testing.T) {
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
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if holds := holdsSecret([]byte(tt.have), []byte(tt.want)); holds != tt.holds {
				t.Errorf("holdsSecret = %v, want %v", holds, tt.holds)
			}
		})
	}
}

// TestHoldsSecretOfExample finds the private files of an example, and no others: diffs of those are shown.
func TestHoldsSecretOfExample(t *testing.T) {
	for _, example := range []string{"two-clusters", "mixed", "multi-primary-multi-network"} {
		rendered := renderExample(t, "../testdata/"+example)
		for _, f := range rendered.Files {
			if holds := holdsSecret(nil, bytes.Join(f.Body, nil)); holds != f.Private {
				t.Errorf("%s: holdsSecret(%s) = %v, want %v", example, f.Path, holds, f.Private)
			}
		}
	}
}
