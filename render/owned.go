package render

import (
	"encoding/json"

	"meshtopo.dev/meshtopo/render/external"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema/document"
)

// What goes wrong when a patch changes what follows from the topology.
const (
	lostOwner     = "`kubectl apply --prune` goes by these labels: the object would be deleted with another topology's, or its credential stay live after its cluster has gone"
	lostNetwork   = "istiod takes the network of pods and gateways from this label: with another one, calls go straight to addresses that do not answer, or to the wrong gateway"
	lostSecret    = "istiod reads remote Secrets by this label and name: a Secret that loses it makes a cluster disappear, one that gets it is taken for a cluster"
	lostData      = "istiod reads exactly these keys: cacerts without one of them keeps it from starting, a remote Secret with another one is another cluster"
	lostLeader    = "istiod leads in a remote's namespace only where this annotation names it: no istio-ca-root-cert, no certificates"
	lostAccount   = "the API server fills a token Secret for the account that this annotation names: without it there is no token for the other clusters"
	lostRevision  = "an istiod ignores what is labelled for another revision: the gateway would not open its port"
	lostPort      = "other clusters call the gateway at the ports that were rendered: without one of them their calls, or a remote's connection to istiod, are refused"
	lostSelector  = "the Gateway opens its port on the pods that this selector finds: with another one nothing listens, and calls from other networks are reset"
	lostRule      = "istiod reads this cluster with these permissions: without one of them the sync of the cluster fails, and its endpoints disappear"
	lostRules     = "the API server writes the rules of a ClusterRole that has this itself: those that istiod reads this cluster with would be gone"
	lostHash      = "kustomize appends a hash to the name of an object with this annotation: istiod would not find it by its name"
	lostOutOfSync = "kustomize leaves an object with this annotation out of what `kubectl apply -k` applies"
)

// owned gives what of an object of this cluster follows from the topology.
func (d *directory) owned(id patch.Identity) []patch.Owned {
	owned := append(d.ownedByAll(id), d.installer.owned(id)...)
	owned = append(owned, external.Owned(id.Kind)...)
	switch id.Kind {
	case "Secret":
		owned = append(owned,
			own("type", lostData, "leave it"),
			own("data", lostData, "change the file or variable that the topology names"),
			own("stringData", lostData, "change the file or variable that the topology names"))
	case "Gateway":
		owned = append(owned, d.ownedExposure()...)
	case "VirtualService":
		owned = append(owned, d.ownedRoutes()...)
	case "ClusterRole", "Role":
		owned = append(owned, kept(own("rules", lostRule, "add a rule beside it")), own("aggregationRule", lostRules, "add the rules themselves"))
	case "ClusterRoleBinding", "RoleBinding":
		owned = append(owned, own("roleRef", lostRule, "leave it"), kept(own("subjects", lostRule, "add a subject beside it")))
	}
	return owned
}

// ownedByAll are the labels and annotations that istiod, kubectl and the API server go by.
func (d *directory) ownedByAll(id patch.Identity) []patch.Owned {
	owned := []patch.Owned{
		own(`metadata.labels.app\.kubernetes\.io/managed-by`, lostOwner, "add a label of your own beside it"),
		own(`metadata.labels.meshtopo\.dev/topology`, lostOwner, "change metadata.name"),
		own(`metadata.labels.topology\.istio\.io/network`, lostNetwork, "change "+anyCluster+"network"),
		own(`metadata.labels.istio/multiCluster`, lostSecret, "leave it"),
		own(`metadata.annotations.networking\.istio\.io/cluster`, lostSecret, "leave it"),
		own(`metadata.annotations.topology\.istio\.io/controlPlaneClusters`, lostLeader, "change "+anyCluster+"primary"),
		own(`metadata.annotations.kubernetes\.io/service-account\.name`, lostAccount, "change istio.reader.serviceAccount"),
		own(`metadata.annotations.config\.kubernetes\.io/local-config`, lostOutOfSync, "delete it"),
		own(`metadata.annotations.internal\.config\.kubernetes\.io/needsHashSuffix`, lostHash, "delete it"),
	}
	if id.Kind == "Gateway" || id.Kind == "VirtualService" {
		owned = append(owned, allowing(own(`metadata.labels.istio\.io/rev`, lostRevision, "set istio.revision"), d.c.Istio.Revision))
	}
	return owned
}

// own gives a part that no patch may change, at a path (document.ParsePath).
func own(path, why, fix string) patch.Owned {
	return patch.Owned{Path: document.ParsePath(path), Why: why, Fix: fix}
}

// kept gives a list to which items may be added, but none with the unique fields of one that was rendered.
func kept(o patch.Owned, unique ...string) patch.Owned {
	o.Kept, o.Unique = true, unique
	return o
}

// allowing gives a part that may have one other value.
func allowing(o patch.Owned, value any) patch.Owned {
	text, err := json.Marshal(value)
	if err == nil {
		o.Allowed = string(text)
	}
	return o
}

// refusing gives a list to which items may be added, but for those that refuse gives the symptom of.
func refusing(o patch.Owned, refuse func(item any) string) patch.Owned {
	o.Items = refuse
	return o
}
