//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/cmd/internal/console"
)

// manyFields goes with the files of the example two-clusters. It has every place from which a text gets into a tree.
const manyFields = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: shop, namespace: meshes, labels: {team: mesh}, annotations: {note: all of it}}
spec:
  mesh: {id: shop, trustDomain: example.com, trustDomainAliases: [old.example.com], clusterDomain: cluster.local, exposedHosts: ["*.local"]}
  istio:
    version: "1.31.1"
    namespace: istio-system
    revision: one
    profile: default
    hub: registry.example.com/istio
    tag: 1.31.1-distroless
    meshConfig: {defaultConfig: {proxyMetadata: {SHOP: open}}, extensionProviders: [{name: shop, envoyOtelAls: {service: a, port: 1}}]}
    values: {pilot: {env: {SHOP: open}, podAnnotations: {team: mesh}, nodeSelector: {disk: fast}}}
    components:
      pilot:
        k8s:
          env: [{name: SHOP, value: open}]
          serviceAnnotations: {team: mesh}
          podAnnotations: {team: mesh}
          nodeSelector: {disk: fast}
          resources: {requests: {cpu: 200m}}
          service: {loadBalancerClass: example.com/inner, externalName: shop}
    reader: {serviceAccount: istio-remote-reader}
    patches:
    - {target: {kind: Namespace, name: istio-system}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}
  trust: {roots: [certs/root-cert.pem], intermediates: "certs/{cluster}"}
  secrets: {protection: plaintext}
  networks: {network1: {}, network2: {}}
  clusters:
    cluster-a:
      network: network1
      apiServer: {url: "https://192.0.2.1:6443", ca: certs/cluster-a/api.pem, tlsServerName: api.example.com, proxyURL: "http://proxy.example.com:3128"}
      credential: {token: {file: tokens/cluster-a}}
      eastWestGateway:
        addresses: [203.0.113.10]
        serviceType: LoadBalancer
        serviceAnnotations: {example.com/team: mesh}
        resources: {limits: {memory: 1Gi}, requests: {cpu: 200m}}
      podCIDRs: [10.10.0.0/16]
    cluster-b:
      network: network2
      apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-b/api.pem}
      credential: {token: {env: TOKEN_CLUSTER_B}}
      intermediate: {cert: certs/cluster-b/ca-cert.pem, key: {env: CA_KEY_B}, chain: certs/cluster-b/cert-chain.pem}
      istio: {hub: registry.example.com/istio}
  rules:
    unused-network: {severity: warning, reason: each is paid for}
`

// hostileTexts are put into every place. The command forged must never run.
var hostileTexts = []string{
	"x\n```\n\nforged\n\n```sh\nforged\r\nforged\n---\nkind: Secret\n...\n",
	"x'; forged; '\"; forged; \"$(forged)`forged`${x:-`forged`}",
	"dir/$(forged)/a b'c\"`forged`;forged&&forged|forged>y*?[a]~!x",
	"a\x01\x1b[2J\x7f\u0085\u009b\ufeffb",
	"a\u202eb\u2028c\u2029d\u2066e\U0001f512",
	"-{{ .Name }} hole-0- : # !!binary &a *a %TAG --- ...",
}

// TestHostileValues puts hostile texts into every place of a topology. Either it is refused, or the tree can be read by
// any YAML reader, and its READMEs have the blocks that they had before and run no command but their own.
func TestHostileValues(t *testing.T) {
	if testing.Short() {
		t.Skip("hundreds of renders, for a race detector")
	}
	t.Setenv("TOKEN_CLUSTER_B", read(t, "../../testdata/two-clusters/tokens/cluster-b"))
	t.Setenv("CA_KEY_B", read(t, "../../testdata/two-clusters/certs/cluster-b/ca-key.pem"))
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(manyFields), &doc); err != nil {
		t.Fatal(err)
	}
	h := hostileTree{dir: copyExample(t, "two-clusters")}
	if !h.render(t, manyFields) {
		t.Fatal("the topology itself is refused")
	}
	h.parts = h.check(t)
	rendered := map[string]bool{}
	for path, node := range scalars(&doc, "") {
		for i, text := range hostileTexts {
			if strings.HasSuffix(path, ":") && i%3 != 0 {
				continue // the key of a field: most are refused alike
			}
			before := *node
			*node = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Style: yaml.DoubleQuotedStyle, Value: text}
			topology, err := yaml.Marshal(&doc)
			*node = before
			if err != nil {
				t.Fatal(err)
			}
			t.Run(fmt.Sprintf("%s %d", path, i), func(t *testing.T) {
				h.copyTo(t, before.Value, text)
				if h.render(t, string(topology)) {
					if i%3 == 0 && refusing.MatchString(path) {
						t.Errorf("%q is not refused", text)
					}
					rendered[path] = true
					h.check(t)
				}
			})
		}
	}
	for _, path := range []string{
		"/spec/clusters/cluster-a/credential/token/file", "/spec/clusters/cluster-a/eastWestGateway/serviceAnnotations/example.com/team",
		"/spec/istio/hub", "/spec/istio/values/pilot/env/SHOP", "/spec/istio/components/pilot/k8s/podAnnotations/team", "/spec/trust/roots/0",
	} {
		if !rendered[path] {
			t.Errorf("no hostile text at %s was rendered, so nothing was tried there", path)
		}
	}
}

// refusing are the places whose texts have no control characters: paths, and what Kubernetes looks at.
var refusing = regexp.MustCompile(`/(file|ca|cert|chain|roots/0|loadBalancerClass|env/0/name)$|(Annotations|limits|requests|nodeSelector|env|proxyMetadata)/[^/]*:$`)

// scalars gives every scalar of a document by its path, and of each map its keys.
func scalars(n *yaml.Node, path string) map[string]*yaml.Node {
	all := map[string]*yaml.Node{}
	for i, below := range n.Content {
		at := path
		switch {
		case n.Kind == yaml.MappingNode && i%2 == 0:
			at += "/" + below.Value + ":"
		case n.Kind == yaml.MappingNode:
			at += "/" + n.Content[i-1].Value
		case n.Kind == yaml.SequenceNode:
			at += fmt.Sprintf("/%d", i)
		}
		if below.Kind == yaml.ScalarNode {
			all[at] = below
		}
		maps.Copy(all, scalars(below, at))
	}
	return all
}

// hostileTree renders one topology after the other into the same directory.
type hostileTree struct {
	dir string
	// parts are of each README the lines at which its blocks begin and end, and its headings; of a manifest its kinds.
	parts map[string]string
}

// copyTo copies a file to the place that a hostile text names, so that a path is not refused because nothing is there.
func (h *hostileTree) copyTo(t *testing.T, from, to string) {
	text, err := os.ReadFile(filepath.Join(h.dir, from))
	if err != nil || strings.Contains(to, "\x00") {
		return
	}
	to = filepath.Join(h.dir, to)
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o777), os.WriteFile(to, text, 0o666)); err != nil {
		t.Fatal(err)
	}
}

func (h *hostileTree) render(t *testing.T, topology string) bool {
	file, out := filepath.Join(h.dir, "topology.yaml"), filepath.Join(h.dir, "out")
	if err := os.RemoveAll(out); err != nil {
		t.Fatal(err)
	}
	write(t, file, topology)
	var stdout, stderr bytes.Buffer
	code := run([]string{"render", "-o", out, file}, console.IO{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Talk: console.NewTalk(&stderr)})
	if code != exitOK && code != exitFound {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	checkVisible(t, "stderr", stderr.String())
	return code == exitOK
}

// check reads every file of the tree.
func (h *hostileTree) check(t *testing.T) map[string]string {
	parts := map[string]string{}
	out := filepath.Join(h.dir, "out")
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text := read(t, path)
		switch filepath.Ext(path) {
		case ".yaml":
			parts[path] = kinds(t, path, text)
		case ".md":
			checkVisible(t, path, strings.ReplaceAll(text, "\n", ""))
			parts[path] = strings.Join(regexp.MustCompile("(?m)^(```.*|#.*)$").FindAllString(text, -1), "\n")
			runBlocks(t, path, text)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, was := range h.parts {
		if parts[path] != was {
			t.Errorf("the parts of %s were\n%s\nand are\n%s", path, was, parts[path])
		}
	}
	return parts
}

// kinds gives the kinds of the objects of a file.
func kinds(t *testing.T, path, text string) string {
	var all []string
	for decoder := yaml.NewDecoder(strings.NewReader(text)); ; {
		var object struct {
			Kind string
			Rest map[string]any `yaml:",inline"`
		}
		err := decoder.Decode(&object)
		if err == io.EOF {
			return strings.Join(all, " ")
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", path, err, text)
			return ""
		}
		all = append(all, object.Kind)
	}
}

// runBlocks has a shell run the blocks of a README, in which the known programs do nothing and there are no others.
func runBlocks(t *testing.T, path, text string) {
	var script strings.Builder
	dir := t.TempDir()
	script.WriteString("for f in kubectl istioctl meshtopo mkdir umask; do eval \"$f() { :; }\"; done\nforged() { : > forged; }\n")
	for _, block := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllStringSubmatch(text, -1) {
		script.WriteString(block[1])
	}
	c := exec.Command("sh", "-u")
	c.Dir, c.Env, c.Stdin = dir, []string{"PATH=" + dir, "REMOVED_CTX=x", "CHANGED_CTX=x", "OLD_REVISION=x"}, strings.NewReader(script.String())
	said, err := c.CombinedOutput()
	if _, forged := os.Stat(filepath.Join(dir, "forged")); forged == nil || strings.Contains(string(said), "not found") {
		t.Errorf("%s runs a command of its own: %v\n%s\n%s", path, err, said, text)
	}
}
