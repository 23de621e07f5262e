package reader

import (
	"slices"
	"strconv"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var (
	list       = []string{"list", "watch"}
	lock       = []string{"get", "update", "create"}
	ensure     = []string{"list", "watch", "update", "create"}
	configMaps = []string{"configmaps"}
	webhooks   = []string{"mutatingwebhookconfigurations"}
)

const admission = "admissionregistration.k8s.io"

// istiod is a control plane that reads other clusters. What it asks of them follows from its own version, revision,
// namespace and environment, whatever those clusters have: testdata/conformance/testdata/requests.tsv has every
// request with the line of Istio's source that makes it.
type istiod struct {
	*settings
	namespace, revision string
	serves              bool  // it runs remotes
	minors              []int // that of the version, and that of the image where the tag names another one
}

func (m *Mesh) istiod(c *schema.Cluster) *istiod {
	r := &istiod{
		settings:  m.settings(c),
		namespace: c.Istio.Namespace, revision: c.Istio.Revision,
		serves: m.topology.ServesRemotes(c), minors: []int{c.Istio.Version.Minor()},
	}
	if found := minorOfTag().FindStringSubmatch(c.Istio.Tag); found != nil {
		if n, err := strconv.Atoi(found[1]); err == nil && n != r.minors[0] {
			r.minors = append(r.minors, n)
		}
	}
	return r
}

var minorOfTag = diag.OnceRegexp(`^1\.([0-9]+)(?:[.-]|$)`)

// between reports whether the version may be one of those from one minor version to another.
func (r *istiod) between(first, last int) bool {
	return slices.ContainsFunc(r.minors, func(minor int) bool { return first <= minor && minor <= last })
}

func (r *istiod) since(minor int) bool { return r.between(minor, newest) }

// newest is more than any minor version.
const newest = 1 << 30

// reads gives what istiod asks of every cluster that it reads.
func (r *istiod) reads() rights {
	var all rights
	all.add(request{resources: []string{"namespaces", "nodes", "pods", "services"}, verbs: list})
	if r.readsCredentials() {
		all.add(request{resources: []string{"secrets"}, verbs: list})
	}
	if r.between(26, 26) { // the sync of a cluster waits for all of them (pilot/pkg/credentials/kube/secrets.go)
		all.add(request{resources: configMaps, verbs: list})
	}
	if r.since(29) {
		// The mesh config, for its trust domain. istiod asks for the name and in the namespace of its own
		// (pilot/pkg/serviceregistry/kube/controller/multicluster.go, getRemoteMeshConfig), so both are the reader's.
		all.add(request{namespace: r.namespace, resources: configMaps, names: []string{r.meshConfig()}, verbs: list})
	}
	all.add(request{group: "discovery.k8s.io", resources: []string{"endpointslices"}, verbs: list})
	all.add(request{group: "apiextensions.k8s.io", resources: []string{"customresourcedefinitions"}, verbs: list})
	all.add(request{group: "networking.istio.io", resources: []string{"workloadentries"}, verbs: list})
	all.add(request{group: "gateway.networking.k8s.io", resources: []string{"gateways"}, verbs: list})
	if r.serves { // it looks whether the namespace names it as its control plane (checkShouldLead)
		all.add(request{resources: []string{"namespaces"}, names: []string{r.namespace}, verbs: []string{"get"}})
	}
	return append(all, r.sharesServices()...)
}

// readsCredentials reports whether istiod reads the Secrets of other clusters for the gateways there.
func (r *istiod) readsCredentials() bool {
	return r.between(0, 30) || r.mayBe(true, "PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", true)
}

// meshConfig names the ConfigMap with istiod's mesh config.
func (r *istiod) meshConfig() string {
	if r.revision == "" {
		return "istio"
	}
	return "istio-" + r.revision
}

// sharesServices gives what istiod asks for with the API of multi-cluster Services, which is off by default.
func (r *istiod) sharesServices() rights {
	var all rights
	groups := r.names("multicluster.x-k8s.io", "MCS_API_GROUP")
	if groups == nil {
		groups = []string{"*"}
	}
	for _, group := range groups {
		if r.mayBe(true, "ENABLE_MCS_SERVICE_DISCOVERY", false) {
			all.add(request{group: group, resources: []string{"serviceexports"}, verbs: list})
		}
		if r.mayBe(true, "ENABLE_MCS_HOST", false) {
			all.add(request{group: group, resources: []string{"serviceimports"}, verbs: list})
		}
		if r.mayBe(true, "ENABLE_MCS_AUTO_EXPORT", false) {
			all.add(request{group: group, resources: []string{"serviceexports"}, verbs: []string{"create"}})
			all.add(r.lock("istio-serviceexport-controller-election"))
			all.add(request{group: admission, resources: webhooks, verbs: list})
		}
	}
	return all
}

// lock is what istiod asks for to lead in a cluster. The lock is a ConfigMap in the namespace of its own.
func (r *istiod) lock(name string) request {
	return request{namespace: r.namespace, resources: configMaps, names: []string{name}, verbs: lock}
}

// runs gives what istiod asks of a remote of its own beside what it reads: it writes the root certificate and what has
// been revoked into every namespace, and its CA into the webhooks for injection.
func (r *istiod) runs(remote *schema.Cluster, of *settings) rights {
	var all rights
	all.add(r.lock("istio-namespace-controller-election"))
	for _, names := range r.roots() {
		all.add(request{resources: configMaps, names: names, verbs: ensure})
	}
	if r.since(26) && r.mayBe(true, "ENABLE_CLUSTER_TRUST_BUNDLE_API", false) {
		all.add(request{group: "certificates.k8s.io", resources: []string{"clustertrustbundles"}, names: []string{"istio.io:istiod-ca:root-cert"}, verbs: ensure})
		all.add(request{group: "certificates.k8s.io", resources: []string{"signers"}, names: []string{"istio.io/istiod-ca"}, verbs: []string{"attest"}})
	}
	all.add(request{group: admission, resources: webhooks, verbs: list})
	all.add(request{group: admission, resources: webhooks, names: injectors(remote, of), verbs: []string{"update"}})
	all.add(request{group: "authentication.k8s.io", resources: []string{"tokenreviews"}, verbs: []string{"create"}})
	if r.readsCredentials() {
		all.add(request{group: "authorization.k8s.io", resources: []string{"subjectaccessreviews"}, verbs: []string{"create"}})
	}
	return all
}

// roots gives the names of the ConfigMaps that istiod writes into every namespace: a list for each, empty where the
// name is not known.
func (r *istiod) roots() [][]string {
	if r.since(26) && !r.mayBe(false, "ENABLE_CLUSTER_TRUST_BUNDLE_API", false) {
		return nil
	}
	certificate, revoked := []string{"istio-ca-root-cert"}, []string{"istio-ca-crl"}
	if r.since(27) {
		certificate = r.names(certificate[0], "PILOT_CA_CERT_CONFIGMAP", "global", "trustBundleName")
	}
	if r.since(29) {
		revoked = r.names(revoked[0], "PILOT_CRL_CONFIGMAP", "pilot", "crlConfigMapName")
	}
	if !r.since(27) || !r.mayBe(true, "PILOT_ENABLE_CA_CRL", true) {
		return [][]string{certificate}
	}
	return [][]string{certificate, revoked}
}

// injectors names the webhooks of a remote that injection asks, or none where they are not all known: istiod writes
// its CA into those of its revision (pkg/webhooks/webhookpatch.go). A revision is there to be called by tags, which
// `istioctl tag set` makes beside the topology, unless values.revisionTags says which there are.
func injectors(c *schema.Cluster, s *settings) []string {
	const key = "revisionTags"
	tags, given := settingAt(c.Istio.Values, key).([]any)
	if c.Istio.Listed.Revisions != nil {
		return injectorsOf(c.ControlPlanes()...)
	}
	texts := slices.ContainsFunc(tags, func(tag any) bool { _, ok := tag.(string); return !ok })
	if c.Istio.Revision != "" && !given || s.patched([]string{key}, given) || texts {
		return nil
	}
	return injectorsOf(c)
}

// injectorsOf names the webhooks of some control planes and of their tags.
func injectorsOf(planes ...*schema.Cluster) []string {
	names := []string{Injector(planes[0]), "istio-revision-tag-default"}
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, c := range planes {
		add(Injector(c))
		for _, tag := range c.Istio.RevisionTags() {
			add(schema.TagWebhook(c.Istio.Namespace, tag))
		}
	}
	return names
}

// Injector names the injection webhook (manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml).
func Injector(c *schema.Cluster) string {
	name := "istio-sidecar-injector"
	if c.Istio.Revision != "" {
		name += "-" + c.Istio.Revision
	}
	if c.Istio.Namespace != "istio-system" {
		name += "-" + c.Istio.Namespace
	}
	return name
}
