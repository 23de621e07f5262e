// Package gitops says what is wrong with how a topology has a GitOps engine apply its tree.
package gitops

import (
	"net/url"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/private"
)

// Rules gives every rule that Check reports.
func Rules() []*diag.Rule {
	return []*diag.Rule{engine, repository, decryption, target, unusableName, plaintext, unusedName}
}

var engine = &diag.Rule{
	Code: "gitops-engine", Severity: diag.Error, Fixed: true,
	Title: "not exactly one GitOps engine",
	Why:   "the tree has the objects of one engine: two would apply the same layers in turns, and without one nobody would",
	Fix:   "write one of argocd and flux under gitops; {} takes its defaults",
	Bad:   `gitops: {repository: "https://git.example.com/mesh.git", argocd: {}, flux: {}}`,
	Good:  `gitops: {repository: "https://git.example.com/mesh.git", argocd: {}}`,
}

var repository = &diag.Rule{
	Code: "gitops-repository", Severity: diag.Error, Fixed: true,
	Title:  "a password or token in the address of the git repository",
	Why:    "the address stands in the tree, for all who may read the repository or the objects of the engine, and on every page of the engine",
	Fix:    "take it out of the address, replace it where it is good for something, and give it to the engine: a repository Secret of Argo CD, or gitops.flux.secret",
	Source: "https://argo-cd.readthedocs.io/en/stable/user-guide/private-repositories/",
	Bad:    `gitops: {repository: "https://user:password@git.example.com/mesh.git", argocd: {}}`,
	Good:   `gitops: {repository: "https://git.example.com/mesh.git", argocd: {}}`,
}

var decryption = &diag.Rule{
	Code: "gitops-decryption", Severity: diag.Error, Fixed: true,
	Title:  "Secrets encrypted with sops, and the GitOps engine is not told how to decrypt them",
	Why:    "the engine would apply the ciphertext or nothing: istiod would find no signing CA and make one of its own, whose certificates no other cluster accepts",
	Fix:    "name the plugin that decrypts in argocd.decryption.plugin, or the Secret with the key in flux.decryption.secret",
	Source: "https://fluxcd.io/flux/components/kustomize/kustomizations/#decryption",
	Bad: `gitops: {repository: "https://git.example.com/mesh.git", flux: {}}
secrets: {protection: sops}`,
	Good: `gitops: {repository: "https://git.example.com/mesh.git", flux: {decryption: {secret: sops-age}}}
secrets: {protection: sops}`,
}

var target = &diag.Rule{
	Code: "gitops-same-target", Severity: diag.Error, Fixed: true,
	Title: "two clusters that the GitOps engine calls by one name",
	Why:   "the engine would apply what is for both to one of them, where the network, the name and the CA would be the other's half of the time; the other one would get nothing",
	Fix:   "write {cluster} into the pattern, or give each cluster a gitops.name of its own",
	Bad:   `gitops: {repository: "https://git.example.com/mesh.git", argocd: {destination: in-cluster}}`,
	Good:  `gitops: {repository: "https://git.example.com/mesh.git", argocd: {destination: "{cluster}"}}`,
}

var unusableName = &diag.Rule{
	Code: "gitops-name", Severity: diag.Error, Fixed: true,
	Title:  "a name that Flux cannot give to its objects, or look for",
	Why:    "Flux keeps the names of Kustomizations and HelmReleases in labels, which take 63 characters, and a Secret has a name of lower-case letters, digits, \"-\" and \".\": the API server would refuse the objects",
	Fix:    "use a shorter name for the topology, the cluster or the revision; or lower-case letters, digits, \"-\" and \".\" for the Secret",
	Source: "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set",
	Bad:    `gitops: {repository: "https://git.example.com/mesh.git", flux: {kubeConfig: "{cluster}/kubeconfig"}}`,
	Good:   `gitops: {repository: "https://git.example.com/mesh.git", flux: {kubeConfig: "{cluster}-kubeconfig"}}`,
}

var plaintext = &diag.Rule{
	Code: "gitops-plaintext", Severity: diag.Warning,
	Title: "keys and tokens in clear in the repository that a GitOps engine reads",
	Why:   "the engine applies what is committed, so 2-secrets has to be committed: whoever can read the repository, now or in its history, has the signing keys and the tokens of the mesh",
	Fix:   "use protection: sops, sealed-secrets or external-secrets, and replace what was committed before",
	Bad: `gitops: {repository: "https://git.example.com/mesh.git", argocd: {}}
secrets: {protection: plaintext}`,
	Good: `gitops: {repository: "https://git.example.com/mesh.git", argocd: {}}
secrets: {protection: sealed-secrets, sealedSecrets: {certificate: "certs/{cluster}/sealing.pem"}}`,
}

var unusedName = &diag.Rule{
	Code: "unused-gitops-name", Severity: diag.Info,
	Title: "a name for a GitOps engine that no engine uses",
	Why:   "it stands for {cluster} in the names by which one engine knows all clusters; without such names it changes nothing in the tree",
	Fix:   "delete it, or write {cluster} into argocd.destination or flux.kubeConfig",
	Bad:   "clusters: {cluster-a: {gitops: {name: eu-1}}}",
	Good: `gitops: {repository: "https://git.example.com/mesh.git", argocd: {}}
secrets: {protection: sealed-secrets, sealedSecrets: {certificate: "certs/{cluster}/sealing.pem"}}
clusters: {cluster-a: {gitops: {name: eu-1}}}`,
}

// Check reports them. What was reported already is not reported again.
func Check(t schema.Written, found *diag.List) {
	c := checked{t, found}
	if t.Unsure("spec", "gitops") {
		return
	}
	if t.GitOps == nil {
		c.unused()
		return
	}
	sound := c.repository()
	if !c.engine() {
		return
	}
	for _, check := range []func() bool{c.decryption, c.targets, c.names} {
		sound = check() && sound
	}
	if sound {
		c.plaintext() // what has to be another field first is not a doubt yet
		c.unused()
	}
}

type checked struct {
	schema.Written
	found *diag.List
}

// report is false, which its callers return.
func (t checked) report(at []string, rule *diag.Rule, format string, args ...any) bool {
	t.found.Add(t.Pos(at...), rule, format, args...)
	return false
}

func path(field ...string) []string { return slices.Concat([]string{"spec", "gitops"}, field) }

// engine reports whether it is known which engine there is.
func (t checked) engine() bool {
	var given []string
	for _, e := range schema.Engines {
		if t.Unsure(path(string(e))...) {
			return false
		}
		if t.Given(path(string(e))...) {
			given = append(given, string(e))
		}
	}
	switch len(given) {
	case 0:
		if t.HoldsBroken(path()...) {
			return false // what is meant for one may stand there, misspelt
		}
		t.found.Add(t.Pos(path()...), engine, "gitops names no engine")
	case 1:
		return !t.HoldsBroken(path(given...)...)
	default:
		t.found.Add(t.Pos(path(given[1])...), engine, "gitops has both argocd and flux")
	}
	return false
}

// repository says nothing of what is in the address. A user name alone logs nobody in over ssh.
func (t checked) repository() bool {
	at := path("repository")
	if t.Unsure(at...) {
		return true
	}
	parts := strings.FieldsFunc(t.GitOps.Repository, func(r rune) bool { return strings.ContainsRune("/:@", r) })
	if slices.ContainsFunc(parts, private.LooksLikeToken) {
		return t.report(at, repository, "the address of the git repository has what looks like a token in it")
	}
	u, err := url.Parse(t.GitOps.Repository)
	if err != nil || u.User == nil {
		return true
	}
	if _, password := u.User.Password(); !password && u.Scheme == "ssh" {
		return true
	}
	return t.report(at, repository, "the address of the git repository has a user name or a password in it")
}

// decryption goes by clusters that may have Secrets of their own.
func (t checked) decryption() bool {
	c, e := t.keeping(schema.Sops), string(t.GitOps.Engine)
	if c == nil || t.GitOps.Plugin != "" || t.GitOps.Decryption != "" {
		return true
	}
	return t.report(path(e), decryption, "the Secrets of cluster %q are encrypted with sops, and gitops.%s has no decryption", c.Name, e)
}

// keeping gives the first cluster whose Secrets are kept in that way.
func (t checked) keeping(p schema.Protection) *schema.Cluster {
	for _, c := range t.Clusters {
		if c.RunsControlPlane() && c.Secrets.Protection == p && !t.Unsure(t.SecretsPath(c, "protection")...) {
			return c
		}
	}
	return nil
}

func (t checked) targets() bool {
	if !t.GitOps.Hub() {
		return true
	}
	at, pattern := path("argocd", "destination"), t.GitOps.Destination
	if t.GitOps.Engine == schema.Flux {
		at, pattern = path("flux", "kubeConfig"), t.GitOps.KubeConfig
	}
	if !strings.Contains(pattern, "{cluster}") {
		return len(t.Clusters) <= 1 || t.report(at, target, "each of the %d clusters is called %q", len(t.Clusters), pattern)
	}
	by, sound := map[string]*schema.Cluster{}, true
	for _, c := range t.Clusters {
		name := t.GitOps.Target(c.GitOpsName)
		other := by[name]
		if other == nil {
			by[name] = c
			continue
		}
		if !t.Given(schema.ClusterPath(c, "gitops", "name")...) {
			c, other = other, c
		}
		sound = t.report(schema.ClusterPath(c, "gitops", "name"), target, "cluster %q is called %q, and so is cluster %q", c.Name, name, other.Name)
	}
	return sound
}

// names looks at what Flux is given: Argo CD has no such limits.
func (t checked) names() bool {
	if t.GitOps.Engine != schema.Flux {
		return true
	}
	for _, c := range t.Clusters {
		if secret := t.GitOps.Target(c.GitOpsName); secret != "" && !isSecret(secret) {
			at := path("flux", "kubeConfig")
			if own := schema.ClusterPath(c, "gitops", "name"); t.Given(own...) {
				at = own
			}
			return t.report(at, unusableName, "no Secret can be called %q", secret)
		}
	}
	for _, c := range t.Clusters {
		if begin, longest := t.GitOps.Object(t.Name, c.Name, ""), longestPart(c); len(begin)+longest > 63 {
			return t.report([]string{"metadata", "name"}, unusableName, "names for cluster %q begin with %q and have up to %d characters, and may have 63", c.Name, begin, len(begin)+longest)
		}
	}
	return true
}

// isSecret reports whether an object of Kubernetes may have the name: what else there may be in it grammar has seen to.
func isSecret(name string) bool {
	return strings.ToLower(name) == name && !strings.ContainsAny(name, "_:/@") && !strings.Contains(name, "..") && !strings.Contains(name, ".-") && !strings.Contains(name, "-.")
}

// longestPart gives the length of the longest name that Flux has for a part of a cluster: what has the charts of the
// control plane, or one of their releases.
func longestPart(c *schema.Cluster) int {
	longest := 22 // of a layer
	for _, p := range c.ControlPlanes() {
		if p.Istio.Revision != "" && p.Istio.Installer == schema.Helm {
			longest = max(longest, len("istiod-"+p.Istio.Revision))
		}
	}
	return longest
}

func (t checked) plaintext() {
	if c := t.keeping(schema.Plaintext); c != nil && (c.Intermediate != nil || len(t.Clusters) > 1 && c.Secrets.WritesRemote()) {
		t.found.Add(t.Pos(path()...), plaintext, "the engine applies Secrets that are committed in clear")
	}
}

// unused finds names that are in no pattern.
func (t checked) unused() {
	if g := t.GitOps; g != nil && strings.Contains(g.Destination+g.KubeConfig, "{cluster}") {
		return
	}
	for _, c := range t.Clusters {
		if at := schema.ClusterPath(c, "gitops", "name"); t.Given(at...) && !t.Unsure(at...) {
			t.found.Add(t.Pos(at...), unusedName, "no engine calls cluster %q %q", c.Name, c.GitOpsName)
		}
	}
}
