package kubeconfig

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// configOf gives a kubeconfig with a token.
func configOf(token string) string {
	return "kind: Config\nclusters: [{name: a, cluster: {server: x}}]\nusers:\n- name: a\n  user:\n    token: " + token + "\n"
}

func secretWith(keys ...string) string {
	text := "apiVersion: v1\nkind: Secret\nstringData:\n"
	for _, key := range keys {
		text += "  " + key + ": |\n    " + strings.ReplaceAll(strings.TrimSpace(configOf("of-"+key)), "\n", "\n    ") + "\n"
	}
	return text
}

// TestChoose takes the one kubeconfig that can be meant, and says how many there are where none can.
func TestChoose(t *testing.T) {
	for _, c := range []struct{ name, text, token, finding string }{
		{"one", configOf("t"), "t", ""},
		{"behind an empty document", "---\n# a comment\n---\n" + configOf("t"), "t", ""},
		{"beside the account", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n---\n" + configOf("t"), "t", ""},
		{"in a Secret of any key", secretWith("east"), "of-east", ""},
		{"in a Secret with another value", secretWith("east") + "  note: |\n    text\n", "of-east", ""},
		{"of the cluster, in a Secret", secretWith("east", "west"), "of-west", ""},
		{"of the cluster, in one of the Secrets", secretWith("east") + "---\n" + secretWith("west"), "of-west", ""},
		{"of the cluster, beside an encrypted one", secretWith("west") + "---\nkind: Secret\nsops: {mac: x}\n", "of-west", ""},

		{"two", configOf("t") + "---\n" + configOf("t"), "", "is one of 2,"},
		{"three in a Secret", secretWith("a", "b", "c"), "", "is one of 3,"},
		{"two of the cluster", secretWith("west") + "---\n" + secretWith("west"), "", "is one of 2,"},
		{"encrypted", "kind: Secret\nsops: {mac: x}\n", "", "is encrypted by sops"},
		{"encrypted, its block cut off", "kind: Secret\ndata:\n  west: ENC[AES256_GCM,data:x,type:str]\n", "", "is encrypted by sops"},
		{"none", "kind: Secret\ndata: {}\n", "", "has no kubeconfig: it has 0 values"},
		{"none of two", "kind: Secret\nstringData: {a: x, b: y}\n", "", "has no kubeconfig: it has 2 values"},
		{"no base64", "kind: Secret\ndata: {west: x}\n", "", "is no base64"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, file := range []string{"west.yaml", ""} { // "" is a variable
				s := Source{Cluster: "west", Place: trust.Place{File: file}, Pos: diag.Pos{File: "topology.yaml", Line: 1, Col: 1}, Text: []byte(c.text)}
				found := &diag.List{}
				k := &Config{what: "the kubeconfig", found: found, advise: s.advise}
				k.item = s.whole()
				if !s.choose(k) {
					if all := found.Sorted(); c.finding == "" || len(all) != 1 || !strings.Contains(all[0].Message, c.finding) || all[0].Fix == "" {
						t.Errorf("found %v, want %q", all, c.finding)
					}
					continue
				}
				if l := Take("west", []byte(c.text)); l == nil || string(l.Token()) != c.token {
					t.Errorf("the token is another, or nothing is taken: %+v", l != nil)
				}
			}
		})
	}
}

// TestPrivateOfAll knows the tokens of all kubeconfigs in a text, and nothing of a text with something else in it.
func TestPrivateOfAll(t *testing.T) {
	parts, ok := Private([]byte(secretWith("east") + "---\n" + secretWith("west")))
	if !ok || len(parts) != 2 {
		t.Errorf("%d parts, %v", len(parts), ok)
	}
	if _, ok := Private([]byte(secretWith("east") + "  note: |\n    text\n")); ok {
		t.Error("a Secret with another value is known")
	}
}
