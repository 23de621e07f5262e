package loader

import (
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/schema"
)

// TestSecretsPresets proves that a cluster which alone sets how its Secrets are written has the defaults that the mesh
// would have.
func TestSecretsPresets(t *testing.T) {
	const settings = `{protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "ca/{cluster}"}, sealedSecrets: {certificate: seal.pem}}`
	meshwide := loadSecrets(t, strings.Replace(ruleBase, "{protection: plaintext}", settings, 1))
	own := loadSecrets(t, strings.Replace(strings.Replace(ruleBase, "  secrets: {protection: plaintext}\n", "", 1),
		"      network: net-a\n", "      network: net-a\n      secrets: "+settings+"\n", 1))
	if got, want := own.Cluster("east").Secrets, meshwide.Cluster("east").Secrets; got != want {
		t.Errorf("the cluster has %+v, want %+v", got, want)
	}
}

func loadSecrets(t *testing.T, text string) *schema.Topology {
	t.Helper()
	return loadModel(t, fstest.MapFS{"t.yaml": {Data: []byte(text)}}, "t.yaml")
}
