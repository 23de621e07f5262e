package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// way is how a mesh is installed: by what, and what its gateways are made from, "" for what suits that.
type way struct{ installer, gateway string }

var ways = []way{
	{"istioctl", ""}, {"istioctl", "deployment"}, {"istioctl", "gateway-api"},
	{"helm", ""}, {"helm", "deployment"}, {"helm", "gateway-api"},
	{"sail", ""}, {"sail", "deployment"},
}

// gatewayFields are those that a gateway of any kind and type of Service may have.
const gatewayFields = `{namespace: istio-gateways, port: 16443, replicas: 2, podDisruptionBudget: {minAvailable: 1},
  nodeSelector: {node.example.com/edge: "true"}, tolerations: [{key: edge, operator: Exists}], priorityClassName: system-cluster-critical,
  topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}],
  imagePullSecrets: [{name: registry}], resources: {requests: {cpu: 500m}}}`

// TestInstallers has every example installed in each way, with all fields of its gateways: what is rendered is found
// sound, and nothing of it is left once the example is rendered as it was.
func TestInstallers(t *testing.T) {
	for _, name := range exampleNames(t) {
		if name == "patches" || testing.Short() && name != "mixed" {
			continue // the patches are made on IstioOperators
		}
		for _, w := range ways {
			t.Run(name+"/"+w.installer+"/"+w.gateway, func(t *testing.T) { w.installs(t, name) })
		}
	}
}

func (w way) installs(t *testing.T, name string) {
	dir := copyExample(t, name)
	render := func() {
		t.Helper()
		if got := inProcess(t, dir, "", "render", "--verify"); got.code != exitOK {
			t.Fatalf("meshtopo render --verify exits with %d:\n%s%s", got.code, got.out, got.err)
		}
	}
	render()
	want := contents(t, dir)
	fields := gatewayFields
	if w.installer == "helm" && w.gateway == "" && name == "primary-remote-multi-network" {
		fields = strings.Replace(fields, "port: 16443, ", "", 1) // which the chart of its version does not have
	}
	before := w.write(t, dir, fields)
	render()
	w.findsNothing(t, dir, name, "validate")
	w.findsNothing(t, dir, name, "diff")
	w.findsNothing(t, dir, name, "lint", "clusters")
	w.findsNothing(t, dir, name, "lint", "--topology", topologyIn(dir), "clusters")
	for path := range contents(t, dir) {
		if strings.HasSuffix(path, "/3-control-plane/istio-operator.yaml") != (w.installer == "istioctl") && strings.Contains(path, "/3-control-plane/istio-op") {
			t.Errorf("%s is left of istioctl", path)
		}
	}
	before()
	render()
	if got := contents(t, dir); !maps.Equal(got, want) {
		t.Error("the tree is not what it was")
	}
}

// findsNothing runs a command that has nothing to say but what is known of versions, and of clusters that join.
func (w way) findsNothing(t *testing.T, dir, name string, args ...string) {
	t.Helper()
	got := inProcess(t, dir, "", args...)
	for _, code := range got.codes() {
		if code != "sail-version" && code != "chart-refuses-values" && name != "joining" {
			t.Errorf("meshtopo %s finds %s:\n%s", strings.Join(args, " "), code, got.out)
		}
	}
	if got.code != exitOK {
		t.Errorf("meshtopo %s exits with %d:\n%s%s", strings.Join(args, " "), got.code, got.out, got.err)
	}
}

// topologyIn names the topology of an example: a file, or the directory for a CUE package.
func topologyIn(dir string) string {
	if _, err := os.Stat(filepath.Join(dir, "topology.yaml")); err != nil {
		return "."
	}
	return "topology.yaml"
}

// TestSailRevisions has the Sail operator make a revision of each version, with tags and ztunnel: nothing is found, and
// every name follows.
func TestSailRevisions(t *testing.T) {
	for _, name := range []string{"two-clusters", "primary-remote-multi-network", "mixed"} {
		t.Run(name, func(t *testing.T) {
			dir := copyExample(t, name)
			way{"sail", ""}.write(t, dir, "{}")
			withRevisions(t, filepath.Join(dir, "topology.yaml"))
			for _, args := range [][]string{{"render", "--verify"}, {"diff"}, {"lint", "clusters"}, {"lint", "--topology", "topology.yaml", "clusters"}} {
				if got := inProcess(t, dir, "", args...); got.code != exitOK || len(got.codes()) > 0 {
					t.Errorf("meshtopo %s exits with %d:\n%s%s", strings.Join(args, " "), got.code, got.out, got.err)
				}
			}
			for path, text := range contents(t, dir) {
				serves := strings.Contains(text, "externalIstiod: true")
				if strings.HasSuffix(path, "/istio.yaml") && strings.Contains(text, "EXTERNAL_ISTIOD: \"true\"") != serves {
					t.Errorf("the operator must delete no revisions of a control plane with remotes, and those of any other: %s", text)
				}
				for _, old := range []string{"istio.io/rev: \"1-30-3\"", "istiod.istio-system.svc", "istiod-1-30-3", "injector\"", "injector-1-30-3"} {
					if strings.Contains(text, old) {
						t.Errorf("%s has %s", path, old)
					}
				}
			}
		})
	}
}

// withRevisions has a topology in YAML use everything that the Sail operator makes.
func withRevisions(t *testing.T, file string) {
	t.Helper()
	write(t, file, regexp.MustCompile(`1\.31\.1|1\.30\.3|1\.28\.3`).ReplaceAllString(read(t, file), "1.30.3"))
	topology := setIstio(t, file, "{updateStrategy: RevisionBased, components: {cni: {enabled: true}, ztunnel: {enabled: true}}}")
	for _, c := range topology["spec"].(map[string]any)["clusters"].(map[string]any) {
		if c := c.(map[string]any); c["primary"] == nil {
			c["istio"] = map[string]any{"values": map[string]any{"revisionTags": []any{"stable"}}}
		}
	}
	writeYAML(t, file, topology)
}

// setIstio sets fields below istio of a topology in YAML, and gives the topology.
func setIstio(t *testing.T, file, fields string) map[string]any {
	t.Helper()
	var topology map[string]any
	if err := yaml.Unmarshal([]byte(read(t, file)), &topology); err != nil {
		t.Fatal(err)
	}
	istio := topology["spec"].(map[string]any)["istio"].(map[string]any)
	if err := yaml.Unmarshal([]byte(fields), &istio); err != nil {
		t.Fatal(err)
	}
	if istio["meshConfig"] == nil {
		delete(istio, "meshConfig")
	}
	writeYAML(t, file, topology)
	return topology
}

func writeYAML(t *testing.T, file string, value any) {
	t.Helper()
	text, err := yaml.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, string(text))
}

// TestInstallerVersions has every example installed by Helm and by the Sail operator in every minor version of Istio:
// nothing is found but what is known of the versions.
func TestInstallerVersions(t *testing.T) {
	version := regexp.MustCompile(`1\.31\.1|1\.30\.3|1\.28\.3`)
	for _, name := range exampleNames(t) {
		if name == "patches" || testing.Short() && name != "mixed" {
			continue
		}
		for _, w := range []way{{"helm", ""}, {"sail", ""}} {
			for minor := 24; minor <= 31; minor++ {
				t.Run(fmt.Sprintf("%s/%s/1.%d", name, w.installer, minor), func(t *testing.T) {
					dir := copyExample(t, name)
					if w.installer == "sail" && minor < 26 {
						w.gateway = "deployment" // a Gateway has no resources there, which an example has
					}
					w.write(t, dir, "{}")
					for _, file := range []string{"topology.yaml", "topology.cue"} {
						if text, err := os.ReadFile(filepath.Join(dir, file)); err == nil {
							write(t, filepath.Join(dir, file), version.ReplaceAllString(string(text), fmt.Sprintf("1.%d.2", minor)))
						}
					}
					w.findsNothing(t, dir, name, "render", "--verify")
					w.findsNothing(t, dir, name, "lint", "clusters")
					w.findsNothing(t, dir, name, "lint", "--topology", topologyIn(dir), "clusters")
				})
			}
		}
	}
}

// write has the topology in a directory installed in a way, with fields of its gateways, and gives what undoes it. What
// an installer has no place for is changed as meshtopo asks for it.
func (w way) write(t *testing.T, dir, fields string) (undo func()) {
	t.Helper()
	file := filepath.Join(dir, topologyIn(dir))
	if topologyIn(dir) == "." {
		file = filepath.Join(dir, "way.cue")
		gateway := strings.ReplaceAll(fields, "\n", "")
		if w.gateway != "" {
			gateway += " & {kind: \"" + w.gateway + "\"}"
		}
		write(t, file, "package shop\n\nspec: istio: installer: \""+w.installer+"\"\nspec: clusters: [string]: eastWestGateway: "+cueOf(gateway)+"\n")
		return func() { os.Remove(file) }
	}
	before := read(t, file)
	write(t, file, w.ofText(t, before, fields))
	return func() { write(t, file, before) }
}

// cueOf gives a map in the flow style of YAML as CUE has it.
func cueOf(text string) string {
	text = regexp.MustCompile(`([a-z][A-Za-z./]*): `).ReplaceAllString(text, `"$1": `)
	return regexp.MustCompile(`: ([A-Za-z][-A-Za-z./]*|500m)`).ReplaceAllString(text, `: "$1"`)
}

// ofText changes a topology in YAML.
func (w way) ofText(t *testing.T, text, fields string) string {
	t.Helper()
	text = strings.Replace(text, "    components:\n      pilot:\n        k8s:\n          resources:", "        resources:", 1)
	if w.installer == "sail" {
		text = strings.ReplaceAll(text, "profile: minimal", "profile: default")
	}
	var topology map[string]any
	if err := yaml.Unmarshal([]byte(text), &topology); err != nil {
		t.Fatal(err)
	}
	spec := topology["spec"].(map[string]any)
	spec["istio"].(map[string]any)["installer"] = w.installer
	for _, c := range spec["clusters"].(map[string]any) {
		c := c.(map[string]any)
		gateway, _ := c["eastWestGateway"].(map[string]any)
		if gateway == nil {
			gateway = map[string]any{}
		}
		if err := yaml.Unmarshal([]byte(fields), &gateway); err != nil {
			t.Fatal(err)
		}
		switch remote := c["primary"] != nil; {
		case w.gateway == "gateway-api" && remote:
			gateway["kind"] = "deployment"
		case w.gateway != "":
			gateway["kind"] = w.gateway
		}
		c["eastWestGateway"] = gateway
	}
	changed, err := yaml.Marshal(topology)
	if err != nil {
		t.Fatal(err)
	}
	return string(changed)
}
