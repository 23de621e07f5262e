package login

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
)

// TestTokenPlaces checks the commands that fetch a token, by where the topology keeps it.
func TestTokenPlaces(t *testing.T) {
	for _, test := range []struct {
		name       string
		credential *schema.Credential
		want       string
	}{
		{"a file", &schema.Credential{Way: schema.ByToken, Private: schema.Private{File: "tokens/b"}}, ` > "${TOPOLOGY_DIR:?}"/tokens/b)`},
		{"a variable", &schema.Credential{Way: schema.ByToken, Private: schema.Private{Env: "TOKEN_B"}}, `export TOKEN_B="$(kubectl `},
		{"a kubeconfig", &schema.Credential{Way: schema.ByKubeconfig, Private: schema.Private{File: "kubeconfigs/b"}}, `(umask 077; istioctl create-remote-secret --context "${CTX_CLUSTER_B:?}" `},
		{"nowhere yet", nil, ` > "${TOPOLOGY_DIR:?}"/tokens/cluster-b)`},
	} {
		c := &schema.Cluster{Name: "cluster-b", Credential: test.credential}
		if got := strings.Join(Fetch(c), "\n"); !strings.Contains(got, test.want) {
			t.Errorf("%s: got\n%s\nwithout %s", test.name, got, test.want)
		}
	}
}
