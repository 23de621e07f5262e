package render

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// TestFleetReadme walks the README of each example's mesh and proves that nothing is applied before what it needs.
func TestFleetReadme(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		for _, installer := range []schema.Installer{schema.Istioctl, schema.Helm, schema.Sail} {
			t.Run(string(installer), func(t *testing.T) {
				topology, store := load(t, dir)
				installWith(topology, installer)
				files := contents(render(t, topology, store))
				w := newWalk(topology, files)
				if err := w.run(firstTime(files["clusters/README.md"])); err != nil {
					t.Error(err)
				}
			})
		}
		t.Run("sail, a revision for each version", func(t *testing.T) {
			topology, store := load(t, dir)
			if topology.Istio.Listed.Revisions != nil {
				t.Skip("it has a list of revisions")
			}
			installWith(topology, schema.Sail)
			for _, c := range topology.Clusters {
				c.Istio.Update = schema.RevisionBased
				c.Istio.Revision = c.Istio.Resource() + "-v" + strings.ReplaceAll(string(c.Istio.Version), ".", "-")
			}
			files := contents(render(t, topology, store))
			if err := newWalk(topology, files).run(firstTime(files["clusters/README.md"])); err != nil {
				t.Error(err)
			}
		})
	})
}

// installWith has a mesh installed by one installer, with the kinds of gateways that go with it. Patches, which are
// made on IstioOperators, are left out.
func installWith(t *schema.Topology, installer schema.Installer) {
	if installer == schema.Istioctl {
		return
	}
	t.Istio.Patches = nil
	for _, c := range t.Clusters {
		c.Istio.Installer, c.Istio.Patches = installer, nil
		switch c.EastWestGateway.Kind = schema.ChartGateway; {
		case installer == schema.Sail && c.ServedByPrimary():
			c.EastWestGateway.Kind = schema.DeploymentGateway
		case installer == schema.Sail:
			c.EastWestGateway.Kind = schema.GatewayAPI
		}
	}
}

// TestFleetReadmeWalkCanFail proves that the walk would notice: with any command left out or done too early it fails.
func TestFleetReadmeWalkCanFail(t *testing.T) {
	for _, example := range []string{"mixed", "external-secrets", "gateway-addresses", "cert-manager", "istio-csr", "existing-ca"} {
		for _, installer := range []schema.Installer{schema.Istioctl, schema.Helm, schema.Sail} {
			t.Run(example+"/"+string(installer), func(t *testing.T) { checkWalkFails(t, "../testdata/"+example, installer) })
		}
	}
}

func checkWalkFails(t *testing.T, dir string, installer schema.Installer) {
	topology, store := load(t, dir)
	installWith(topology, installer)
	files := contents(render(t, topology, store))
	commands := firstTime(files["clusters/README.md"])
	exports := slices.IndexFunc(commands, func(command string) bool { return !strings.HasPrefix(command, "export ") })
	for i, command := range commands {
		if makesNothing(command) {
			continue
		}
		if slices.Index(commands, command) < i {
			continue // again, for what a render in between has brought: TestFleetReadmePages
		}
		if strings.HasSuffix(command, layout.Expose) && slices.Contains(commands[i+1:], command) {
			continue // applied again before something needs it
		}
		without := slices.Delete(slices.Clone(commands), i, i+1)
		if newWalk(topology, files).run(without) == nil {
			t.Errorf("the walk does not notice that this is missing: %s", command)
		}
		if strings.HasPrefix(command, "export ") || strings.HasSuffix(command, layout.Prepare) || command == "meshtopo render" || strings.Contains(command, bringing) {
			continue // needs nothing
		}
		if topology.TrustFrom(schema.Existing) && strings.HasSuffix(command, " secret/cacerts") {
			continue // nobody here makes it
		}
		if newWalk(topology, files).run(slices.Insert(without, exports, command)) == nil {
			t.Errorf("the walk does not notice that this comes first: %s", command)
		}
	}
}

// TestFleetReadmeSteps checks that a mesh gets the steps that it needs and no others.
func TestFleetReadmeSteps(t *testing.T) {
	always := []string{"## 1. Prepare every cluster", "## 2. Install the primaries", "## Change the mesh", "## Remove a cluster"}
	for example, steps := range map[string][]string{
		"single-cluster":              nil,
		"two-clusters":                nil,
		"multi-primary-one-network":   nil,
		"primary-remote-one-network":  {"## 3. Read the gateways' addresses", "## 4. Install the remotes"},
		"mixed":                       {"## 3. Read the gateways' addresses", "## 4. Install the remotes", "## The root certificate is being replaced"},
		"joining":                     {"## 3. Read the gateways' addresses", "## 4. Install the remotes"},
		"multi-primary-multi-network": {"## Trust domains"},
		"gateway-addresses":           {"## 3. Read the gateways' addresses", "## 4. Install the remotes"},
		"upgrade":                     {"## 3. Read the gateways' addresses", "## 4. Install the remotes", "## An upgrade is under way"},
		"external-secrets":            {"## 3. Read the gateways' addresses", "## 4. Install the remotes"},
	} {
		readme := contents(renderExample(t, "../testdata/"+example))["clusters/README.md"]
		var got []string
		for _, line := range strings.Split(readme, "\n") {
			if strings.HasPrefix(line, "## ") {
				got = append(got, line)
			}
		}
		want := slices.Insert(slices.Clone(always), 2, steps...)
		if example != "single-cluster" {
			want = append(want, "## Replace the tokens")
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has the steps %q, want %q", example, got, want)
		}
	}
}

// TestClusterReadme checks that a cluster's README applies each layer of its directory, in order, to that cluster.
func TestClusterReadme(t *testing.T) {
	eachExample(t, func(t *testing.T, dir string) {
		topology, store := load(t, dir)
		files := contents(render(t, topology, store))
		for _, c := range topology.Clusters {
			checkLayersApplied(t, c, files)
		}
	})
}

func checkLayersApplied(t *testing.T, c *schema.Cluster, files map[string]string) {
	t.Helper()
	var applied []string
	for _, command := range commands(files["clusters/"+c.Name+"/README.md"]) {
		if strings.Contains(command, "--context ") && !strings.Contains(command, shell.Context(c)) {
			t.Errorf("%s: a command about another cluster: %s", c.Name, command)
		}
		for _, form := range []*regexp.Regexp{target, charted} {
			if m := form.FindStringSubmatch(command); m != nil {
				applied = append(applied, m[1]+"/"+m[2])
			}
		}
	}
	if want := layers(files, c.Name); !slices.Equal(slices.Compact(applied), want) {
		t.Errorf("the README of %s applies %v, want %v", c.Name, applied, want)
	}
}

// firstTime gives the commands of the first installation: what changes come later stands below.
func firstTime(readme string) []string {
	order, _, _ := strings.Cut(readme, "\n## Change the mesh\n")
	return commands(order)
}

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// commands gives the commands of a README, without what only chains and wraps them.
func commands(readme string) []string {
	var all []string
	for _, block := range shellBlock.FindAllStringSubmatch(readme, -1) {
		for _, line := range strings.Split(strings.TrimSpace(block[1]), "\n") {
			line = strings.TrimSuffix(line, " &&")
			if inner, ok := strings.CutPrefix(line, "(umask 077; "); ok {
				line = strings.TrimSuffix(inner, ")")
			}
			all = append(all, line)
		}
	}
	return all
}

// layers gives the layers of a cluster in a tree, as CLUSTER/LAYER, in order.
func layers(files map[string]string, cluster string) []string {
	found := map[string]bool{}
	for file := range files {
		if name, ok := strings.CutPrefix(file, "clusters/"+cluster+"/"); ok && strings.Contains(name, "/") {
			layer, _, _ := strings.Cut(name, "/")
			found[cluster+"/"+layer] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

// walk follows the commands of a README and knows what each needs (Istio's installation guides; the order of the
// objects in each cluster).
type walk struct {
	topology *schema.Topology
	files    map[string]string
	done     map[string]bool // what has been reached, such as "cluster-a/1-prepare" or "rendered token cluster-a"
	fetched  []string        // what the next render takes in
}

func newWalk(topology *schema.Topology, files map[string]string) *walk {
	w := &walk{topology: topology, files: files, done: map[string]bool{}}
	for _, c := range topology.Clusters {
		if c.EastWestGateway.Discovery == schema.ByAddresses { // whoever made what stands before the gateway knows them
			w.done["rendered address "+c.Name] = true
		}
	}
	return w
}

// run follows the commands to the end, where every layer of every cluster has to be applied.
func (w *walk) run(commands []string) error {
	for _, command := range commands {
		if err := w.step(command); err != nil {
			return fmt.Errorf("%s: %w", command, err)
		}
	}
	for _, c := range w.topology.Clusters {
		needs := layers(w.files, c.Name)
		if c.ServedByPrimary() && slices.Contains(needs, c.Name+"/3-control-plane") {
			needs = append(needs, w.needs(c, layout.Gateway)...) // workloads need no less than a gateway
		}
		if err := w.need(needs...); err != nil {
			return fmt.Errorf("at the end: %w", err)
		}
	}
	return nil
}

var (
	export  = regexp.MustCompile(`^export ([A-Z0-9_]+)=`)
	used    = regexp.MustCompile(`\$\{([A-Z0-9_]+):\?\}`)
	target  = regexp.MustCompile(` (?:apply --server-side(?: --force-conflicts)? -k|--skip-confirmation --filename) clusters/([^/ ]+)/([^/ ]+)(/[^/ ]+)??(?:/istio-operator\.yaml)?$`)
	charted = regexp.MustCompile(`^helm upgrade --install \S+ .* --values clusters/([^/ ]+)/([^/ ]+)(/[^/ ]+)?/([a-z-]+)\.values\.yaml --wait$`)
	waiting = regexp.MustCompile(` wait --for=\S+ --timeout=\S+ (\S+(?: externalsecret/\S+)*)$`)
	pushing = regexp.MustCompile(` apply --server-side -f clusters/([^/ ]+)/2-secrets/push-secret\.yaml$`)
	logging = regexp.MustCompile(` get secret istio-token-reader-token -o \S+ \S+ \S+ .* \| kubectl --context (\S+) --namespace \S+ create secret generic external-secrets-\S+ --from-file=token=/dev/stdin `)
	getting = regexp.MustCompile(` get (secret|service) (\S+) -o `)
)

func (w *walk) step(command string) error {
	if m := export.FindStringSubmatch(command); m != nil {
		w.done["variable "+m[1]] = true
		return nil
	}
	for _, m := range used.FindAllStringSubmatch(command, -1) {
		if err := w.need("variable " + m[1]); err != nil {
			return err
		}
	}
	switch {
	case command == "meshtopo render":
		for _, fact := range w.fetched {
			w.done["rendered "+fact] = true
		}
		return nil
	case makesNothing(command):
		return nil
	}
	c := w.cluster(command)
	if c == nil {
		return fmt.Errorf("names no cluster")
	}
	if m := target.FindStringSubmatch(command); m != nil {
		return w.apply(c, m[1], m[2], m[3])
	}
	if m := charted.FindStringSubmatch(command); m != nil {
		return w.chart(c, m[1], m[2], m[3], m[4])
	}
	if strings.Contains(command, bringing) {
		w.done["CRDs of the Gateway API in "+c.Name] = true
		return nil
	}
	if m := pushing.FindStringSubmatch(command); m != nil {
		w.done["push "+m[1]] = true
		if c.ServedByPrimary() { // which has no other Secret
			w.done[c.Name+"/"+layout.Secrets] = true
		}
		return w.need(c.Name + "/" + layout.Prepare)
	}
	if m := logging.FindStringSubmatch(command); m != nil {
		return w.logIn(c, m[1])
	}
	if m := waiting.FindStringSubmatch(command); m != nil {
		return w.wait(c, m[1])
	}
	if m := getting.FindStringSubmatch(command); m != nil {
		return w.get(c, m[1]+"/"+m[2])
	}
	return fmt.Errorf("unknown command")
}

// makesNothing tells the commands that make nothing which another one needs, the first time.
func makesNothing(command string) bool {
	return strings.HasPrefix(command, "mkdir -p ") || strings.HasPrefix(command, "istioctl remote-clusters ") ||
		strings.HasSuffix(command, " { print n + 0 }'") || strings.Contains(command, `"ca.crt"`) || moved.MatchString(command) || left.MatchString(command)
}

// left matches what deletes objects of an earlier tree that would change the number of gateways.
var left = regexp.MustCompile(` delete (?:horizontalpodautoscalers|poddisruptionbudgets|horizontalpodautoscalers,poddisruptionbudgets) --selector '\S+,app=istio-eastwestgateway'$`)

// bringing is in the command that brings the CRDs of the Gateway API.
const bringing = " get customresourcedefinitions gateways.gateway.networking.k8s.io || { "

var moved = regexp.MustCompile(` delete deployments (?:--cascade=orphan )?--field-selector metadata.name=istio-eastwestgateway --selector '\S+!=([^']+)'$`)

// cluster gives the cluster whose context a command uses.
func (w *walk) cluster(command string) *schema.Cluster {
	var first *schema.Cluster
	where := len(command)
	for _, c := range w.topology.Clusters {
		if at := strings.Index(command, "context "+shell.Context(c)+" "); at >= 0 && at < where {
			first, where = c, at
		}
	}
	return first
}

// logIn copies the token of a cluster's account to the one with a context.
func (w *walk) logIn(c *schema.Cluster, context string) error {
	for _, r := range w.topology.Clusters {
		if shell.Context(r) == context {
			w.done["log-in "+r.Name+" "+c.Name] = true
			return w.need("token of the account in "+c.Name, r.Name+"/"+layout.Prepare)
		}
	}
	return fmt.Errorf("names no cluster that exists")
}

// made waits until External Secrets has made Secrets, for which it has to be able to reach what is in them.
func (w *walk) made(c *schema.Cluster, objects string) error {
	needs := []string{c.Name + "/" + layout.Secrets}
	for object := range strings.FieldsSeq(objects) {
		name, remote := strings.CutPrefix(object, "externalsecret/istio-remote-secret-")
		switch {
		case remote && c.Filled(schema.FillPush):
			needs = append(needs, "pushed "+name)
		case remote && c.Filled(schema.FillKubernetes):
			needs = append(needs, "log-in "+c.Name+" "+name)
		}
	}
	w.done["made in "+c.Name] = true
	return w.need(needs...)
}

func (w *walk) need(facts ...string) error {
	for _, fact := range facts {
		if !w.done[fact] {
			return fmt.Errorf("needs %q first", fact)
		}
	}
	return nil
}

// apply applies a layer, or a directory in it.
func (w *walk) apply(c *schema.Cluster, name, layer, directory string) error {
	switch {
	case name != c.Name:
		return fmt.Errorf("applies the directory of %s to %s", name, c.Name)
	case !slices.Contains(layers(w.files, name), name+"/"+layer):
		return fmt.Errorf("there is no %s/%s in the tree", name, layer)
	}
	if err := w.need(w.needs(c, layer)...); err != nil {
		return err
	}
	if directory == "" {
		w.done[name+"/"+layer] = true
		return nil
	}
	return w.part(layout.Path(name, layer), layout.Path(name, layer)+directory)
}

// chart installs a chart.
func (w *walk) chart(c *schema.Cluster, name, layer, directory, chart string) error {
	file := layout.Path(name, layout.Values(layer+directory, chart))
	if name != c.Name || w.files[file] == "" {
		return fmt.Errorf("there is no %s for %s", file, c.Name)
	}
	if err := w.need(w.needs(c, layer)...); err != nil {
		return err
	}
	return w.part(layout.Path(name, layer), file)
}

// part is done with a part of a layer: the values of a chart, or a directory. What has the CRDs comes first, and the
// webhooks of tags, which lead to control planes, last. The layer is done once all its parts are.
func (w *walk) part(layer, part string) error {
	all := map[string]bool{}
	for file := range w.files {
		if strings.HasPrefix(file, layer+"/") {
			if layout.Chart(file) == "" {
				file = path.Dir(file)
			}
			all[file] = true
		}
	}
	if !all[part] {
		return fmt.Errorf("there is no %s", part)
	}
	for other := range all {
		first, last := path.Base(other) == "base" || layout.Chart(other) == "base", path.Base(part) == "tags"
		if other != part && (first || last) {
			if err := w.need(other); err != nil {
				return err
			}
		}
	}
	w.done[part] = true
	for other := range all {
		if !w.done[other] {
			return nil
		}
	}
	w.done[strings.TrimPrefix(layer, layout.Top+"/")] = true
	return nil
}

// needs is what has to be there before a layer of a cluster is applied.
func (w *walk) needs(c *schema.Cluster, layer string) []string {
	var needs []string
	below := func(layers ...string) {
		for _, layer := range layers {
			if slices.Contains(w.layersOf(c), layer) {
				needs = append(needs, c.Name+"/"+layer)
			}
		}
	}
	switch layer {
	case layout.Secrets:
		below(layout.Prepare) // the namespace
		for file := range w.files {
			if dir, name := path.Split(file); dir == "clusters/"+c.Name+"/2-secrets/remote-secrets/" && c.Secrets.Protection.HoldsMaterial() {
				needs = append(needs, "rendered token "+strings.TrimSuffix(name, ".yaml"))
			}
		}
	case layout.ControlPlane:
		below(layout.Prepare, layout.Secrets) // a CA that comes after istiod is not used
		if w.files["clusters/"+c.Name+"/2-secrets/cacerts.yaml"] != "" && c.Secrets.Protection == schema.External {
			needs = append(needs, "made in "+c.Name)
		}
		if w.topology.Trust != nil && w.topology.Trust.Provider != schema.Files {
			if c.RunsControlPlane() {
				needs = append(needs, "CA "+c.Name)
			}
			if w.topology.TrustFrom(schema.IstioCSR) {
				needs = append(needs, "istio-csr "+c.Name)
			}
		}
		if c.ServedByPrimary() {
			primary := w.topology.Cluster(c.Primary)
			needs = append(needs, "rendered address "+primary.Name)
			needs = append(needs, primary.Name+"/4-gateway", primary.Name+"/5-expose")
		}
	case layout.Gateway:
		below(layout.ControlPlane) // the gateway's pods are injected
		if c.Istio.Installer == schema.Sail && c.RunsControlPlane() {
			needs = append(needs, "ready "+c.Name)
		}
		if c.ServedByPrimary() {
			needs = append(needs, "root certificate "+c.Name, "webhook CA "+c.Name)
		}
	case layout.Expose:
		below(layout.ControlPlane) // Istio's CRDs
	}
	for file, text := range w.files {
		if strings.HasPrefix(file, layout.Path(c.Name, layer)+"/") && strings.Contains(text, "\napiVersion: gateway.networking.k8s.io/") {
			needs = append(needs, "CRDs of the Gateway API in "+c.Name)
		}
	}
	return needs
}

func (w *walk) layersOf(c *schema.Cluster) []string {
	var names []string
	for _, layer := range layers(w.files, c.Name) {
		names = append(names, path.Base(layer))
	}
	return names
}

// wait waits for what somebody else makes, which has to be able to.
func (w *walk) wait(c *schema.Cluster, object string) error {
	switch {
	case object == "secret/"+c.Istio.Reader.Secret():
		w.done["token "+c.Name] = true
		return w.need(c.Name + "/1-prepare")
	case object == "secret/istio-token-reader-token":
		w.done["token of the account in "+c.Name] = true
		return w.need(c.Name + "/1-prepare")
	case object == "pushsecret/"+"istio-remote-secret-"+c.Name:
		w.done["pushed "+c.Name] = true
		return w.need("push " + c.Name)
	case strings.HasPrefix(object, "externalsecret/"):
		return w.made(c, object)
	case object == "service/istio-eastwestgateway" || object == "service/istio-eastwestgateway-istio":
		w.done["address "+c.Name] = true
		return w.need(c.Name + "/4-gateway")
	case strings.HasPrefix(object, "istios.sailoperator.io/") && c.Named(strings.TrimPrefix(object, "istios.sailoperator.io/")) != nil && !c.Istio.Revises(), object == "istiorevisions.sailoperator.io/"+c.Istio.Revision && c.Istio.Revises():
		w.done["ready "+c.Name] = true
		return w.need(c.Name + "/3-control-plane")
	case object == "certificates.cert-manager.io/istio-ca" && w.topology.TrustFrom(schema.CertManager):
		w.done["issued "+c.Name] = true
		return w.need(c.Name + "/2-secrets")
	case object == "certificates.cert-manager.io/istiod" && w.topology.TrustFrom(schema.IstioCSR):
		w.done["CA "+c.Name] = true
		return w.need(layout.Path(c.Name, layout.Values(layout.Secrets, "istio-csr")))
	case object == "secret/cacerts" && w.topology.TrustFrom(schema.CertManager):
		w.done["CA "+c.Name] = true
		return w.need("issued " + c.Name)
	case object == "secret/cacerts" && w.topology.TrustFrom(schema.Existing):
		w.done["CA "+c.Name] = true
		return nil
	case object == "configmap/istio-ca-root-cert" && w.topology.TrustFrom(schema.IstioCSR):
		w.done["istio-csr "+c.Name], w.done["root certificate "+c.Name] = true, true
		return w.need(layout.Path(c.Name, layout.Values(layout.Secrets, "istio-csr")))
	case object == "configmap/istio-ca-root-cert":
		w.done["root certificate "+c.Name] = true
		return w.need(c.Name+"/3-control-plane", c.Primary+"/2-secrets")
	case strings.HasPrefix(object, "mutatingwebhookconfiguration/istio-sidecar-injector"):
		w.done["webhook CA "+c.Name] = true
		return w.need(c.Name+"/3-control-plane", c.Primary+"/2-secrets")
	}
	return fmt.Errorf("waits for what nobody makes")
}

// get reads what the next render takes in.
func (w *walk) get(c *schema.Cluster, object string) error {
	fact := "address " + c.Name
	if object == "secret/"+c.Istio.Reader.Secret() {
		fact = "token " + c.Name
	}
	w.fetched = append(w.fetched, fact)
	return w.need(fact)
}
