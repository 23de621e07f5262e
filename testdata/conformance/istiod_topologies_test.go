package conformance

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/mutation"
)

// How a mistake that only topologies have reaches the clusters, although meshtopo refuses to render it.
var (
	// warned are those of which meshtopo only warns.
	warned = []string{"auto-mtls-off", "dns-capture-off", "gateway-ip-family", "nothing-shared", "private-gateway-address"}

	// halfway are those of which meshtopo only warns as well, and one cluster is not given what is rendered yet.
	halfway = []string{"different-roots"}

	// signed are about certificates, which cacerts would have as they are.
	signed = []string{
		"chain-incomplete", "path-length", "unsupported-key", "weak-signature",
	}

	// byHand are the others: what the tree would be. Mistakes in manifests are here as well, where those of the tables
	// are made where nobody notices, or istioctl refuses them.
	byHand = map[string]struct {
		example string
		name    string
		mistake mutation.Mistake
	}{
		"api-url-duplicate": {"mixed", "one server in the kubeconfigs of two clusters", mutation.In("eu-1/2-secrets/remote-secrets/us-2.yaml",
			mutation.Data(`  "us-2": "`, mutation.Turn("https://us-2.example.com:6443", "https://us-1.example.com:6443")))},
		"duplicate-gateway-address": {"mixed", "address of another primary's gateway for a remote", mutation.In("us-2/"+controlPlane, mutation.Turn(`"203.0.113.20"`, `"203.0.113.10"`))},
		"escaped-slash":             {"mixed", "--slash-- in the network of an injection path", mutation.In("us-2/"+controlPlane, mutation.Turn("/net/us", "/net/us--slash--2"))},
		"kubeconfig-file-name": {"two-clusters", "a kubeconfig in a file without an ending", mutation.All(
			mutation.In("cluster-a/2-secrets/remote-secrets/cluster-b.yaml", mutation.Cut("istio/multiCluster")),
			mutation.In("cluster-a/"+controlPlane, mutation.Add("  values:", volumeOfB)))},
		"kubeconfig-not-mounted": {"two-clusters", "a Secret for a volume that istiod does not have", forVolume},
		"mounted-too-early":      {"two-clusters", "a Secret for a volume that istiod does not have", forVolume},
		"kubeconfig-name": {"mixed", "kubeconfigs of two remotes swapped", mutation.In("us-1/2-secrets/remote-secrets/us-2.yaml",
			mutation.Swapped(`  "us-2": "`, "us-1/2-secrets/remote-secrets/ap-1.yaml", `  "ap-1": "`))},
		"obsolete-component": {"primary-remote-multi-network", "component instead of the profile", mutation.In("cluster-b/"+controlPlane,
			mutation.Turn("profile: remote", "profile: empty\n  components: {istiodRemote: {enabled: true}}"))},
		"missing-api-server":   {"two-clusters", "no remote Secret for a cluster", mutation.In("cluster-a/2-secrets/remote-secrets/cluster-b.yaml", mutation.Deleted)},
		"missing-credential":   {"two-clusters", "no remote Secret for a cluster", mutation.In("cluster-a/2-secrets/remote-secrets/cluster-b.yaml", mutation.Deleted)},
		"missing-intermediate": {"two-clusters", "no cacerts in one cluster", mutation.In("cluster-b/2-secrets/cacerts.yaml", mutation.Deleted)},
		"missing-trust":        {"two-clusters", "no cacerts in either cluster", withoutCACerts},
		"no-roots":             {"two-clusters", "cacerts without a root", mutation.In("cluster-a/2-secrets/cacerts.yaml", mutation.Cut(`  root-cert.pem: "`))},
		"no-gateway-address":   {"primary-remote-multi-network", "no address of istiod for a remote", mutation.In("cluster-b/"+controlPlane, mutation.Cut("remotePilotAddress"))},
		"no-primary": {"primary-remote-multi-network", "profile of a remote for the primary", mutation.In("cluster-a/"+controlPlane,
			mutation.Turn(`profile: "default"`, "profile: remote"))},
		"owned-setting":           {"two-clusters", "trust domain of one cluster", mutation.In("cluster-b/"+controlPlane, mutation.Turn(`trustDomain: "cluster.local"`, "trustDomain: b.local"))},
		"primary-without-gateway": {"primary-remote-multi-network", "no gateway of the primary", mutation.In("cluster-a/"+gateway, mutation.Deleted)},
		"remote-primary":          {"mixed", "address of a remote's gateway for a remote", mutation.In("ap-1/"+controlPlane, mutation.Turn(`"203.0.113.20"`, `"203.0.113.105"`))},
		"root-not-self-signed": {"two-clusters", "intermediate for a root", mutation.In("cluster-b/2-secrets/cacerts.yaml",
			mutation.Data(`  root-cert.pem: "`, mutation.CopiedData("cluster-b/2-secrets/cacerts.yaml", `  ca-cert.pem: "`)))},
		"gateway-of-cluster-kubernetes": {"two-clusters", "gateway without injection", mutation.In("cluster-a/"+gateway,
			mutation.Turn("injectionTemplate: gateway", `injectionTemplate: ""`))},
		"own-primary": {"primary-remote-multi-network", "address of itself for a remote", mutation.In("cluster-b/"+controlPlane,
			mutation.Turn(`"203.0.113.10"`, `"203.0.113.102"`))},
		"unknown-remote-cluster": {"mixed", "another cluster name in a remote Secret", mutation.In("us-1/2-secrets/remote-secrets/us-2.yaml", mutation.Turn(`  "us-2": "`, `  "us-22": "`))},
		"reserved-namespace":     {"two-clusters", "control planes in kube-system", mutation.Everywhere("istio-system", "kube-system")},
		"cacerts-two-forms":      {"two-clusters", "other files of the second form", twoForms},
		"mesh-networks-registry": {"two-clusters", "registry of a cluster that is none", mutation.In("cluster-a/"+controlPlane, mutation.Turn("fromRegistry: cluster-b", "fromRegistry: cluster-x"))},
		"mesh-networks-overlap":  {"two-clusters", "range on two networks", mutation.In("cluster-a/"+controlPlane, mutation.Turn("10.1.0.0/16", "10.0.0.0/8"))},
		"gateway-not-read": {"two-clusters", "variable for which no Gateway is read", mutation.In("cluster-a/"+controlPlane, mutation.Add("  values:",
			"    pilot:\n      env:\n        PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API: \"false\""))},
		"remote-gateway-address":        {"two-clusters", "address of another type", mutation.In("cluster-a/own.yaml", mutation.Turn("type: IPAddress\n    value", "type: NamedAddress\n    value"))},
		"ambient-without-multi-network": {"two-clusters", "no variable for several networks", mutation.In("cluster-b/"+controlPlane, mutation.Cut("AMBIENT_ENABLE_MULTI_NETWORK"))},
		"east-west-listener":            {"two-clusters", "TLS at the port for HBONE", mutation.In("cluster-b/own.yaml", mutation.Turn("protocol: HBONE", "protocol: TLS"))},
		"gateway-for-other-data-plane":  {"two-clusters", "gateway for sidecars", sidecarGateway},
		"global-in-one-cluster":         {"two-clusters", "a Service that is global in one cluster", mutation.In("cluster-b/own.yaml", mutation.Turn(`, istio.io/global: "true"`, ""))},
		"unknown-network": {"two-clusters", "misspelt network, which has no gateway", mutation.All(
			mutation.EverywhereIn("cluster-b/", "network2", "netwrok2"), mutation.In("cluster-b/"+gateway, mutation.Deleted))},
	}
)

// twoForms adds the files of the other form, with a root that is none.
func twoForms(g *mutation.Texts, _ string) {
	const file = "cluster-a/2-secrets/cacerts.yaml"
	var lines []string
	for _, line := range strings.Split(g.Files[file], "\n") {
		for of, to := range map[string]string{"  ca-cert.pem:": "  tls.crt:", "  ca-key.pem:": "  tls.key:"} {
			if value, ok := strings.CutPrefix(line, of); ok {
				lines = append(lines, to+value)
			}
		}
	}
	lines = append(lines, "  ca.crt: "+base64.StdEncoding.EncodeToString([]byte("no certificate\n")))
	mutation.Add("  root-cert.pem:", strings.Join(lines, "\n"))(g, file)
}

// sidecarGateway puts a gateway for sidecars in the place of that for ztunnel.
func sidecarGateway(g *mutation.Texts, _ string) {
	_, others, _ := strings.Cut(g.Files["cluster-b/own.yaml"], "---\n")
	g.Files["cluster-b/own.yaml"] = `apiVersion: v1
kind: Service
metadata:
  name: istio-eastwestgateway
  namespace: istio-system
  labels: {istio: eastwestgateway, topology.istio.io/network: network2}
spec:
  type: LoadBalancer
  selector: {istio: eastwestgateway}
  ports: [{name: tls, port: 15443, targetPort: 15443}]
---
` + others
}

// volumeOfB is a volume of istiod with the kubeconfig for cluster-b.
const volumeOfB = `    pilot:
      env: {PILOT_MULTICLUSTER_KUBECONFIG_PATH: /etc/kubeconfigs}
      volumeMounts: [{name: kubeconfigs, mountPath: /etc/kubeconfigs}]
      volumes: [{name: kubeconfigs, projected: {sources: [{secret: {name: istio-remote-secret-cluster-b}}]}}]`

// forVolume makes a Secret for a volume of the remote Secret for cluster-b.
var forVolume = mutation.In("cluster-a/2-secrets/remote-secrets/cluster-b.yaml",
	mutation.All(mutation.Cut("istio/multiCluster"), mutation.Turn("istio-remote-secret-cluster-b", "istio-remote-kubeconfig-cluster-b")))

func withoutCACerts(g *mutation.Texts, _ string) {
	mutation.Deleted(g, "cluster-a/2-secrets/cacerts.yaml")
	mutation.Deleted(g, "cluster-b/2-secrets/cacerts.yaml")
}

// topologyWorld gives the mesh in which the mutant of a topology is applied.
func (m *mutant) topologyWorld(t *testing.T, code string) *world {
	t.Helper()
	e := exampleNamed(t, m.Example)
	switch {
	case slices.Contains(warned, code):
		return m.renderedWorld(t, e, nil)
	case slices.Contains(halfway, code):
		return m.renderedWorld(t, e, func(tree string) {
			file := filepath.Join("cluster-a", "2-secrets", "cacerts.yaml")
			before := string(read(t, filepath.Join(e.dir, "want", "clusters", file)))
			changeFiles(t, tree, map[string]*string{file: &before})
		})
	case slices.Contains(signed, code):
		return m.signedWorld(t, e)
	}
	tree := unspoiltTree(t, e, code)
	spoil(t, e, tree, byHand[code].mistake)
	wantFound(t, e, tree, code)
	return newWorld(t, e, tree)
}

// spoil makes a mistake in a tree.
func spoil(t *testing.T, e *example, tree string, mistake mutation.Mistake) {
	t.Helper()
	texts := &mutation.Texts{T: t, Name: e.name, Files: map[string]string{}}
	for _, name := range files(t, tree) {
		texts.Files[name] = string(read(t, filepath.Join(tree, name)))
	}
	texts.Before = maps.Clone(texts.Files)
	mistake(texts, "")
	to := map[string]*string{}
	for name, text := range texts.Files {
		if texts.Before[name] != text {
			to[name] = &text
		}
	}
	for name := range texts.Before {
		if _, ok := texts.Files[name]; !ok {
			to[name] = nil
		}
	}
	changeFiles(t, tree, to)
}

// input gives the example with the mistake, without a tree.
func (m *mutant) input(t *testing.T, e *example) string {
	t.Helper()
	dir := t.TempDir()
	err := fs.WalkDir(os.DirFS(e.dir), ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case name == "want":
			return fs.SkipDir
		case entry.IsDir():
			return os.MkdirAll(filepath.Join(dir, name), 0o700)
		}
		return os.WriteFile(filepath.Join(dir, name), read(t, filepath.Join(e.dir, name)), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	changeFiles(t, dir, m.Topology)
	return dir
}

// renderedWorld renders the topology with the mistake, which says as well what the clusters are like. What then is
// done to the tree is no part of it.
func (m *mutant) renderedWorld(t *testing.T, e *example, then func(tree string)) *world {
	t.Helper()
	dir := m.input(t, e)
	out := t.TempDir()
	command := exec.Command(built, "render", "-o", out, e.file())
	command.Dir = dir
	if text, err := command.CombinedOutput(); err != nil {
		t.Fatalf("render: %v\n%s", err, text)
	}
	spoilt, err := loadExample(dir)
	if err != nil {
		t.Fatal(err)
	}
	tree := filepath.Join(out, "clusters")
	if then != nil {
		then(tree)
	}
	return newWorld(t, spoilt, tree)
}

// signedWorld puts the certificates and keys with the mistake into cacerts.
func (m *mutant) signedWorld(t *testing.T, e *example) *world {
	t.Helper()
	dir := m.input(t, e)
	tree := copyTree(t, filepath.Join(e.dir, "want", "clusters"))
	for _, c := range e.topology.Clusters {
		file := filepath.Join(tree, c.Name, "2-secrets", "cacerts.yaml")
		if _, err := os.Stat(file); err != nil {
			continue
		}
		root := "certs/root-cert.pem"
		lines := strings.Split(string(read(t, file)), "\n")
		for key, from := range map[string]string{
			caCert: "certs/" + c.Name + "/ca-cert.pem", caKey: "certs/" + c.Name + "/ca-key.pem",
			certChain: "certs/" + c.Name + "/cert-chain.pem", rootCert: root,
		} {
			for i, line := range lines {
				if strings.HasPrefix(line, "  "+key+":") {
					lines[i] = fmt.Sprintf("  %s: %q", key, base64.StdEncoding.EncodeToString(read(t, filepath.Join(dir, from))))
				}
			}
		}
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return newWorld(t, e, tree)
}
