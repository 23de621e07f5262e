package rules

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var nameRules = group{[]*diag.Rule{
	ReservedClusterName, escapedSlash, reservedNamespace, ReservedRevision, LongRevision, reservedReader,
	longReader, reservedTokenSecret,
}, mesh.checkNames}

var ReservedClusterName = &diag.Rule{
	Code: "reserved-cluster-name", Severity: diag.Warning,
	Title:  "a cluster with the name that Istio gives to clusters without one",
	Why:    "an istiod that was installed without a cluster name calls itself Kubernetes: logs and metrics of the two cannot be told apart",
	Fix:    "give the cluster a name of its own",
	Source: "pilot/pkg/features/pilot.go (CLUSTER_ID)",
	Bad:    `clusters: {cluster-b: null, kubernetes: {network: network2, state: joining}}`,
	Good:   `clusters: {cluster-b: null, cluster-k: {network: network2, state: joining}}`,
}

var escapedSlash = &diag.Rule{
	Code: "escaped-slash", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a name with --slash-- in it",
	Why:    "istiod reads --slash-- in an injection path as a slash: sidecars would claim a cluster that does not exist, and istiod refuse them, or a network that does not, and others call them directly",
	Fix:    "use another name",
	Source: "pkg/kube/inject/webhook.go (parseInjectEnvs)",
	Bad: `networks: {net--slash--2: {}, network2: null}
clusters: {cluster-b: {network: net--slash--2}}`,
	Good: `networks: {net-2: {}, network2: null}
clusters: {cluster-b: {network: net-2}}`,
}

var reservedNamespace = &diag.Rule{
	Code: "reserved-namespace", Severity: diag.Error, Symptom: true,
	Title:  "a control plane or a gateway in a namespace of Kubernetes' own",
	Why:    "Istio never injects into kube-system, kube-public, kube-node-lease and local-path-storage, so the gateways would not start; in default, every policy there would hold for the whole mesh. None of them can be removed again",
	Fix:    "use a namespace of its own, such as istio-system",
	Source: "pkg/kube/inject/inject.go (IgnoredNamespaces)",
	Bad:    `istio: {namespace: kube-system}`,
	Good:   `istio: {namespace: istio-system}`,
}

var ReservedRevision = &diag.Rule{
	Code: "reserved-revision", Severity: diag.Error, Fixed: true,
	Title:  "a revision called default",
	Why:    "Istio uses default for no revision: the labels and webhooks of the two would be the same, and istioctl takes one for the other",
	Fix:    "leave revision out, or name it after the version, such as 1-31-1",
	Source: "operator/pkg/render/postprocess.go",
	Bad:    `istio: {revision: default}`,
	Good:   `istio: {revision: 1-31-1}`,
}

var LongRevision = &diag.Rule{
	Code: "long-revision", Severity: diag.Error, Fixed: true,
	Title:  "a revision that makes the name of istiod's Service too long",
	Why:    "the Service is called istiod-REVISION, and Kubernetes refuses a Service whose name has more than 63 characters",
	Fix:    "use at most 56 characters",
	Source: "manifests/charts/istio-control/istio-discovery/templates/service.yaml",
	Bad:    `istio: {revision: a-revision-with-a-name-that-says-more-than-it-should-about-it}`,
	Good:   `istio: {revision: a-shorter-revision}`,
}

var reservedReader = &diag.Rule{
	Code: "reserved-reader", Severity: diag.Error, Fixed: true,
	Title:  "a reader account that belongs to Istio or Kubernetes",
	Why:    "the account exists before Istio does and gets rights of its own; Istio's installer would take it over, or delete it and its token with it",
	Fix:    "use an account of its own, such as istio-remote-reader",
	Source: "manifests/charts/base/templates/reader-serviceaccount.yaml",
	Bad:    `istio: {reader: {serviceAccount: istio-reader-service-account}}`,
	Good:   `istio: {reader: {serviceAccount: istio-remote-reader}}`,
}

var longReader = &diag.Rule{
	Code: "long-reader", Severity: diag.Error, Fixed: true,
	Title:  "a reader account whose objects would have names that are too long",
	Why:    "Kubernetes refuses names of more than 253 characters, and the account's token is in a Secret called ACCOUNT-istio-remote-secret-token",
	Fix:    "use a shorter name",
	Source: "istioctl/pkg/multicluster/remote_secret.go (tokenSecretName)",
	Bad:    `istio: {reader: {serviceAccount: ` + strings.Repeat("a-long-part-of-a-name.", 10) + `istio-remote-reader}}`,
	Good:   `istio: {reader: {serviceAccount: a-long-part-of-a-name.istio-remote-reader}}`,
}

var reservedTokenSecret = &diag.Rule{
	Code: "reserved-token-secret", Severity: diag.Error, Fixed: true,
	Title:  "a reader's token in a Secret that istiod reads for something else",
	Why:    "two Secrets of one name are one: the token would take the place of the signing CA or of a remote Secret, or they that of the token",
	Fix:    "use a name of its own, such as istio-remote-reader-token-2",
	Source: "istioctl/pkg/multicluster/remote_secret.go (tokenSecretName)",
	Bad:    `istio: {reader: {tokenSecret: cacerts}}`,
	Good:   `istio: {reader: {tokenSecret: istio-remote-reader-token-2}}`,
}

// checkNames reports names that the schema lets pass but Kubernetes or Istio refuse, or use for something else.
// A name that is written once for all clusters is found for each of them; the list keeps one finding.
func (t mesh) checkNames(found *diag.List) {
	for _, c := range t.Clusters {
		t.checkClusterName(c, found)
		t.checkNamespace(c, found)
		for _, p := range c.ControlPlanes() {
			t.checkRevision(p, found)
		}
		t.checkReaderName(c, found)
		t.checkTokenSecret(c, found)
	}
	for _, name := range t.Networks {
		if strings.Contains(name, "--slash--") {
			found.Add(t.Pos("spec", "networks", name), escapedSlash, "network %q has --slash-- in its name", name)
		}
	}
}

func (t mesh) checkClusterName(c *schema.Cluster, found *diag.List) {
	if c.Name == "kubernetes" {
		found.Add(t.Pos(schema.ClusterPath(c)...), ReservedClusterName, "cluster %q has the name that Istio uses for clusters without one", c.Name)
	}
	if strings.Contains(c.Name, "--slash--") {
		found.Add(t.Pos(schema.ClusterPath(c)...), escapedSlash, "cluster %q has --slash-- in its name", c.Name)
	}
}

// reservedNamespaces are those that Istio ignores, and default, which Kubernetes does not let go.
var reservedNamespaces = []string{"default", "kube-node-lease", "kube-public", "kube-system", "local-path-storage"}

func (t mesh) checkNamespace(c *schema.Cluster, found *diag.List) {
	path := t.IstioPath(c, "namespace")
	if slices.Contains(reservedNamespaces, c.Istio.Namespace) && !t.Unsure(path...) {
		found.Add(t.Pos(path...), reservedNamespace, "the control plane cannot be in namespace %q", c.Istio.Namespace)
	}
	own := schema.ClusterPath(c, "eastWestGateway", "namespace")
	if slices.Contains(reservedNamespaces, c.EastWestGateway.Namespace) && t.Given(own...) && !t.Broken(own...) {
		found.Add(t.Pos(own...), reservedNamespace, "the gateway cannot be in namespace %q", c.EastWestGateway.Namespace)
	}
}

func (t mesh) checkRevision(c *schema.Cluster, found *diag.List) {
	path, service := t.IstioPath(c, "revision"), "istiod-"+c.Istio.Revision
	switch {
	case t.Unsure(path...):
	case c.Istio.Listed.Revisions != nil && slices.Contains([]string{"base", "nodes", "tags"}, c.Istio.Named):
		d := found.Add(t.Pos(path...), ReservedRevision, "the tree has a directory %q beside those of revisions", c.Istio.Named)
		d.Why, d.Fix = "the files of both would lie in it, and one replace the other", "give the revision another name, such as that of its version"
	case c.Istio.Installer != schema.Istioctl && len(service) > 53 && len(service) <= 63:
		d := found.Add(t.Pos(path...), LongRevision, "the revision gives the release of the chart istiod a name of %d characters; Helm allows 53", len(service))
		d.Why, d.Fix = "Helm refuses a release whose name has more than 53 characters, and the Sail operator installs with Helm too", "use at most 46 characters"
	case c.Istio.Named == "default":
		found.Add(t.Pos(path...), ReservedRevision, "%q is Istio's word for no revision", c.Istio.Named)
	case len(service) > 63:
		d := found.Add(t.Pos(path...), LongRevision, "the revision gives istiod's Service a name of %d characters; Kubernetes allows 63", len(service))
		if added := len(c.Istio.Revision) - len(c.Istio.Named); added > 0 {
			d.Fix = fmt.Sprintf("use at most %d characters: updateStrategy: %s adds the version", 56-added, c.Istio.Update)
		}
	}
}

// reservedReaders are the accounts that Istio's charts and Kubernetes make.
var reservedReaders = []string{
	"default", "istio-reader-service-account", "istiod", "istio-cni", "ztunnel",
	"istio-eastwestgateway-service-account", "istio-ingressgateway-service-account", "istio-egressgateway-service-account",
}

func (t mesh) checkReaderName(c *schema.Cluster, found *diag.List) {
	path, account := t.IstioPath(c, "reader", "serviceAccount"), c.Istio.Reader.ServiceAccount
	if t.Unsure(path...) {
		return
	}
	ofIstiod := func(p *schema.Cluster) bool { return account == "istiod-"+p.Istio.Revision }
	if slices.Contains(reservedReaders, account) || slices.ContainsFunc(c.ControlPlanes(), ofIstiod) {
		found.Add(t.Pos(path...), reservedReader, "the service account %q is not the reader's own", account)
	}
	longest := 0
	for _, name := range []string{schema.Reader{ServiceAccount: account}.Secret(), account + "-" + c.Istio.Namespace} {
		longest = max(longest, len(name))
	}
	if longest > 253 {
		found.Add(t.Pos(path...), longReader, "the service account gives an object a name of %d characters; Kubernetes allows 253", longest)
	}
}

// reservedSecrets are those of the control plane's namespace that istiod reads or makes.
var reservedSecrets = []string{"cacerts", "istio-ca-secret", "istio-kubeconfig", "istiod-tls"}

func (t mesh) checkTokenSecret(c *schema.Cluster, found *diag.List) {
	for field, name := range map[string]string{"tokenSecret": c.Istio.Reader.TokenSecret, "formerTokenSecret": c.Istio.Reader.FormerSecret} {
		path := t.IstioPath(c, "reader", field)
		if !t.Unsure(path...) && (slices.Contains(reservedSecrets, name) || strings.HasPrefix(name, schema.LabelledName) || strings.HasPrefix(name, schema.MountedName)) {
			found.Add(t.Pos(path...), reservedTokenSecret, "the Secret %q is not the token's own", name)
		}
	}
}
