package render

import (
	"meshtopo.dev/meshtopo/render/authority"
	"meshtopo.dev/meshtopo/render/external"
	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/patch"
)

// What goes wrong when a patch changes what follows from the topology.
const (
	lostOwner     = "`kubectl apply --prune` goes by these labels: the object would be deleted with another topology's, or its credential stay live after its cluster has gone"
	lostSecret    = "istiod reads remote Secrets by this label and name: a Secret that loses it makes a cluster disappear, one that gets it is taken for a cluster"
	lostData      = "istiod reads exactly these keys: cacerts without one of them keeps it from starting, a remote Secret with another one is another cluster"
	lostLeader    = "istiod leads in a remote's namespace only where this annotation names it: no istio-ca-root-cert, no certificates"
	lostAccount   = "the API server fills a token Secret for the account that this annotation names: without it there is no token for the other clusters"
	lostRule      = "istiod reads this cluster with these permissions: without one of them the sync of the cluster fails, and its endpoints disappear"
	lostRules     = "the API server writes the rules of a ClusterRole that has this itself: those that istiod reads this cluster with would be gone"
	lostHash      = "kustomize appends a hash to the name of an object with this annotation: istiod would not find it by its name"
	lostOutOfSync = "kustomize leaves an object with this annotation out of what `kubectl apply -k` applies"
)

// owned gives what of an object of this cluster follows from the topology.
func (d *directory) owned(id patch.Identity) []patch.Owned {
	owned := append(d.ownedByAll(id), d.installer.Owned(id)...)
	owned = append(owned, external.Owned(id.Kind)...)
	owned = append(owned, authority.Owned(id.Kind)...)
	owned = append(owned, gitops.Owned(d.topology.GitOps, id.Kind)...)
	switch id.Kind {
	case "Secret":
		owned = append(owned,
			patch.Own("type", lostData, "leave it"),
			patch.Own("data", lostData, "change the file or variable that the topology names"),
			patch.Own("stringData", lostData, "change the file or variable that the topology names"))
	case "Gateway":
		if id.Group == "networking.istio.io" {
			owned = append(owned, d.ownedExposure()...)
		}
	case "VirtualService":
		owned = append(owned, d.ownedRoutes()...)
	case "ClusterRole", "Role":
		owned = append(owned, patch.Own("rules", lostRule, "add a rule beside it").Keeping(), patch.Own("aggregationRule", lostRules, "add the rules themselves"))
	case "ClusterRoleBinding", "RoleBinding":
		owned = append(owned, patch.Own("roleRef", lostRule, "leave it"), patch.Own("subjects", lostRule, "add a subject beside it").Keeping())
	}
	return owned
}

// ownedByAll are the labels and annotations that istiod, kubectl and the API server go by.
func (d *directory) ownedByAll(id patch.Identity) []patch.Owned {
	owned := []patch.Owned{
		patch.Own(`metadata.labels.app\.kubernetes\.io/managed-by`, lostOwner, "add a label of your own beside it"),
		patch.Own(`metadata.labels.meshtopo\.dev/topology`, lostOwner, "change metadata.name"),
		patch.Own(`metadata.labels.topology\.istio\.io/network`, installer.LostNetwork, "change "+patch.AnyCluster+"network"),
		patch.Own(`metadata.labels.istio/multiCluster`, lostSecret, "leave it"),
		patch.Own(`metadata.annotations.networking\.istio\.io/cluster`, lostSecret, "leave it"),
		patch.Own(`metadata.annotations.topology\.istio\.io/controlPlaneClusters`, lostLeader, "change "+patch.AnyCluster+"primary"),
		patch.Own(`metadata.annotations.kubernetes\.io/service-account\.name`, lostAccount, "change istio.reader.serviceAccount"),
		patch.Own(`metadata.annotations.config\.kubernetes\.io/local-config`, lostOutOfSync, "delete it"),
		patch.Own(`metadata.annotations.internal\.config\.kubernetes\.io/needsHashSuffix`, lostHash, "delete it"),
	}
	if id.Kind == "Gateway" || id.Kind == "VirtualService" {
		owned = append(owned, patch.Own(`metadata.labels.istio\.io/rev`, installer.LostRevision, "set istio.revision").Allowing(d.c.Istio.Revision))
	}
	return owned
}
