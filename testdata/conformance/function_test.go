package conformance

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// site is a directory with a topology in which kustomize runs meshtopo.
type site struct {
	t   *testing.T
	dir string
	bin string // is first on the PATH
}

// newSite copies an example, without its tree, and puts the real tools on the PATH.
func newSite(t *testing.T, example string) *site {
	t.Helper()
	s := &site{t, t.TempDir(), t.TempDir()}
	if err := os.CopyFS(s.dir, os.DirFS(filepath.Join("..", example))); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(s.dir, "want")); err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{"meshtopo": built, "kustomize": tool(t, "kustomize"), "docker": docker(t)} {
		if err := os.Symlink(file, filepath.Join(s.bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// write writes a file of the site.
func (s *site) write(name, text string) {
	s.t.Helper()
	file := filepath.Join(s.dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

// replace changes the only occurrence of a text in a file of the site.
func (s *site) replace(name, old, new string) {
	s.t.Helper()
	before := string(read(s.t, filepath.Join(s.dir, name)))
	if strings.Count(before, old) != 1 {
		s.t.Fatalf("%s holds %q %d times", name, old, strings.Count(before, old))
	}
	s.write(name, strings.Replace(before, old, new, 1))
}

// ran is how a command ended.
type ran struct {
	out, err string
	code     int
}

// run runs shell commands in a directory of the site.
func (s *site) run(dir, script string) ran {
	s.t.Helper()
	var out, talk bytes.Buffer
	c := exec.Command("sh", "-eu", "-c", script)
	c.Dir = filepath.Join(s.dir, dir)
	c.Stdout, c.Stderr = &out, &talk
	c.Env = append(os.Environ(), "PATH="+s.bin+":"+os.Getenv("PATH"), "CALLS="+filepath.Join(s.bin, "calls"),
		"CTX_CLUSTER_A=a", "MAKEFLAGS=", "MAKELEVEL=")
	err := c.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return ran{out.String(), talk.String(), c.ProcessState.ExitCode()}
}

// build is how docs/kustomize.md calls kustomize.
const build = "kustomize build --enable-alpha-plugins --enable-exec "

// built runs kustomize build and gives the objects. Any error or warning fails.
func (s *site) built(command string) []string {
	s.t.Helper()
	got := s.run(".", command)
	if got.code != 0 || got.err != "" && !strings.Contains(got.err, ": info: ") {
		s.t.Fatalf("%s exits with %d: %s", command, got.code, got.err)
	}
	return texts(s.t, []byte(got.out))
}

// texts gives the objects of a stream, each in one notation, sorted.
func texts(t *testing.T, stream []byte) []string {
	t.Helper()
	all := []string{}
	for _, document := range documents(t, stream) {
		all = append(all, text(t, parse(t, document).Object))
	}
	sort.Strings(all)
	return all
}

// committed gives the objects of an example's tree for a cluster and its layers.
func committed(t *testing.T, example, cluster string, layers ...string) []string {
	t.Helper()
	dir := filepath.Join("..", example, "want", "clusters", cluster)
	all := []string{}
	for _, name := range files(t, dir) {
		layer, _, nested := strings.Cut(name, "/")
		if _, layer, _ = strings.Cut(layer, "-"); !nested || !slices.Contains(layers, layer) || path.Base(name) == "kustomization.yaml" || isValues(name) {
			continue
		}
		all = append(all, texts(t, read(t, filepath.Join(dir, name)))...)
	}
	sort.Strings(all)
	return all
}

var forKubectl = []string{"prepare", "secrets", "expose"} // what kubectl applies

// renderCluster is a functionConfig that runs meshtopo on a topology two directories up.
func renderCluster(cluster, more string) string {
	return `apiVersion: meshtopo.dev/v1alpha1
kind: RenderCluster
metadata:
  name: ` + cluster + `
  annotations:
    config.kubernetes.io/function: |
      exec: {path: meshtopo, args: [fn]}
topology: ../../topology.yaml
cluster: ` + cluster + "\n" + more
}

// TestFunctionGenerates builds every cluster of every example by the function, and gets what the committed tree has
// for kubectl: never an IstioOperator, and no annotation of kustomize.
func TestFunctionGenerates(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		s := newSite(t, e.name)
		for _, c := range e.topology.Clusters {
			dir := "deploy/" + c.Name
			s.write(dir+"/kustomization.yaml", "generators: [meshtopo.yaml]\n")
			config := renderCluster(c.Name, "")
			if e.file() == "." {
				config = strings.Replace(config, "../../topology.yaml", "../..", 1)
			}
			s.write(dir+"/meshtopo.yaml", config)
			equal(t, c.Name, s.built(build+dir), committed(t, e.name, c.Name, forKubectl...))
			s.write(dir+"/meshtopo.yaml", config+"layers: [control-plane, gateway]\n")
			equal(t, c.Name+" for istioctl", s.built(build+dir), []string{})
		}
	})
}

// TestFunctionBelowOverlays changes in an overlay what a base generates, once for each of two clusters.
func TestFunctionBelowOverlays(t *testing.T) {
	s := newSite(t, "two-clusters")
	for _, c := range []string{"cluster-a", "cluster-b"} {
		s.write("base/"+c+"/kustomization.yaml", "generators: [meshtopo.yaml]\n")
		s.write("base/"+c+"/meshtopo.yaml", renderCluster(c, "layers: [expose]\n"))
		s.write("overlay/"+c+"/kustomization.yaml", `resources: [../../base/`+c+`, own.yaml]
commonAnnotations: {team: mesh}
patches:
- target: {kind: Gateway}
  patch: '[{"op": "replace", "path": "/spec/servers/0/hosts", "value": ["*.`+c+`"]}]'
`)
		s.write("overlay/"+c+"/own.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: own}\n")
		got := strings.Join(s.built(build+"overlay/"+c), "---\n")
		for _, want := range []string{"- '*." + c + "'", "team: mesh", "kind: ConfigMap", "name: cross-network-gateway"} {
			if !strings.Contains(got, want) {
				t.Errorf("the overlay of %s has no %q:\n%s", c, want, got)
			}
		}
	}
}

// TestFunctionTransforms merges into what is there: the topology's own objects are replaced or dropped, those of other
// layers and everybody else's stay, in their order.
func TestFunctionTransforms(t *testing.T) {
	s := newSite(t, "two-clusters")
	const labels = "labels: {app.kubernetes.io/managed-by: meshtopo, meshtopo.dev/topology: shop}"
	object := func(kind, name, labels string) string {
		return "apiVersion: v1\nkind: " + kind + "\nmetadata: {name: " + name + ", namespace: istio-system, " + labels + "}\n"
	}
	there := []string{
		object("ConfigMap", "first", "annotations: {a: b}"),
		object("Secret", "istio-remote-secret-removed", labels),
		object("ServiceAccount", "istio-remote-reader", labels),
		object("Secret", "cacerts", labels),
		object("Secret", "istio-remote-secret-theirs", strings.Replace(labels, "shop", "other", 1)),
		object("ConfigMap", "last", "annotations: {a: b}"),
	}
	s.write("deploy/cluster-a/there.yaml", strings.Join(there, "---\n"))
	s.write("deploy/cluster-a/kustomization.yaml", "resources: [there.yaml]\ntransformers: [meshtopo.yaml]\nsortOptions: {order: fifo}\n")
	s.write("deploy/cluster-a/meshtopo.yaml", renderCluster("cluster-a", "layers: [secrets, expose]\n"))
	want := append(committed(t, "two-clusters", "cluster-a", "secrets", "expose"),
		texts(t, []byte(strings.Join([]string{there[0], there[2], there[4], there[5]}, "---\n")))...)
	sort.Strings(want)
	equal(t, "transformed", s.built(build+"deploy/cluster-a"), want)

	var order []string
	for _, document := range documents(t, []byte(s.run(".", build+"deploy/cluster-a").out)) {
		order = append(order, parse(t, document).GetName())
	}
	equal(t, "order", order, []string{"first", "istio-remote-reader", "cacerts", "istio-remote-secret-theirs", "last",
		"istio-remote-secret-cluster-b", "cross-network-gateway"})
}

// TestFunctionTwoClusters cannot build two clusters at once, by generators or by transformers.
func TestFunctionTwoClusters(t *testing.T) {
	s := newSite(t, "two-clusters")
	s.write("deploy/both/a.yaml", renderCluster("cluster-a", ""))
	s.write("deploy/both/b.yaml", renderCluster("cluster-b", ""))
	const several = `b.yaml:9:10: error: the build has objects of cluster "cluster-a" already [several-clusters]`
	s.write("deploy/only-a/a.yaml", renderCluster("cluster-a", ""))
	s.write("deploy/only-a/kustomization.yaml", "generators: [a.yaml]\n")
	s.write("deploy/only-b/b.yaml", renderCluster("cluster-b", ""))
	s.write("deploy/only-b/kustomization.yaml", "generators: [b.yaml]\n")
	for lists, want := range map[string]string{
		// kustomize's words: the second one is not told of the first
		"generators: [a.yaml, b.yaml]":                   "can not use behavior: 'unspecified'",
		"transformers: [a.yaml, b.yaml]":                 several,
		"generators: [a.yaml]\ntransformers: [b.yaml]":   several,
		"resources: [../only-a]\ntransformers: [b.yaml]": several,
		"resources: [../only-a, ../only-b]":              "already registered id",
		"resources: [../only-a]\ngenerators: [b.yaml]":   "can not use behavior: 'unspecified'",
	} {
		s.write("deploy/both/kustomization.yaml", lists+"\n")
		got := s.run(".", build+"deploy/both")
		if got.code == 0 || got.out != "" || !strings.Contains(got.err, want) {
			t.Errorf("%s: exit code %d, %q, %s", lists, got.code, got.out, got.err)
		}
		if want != several && !bytes.Contains(read(t, "../../docs/kustomize.md"), []byte("`"+want+"`")) {
			t.Errorf("docs/kustomize.md does not say what %q means", want)
		}
	}
	s.write("deploy/both/kustomization.yaml", "generators: [a.yaml]\n")
	s.replace("deploy/both/a.yaml", "cluster: cluster-a", "cluster: [cluster-a, cluster-b]")
	got := s.run(".", build+"deploy/both")
	if got.code == 0 || !strings.Contains(got.err, "a.yaml:9:1: error: cluster must be the name of one cluster, not a list [several-clusters]") {
		t.Errorf("a list of clusters: exit code %d, %s", got.code, got.err)
	}
}

// TestFunctionForeign builds with an object that the user has where a rendered one goes. As a transformer meshtopo
// names it; as a generator it is not told of it, and kustomize reports it.
func TestFunctionForeign(t *testing.T) {
	s := newSite(t, "two-clusters")
	const own = "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: {team: mesh}}\n"
	s.write("deploy/cluster-a/own.yaml", own)
	s.write("deploy/cluster-a/kustomization.yaml", "resources: [own.yaml]\ntransformers: [meshtopo.yaml]\n")
	s.write("deploy/cluster-a/meshtopo.yaml", renderCluster("cluster-a", "layers: [prepare, expose]\n"))
	got := s.run(".", build+"deploy/cluster-a")
	const want = `meshtopo.yaml:10:1: error: Namespace "istio-system" is there already, and is not of Topology/shop [foreign-object]`
	if got.code == 0 || got.out != "" || !strings.Contains(got.err, want) || strings.Contains(got.err, "duplicate resource") {
		t.Errorf("a transformer: exit code %d, %q, %s", got.code, got.out, got.err)
	}
	s.write("deploy/cluster-a/kustomization.yaml", "resources: [own.yaml]\ngenerators: [meshtopo.yaml]\n")
	if got := s.run(".", build+"deploy/cluster-a"); got.code == 0 || !strings.Contains(got.err, "can not use behavior: 'unspecified'") {
		t.Errorf("a generator: exit code %d, %q, %s", got.code, got.out, got.err)
	}
	// as the finding and docs/kustomize.md say
	s.write("deploy/cluster-a/meshtopo.yaml", renderCluster("cluster-a", "layers: [expose]\n"))
	rest := append(committed(t, "two-clusters", "cluster-a", "expose"), texts(t, []byte(own))...)
	sort.Strings(rest)
	equal(t, "without the layer", s.built(build+"deploy/cluster-a"), rest)
}

// TestFunctionWrongTopology fails the build with the lines of meshtopo validate, and nothing on standard output.
func TestFunctionWrongTopology(t *testing.T) {
	s := newSite(t, "two-clusters")
	s.replace("topology.yaml", "network: network2", "network: netwrok2")
	s.replace("topology.yaml", "198.51.100.1", "127.0.0.1")
	s.write("deploy/cluster-a/meshtopo.yaml", renderCluster("cluster-a", ""))
	want := s.run("deploy/cluster-a", "meshtopo validate ../../topology.yaml")
	if want.code != 1 || strings.Count(want.out, "error:") != 2 {
		t.Fatalf("validate exits with %d: %s", want.code, want.out)
	}
	for _, list := range []string{"generators", "transformers"} {
		s.write("deploy/cluster-a/kustomization.yaml", list+": [meshtopo.yaml]\n")
		got := s.run(".", build+"deploy/cluster-a")
		if got.code == 0 || got.out != "" || !strings.HasPrefix(got.err, want.out+want.err) {
			t.Errorf("%s: exit code %d, %q, %s\nwant %s", list, got.code, got.out, got.err, want.out+want.err)
		}
	}
}

// TestFunctionMissingFlags shows why docs/kustomize.md insists on the flags, and that validate says so.
func TestFunctionMissingFlags(t *testing.T) {
	s := newSite(t, "two-clusters")
	s.write("kustomization.yaml", "generators: [meshtopo.yaml]\n")
	s.write("meshtopo.yaml", strings.Replace(renderCluster("cluster-a", ""), "../../", "", 1))
	if got := s.run(".", "kustomize build --enable-alpha-plugins ."); got.code != 0 || got.out != "" {
		t.Errorf("without --enable-exec: exit code %d, %q; kustomize skips functions no more: correct docs/kustomize.md", got.code, got.out)
	}
	if got := s.run(".", "kustomize build --enable-exec ."); got.code == 0 || !strings.Contains(got.err, "external plugins disabled") {
		t.Errorf("without --enable-alpha-plugins: exit code %d, %s", got.code, got.err)
	}
	got := s.run(".", "meshtopo validate")
	if got.code != 0 || !strings.Contains(got.out, "kustomization.yaml:1:14: info: kustomize build runs meshtopo only with --enable-alpha-plugins --enable-exec [kustomize-flags]") {
		t.Errorf("validate exits with %d: %s", got.code, got.out)
	}
	s.write("kustomization.yaml", "validators: [meshtopo.yaml]\n")
	if got := s.run(".", build+"."); got.code != 0 || got.out != "" {
		t.Errorf("as a validator: exit code %d, %q; validators may add objects now: correct docs/kustomize.md", got.code, got.out)
	}
	if got := s.run(".", "meshtopo validate"); !strings.Contains(got.out, "kustomize lets validators add nothing") {
		t.Errorf("validate does not speak of validators: %s", got.out)
	}
}

// TestFunctionRun lets kustomize write the rendered objects to files, and leaves alone what else is in the directory:
// comments, the functionConfig, other people's objects, the tree of another topology.
func TestFunctionRun(t *testing.T) {
	s := newSite(t, "two-clusters")
	const run = "kustomize fn run --enable-exec ."
	own := map[string]string{
		"install/cluster-a.yaml": "# which cluster\n" + strings.Replace(renderCluster("cluster-a", "layers: [control-plane, gateway] # for istioctl\n"), "../../", "../", 1),
		"install/own.yaml":       "# mine\napiVersion: v1\nkind: ConfigMap # a comment\nmetadata:\n  name: own\ndata: {b: \"1\", a: \"2\"}\n",
		"install/values.yaml":    "# not an object\nb: 1\na: 2\n",
		"install/sub/two.yaml":   "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: one\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: two\n",
	}
	for name, text := range own {
		s.write(name, text)
	}
	s.run("install", "meshtopo render -o . ../topology.yaml")
	before := contents(t, filepath.Join(s.dir, "install"))
	if got := s.run("install", run); got.code != 0 || got.err != "" {
		t.Fatalf("%s exits with %d: %s", run, got.code, got.err)
	}
	after := contents(t, filepath.Join(s.dir, "install"))
	for name, text := range before {
		if after[name] != text {
			t.Errorf("%s was\n%s\nand is\n%s", name, text, after[name])
		}
		delete(after, name)
	}
	for _, layer := range []string{"3-control-plane", "4-gateway"} {
		name := "cluster-a/" + layer + "/istio-operator.yaml"
		got := parse(t, []byte(after[name]))
		equal(t, name+" is local", got.GetAnnotations()["config.kubernetes.io/local-config"], "true")
		got.SetAnnotations(nil)
		equal(t, name, []string{text(t, got.Object)}, committed(t, "two-clusters", "cluster-a", layer[2:]))
		decodeOperator(t, []byte(after[name]))
		delete(after, name)
	}
	equal(t, "other new files", len(after), 0)

	t.Run("again", func(t *testing.T) {
		before := contents(t, filepath.Join(s.dir, "install"))
		s.run("install", run)
		equal(t, "files", contents(t, filepath.Join(s.dir, "install")), before)
	})
	t.Run("changed", func(t *testing.T) {
		s.replace("topology.yaml", "accessLogFile: /dev/stdout", "accessLogFile: /dev/stderr")
		s.run("install", run)
		if got := contents(t, filepath.Join(s.dir, "install"))["cluster-a/3-control-plane/istio-operator.yaml"]; !strings.Contains(got, "/dev/stderr") {
			t.Errorf("the file is still\n%s", got)
		}
	})
	t.Run("wrong", func(t *testing.T) {
		s.replace("topology.yaml", "network: network2", "network: netwrok2")
		before := contents(t, filepath.Join(s.dir, "install"))
		got := s.run("install", "mkdir ../results && kustomize fn run --enable-exec --results-dir ../results .")
		if got.code == 0 || !strings.Contains(got.err, "../topology.yaml:26:16: error:") {
			t.Errorf("exit code %d, %s", got.code, got.err)
		}
		equal(t, "files", contents(t, filepath.Join(s.dir, "install")), before)
		var results []any
		if err := yaml.Unmarshal(read(t, filepath.Join(s.dir, "results/results-0.yaml")), &results); err != nil || len(results) != 1 {
			t.Fatal(err, results)
		}
		contains(t, "result", results[0], map[string]any{
			"severity": "error", "field": map[string]any{"path": "spec.clusters.cluster-b.network"}, "file": map[string]any{"path": "../topology.yaml"},
			"resourceRef": map[string]any{"apiVersion": "meshtopo.dev/v1alpha1", "kind": "Topology", "name": "shop"},
			"tags":        map[string]any{"code": "unknown-network", "line": "26", "column": "16"},
		})
	})
}

// contents gives the text of all files below a directory.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range files(t, dir) {
		all[name] = string(read(t, filepath.Join(dir, name)))
	}
	return all
}

var (
	textBlock = regexp.MustCompile("(?ms)^```text\n(.*?)^```$")
	yamlBlock = regexp.MustCompile("(?ms)^```yaml\n# (.*?)\n(.*?)^```$")
)

// TestFunctionPage follows docs/kustomize.md: it writes the files that the page shows and runs its commands as they
// are.
func TestFunctionPage(t *testing.T) {
	s := newSite(t, "two-clusters")
	about := read(t, "../../docs/kustomize.md")
	shown := map[string]string{}
	for _, block := range yamlBlock.FindAllSubmatch(about, -1) {
		shown[string(block[1])] = string(block[2])
		s.write(string(block[1]), string(block[2]))
	}
	equal(t, "YAML blocks with a name", len(shown), strings.Count(string(about), "```yaml"))
	var commands []string
	for _, block := range shellBlock.FindAllSubmatch(about, -1) {
		commands = append(commands, string(block[1]))
	}
	equal(t, "shell blocks", len(commands), 5)

	t.Run("exec", func(t *testing.T) {
		equal(t, commands[0], s.built(commands[0]), committed(t, "two-clusters", "cluster-a", forKubectl...))
	})
	t.Run("topology", func(t *testing.T) {
		topology := string(read(t, "../two-clusters/topology.yaml"))
		s.write("mesh/topology.yaml", strings.Replace(topology, "metadata: {name: shop}\n", shown["the metadata of mesh/topology.yaml"], 1))
		s.run(".", "cp -r certs tokens mesh")
		equal(t, "mesh", s.built(build+"mesh"), committed(t, "two-clusters", "cluster-a", "prepare", "expose"))
	})
	t.Run("fn run", func(t *testing.T) {
		if err := os.WriteFile(filepath.Join(s.bin, "istioctl"), []byte(recorder), 0o700); err != nil {
			t.Fatal(err)
		}
		if got := s.run(".", commands[1]); got.code != 0 {
			t.Fatalf("%sexits with %d: %s", commands[1], got.code, got.err)
		}
		calls := decodeCalls(t, read(t, filepath.Join(s.bin, "calls")))
		equal(t, "calls", len(calls), 1)
		file := calls[0].args[len(calls[0].args)-1]
		decodeOperator(t, read(t, filepath.Join(s.dir, "install", file)))
		if help, err := exec.Command(tool(t, "istioctl"), append(calls[0].args, "--help")...).CombinedOutput(); err != nil {
			t.Errorf("istioctl does not accept %q: %v\n%s", calls[0].args, err, help)
		}
	})
	t.Run("container", func(t *testing.T) {
		makeImage(t, s, string(about))
		equal(t, commands[2], s.built(commands[2]), committed(t, "two-clusters", "cluster-b", forKubectl...))
	})
	t.Run("lint", func(t *testing.T) {
		equal(t, commands[3], s.built(commands[3]), committed(t, "two-clusters", "cluster-a", forKubectl...))
		s.write("checked/cluster-a/kustomization.yaml", shown["checked/cluster-a/kustomization.yaml"]+shown["what breaks the mesh"])
		got := s.run(".", commands[3])
		if said := textBlock.FindSubmatch(about); said == nil || got.code == 0 || got.out != "" || !strings.HasPrefix(got.err, string(said[1])) {
			t.Errorf("%sexits with %d: %s", commands[3], got.code, got.err)
		}
	})
	t.Run("lint files", func(t *testing.T) {
		s.write("files/ns.yaml", "apiVersion: networking.istio.io/v1\nkind: Gatway\nmetadata: {name: a}\n")
		if got := s.run(".", commands[4]); got.code == 0 || !strings.HasPrefix(got.err, "ns.yaml:2:7: error: ") {
			t.Errorf("%sexits with %d: %s", commands[4], got.code, got.err)
		}
	})
	t.Run("Argo CD", func(t *testing.T) {
		options, _, err := unstructured.NestedString(parse(t, []byte(shown["argocd-cm.yaml"])).Object, "data", "kustomize.buildOptions")
		if err != nil {
			t.Fatal(err)
		}
		command := "kustomize build " + options + " deploy/cluster-a"
		equal(t, command, s.built(command), committed(t, "two-clusters", "cluster-a", forKubectl...))
	})
}
