package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/cmd/internal/report"
)

// seen is how many characters of a canary must not be seen anywhere, and canarySize how many it has.
const (
	seen       = 12
	canarySize = 20
)

// canaries are texts that stand for passwords: each is put in the place of one scalar of a document, so that what comes
// out of a run says which scalar it was.
type canaries struct {
	random *rand.Rand
	places map[string]string // by each part of a canary, in clear and encoded
	leaks  map[string]string // how what stands at a place was shown
	runs   int
}

// at gives a new canary for a place, of letters; one for a key has a digit as well, which no name of a field has.
func (c *canaries) at(place string, isKey bool) string {
	letters := []byte("abcdefghijklmnopqrstuvwxyz")
	text := make([]byte, canarySize)
	for i := range text {
		text[i] = letters[c.random.IntN(len(letters))]
	}
	if isKey {
		text[canarySize/2] = '7'
	}
	c.plant(place, text)
	return string(text)
}

// plant has every part of a text that stands at a place be found, in clear and encoded.
func (c *canaries) plant(place string, text []byte) {
	for i := 0; i+seen <= len(text); i++ {
		part := text[i : i+seen]
		c.places[string(part)] = place
		c.places[hex.EncodeToString(part)[:seen]] = place
	}
	for before := range 3 { // base64 in each of its alignments, without what depends on what stands around
		encoded := base64.StdEncoding.EncodeToString(append(make([]byte, before), text...))
		for i := 4; i+seen <= len(encoded)-4; i++ {
			c.places[encoded[i:i+seen]] = place
		}
	}
}

// in gives the places whose canaries a text has something of.
func (c *canaries) in(text string) []string {
	found := map[string]bool{}
	for i := 0; i+seen <= len(text); i++ {
		if place, ok := c.places[text[i:i+seen]]; ok {
			found[place] = true
		}
	}
	var places []string
	for place := range found {
		places = append(places, place)
	}
	slices.Sort(places)
	return places
}

// notations are the ways to write a scalar. A broken document stops being YAML behind its canaries.
var notations = []struct {
	name  string
	write func(n *yaml.Node)
	after string
}{
	{"plain", func(n *yaml.Node) { n.Style, n.Tag = 0, "" }, ""},
	{"double quotes", func(n *yaml.Node) { n.Style, n.Tag = yaml.DoubleQuotedStyle, "" }, ""},
	{"single quotes", func(n *yaml.Node) { n.Style, n.Tag = yaml.SingleQuotedStyle, "" }, ""},
	{"block", func(n *yaml.Node) { n.Style, n.Tag, n.Value = yaml.LiteralStyle, "", n.Value+"\n"+n.Value }, ""},
	{"anchor", func(n *yaml.Node) { n.Style, n.Tag, n.Anchor = 0, "", n.Value }, ""},
	{"comment", func(n *yaml.Node) { n.Tag, n.LineComment = "", "# "+n.Value }, ""},
	{"list", func(n *yaml.Node) {
		*n = yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: n.Value}}}
	}, ""},
	{"broken", func(n *yaml.Node) { n.Style, n.Tag = 0, "" }, "\n  - x: [\n"},
	{"inside another text", func(n *yaml.Node) { n.Style, n.Tag, n.Value = 0, "", "a=1,password="+n.Value }, ""},
	{"in a URL", func(n *yaml.Node) {
		n.Style, n.Tag, n.Value = 0, "", "https://user:"+n.Value+"@example.com/?a="+n.Value
	}, ""},
}

// spoil puts canaries in the place of every so many-th scalar of all documents of a text, beginning with one of them.

func (c *canaries) spoil(t *testing.T, text string, notation, from, step int) string {
	t.Helper()
	dec := yaml.NewDecoder(strings.NewReader(text))
	var out bytes.Buffer
	number := 0
	for {
		var doc yaml.Node
		if err := dec.Decode(&doc); err != nil {
			break
		}
		walkScalars(&doc, "", func(n *yaml.Node, path string, isKey bool) {
			if number++; number%step != from || strings.HasSuffix(path, "/kind") || strings.HasSuffix(path, "/apiVersion") {
				return
			}
			if isKey {
				if notation == 0 {
					n.Value = c.at(path+"/", true)
				}
				return
			}
			if n.Value = c.at(path, false); notation >= 0 {
				notations[notation].write(n)
			}
		})
		if out.Len() > 0 {
			out.WriteString("---\n")
		}
		enc := yaml.NewEncoder(&out)
		if err := enc.Encode(&doc); err != nil {
			t.Fatal(err)
		}
	}
	return out.String() + notations[notation].after
}

// walkScalars calls f for all scalars of a document and their paths; items of lists have no number.
func walkScalars(n *yaml.Node, path string, f func(n *yaml.Node, path string, isKey bool)) {
	switch n.Kind {
	case yaml.ScalarNode:
		var inner yaml.Node // such as the kubeconfig in a Secret, and a patch
		if strings.Contains(n.Value, "\n") && yaml.Unmarshal([]byte(n.Value), &inner) == nil && inner.Content[0].Kind != yaml.ScalarNode {
			walkScalars(inner.Content[0], path+"!", f)
			if text, err := yaml.Marshal(&inner); err == nil {
				n.Value = string(text)
			}
			return
		}
		f(n, path, false)
	case yaml.MappingNode:
		kind := path
		if k := fieldOf(n, "kind"); k != "" && path == "" {
			kind = k
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := n.Content[i].Value
			f(n.Content[i], kind+"/"+key, true)
			walkScalars(n.Content[i+1], kind+"/"+key, f)
		}
	default:
		for _, below := range n.Content {
			if name := fieldOf(below, "name"); strings.HasSuffix(path, "/env") {
				walkScalars(below, path+"/"+name, f)
				continue
			}
			walkScalars(below, path, f)
		}
	}
}

func fieldOf(n *yaml.Node, key string) string {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1].Value
		}
	}
	return ""
}

// shownOf runs the command in a directory and gives all that it shows: at every eighth run in every format.
func (c *canaries) shownOf(t *testing.T, dir, stdin string, args ...string) string {
	t.Helper()
	var all bytes.Buffer
	reports := t.TempDir()
	whole := []string{args[0]}
	if c.runs%8 == 0 && args[0] != "fn" { // all formats have what the text has
		for _, format := range report.Names() {
			whole = append(whole, "--format", format+"="+filepath.Join(reports, format))
		}
	}
	got := inProcess(t, dir, stdin, append(whole, args[1:]...)...)
	all.WriteString(got.out + got.err)
	err := fs.WalkDir(os.DirFS(reports), ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			text, _ := os.ReadFile(filepath.Join(reports, path))
			all.Write(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// carried matches where values of Istio's charts begin in what gives them to Helm.
const carried = `(?:/(?:istiod|istio-eastwestgateway|crossing|defaults|_internal_defaults_do_not_set)|Kustomization/helmCharts/valuesInline` +
	`|Application/spec/source/helm/values(?:!|Object)|HelmRelease/spec/values|HelmChart/spec/valuesContent!|ZTunnel/spec/values/ztunnel|)`

// mayBeShown matches the places whose values are public: names, addresses, numbers, words and paths. It is written by
// hand, from the documentation of Istio and Kubernetes, and not taken from the product.
var mayBeShown = regexp.MustCompile("^(?:" + strings.Join([]string{
	`Topology/metadata/(?:name|namespace)`,
	`Topology/spec/mesh/.*[^/]`,
	`Topology/spec/trust/.*[^/]`,
	`(?:Secret/stringData/cluster-b!|Config)/clusters/(?:name|cluster/(?:server|proxy-url))`,
	`Topology/spec/(?:clusters/[^/]+/)?secrets/(?:protection|remote|sealedSecrets/(?:certificate|scope)|externalSecrets/(?:store/(?:name|kind)|remoteSecretKey|cacertsKey|refreshInterval|fill|bearerToken))`,
	`Topology/spec/(?:clusters|networks)/[^/]+/`, // the names of clusters and networks
	`Topology/spec/clusters/[^/]+/(?:network|primary|state|podCIDRs|apiServer/.*[^/]|credential/[a-zA-Z]+/file|intermediate/.*[^/])`,
	`Topology/spec/clusters/[^/]+/eastWestGateway/(?:enabled|revision|discovery|addresses|serviceType|namespace|port|replicas|autoscaling/[A-Za-z]+|loadBalancer(?:Class|SourceRanges)|external(?:IPs|TrafficPolicy)|priorityClassName|imagePullSecrets/name|serviceAnnotations/traffic.istio.io/nodeSelector|resources/[a-z]+/[a-z]+)`,
	`Topology/spec/(?:clusters/[^/]+/)?istio/(?:version|revision|revisions/(?:name|version|default|tags)|namespace|profile|hub|tag|reader/serviceAccount|patches/path|patches/target/[A-Za-z]+)`,
	`Topology/spec/(?:clusters/[^/]+/)?istio/components/[a-z]+/k8s/resources/[a-z]+/(?:cpu|memory)`,
	`Topology/spec/(?:clusters/[^/]+/)?istio/meshConfig/(?:accessLogFile|defaultConfig/holdApplicationUntilProxyStarts)`,
	`[^/]*/(?:.*patch!/)?metadata/(?:name|namespace|labels/topology.istio.io/network|annotations/traffic.istio.io/nodeSelector)`,
	`(?:.?Secret.?/metadata/(?:labels/istio/multiCluster|annotations/kubernetes.io/service-account.name)|Secret/type)`,
	`(?:.?IstioOperators?.?|Istio)/spec/(?:profile|values/pilot/(?:autoscaleEnabled|configMap)|components/[A-Za-z]+/(?:enabled|name))`,
	`IstioOperator/spec/values/pilot/volumeMounts/(?:readOnly|name|mountPath)`,
	`Kustomization/helmCharts/name`,
	`(?:(?:.?IstioOperator.?|Istio)/spec/values)?/(?:istiodRemote/(?:enabled|injection(?:Path|URL))|networkGateway|name)`,
	`(?:(?:.?IstioOperator.?|Istio)/spec/values)?/global/(?:meshID|network|multiCluster/(?:clusterName|enabled)|remotePilotAddress|istioNamespace|configCluster|configValidation)`,
	`(?:(?:.?IstioOperator.?|Istio)/spec/values)?/global/(?:externalIstiod|operatorManageWebhooks|proxy/(?:clusterDomain|statusPort))`,
	`(?:(?:.?IstioOperator.?|Istio)/spec/values)?/global/meshNetworks/[^/]+/(?:endpoints/from[A-Za-z]+|gateways/(?:address|port|registryServiceName))`,
	`(?:IstioOperator/spec|/_internal_defaults_do_not_set)?/meshConfig/enable(?:AutoMtls|PrometheusMerge|Tracing)`,
	`(?:IstioOperator/spec)?/meshConfig/(?:serviceSettings/settings/clusterLocal|dnsRefreshRate|outboundTrafficPolicy/mode|trustDomain(?:Aliases)?)`,
	`IstioOperator/spec/components/(?:in|e)gressGateways/(?:label/topology.istio.io/network|k8s/service/ports/port)`,
	`IstioOperator/spec/components/[a-zA-Z]+/k8s/env/[A-Z0-9_]+/name`,
	`IstioOperator/spec/components/[a-zA-Z]+/k8s/env/(?:ISTIO_META_[A-Z_]+|PILOT_[A-Z_]+|AMBIENT_[A-Z_]+|EXTERNAL_ISTIOD|CLUSTER_ID)/value`,
	`Gateway/spec/(?:.?selector.?/(?:topology.istio.io/network|istio)|servers/port/protocol)`,
	`.?IstioOperator.?/spec/(?:revision|components/[a-zA-Z]+/k8s/env/[^/]+/name)`,
	`/_internal_defaults_do_not_set/global/(?:meshID|network|externalIstiod|remotePilotAddress|multiCluster/clusterName)`,
	`/_internal_defaults_do_not_set/istiodRemote/injection(?:Path|URL)`,
	`(?:IstioOperator|Istio)/spec/values/pilot/env/(?:AMBIENT_ENABLE_MULTI_NETWORK|PILOT_MULTICLUSTER_KUBECONFIG_PATH)`,
	`(?:Istio|IstioCNI|ZTunnel|IstioRevisionTag)/spec/(?:namespace|version|profile|updateStrategy/type|targetRef/(?:kind|name))`,
	`IstioOperator/spec/profil`, // misspelt
	`Deployment/spec/template/(?:metadata/labels/topology.istio.io/network|spec/containers/env/(?:CLUSTER_ID|ISTIO_META_[A-Z_]+)/value)`,
	`Gateway/spec/(?:addresses/value|listeners/port|servers/(?:hosts|port/(?:name|number)|tls/(?:mode|httpsRedirect)))`,
	`EnvoyFilter/spec/configPatches/(?:applyTo|patch/operation)`,
	`IstioOperator/spec/meshConfig/extensionProviders/[A-Za-z]+/port`,
	`(?:DestinationRule/spec/trafficPolicy/tls|PeerAuthentication/spec/mtls)/mode`,
	`VirtualService/spec/(?:gateways|[a-z]+/match/port|[a-z]+/route/destination/port/number)`,
	`(?:Service/spec/ports/port|ServiceEntry/spec/ports/number|(?:Cluster)?RoleBinding/subjects/namespace|Kustomization/(?:resources|secretGenerator/(?:name|files)))`,
	`(?:Kustomization)?/(?:commonLabels|labels/pairs)/topology.istio.io/network`,
	`(?:Cluster)?Role/rules/(?:apiGroups|resources|resourceNames|verbs)`,
	`IstioOperator/spec/(?:namespace|meshConfig/serviceScopeConfigs/scope)`,
	`(?:IstioOperator/spec)?/meshconfig/accessLogFile`,
	carried + `/(?:global/)?(?:meshID|network|multiCluster/clusterName)`,
	carried + `/(?:name|networkGateway|revision|labels/topology.istio.io/network|env/ISTIO_META_REQUESTED_NETWORK_VIEW)`,
	// The value is that of a parameter that is the name of a cluster.
	`Application/spec/(?:destination/namespace|sources/helm/(?:valueFiles|parameters/value))`,
	`HelmRelease/spec/chartRef/name`, `HelmChart/spec/targetNamespace`, `Kustomization/namespace`,
	`Kustomization/helmCharts/(?:releaseName|valuesFile)`, `/secretGenerator/(?:name|files)`,
}, "|") + ")$")

// notationsOf says how many notations `make test` tries with each file; CANARIES=all, as in `make torture`,
// tries all of them.
func notationsOf(all int) int {
	if os.Getenv("CANARIES") == "all" {
		return all
	}
	return 1
}

// TestCanaries puts canaries in the place of every scalar of topologies and manifests, in turn, and looks for them in
// all that the commands show, in every format.
func TestCanaries(t *testing.T) {
	if testing.Short() {
		t.Skip("for a race detector it is one run a hundred times")
	}
	c := &canaries{random: rand.New(rand.NewPCG(1, 2)), places: map[string]string{}, leaks: map[string]string{}}
	c.topologies(t)
	c.manifests(t)
	c.shapes(t)
	c.kubeconfigs(t)
	for place, how := range c.leaks {
		t.Errorf("what stands at %s is shown: %s", place, how)
	}
	if c.runs < 1000 {
		t.Errorf("only %d runs", c.runs)
	}
}

// look notes the places whose canaries are shown and must not be.
func (c *canaries) look(shown, how string) {
	c.runs++
	for _, place := range c.in(shown) {
		if !mayBeShown.MatchString(strings.NewReplacer("‹", "", "›", "").Replace(place)) && c.leaks[place] == "" {
			c.leaks[place] = how
		}
	}
}

func (c *canaries) topologies(t *testing.T) {
	files, err := filepath.Glob("../../testdata/*/topology.yaml")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	const step = 9
	for i, file := range files {
		example := filepath.Base(filepath.Dir(file))
		dir, text := copyExample(t, example), read(t, file)
		for from := range step {
			for n := range notationsOf(len(notations)) {
				notation := (i + from + n) % len(notations)
				spoilt := c.spoil(t, text, notation, from, step)
				how := fmt.Sprintf("%s, %s", example, notations[notation].name)
				write(t, filepath.Join(dir, "topology.yaml"), spoilt)
				c.look(c.shownOf(t, dir, "", "validate"), how)
				if notations[notation].after == "" {
					c.look(c.shownOf(t, dir, resourceList(t, spoilt), "fn"), "fn, "+how)
				}
			}
		}
	}
}

// kubeconfigs tries kubeconfigs that a topology names, in files of their own and in Secrets.
func (c *canaries) kubeconfigs(t *testing.T) {
	dir := copyExample(t, "two-clusters")
	file := filepath.Join(dir, filepath.FromSlash(kubeconfigB))
	write(t, filepath.Join(dir, "topology.yaml"), apply(t, read(t, filepath.Join(dir, "topology.yaml")), byKubeconfig(kubeconfigB)))
	text := strings.Replace(readerOfB(t), "    token:", "    client-certificate-data: x\n    client-key-data: x\n    password: x\n    exec: {command: x, args: [x]}\n    token:", 1)
	secret := "apiVersion: v1\nkind: Secret\nmetadata: {name: x}\nstringData:\n  cluster-b: |\n    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    ") + "\n"
	const step = 5
	for from := range step {
		for notation := range notations {
			for _, whole := range []string{text, secret} {
				write(t, file, c.spoil(t, whole, notation, from, step))
				for _, args := range [][]string{{"validate"}, {"diff"}, {"render", "--dry-run"}} {
					c.look(c.shownOf(t, dir, "", args...), strings.Join(args, " ")+" of a kubeconfig, "+notations[notation].name)
				}
			}
		}
	}
}

// shapes tries each shape in a directory of its own.
func (c *canaries) shapes(t *testing.T) {
	archive, err := txtar.ParseFile("../../testdata/canary/shapes.txtar")
	if err != nil || len(archive.Files) < 30 {
		t.Fatal(len(archive.Files), err)
	}
	const step = 3
	for i, f := range archive.Files {
		for n := range step * len(notations) {
			if n%4 > 0 && notationsOf(2) == 1 {
				continue
			}
			from, notation := n%step, (i+n)%len(notations)
			dir := t.TempDir()
			write(t, filepath.Join(dir, f.Name), c.spoil(t, string(f.Data), notation, from, step))
			how := fmt.Sprintf("%s, %s", f.Name, notations[notation].name)
			c.look(c.shownOf(t, dir, "", "lint", "."), how)
			if from == 0 {
				c.look(c.shownOf(t, dir, "", "lint", "--fix", "--dry-run", "."), "lint --fix, "+how)
			}
		}
	}
}

func (c *canaries) manifests(t *testing.T) {
	files, err := filepath.Glob("../../schema/lint/testdata/*.txtar")
	if err != nil || len(files) < 300 {
		t.Fatal(len(files), err)
	}
	silent, err := filepath.Glob("../../schema/lint/testdata/silent/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	const step = 3
	for i, file := range append(files, silent...) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for n := range step * notationsOf(len(notations)) {
			from, notation := (i+n)%step, (i+n)%len(notations)
			dir := t.TempDir()
			for _, f := range archive.Files {
				write(t, filepath.Join(dir, f.Name), c.spoil(t, string(f.Data), notation, from, step))
			}
			how := fmt.Sprintf("%s, %s", filepath.Base(file), notations[notation].name)
			c.look(c.shownOf(t, dir, "", "lint", "."), how)
			if n == 0 && i%4 == 0 {
				c.look(c.shownOf(t, dir, "", "lint", "--fix", "--dry-run", "."), "lint --fix, "+how)
			}
		}
	}
}
