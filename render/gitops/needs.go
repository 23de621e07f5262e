package gitops

import (
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// needs says what has to be there before the engine starts: an item of a list for each.
func needs(t *schema.Topology) []string {
	g := t.GitOps
	all := []string{"- The repository " + code(g.Repository) + ", and what it takes to read it" + secretOf(g) + "."}
	var targets []string
	for _, c := range t.Clusters {
		targets = append(targets, code(g.Target(c.GitOpsName)))
	}
	switch {
	case g.Engine == schema.ArgoCD:
		all = append(all, "- The clusters, registered under the names "+diag.Enumerate(targets, "and")+".")
		all = append(all, argoNeeds(t)...)
	case g.Hub():
		all = append(all, "- The kubeconfigs of the clusters, in the key `value` of the Secrets "+diag.Enumerate(targets, "and")+" in its namespace "+code(g.Namespace)+".")
	default:
		all = append(all, "- To run in each cluster, with its source, kustomize and helm controllers, in the namespace "+code(g.Namespace)+".")
	}
	uses := func(p schema.Protection) bool {
		return slices.ContainsFunc(t.Clusters, func(c *schema.Cluster) bool { return c.Secrets.Protection == p })
	}
	switch {
	case !uses(schema.Sops):
	case g.Engine == schema.ArgoCD:
		all = append(all, "- The plugin "+code(g.Plugin)+" beside its repository server, with the key, which decrypts what sops has encrypted.")
	default:
		all = append(all, "- The key for what sops has encrypted, in the Secret "+code(g.Decryption)+" beside its objects.")
	}
	if uses(schema.Sealed) {
		all = append(all, "- The controller of Sealed Secrets in the clusters whose Secrets are sealed.")
	}
	if uses(schema.External) {
		all = append(all, "- External Secrets in the clusters that use it, with the stores that the tree names.")
	}
	all = append(all, authorityNeeds(t)...)
	if usesSail(t) {
		all = append(all, "- The Sail operator in the clusters whose directory has a `kind: Istio`.")
	}
	return all
}

// argoNeeds is what Argo CD does not have or do by itself. Its usual argocd-cm has endpoints among resource.exclusions
// (manifests/base/config/argocd-cm.yaml): it would leave those of a remote's istiod out, without a word.
func argoNeeds(t *schema.Topology) []string {
	var all []string
	if project := t.GitOps.Project; project != "default" {
		all = append(all, "- The AppProject "+code(project)+", which allows the repositories of the tree and of the charts, and as destinations the clusters\n  and the namespace of Argo CD itself.")
	}
	remote := func(c *schema.Cluster) bool { return c.ServedByPrimary() && c.Istio.Installer == schema.Helm }
	if slices.ContainsFunc(t.Clusters, remote) {
		all = append(all, "- Endpoints: take `Endpoints` and `EndpointSlice` out of `resource.exclusions` in its ConfigMap `argocd-cm`. The chart of a remote has\n"+
			"  one of them, with the address of its primary. With the usual exclusions Argo CD leaves it out: nothing is injected there.")
	}
	return all
}

func secretOf(g *schema.GitOps) string {
	switch {
	case g.Engine == schema.ArgoCD:
		return ": a repository Secret, unless everybody may"
	case g.Secret != "":
		return ", in the Secret " + code(g.Secret) + " beside its objects"
	}
	return ": nothing, as everybody may"
}

func code(name string) string { return "`" + name + "`" }

func usesSail(t *schema.Topology) bool {
	return slices.ContainsFunc(t.Clusters, func(c *schema.Cluster) bool { return c.Istio.Installer == schema.Sail })
}
