package render

import (
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"
	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// revocable gives the files of an example of one cluster whose CAs sign revocation lists, with these for it.
func revocable(t *testing.T, protection string, withCRLs bool) (files fstest.MapFS, crls string) {
	t.Helper()
	root := trusttest.New(nil, trusttest.Around(now), trusttest.SigningCRLs)
	ca := trusttest.New(root, trusttest.Around(now), trusttest.SigningCRLs)
	crls = root.CRL(now, now.AddDate(1, 0, 0)) + ca.CRL(now, now.AddDate(1, 0, 0))
	topology := `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: revocable}
spec:
  istio: {version: "1.31.1"}
  secrets: {` + protection + `}
  networks: {network1: {}}
  trust: {roots: [root-cert.pem], intermediates: "certs/{cluster}"}
  clusters: {cluster-a: {network: network1}}
`
	files = fstest.MapFS{}
	for name, text := range map[string]string{
		"topology.yaml": topology, "root-cert.pem": trusttest.PEM(root), "certs/cluster-a/ca-cert.pem": trusttest.PEM(ca),
		"certs/cluster-a/ca-key.pem": ca.KeyPEM(), "certs/cluster-a/cert-chain.pem": trusttest.PEM(ca, root),
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if withCRLs {
		files["certs/cluster-a/ca-crl.pem"] = &fstest.MapFile{Data: []byte(crls)}
	}
	return files, crls
}

// TestCRLs proves that the revocation lists that are beside an intermediate get into its Secret, and nothing without
// them.
func TestCRLs(t *testing.T) {
	const path, key = "clusters/cluster-a/2-secrets/cacerts.yaml", "ca-crl.pem"
	t.Run("plaintext", func(t *testing.T) {
		files, crls := revocable(t, "protection: plaintext", true)
		topology, store := loadFS(t, files, "topology.yaml")
		if got := readSecret(t, contents(render(t, topology, store))[path]).Data[key]; got != crls {
			t.Errorf("the Secret has\n%s\nwant\n%s", got, crls)
		}
	})
	t.Run("external secrets", func(t *testing.T) {
		files, crls := revocable(t, `protection: external-secrets, externalSecrets: {store: {name: vault}, cacertsKey: "ca/{cluster}"}`, true)
		topology, store := loadFS(t, files, "topology.yaml")
		var object struct {
			Spec struct {
				Target struct {
					Template struct{ Data map[string]string }
				}
			}
		}
		if err := yaml.Unmarshal([]byte(contents(render(t, topology, store))[path]), &object); err != nil {
			t.Fatal(err)
		}
		if data := object.Spec.Target.Template.Data; data[key] != crls || len(data) != 5 {
			t.Errorf("the ExternalSecret has %q, want the lists", data[key])
		}
	})
	t.Run("without", func(t *testing.T) {
		for _, protection := range []string{"protection: plaintext", `protection: external-secrets, externalSecrets: {store: {name: vault}, cacertsKey: "ca/{cluster}"}`} {
			files, _ := revocable(t, protection, false)
			topology, store := loadFS(t, files, "topology.yaml")
			if text := contents(render(t, topology, store))[path]; strings.Contains(text, key) || text == "" {
				t.Errorf("%s: there is a place for lists:\n%s", protection, text)
			}
		}
	})
}
