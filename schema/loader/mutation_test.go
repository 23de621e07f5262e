package loader

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/mutation"
	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// reason says why the mutants of some nodes are right: a topology that its user might have meant.
type reason struct {
	why   string
	kinds string // of mutation, with commas between them
	paths string // patterns, with spaces between them
}

// reasons are all that there are. A mutant that none of them is about has to be reported, and each is needed.
func reasons() []reason {
	const (
		optional  = "it need not be there"
		preset    = "it has a default"
		text      = "another text does as well"
		twice     = "twice the same is the same"
		order     = "the order does not matter"
		gateway   = "spec/clusters/*/eastWestGateway"
		own       = "spec/clusters/*/istio"
		pilot     = "spec/istio/components/pilot/k8s/resources"
		podFields = gateway + "/nodeSelector " + gateway + "/tolerations " + gateway + "/affinity " + gateway + "/topologySpreadConstraints " + gateway + "/imagePullSecrets "
		patched   = "package render knows the objects and checks what is done to them"
	)
	return []reason{
		{"one of them does", "delete, swap", "spec/istio/revisions/* " + own + "/revisions/*"},
		{"the primary's are in force", "delete", own + "/revisions"},
		{preset, "delete", "spec/istio/revisions/*/default " + own + "/revisions/*/default " + gateway + "/revision"},
		{"nothing in the topology goes by the tag", "delete, to [], rename, swap", "spec/istio/revisions/*/tags " + own + "/revisions/*/tags spec/istio/revisions/*/tags/* " + own + "/revisions/*/tags/*"},
		{preset, "delete, to {}", "spec/mesh spec/istio/reader " + gateway},
		{preset, "delete", "spec/mesh/id spec/mesh/trustDomain spec/mesh/dnsCapture spec/mesh/exposedHosts spec/istio/namespace spec/istio/profile"},
		{preset, "delete", "spec/istio/installer spec/istio/charts/repository " + own + "/installer " + own + "/charts/repository " + gateway + "/kind"},
		{preset, "delete", "spec/istio/updateStrategy " + own + "/updateStrategy"},
		{preset, "delete, to {}", "spec/istio/charts " + own + "/charts"},
		{preset, "delete", "spec/istio/revision spec/istio/reader/serviceAccount spec/clusters/*/state " + gateway + "/enabled " + gateway + "/serviceType " + gateway + "/discovery"},
		{optional, "delete, to []", "spec/mesh/trustDomainAliases spec/clusters/*/podCIDRs"},
		{optional, "delete, to {}", "metadata/labels metadata/annotations spec/istio/meshConfig spec/istio/values spec/istio/components"},
		{optional, "delete, to {}", gateway + "/serviceAnnotations " + gateway + "/resources " + gateway + "/resources/* " + own},
		{optional, "delete, to {}", own + "/meshConfig " + own + "/values " + own + "/components " + own + "/reader"},
		{optional, "delete", "metadata/namespace metadata/labels/* metadata/annotations/* spec/mesh/trustDomainAliases/* spec/mesh/exposedHosts/1"},
		{optional, "delete", "spec/istio/hub spec/istio/tag spec/clusters/*/podCIDRs/* spec/clusters/*/apiServer/tlsServerName spec/clusters/*/apiServer/proxyURL"},
		{optional, "delete", gateway + "/serviceAnnotations/** " + gateway + "/resources/*/*"},
		{optional, "delete", own + "/namespace " + own + "/revision " + own + "/profile " + own + "/hub " + own + "/reader/serviceAccount spec/istio/reader/tokenSecret " + own + "/reader/tokenSecret"},
		{preset, "delete", "spec/secrets/externalSecrets/store/kind spec/secrets/externalSecrets/refreshInterval spec/secrets/externalSecrets/fill"},
		{preset, "delete", "spec/secrets/remote spec/clusters/*/secrets/remote spec/secrets/externalSecrets/bearerToken spec/secrets/sealedSecrets/scope"},
		{optional, "delete", "spec/secrets/sealedSecrets spec/secrets/externalSecrets/remoteSecretKey spec/secrets/externalSecrets/cacertsKey"},
		{optional, "delete, to {}", "spec/clusters/*/secrets spec/clusters/*/secrets/sealedSecrets spec/clusters/*/secrets/externalSecrets/store"},
		{optional, "delete", "spec/clusters/*/secrets/externalSecrets/fill"},
		{"the two are patterns", "swap", "spec/secrets/externalSecrets/remoteSecretKey"},
		{optional, "delete", "spec/clusters/*/secrets/sealedSecrets/* spec/clusters/*/secrets/externalSecrets spec/clusters/*/secrets/externalSecrets/store/*"},
		{optional, "delete", "spec/clusters/*/secrets/externalSecrets/remoteSecretKey spec/clusters/*/secrets/externalSecrets/cacertsKey"},
		{optional, "delete", "spec/clusters/*/secrets/externalSecrets/refreshInterval spec/clusters/*/secrets/externalSecrets/bearerToken"},
		{optional, "delete", "spec/clusters/*/intermediate/crl"},
		{"its store has the key", "delete", "spec/clusters/*/intermediate/key"},
		{"one address does, and remotes need an IP", "delete, swap", gateway + "/addresses/*"},
		{text, "rename", gateway + "/addresses/*"},
		{preset, "delete", "spec/trust/certManager/issuer/kind spec/trust/certManager/duration spec/trust/certManager/privateKey/size spec/trust/istioCSR/issuer/kind spec/trust/istioCSR/issuer/group spec/trust/istioCSR/address spec/trust/istioCSR/chart/repository spec/trust/istioCSR/chart/version"},
		{preset, "delete, to {}", "spec/trust/certManager/privateKey spec/trust/istioCSR/chart"},
		{"an issuer gives a CA to any cluster that becomes a primary", "delete", "spec/clusters/*/primary"},
		{"an issuer has a root that need not be named", "delete, to []", "spec/trust/roots"},
		{"an issuer has a root that need not be named", "delete", "spec/trust/roots/0"},
		{"nothing names the root yet", "delete", "spec/trust/roots/1"},
		{"the mesh is alone without it", "delete, to []", "spec/trust/federatesWith"},
		{"the mesh is alone without it", "delete", "spec/trust/federatesWith/*"},
		{"what its token brings is not known yet", "delete", "spec/clusters/*/apiServer spec/clusters/*/credential"},
		{"the kubeconfig says it", "delete", "spec/clusters/*/apiServer/url spec/clusters/*/apiServer/ca"},
		{"the kubeconfig says it", "to {}", "spec/clusters/*/apiServer"},
		{"nothing is known of two joining clusters yet", "swap", "spec/clusters/*"},
		{"trust.intermediates says where it is", "delete", "spec/clusters/*/intermediate"},
		{"every cluster has an intermediate of its own", "delete", "spec/trust/intermediates"},
		{"a single control plane makes its own CA", "delete", "spec/trust"},
		{"a mesh without it is a mesh", "delete", "spec/clusters/*"},
		{"a cluster that signs nothing, and that no other names, may have any name", "rename", "spec/clusters/*"},
		{"the two are equal", "swap", "spec/networks/*"},
		{"Istio has defaults for all that is its own, and null is none", "delete, to null", "spec/istio/meshConfig/** spec/istio/values/** spec/istio/components/** " +
			own + "/meshConfig/** " + own + "/values/** " + own + "/components/**"},
		{"an empty map says nothing", "to {}", "spec/istio/meshConfig/defaultConfig spec/istio/values/pilot spec/istio/values/pilot/env spec/istio/values/pilot/cpu " +
			"spec/istio/components/pilot spec/istio/components/pilot/k8s " + pilot + " " + pilot + "/requests " + own + "/values/pilot " + own + "/components/cni"},
		{"a variable may have any text", "to 7, to true", "spec/istio/values/pilot/env/*"},
		{"another number does as well", "to 7", own + "/values/pilot/traceSampling"},
		{"protobuf reads any number for a value of an enum", "to 7", own + "/meshConfig/accessLogEncoding"},
		{"a quantity may be a number", "to 7", pilot + "/requests/*"},
		{preset, "delete", gateway + "/namespace " + gateway + "/port " + gateway + "/autoscaling/minReplicas " + gateway + "/autoscaling/targetCPUUtilizationPercentage"},
		{optional, "delete, to {}, to []", podFields + gateway + "/autoscaling " + gateway + "/loadBalancerSourceRanges " + gateway + "/externalIPs"},
		{optional, "delete, duplicate", gateway + "/loadBalancerSourceRanges/* " + gateway + "/externalIPs/* " + gateway + "/imagePullSecrets/* " + gateway + "/tolerations/*"},
		{optional, "delete", gateway + "/externalTrafficPolicy " + gateway + "/podDisruptionBudget " + gateway + "/priorityClassName " + gateway + "/loadBalancerClass " + gateway + "/topologySpreadConstraints/*"},
		{optional, "delete, to null", gateway + "/tolerations/0/* " + gateway + "/affinity/*"},
		{text, "delete, rename", gateway + "/nodeSelector/**"},
		{"both are numbers", "swap", gateway + "/autoscaling/maxReplicas"},
		{"Kubernetes checks its resources", "rename, swap, key to 7", pilot + "/requests/*"},
		{"Kubernetes checks its resources", "rename, swap", gateway + "/resources/*/*"},
		{"Kubernetes checks its resources", "swap", gateway + "/resources/*"},
		{text, "rename", "metadata/labels/* metadata/annotations/* spec/mesh/trustDomainAliases/* spec/mesh/exposedHosts/* " + gateway + "/serviceAnnotations/**"},
		{text, "swap", "metadata/name metadata/labels"},
		{optional, "delete, to {}", "spec/rules"},
		{optional, "delete", "spec/rules/*"},
		{"the names follow from the account", "delete", "spec/istio/reader/formerTokenSecret " + own + "/reader/formerTokenSecret"},
		{"both are names", "swap", "spec/istio/reader/tokenSecret " + own + "/reader/tokenSecret"},
		{"nothing tells whether a token is being replaced", "delete, to false", "spec/clusters/*/credential/rotating"},
		{"no kubeconfig is here that needs it", "delete, to []", "spec/clusters/*/credential/insecureOptions spec/clusters/*/credential/insecureOptions/*"},
		{"no token ends soon", "delete", "spec/clusters/*/credential/refreshedBy"},
		{"both can be adjusted", "swap", "spec/rules/*"},
		{"people apply the tree without it", "delete", "spec/gitops"},
		{preset, "delete", "spec/gitops/revision spec/gitops/path spec/gitops/argocd/namespace spec/gitops/argocd/project spec/gitops/argocd/destination spec/gitops/flux/namespace"},
		{preset, "to {}", "spec/gitops/argocd spec/gitops/flux"},
		{"both are names", "swap", "spec/gitops/revision spec/gitops/argocd/namespace spec/gitops/flux/namespace"},
		{optional, "delete", "spec/gitops/argocd/decryption spec/gitops/flux/decryption spec/gitops/flux/secret spec/gitops/flux/kubeConfig spec/clusters/*/gitops/name"},
		{optional, "delete, to {}", "spec/clusters/*/gitops"},
		{optional, "delete, to []", "spec/istio/patches " + own + "/patches"},
		{patched, "delete, duplicate, swap", "spec/istio/patches/* " + own + "/patches/*"},
		{patched, "delete, to {}", "spec/istio/patches/*/target " + own + "/patches/*/target"},
		{patched, "delete, swap", "spec/istio/patches/*/target/* " + own + "/patches/*/target/*"},
		{twice, "duplicate", "spec/mesh/trustDomainAliases/* spec/mesh/exposedHosts/*"},
		{order, "swap", "spec/trust/roots/* spec/mesh/trustDomainAliases/* spec/mesh/exposedHosts/* spec/clusters/*/podCIDRs/*"},
	}
}

// end is where it shows that nodes do not go together: of a reference that a mutation breaks, the other end.
type end struct{ mutated, reported string }

func ends() []end {
	return []end{
		{"spec/networks/*", "spec/clusters/*/network"},
		{"spec/istio/revisions/*/default", "spec/istio/revisions"},
		{"spec/clusters/*/istio/revisions/*/default", "spec/clusters/*/istio/revisions"},
		{"spec/istio/revisions/*", "spec/clusters/*/istio/revisions/*/name"},
		{"spec/clusters/*/istio/revisions/*", "spec/clusters/*/eastWestGateway/revision"},
		{"spec/istio/revisions/*/name", "spec/clusters/*/istio/revisions/*/name"},
		{"spec/istio/revisions/*", "spec/clusters/*/eastWestGateway/revision"},
		{"spec/istio/revisions/*/name", "spec/clusters/*/eastWestGateway/revision"},
		{"spec/istio/revisions/*/tags/*", "spec/clusters/*/eastWestGateway/revision"},
		{"spec/clusters/*", "spec/clusters/*/primary"},
		{"spec/clusters/*", "spec/networks/*"},
		{"spec/clusters/*", "spec/trust/intermediates"},
		{"spec/clusters/*", "spec/clusters/*/eastWestGateway/enabled"},
		{"spec/clusters/*", "spec/clusters/*/istio/components/cni/enabled"},
		{"spec/clusters/*/eastWestGateway/topologySpreadConstraints/*/maxSkew", "spec/clusters/*/eastWestGateway/topologySpreadConstraints/*/topologyKey"},
		{"spec/clusters/*/eastWestGateway/replicas", "spec/clusters/*/eastWestGateway/podDisruptionBudget"},
		{"spec/clusters/*/primary", "spec/trust/intermediates"},
		{"spec/clusters/*/primary", "spec/clusters/*"},
		{"spec/clusters/*/state", "spec/clusters/*/credential/token/*"},
		{"spec/clusters/*/state", "spec/clusters/*/credential/kubeconfig/*"},
		{"spec/clusters/*/state", "spec/clusters/*/credential/clientCertificate"},
		{"spec/clusters/*/state", "spec/clusters/*/credential/clientCertificate/cert"},
		{"spec/clusters/*/state", "spec/clusters/*/credential/clientCertificate/key/*"},
		{"spec/clusters/*/state", "spec/clusters/*"},
		{"spec/clusters/*/eastWestGateway/addresses/*", "spec/clusters/*/state"},
		{"spec/clusters/*/eastWestGateway/serviceAnnotations/**", "spec/clusters/*/eastWestGateway/serviceType"},
		{"spec/clusters/*/eastWestGateway/serviceType", "spec/clusters/*/eastWestGateway/discovery"},
		{"spec/clusters/*/eastWestGateway/discovery", "spec/clusters/*/eastWestGateway/serviceType"},
		{"spec/clusters/*/eastWestGateway/discovery", "spec/clusters/*/eastWestGateway/addresses/*"},
		{"spec/clusters/*/eastWestGateway/addresses", "spec/clusters/*/eastWestGateway/discovery"},
		{"spec/clusters/*/eastWestGateway/addresses/*", "spec/clusters/*/eastWestGateway/discovery"},
		{"spec/clusters/*/network", "spec/networks/*"},
		{"spec/clusters/*/istio/namespace", "spec/clusters/*/credential/token/*"},
		{"spec/istio/namespace", "spec/clusters/*/istio/namespace"},
		{"spec/clusters/*/istio/reader/serviceAccount", "spec/clusters/*/credential/token/*"},
		{"spec/mesh/clusterDomain", "spec/mesh/exposedHosts"},
		{"spec/clusters/*/istio/version", "spec/clusters/*/istio/tag"},
		{"spec/clusters/*/istio/tag", "spec/istio/tag"},
		{"spec/mesh/exposedHosts", "spec/mesh/clusterDomain"},
		{"spec/trust/intermediates", "spec/clusters/*"},
		{"spec/trust/roots/*", "spec/trust/intermediates"},
		{"spec/trust/roots/*", "spec/clusters/*/intermediate/chain"},
		{"spec/trust/provider", "spec/trust/certManager"},
		{"spec/trust/provider", "spec/trust/istioCSR"},
		{"spec/trust/certManager/issuer/group", "spec/trust/certManager/issuer/kind"},
		{"spec/trust/certManager/renewBefore", "spec/trust/certManager/duration"},
		{"spec/trust/certManager/privateKey/algorithm", "spec/trust/certManager/privateKey/size"},
		{"spec/gitops", "spec/clusters/*/gitops/name"},
		{"spec/clusters/*", "spec/secrets/externalSecrets"},
		{"spec/clusters/*/secrets/protection", "spec/secrets/externalSecrets"},
		{"spec/clusters/*/secrets/protection", "spec/clusters/*/secrets/externalSecrets"},
		{"spec/clusters/*/secrets/externalSecrets/fill", "spec/secrets/externalSecrets/*"},
	}
}

// TestMutations changes every node of every example in every way, once, and of a topology with every field. Each
// mutant is right for one of the reasons above, or it is reported: at the lines of the node itself, at the name of
// what holds it, or at the other end of a reference; and nothing is reported elsewhere.
func TestMutations(t *testing.T) {
	if testing.Short() {
		t.Skip("thousands of times the same, for a race detector")
	}
	c := &count{used: map[string]bool{}}
	t.Run("of", func(t *testing.T) {
		for _, name := range exampleNames(t) {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c.checkMutants(t, example(t, name))
			})
		}
		t.Run("every field", func(t *testing.T) {
			t.Parallel()
			files := example(t, "mixed")
			files["topology.yaml"] = &fstest.MapFile{Data: []byte(everyField)}
			for _, name := range []string{"patches/one.yaml", "patches/two.yaml"} {
				files[name] = &fstest.MapFile{Data: []byte("[{op: add, path: /metadata/labels/team, value: mesh}]")}
			}
			files["kubeconfigs/ap-1.yaml"] = &fstest.MapFile{Data: []byte(kubeconfigOf("ap-1", "https://192.0.2.3:6443", files["certs/ap-1/api.pem"].Data, files["tokens/ap-1"].Data))}
			withCRLs(files)
			c.checkMutants(t, files)
		})
		t.Run("every revision", func(t *testing.T) {
			t.Parallel()
			files := example(t, "upgrade")
			files["topology.yaml"] = &fstest.MapFile{Data: []byte(everyRevision)}
			c.checkMutants(t, files)
		})
		for _, text := range []string{withCertManager, withIstioCSR} {
			t.Run("issued", func(t *testing.T) {
				t.Parallel()
				files := example(t, "two-clusters")
				files["topology.yaml"] = &fstest.MapFile{Data: []byte(text)}
				files["certs/partner.pem"] = &fstest.MapFile{Data: []byte(trusttest.PEM(trusttest.New(nil, trusttest.Around(materialNow), trusttest.Within("partner.example.com"))))}
				c.checkMutants(t, files)
			})
		}
		t.Run("Flux", func(t *testing.T) {
			t.Parallel()
			c.checkMutants(t, fstest.MapFS{"topology.yaml": &fstest.MapFile{Data: []byte(withFlux)}})
		})
	})
	for _, r := range reasons() {
		for path := range strings.FieldsSeq(r.paths) {
			if !c.used[r.why+" "+path] {
				t.Errorf("no mutant needs the reason %q for %s", r.why, path)
			}
		}
	}
	for _, e := range ends() {
		if !c.used[e.mutated+" "+e.reported] {
			t.Errorf("no mutant of %s is reported at %s", e.mutated, e.reported)
		}
	}
	t.Logf("%d mutants, %d of them right", c.total, c.right)
}

// withCRLs has every CA of an example be one that may sign revocation lists, and adds a file with one of each.
func withCRLs(files fstest.MapFS) {
	around := trusttest.Around(materialNow)
	list := func(ca *trusttest.Authority) string { return ca.CRL(materialNow, materialNow.AddDate(5, 0, 0)) }
	root := trusttest.New(nil, around, trusttest.SigningCRLs)
	write := func(name, text string) { files[name] = &fstest.MapFile{Data: []byte(text)} }
	write("certs/root-cert.pem", trusttest.PEM(root))
	all := list(root)
	for name := range files {
		if dir, ok := strings.CutSuffix(name, "/ca-cert.pem"); ok {
			ca := trusttest.New(root, around, trusttest.SigningCRLs, trusttest.Named(dir))
			write(name, trusttest.PEM(ca))
			write(dir+"/cert-chain.pem", trusttest.PEM(ca, root))
			write(dir+"/ca-key.pem", ca.KeyPEM())
			all += list(ca)
		}
	}
	write("certs/crl.pem", all)
}

// kubeconfigOf gives the kubeconfig of a cluster's reader.
func kubeconfigOf(cluster, server string, ca, token []byte) string {
	return fmt.Sprintf("apiVersion: v1\nkind: Config\ncurrent-context: %[1]s\ncontexts: [{name: %[1]s, context: {cluster: %[1]s, user: reader}}]\n"+
		"clusters:\n- name: %[1]s\n  cluster:\n    server: %[2]s\n    certificate-authority-data: %[3]s\nusers:\n- name: reader\n  user:\n    token: %[4]s\n",
		cluster, server, base64.StdEncoding.EncodeToString(ca), bytes.TrimSpace(token))
}

// count is what the mutants of all examples have in common.
type count struct {
	sync.Mutex
	total, right int
	used         map[string]bool // reasons and ends, with the paths that they are about
}

// checkMutants loads every mutant of a topology.
func (c *count) checkMutants(t *testing.T, files fstest.MapFS) {
	var doc yaml.Node
	if err := yaml.Unmarshal(files["topology.yaml"].Data, &doc); err != nil {
		t.Fatal(err)
	}
	mutation.Spread(&doc)
	text, noted := loadNode(t, files, &doc), map[string]bool{}
	if text.found.HasErrors() {
		t.Fatalf("the example is wrong: %q", places(text.found.Sorted()))
	}
	for _, d := range text.found.Sorted() {
		noted[d.Code+d.Message] = true
	}
	for _, n := range mutation.Nodes(&doc) {
		c.checkMutant(t, mutant{n}, loadNode(t, files, n.Doc), noted)
	}
}

// loaded is a document as text, and what was found in it.
type loaded struct {
	text  []byte
	found *diag.List
}

func loadNode(t *testing.T, files fstest.MapFS, doc *yaml.Node) loaded {
	t.Helper()
	text, err := yaml.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	root, env := maps.Clone(files), map[string]string{}
	for name, file := range map[string]string{"TOKEN_US_1": "tokens/us-1", "CA_KEY_US_1": "certs/us-1/ca-key.pem"} {
		if f := files[file]; f != nil {
			env[name] = string(f.Data)
		}
	}
	root["topology.yaml"] = &fstest.MapFile{Data: text}
	_, found, err := Load(Input{
		FS: root, Files: []string{"topology.yaml"}, Now: materialNow, RequireMaterial: true,
		Material: filesMaterial{files: root, env: env, read: map[string]int{}},
	})
	if err != nil {
		t.Fatalf("Load failed: %v\n%s", err, text)
	}
	return loaded{text, found}
}

// mutant is a topology in which one node was changed.
type mutant struct{ mutation.Node }

// checkMutant checks that all findings but those noted before are where they belong, or that there need be none.
func (c *count) checkMutant(t *testing.T, m mutant, l loaded, noted map[string]bool) {
	t.Helper()
	c.Lock()
	defer c.Unlock()
	c.total++
	allowed, reported := m.places(l.text), 0
	for _, d := range l.found.Sorted() {
		if noted[d.Code+d.Message] {
			continue
		}
		reported++
		if d.Pos.File != "topology.yaml" { // a kubeconfig that it names, which does not fit any more
			continue
		}
		ends, ok := allowed[d.Pos.Line]
		if !ok || d.Code == "schema-mismatch" {
			t.Errorf("%s: %s is reported at line %d: %s\n%s", m, d.Code, d.Pos.Line, d.Message, l.text)
		}
		for _, end := range ends {
			c.used[end] = true
		}
	}
	if reported > 0 {
		return
	}
	c.right++
	why := m.reasons()
	for _, r := range why {
		c.used[r] = true
	}
	if len(why) == 0 {
		t.Errorf("%s: nothing is reported\n%s", m, l.text)
	}
}

// reasons gives those for which a mutant may be right.
func (m mutant) reasons() []string {
	var all []string
	for _, r := range reasons() {
		if !slices.Contains(strings.Split(r.kinds, ", "), m.Kind) {
			continue
		}
		for path := range strings.FieldsSeq(r.paths) {
			if mutation.Matches(path, m.Path) {
				all = append(all, r.why+" "+path)
			}
		}
	}
	return all
}

// places gives the lines at which a mutant may be reported: those of the node itself, of its twin or of the sibling
// that it was swapped with, that of the name of what holds it, and the other ends of references, which it names.
func (m mutant) places(text []byte) map[int][]string {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		panic(err)
	}
	lines := map[int][]string{}
	for _, e := range ends() {
		if !mutation.Concerns(e.mutated, m.Path) && !mutation.Concerns(e.mutated, m.Next) {
			continue
		}
		mutation.Visit(&doc, "", nil, func(path string, at []int) {
			if mutation.Matches(e.reported, path) {
				line := mutation.NameLine(&doc, at)
				lines[line] = append(lines[line], e.mutated+" "+e.reported)
			}
		})
	}
	for _, line := range m.Lines(&doc) {
		lines[line] = nil
	}
	return lines
}

func (m mutant) String() string { return m.Kind + " " + m.Path }

// TestEveryFieldIsMutated keeps the topology with every field complete.
func TestEveryFieldIsMutated(t *testing.T) {
	there := map[string]bool{}
	item := regexp.MustCompile(`/[0-9]+`)
	for _, text := range []string{everyField, everyRevision, withFlux, withCertManager, withIstioCSR} {
		var doc yaml.Node
		if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
			t.Fatal(err)
		}
		mutation.Visit(&doc, "", nil, func(path string, _ []int) { there[item.ReplaceAllString(path, "")] = true })
	}
	for _, f := range schema.Fields() {
		pattern := strings.NewReplacer(".", "/", "NAME", "*").Replace(f.Path)
		if !slices.ContainsFunc(slices.Collect(maps.Keys(there)), func(path string) bool { return mutation.Matches(pattern, path) }) {
			t.Errorf("the topology with every field has no %s", f.Path)
		}
	}
}

// everyField goes with the certificates and tokens of the example mixed.
const everyField = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: full, namespace: meshes, labels: {team: mesh}, annotations: {note: all of it}}
spec:
  mesh:
    id: planet
    trustDomain: planet.example.com
    trustDomainAliases: [old.example.com, older.example.com]
    clusterDomain: cluster.example.com
    dnsCapture: false
    exposedHosts: ["*.cluster.example.com", "*.example.org"]
  istio:
    version: "1.31.1"
    installer: istioctl
    charts: {repository: "https://charts.example.com/istio"}
    namespace: istio-system
    revision: one
    updateStrategy: InPlace
    profile: demo
    hub: registry.example.com/istio
    tag: 1.31.1-distroless
    meshConfig: {accessLogFile: /dev/stdout}
    values: {pilot: {cpu: {targetAverageUtilization: 80}}}
    components: {pilot: {k8s: {replicaCount: 2}}}
    reader: {serviceAccount: istio-remote-reader, tokenSecret: one-token, formerTokenSecret: no-token}
    patches:
    - target: {group: apps, version: v1, kind: Deployment, name: istiod, namespace: istio-system, labelSelector: app=istiod, annotationSelector: note}
      patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'
    - path: patches/one.yaml
      target: {kind: Namespace}
  trust:
    roots: [certs/root-cert.pem, certs/next-root-cert.pem]
    intermediates: certs/{cluster}
  secrets:
    protection: plaintext
    remote: secret
    sealedSecrets: {certificate: "certs/{cluster}/sealed-secrets.pem", scope: strict}
    externalSecrets:
      store: {name: vault, kind: ClusterSecretStore}
      remoteSecretKey: mesh/{reader}/{cluster}
      cacertsKey: mesh/ca/{cluster}
      refreshInterval: 15m
      fill: none
      bearerToken: external-secrets-{cluster}
  gitops:
    repository: "https://git.example.com/mesh.git"
    revision: release
    path: fleet/mesh
    argocd: {namespace: argo, project: mesh, destination: "fleet-{cluster}", decryption: {plugin: sops}}
  networks: {eu: {}, us: {}}
  clusters:
    ap-1:
      network: us
      primary: us-1
      gitops: {name: sydney}
      apiServer: {url: "https://192.0.2.3:6443", ca: certs/ap-1/api.pem}
      credential: {kubeconfig: {file: kubeconfigs/ap-1.yaml}}
    eu-1:
      network: eu
      state: active
      apiServer: {url: "https://192.0.2.1:6443", ca: certs/eu-1/api.pem, tlsServerName: eu-1.example.com, proxyURL: "http://proxy.example.com:3128"}
      credential: {token: {file: tokens/eu-1}, refreshedBy: the job token-refresh of eu-1, rotating: true}
      eastWestGateway:
        enabled: true
        kind: operator
        discovery: service
        addresses: [203.0.113.10]
        serviceType: NodePort
        serviceAnnotations: {traffic.istio.io/nodeSelector: '{"kubernetes.io/os":"linux"}'}
        resources: {limits: {memory: 1Gi}, requests: {cpu: 200m, memory: 256Mi}}
        namespace: istio-gateways
        port: 16443
        externalTrafficPolicy: Local
        replicas: 3
        podDisruptionBudget: {minAvailable: 2}
        nodeSelector: {node.example.com/edge: "true"}
        tolerations: [{key: edge, operator: Exists, effect: NoSchedule}]
        affinity: {nodeAffinity: {}}
        topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule}]
        priorityClassName: system-cluster-critical
        imagePullSecrets: [{name: registry}]
      intermediate: {cert: certs/eu-1/ca-cert.pem, key: {file: certs/eu-1/ca-key.pem}, chain: certs/eu-1/cert-chain.pem, crl: certs/crl.pem}
      podCIDRs: [10.10.0.0/16, 10.11.0.0/16]
      secrets:
        protection: external-secrets
        remote: mounted
        sealedSecrets: {certificate: certs/eu-1/sealed-secrets.pem, scope: namespace-wide}
        externalSecrets:
          store: {name: planet, kind: SecretStore}
          remoteSecretKey: planet/{cluster}
          cacertsKey: planet/ca
          refreshInterval: 30m
          fill: push-secret
          bearerToken: log-in-{cluster}
      istio:
        version: "1.30.2"
        installer: istioctl
        charts: {repository: "oci://charts.example.com/istio"}
        namespace: istio-system
        revision: two
        updateStrategy: InPlace
        profile: minimal
        hub: mirror.example.com/istio
        tag: 1.30.2-distroless
        meshConfig: {accessLogEncoding: JSON}
        values: {pilot: {traceSampling: 1.5}}
        components: {cni: {enabled: true}}
        reader: {serviceAccount: istio-remote-reader, tokenSecret: two-token, formerTokenSecret: no-token}
        patches:
        - target: {group: apps, version: v1, kind: Deployment, name: istiod, namespace: istio-system, labelSelector: app=istiod, annotationSelector: note}
          path: patches/two.yaml
        - patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'
          target: {kind: Namespace}
    eu-2:
      network: eu
      primary: eu-1
      state: joining
      credential: {kubeconfig: {env: KUBECONFIG_EU_2}, insecureOptions: [exec]}
    eu-3:
      network: eu
      primary: eu-1
      state: joining
      credential: {clientCertificate: {cert: certs/eu-3/client.pem, key: {file: certs/eu-3/client-key.pem}}}
    eu-4:
      network: eu
      primary: eu-1
      state: joining
      credential: {clientCertificate: {cert: certs/eu-4/client.pem, key: {env: CLIENT_KEY_EU_4}}}
    us-1:
      network: us
      apiServer: {url: "https://us-1.example.com:6443", ca: certs/us-1/api.pem}
      credential: {token: {env: TOKEN_US_1}}
      intermediate: {cert: certs/us-1/ca-cert.pem, key: {env: CA_KEY_US_1}, chain: certs/us-1/cert-chain.pem}
      eastWestGateway:
        addresses: [203.0.113.20]
        loadBalancerClass: example.com/nlb
        loadBalancerSourceRanges: [198.51.100.0/24]
        externalIPs: [203.0.113.21]
        autoscaling: {minReplicas: 2, maxReplicas: 6, targetCPUUtilizationPercentage: 70}
      podCIDRs: [10.20.0.0/16]
  rules:
    windows-name: {severity: ignore, reason: nobody checks it out there}
    unused-network: {severity: warning, reason: each is paid for}
`

// everyRevision has what cannot be beside a version, with the certificates and tokens of the example upgrade.
const everyRevision = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: revisions}
spec:
  istio:
    revisions:
    - {name: 1-30-3, version: "1.30.3", default: true, tags: [prod, stable]}
    - {name: 1-31-1, version: "1.31.1", default: false, tags: [canary]}
  trust:
    roots: [certs/root-cert.pem]
    intermediates: certs/{cluster}
  secrets: {protection: plaintext}
  networks: {network1: {}, network2: {}}
  clusters:
    cluster-a:
      network: network1
      eastWestGateway: {addresses: [203.0.113.10], revision: canary}
    cluster-b:
      network: network2
      primary: cluster-a
      apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-b/api.pem}
      credential: {token: {file: tokens/cluster-b}}
      eastWestGateway: {revision: 1-31-1}
      istio:
        revisions:
        - {name: 1-30-3, version: "1.30.3", default: true, tags: [prod]}
        - {name: 1-31-1, version: "1.31.1", default: false, tags: [canary]}
`

// withCertManager and withIstioCSR have what cannot be beside files, nor beside each other.
const withCertManager = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: solo}
spec:
  istio: {version: "1.31.1"}
  trust:
    provider: cert-manager
    roots: [certs/root-cert.pem]
    certManager:
      issuer: {name: "mesh-{cluster}", kind: MeshIssuer, group: ca.example.com}
      duration: 2160h
      renewBefore: 720h
      privateKey: {algorithm: RSA, size: 3072}
  networks: {eu: {}}
  clusters: {eu-1: {network: eu}}
`

const withIstioCSR = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: solo}
spec:
  istio: {version: "1.31.1"}
  trust:
    provider: istio-csr
    istioCSR:
      issuer: {name: mesh-root, kind: Issuer, group: cert-manager.io}
      address: csr.pki.svc:8443
      chart: {repository: "oci://charts.example.com/jetstack", version: v0.16.0}
    federatesWith: [{trustDomain: partner.example.com, roots: [certs/partner.pem]}]
  networks: {eu: {}}
  clusters: {eu-1: {network: eu}}
`

// withFlux has what everyField cannot have as well.
const withFlux = `apiVersion: meshtopo.dev/v1alpha1
kind: Topology
metadata: {name: solo}
spec:
  istio: {version: "1.31.1"}
  gitops:
    repository: "ssh://git@git.example.com/mesh.git"
    flux: {namespace: flux, secret: mesh, kubeConfig: "{cluster}-kubeconfig", decryption: {secret: sops-age}}
  networks: {eu: {}}
  clusters: {eu-1: {network: eu}}
`
