package conformance

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/component-helpers/auth/rbac/validation"
	"meshtopo.dev/meshtopo/schema"
)

// request is a line of testdata/requests.tsv: what istiod asks of another cluster's API server.
type request struct {
	id          string
	first, last int // minor versions
	own         bool
	when        []string
	verbs       []string
	group       string
	resources   []string
	namespaced  bool // in the namespace of istiod alone
	name        string
	source      string
}

const requestColumns = "id\tversions\treader\twhen\tverbs\tgroup\tresources\tnamespace\tname\tsource\tnote"

// requests reads the table.
func requests(t *testing.T) []request {
	t.Helper()
	var all []request
	lines := strings.Split(strings.TrimSpace(string(read(t, "testdata/requests.tsv"))), "\n")
	lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, "#") })
	equal(t, "columns", lines[0], requestColumns)
	for _, line := range lines[1:] {
		cell := append(strings.Split(line, "\t"), "")
		first, last, several := strings.Cut(cell[1], "-")
		if !several {
			last = first
		}
		r := request{
			id: cell[0], first: schema.Version(first).Minor(), last: schema.Version(last).Minor(), own: cell[2] == "own",
			verbs: strings.Split(cell[4], ","), group: cell[5], resources: strings.Split(cell[6], ","),
			namespaced: cell[7] == "{namespace}", name: cell[8], source: cell[9],
		}
		if cell[3] != "-" {
			r.when = strings.Split(cell[3], ", ")
		}
		if r.group == "core" {
			r.group = ""
		}
		if r.name == "-" {
			r.name = ""
		}
		all = append(all, r)
	}
	return all
}

// TestRequestSources checks that each request names a line of Istio's source for each version that makes it.
func TestRequestSources(t *testing.T) {
	at := regexp.MustCompile(`(\d+)@(\S+)`)
	for _, r := range requests(t) {
		var said []int
		for _, m := range at.FindAllStringSubmatch(r.source, -1) {
			for _, span := range strings.Split(m[2], ",") {
				first, last, several := strings.Cut(span, "-")
				if !several {
					last = first
				}
				for minor := schema.Version(first).Minor(); minor <= schema.Version(last).Minor(); minor++ {
					said = append(said, minor)
				}
			}
		}
		for minor := r.first; minor <= r.last; minor++ {
			if !slices.Contains(said, minor) {
				t.Errorf("%s: no line of Istio 1.%d", r.id, minor)
			}
		}
	}
}

// made reports whether an istiod makes a request of a cluster.
func (r request) made(mesh *schema.Topology, istiod, c *schema.Cluster) bool {
	if minor := istiod.Istio.Version.Minor(); minor < r.first || minor > r.last || r.own && istiod.Name != c.Primary {
		return false
	}
	for _, condition := range r.when {
		name, not, isNot := strings.Cut(condition, "!=")
		name, is, isIs := strings.Cut(name, "=")
		value, set := variable(istiod, name)
		switch {
		case condition == "serves":
			set = mesh.ServesRemotes(istiod)
		case isNot:
			set = value != not
		case isIs:
			set = value == is
		}
		if !set {
			return false
		}
	}
	return true
}

func variable(istiod *schema.Cluster, name string) (string, bool) {
	v, ok := settings(istiod, "pilot", "env", name).(string)
	return v, ok
}

func settings(c *schema.Cluster, keys ...string) any {
	var v any = c.Istio.Values
	for _, key := range keys {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

// rules gives the request as RBAC sees it. A create has no name there.
func (r request) rules(istiod, c *schema.Cluster) []rbacv1.PolicyRule {
	names := r.names(istiod, c)
	var all []rbacv1.PolicyRule
	for _, verb := range r.verbs {
		rule := rbacv1.PolicyRule{APIGroups: []string{r.group}, Resources: r.resources, Verbs: []string{verb}}
		if verb != "create" {
			rule.ResourceNames = names
		}
		all = append(all, rule)
	}
	return all
}

// names gives the names that a request is about, or none where it is about all objects, or those are not known.
func (r request) names(istiod, c *schema.Cluster) []string {
	set := func(byDefault string, since int, keys ...string) []string {
		if name, ok := settings(istiod, keys...).(string); ok && istiod.Istio.Version.Minor() >= since {
			return []string{name}
		}
		return []string{byDefault}
	}
	switch r.name {
	case "":
		return nil
	case "{namespace}":
		return []string{istiod.Istio.Namespace}
	case "{mesh}":
		return []string{revisioned("istio", istiod)}
	case "{root}":
		return set("istio-ca-root-cert", 27, "global", "trustBundleName")
	case "{crl}":
		return set("istio-ca-crl", 29, "pilot", "crlConfigMapName")
	case "{injectors}":
		if c.Istio.Listed.Revisions != nil {
			return injectors(c.Named(istiod.Istio.RevisionName()))
		}
		tags, known := settings(c, "revisionTags").([]any)
		if c.Istio.Revision != "" && !known {
			return nil // people tag revisions with `istioctl tag set`
		}
		namespace := ""
		if c.Istio.Namespace != "istio-system" {
			namespace = "-" + c.Istio.Namespace
		}
		names := []string{revisioned("istio-sidecar-injector", c) + namespace, "istio-revision-tag-default"}
		for _, tag := range tags {
			names = append(names, fmt.Sprint("istio-revision-tag-", tag, namespace))
		}
		return names
	}
	return []string{r.name}
}

// injectors gives the webhooks into which istiod of a revision writes its CA: its own, and those of its tags. Whoever
// installs the revision for the first time may make the tag default for it.
func injectors(c *schema.Cluster) []string {
	names := []string{revisioned("istio-sidecar-injector", c), "istio-revision-tag-default"}
	for _, tag := range c.Istio.RevisionTags() {
		names = append(names, "istio-revision-tag-"+tag)
	}
	return names
}

func revisioned(name string, c *schema.Cluster) string {
	if c.Istio.Revision == "" {
		return name
	}
	return name + "-" + c.Istio.Revision
}

// holdRights checks that each request that some istiod makes of a cluster is allowed there, and that nothing is that no
// request needs.
func holdRights(t *testing.T, mesh *schema.Topology, c *schema.Cluster, everywhere, inSystem []rbacv1.PolicyRule) {
	t.Helper()
	var wide, system []rbacv1.PolicyRule
	var istiods []*schema.Cluster
	for _, other := range mesh.Clusters {
		if other.RunsControlPlane() && other != c {
			istiods = append(istiods, other.ControlPlanes()...)
		}
	}
	for _, istiod := range istiods {
		for _, r := range requests(t) {
			if !r.made(mesh, istiod, c) {
				continue
			}
			for _, rule := range r.rules(istiod, c) {
				allowed := everywhere
				if r.namespaced && istiod.Istio.Namespace == c.Istio.Namespace && len(rule.ResourceNames) > 0 {
					allowed = slices.Concat(everywhere, inSystem)
					system = append(system, rule)
				} else {
					wide = append(wide, rule)
				}
				if ok, missing := validation.Covers(allowed, []rbacv1.PolicyRule{rule}); !ok {
					t.Errorf("%s of Istio %s: the account lacks %v", r.id, istiod.Istio.Version, missing)
				}
			}
		}
	}
	if ok, more := validation.Covers(wide, everywhere); !ok {
		t.Errorf("no request needs %v", more)
	}
	if ok, more := validation.Covers(system, inSystem); !ok {
		t.Errorf("no request needs %v in %s", more, c.Istio.Namespace)
	}
}

// TestReaderVersions holds the rights in meshes of every version, with the settings that decide what istiod asks,
// against the requests.
func TestReaderVersions(t *testing.T) {
	const newest = `version: "1.31.1"`
	variants := []string{
		newest + `, values: {pilot: {env: {PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: "false"}}}`,
		newest + `, values: {pilot: {env: {PILOT_ENABLE_CA_CRL: "false"}}}`,
		newest + `, values: {pilot: {env: {ENABLE_CLUSTER_TRUST_BUNDLE_API: "true"}}}`,
		newest + `, values: {pilot: {env: {ENABLE_MCS_HOST: "true", ENABLE_MCS_SERVICE_DISCOVERY: "true", ENABLE_MCS_AUTO_EXPORT: "true"}}}`,
		newest + `, values: {global: {trustBundleName: roots}, pilot: {crlConfigMapName: revoked}}`,
		newest + `, revision: canary`,
		newest + `, revision: canary, values: {revisionTags: [prod, test]}`,
		newest + `, namespace: mesh`,
	}
	for minor := 24; minor <= 31; minor++ {
		variants = append(variants, fmt.Sprintf(`version: "1.%d.0"`, minor))
	}
	for _, example := range []struct{ name, istio string }{
		{"primary-remote-one-network", `istio: {version: "1.31.1"}`}, {"multi-primary-one-network", `istio: {version: "1.30.2"}`},
	} {
		for _, variant := range variants {
			t.Run(example.name+" "+variant, func(t *testing.T) {
				holdMesh(t, example.name, example.istio, "istio: {"+variant+"}")
			})
		}
	}
	for _, one := range []string{`{version: "1.28.7"}`, `{version: "1.30.1"}`, `{revision: canary}`, `{namespace: mesh}`} {
		t.Run("two primaries, one of them "+one, func(t *testing.T) {
			holdMesh(t, "two-clusters", "    cluster-b:\n", "    cluster-b:\n      istio: "+one+"\n", `version: "1.31.1"`, `version: "1.29.3"`)
		})
	}
}

// holdMesh renders an example with parts of its text replaced, and holds the rights in each cluster.
func holdMesh(t *testing.T, example string, replacements ...string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../"+example)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "topology.yaml")
	text := string(read(t, file))
	for i := 0; i < len(replacements); i += 2 {
		if !strings.Contains(text, replacements[i]) {
			t.Fatalf("%s does not hold %q", example, replacements[i])
		}
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	if err := errors.Join(os.RemoveAll(filepath.Join(dir, "want")), os.WriteFile(file, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	e, err := loadExample(dir)
	if err != nil {
		t.Fatal(err)
	}
	meshtopo(t, e, "render", "-o", "want", e.file())
	for _, one := range e.topology.Clusters {
		c := e.cluster(one)
		if prepare := c.layer(t, "1-prepare"); len(prepare.kind("ServiceAccount")) > 0 {
			holdRights(t, e.topology, one, granted(t, c, prepare, ""), granted(t, c, prepare, c.Istio.Namespace))
		}
	}
}
