package protection

import (
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

var credentialWays = &diag.Rule{
	Code: "credential-ways", Severity: diag.Error, Fixed: true,
	Title: "a credential with several ways to log in",
	Why:   "control planes log in at an API server in one way; with two it would be left to chance which one counts",
	Fix:   "keep one of them, and delete the others",
	Bad:   `clusters: {cluster-b: {credential: {token: {file: tokens/cluster-b}, kubeconfig: {file: kubeconfigs/cluster-b.yaml}}}}`,
	Good:  `clusters: {cluster-b: {credential: {token: {file: tokens/cluster-b}}}}`,
}

var credentialInStore = &diag.Rule{
	Code: "credential-not-in-store", Severity: diag.Error, Fixed: true,
	Title: "a client certificate for a cluster that External Secrets of its readers takes a token for",
	Why:   "with protection: external-secrets a store has the private part of a remote Secret, and that is a token",
	Fix:   "delete the credential, and bring the token of the reader to the store; or give the clusters that read this one another protection",
	Bad: "secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: \"mesh/{cluster}\", cacertsKey: \"ca/{cluster}\"}}\n" +
		"clusters: {cluster-b: {credential: {token: null, clientCertificate: {cert: certs/cluster-b/api.pem, key: {env: KEY_B}}}}}",
	Good: "secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: \"mesh/{cluster}\", cacertsKey: \"ca/{cluster}\"}}\n" +
		"clusters: {cluster-b: {credential: null}}",
}

var sameTokenSecret = &diag.Rule{
	Code: "rotating-to-same-secret", Severity: diag.Error, Fixed: true,
	Title: "a token that is being replaced, without a new Secret for it",
	Why:   "Kubernetes gives a Secret of the same name the same token: the new token would be the old one",
	Fix:   "set istio.reader.tokenSecret to a name that no Secret with a token of the reader had, or delete rotating",
	Bad:   `clusters: {cluster-b: {credential: {rotating: true}}}`,
	Good:  `clusters: {cluster-b: {credential: {rotating: true}, istio: {reader: {tokenSecret: istio-remote-reader-token-2}}}}`,
}

var insecureOptions = &diag.Rule{
	Code: "insecure-kubeconfig-options", Severity: diag.Warning,
	Title:  "istiod is allowed a way to log in that it refuses otherwise",
	Why:    "istiod then runs whatever program a remote Secret names: whoever may write Secrets beside it runs programs with its rights",
	Fix:    "use the token of the reader, which needs nothing of it; or lower this rule with the reason why it is right here, and give istiod an image with the program",
	Source: "pkg/kube/util.go (sanitizeKubeConfig)",
	Bad:    `clusters: {cluster-b: {credential: {token: null, kubeconfig: {env: KUBECONFIG_B}, insecureOptions: [exec]}}}`,
	Good:   `clusters: {cluster-b: {credential: {token: null, kubeconfig: {env: KUBECONFIG_B}}}}`,
}

// checkCredentials checks what the topology says of how control planes log in, not what it names.
func (t mesh) checkCredentials(found *diag.List) {
	for _, c := range t.Clusters {
		if c.Credential != nil && t.checkWays(c, found) {
			t.checkPlace(c.Credential.Private, schema.PrivatePath(c), found)
			t.checkOptions(c, found)
		}
		t.checkAPIServer(c, found)
		t.checkInStore(c, found)
		t.checkRotating(c, found)
	}
}

// checkOptions warns of what istiod is allowed for the kubeconfig of a cluster.
func (t mesh) checkOptions(c *schema.Cluster, found *diag.List) {
	if len(c.Credential.InsecureOptions) == 0 {
		return
	}
	pos := t.Pos(schema.ClusterPath(c, "credential", "insecureOptions")...)
	switch {
	case t.Unsure(schema.ClusterPath(c, "credential", string(schema.ByKubeconfig))...):
		return
	case !c.HasKubeconfig():
		d := found.Add(pos, insecureOptions, "the credential of cluster %q is no kubeconfig: nothing has to be allowed for it", c.Name)
		d.Fix = "delete insecureOptions"
	default:
		found.Add(pos, insecureOptions, "the control planes that read cluster %q are allowed %s in all kubeconfigs", c.Name, strings.Join(c.Credential.InsecureOptions, ", "))
	}
}

// checkRotating reports a token that would be replaced by itself.
func (t mesh) checkRotating(c *schema.Cluster, found *diag.List) {
	if !c.Rotating || len(c.TokenSecrets()) > 1 {
		return
	}
	for _, field := range []string{"serviceAccount", "tokenSecret", "formerTokenSecret"} {
		if t.Unsure(t.IstioPath(c, "reader", field)...) {
			return
		}
	}
	found.Add(t.Pos(schema.ClusterPath(c, "credential", "rotating")...), sameTokenSecret,
		"the token of cluster %q is being replaced, and the Secrets of the new one and of that before are both called %s", c.Name, c.Istio.Reader.Secret())
}

// checkWays reports whether a credential has one way to log in.
func (t mesh) checkWays(c *schema.Cluster, found *diag.List) bool {
	at := schema.ClusterPath(c, "credential")
	var given []string
	for _, way := range schema.Ways {
		if path := append(at[:len(at):len(at)], string(way)); t.Given(path...) || t.Unsure(path...) {
			given = append(given, string(way))
		}
	}
	switch {
	case len(given) == 1:
		return true
	case t.Unsure(at...) || t.HoldsBroken(at...):
	case len(given) == 0:
		token := append(at, string(schema.ByToken))
		d := found.Add(t.Pos(token...), grammar.MissingField, "%s is missing", schema.Grammar().DisplayPath(token))
		d.Fix = "add token: {file: PATH}, or another way: meshtopo explain spec.clusters.NAME.credential"
	default:
		d := found.Add(t.Pos(append(at, given[1])...), credentialWays, "the credential of cluster %q has %s", c.Name, strings.Join(given, " and "))
		d.Relate(t.Pos(append(at, given[0])...), "the first")
	}
	return false
}

// checkAPIServer reports what is missing of an API server, unless a kubeconfig says it.
func (t mesh) checkAPIServer(c *schema.Cluster, found *diag.List) {
	if c.APIServer == nil || c.HasKubeconfig() {
		return
	}
	for _, field := range []string{"url", "ca"} {
		if path := schema.ClusterPath(c, "apiServer", field); !t.Given(path...) && !t.Unsure(path...) {
			d := found.Add(t.Pos(path...), grammar.MissingField, "%s is missing", schema.Grammar().DisplayPath(path))
			d.Fix = "add " + field + ": " + map[string]string{"url": "https://HOST:6443", "ca": "the path of a PEM file"}[field]
		}
	}
}

// checkInStore reports a client certificate where a token in a store is what readers log in with.
func (t mesh) checkInStore(c *schema.Cluster, found *diag.List) {
	if c.Credential == nil || c.NeedsToken() {
		return
	}
	for _, r := range t.ReadBy(c) {
		unsure := t.Unsure(t.SecretsPath(r, "protection")...) || t.Unsure(t.SecretsPath(r, "remote")...)
		if r.Secrets.Protection == schema.External && r.Secrets.WritesRemote() && !unsure {
			found.Add(t.Pos(schema.ClusterPath(c, "credential", string(c.Credential.Way))...), credentialInStore,
				"cluster %q has a client certificate, and External Secrets of cluster %q takes a token for it", c.Name, r.Name)
			return
		}
	}
}
