package external

import "meshtopo.dev/meshtopo/render/patch"

// What goes wrong when a patch changes what follows from the topology.
const (
	lostStore  = "External Secrets asks that store for that key: from another place comes another token or key, or none, and the Secret goes stale or never comes"
	lostSecret = "istiod reads exactly this Secret: with another name, label or key a cluster disappears, or istiod does not start"
	lostPush   = "the readers look for the token of this Secret at that key of that store: elsewhere it never reaches them"
	lostLogIn  = "External Secrets takes the token from this API server with this credential: from another one comes the token of another cluster, or none"
	lostPolicy = "a store that does not answer, or an entry that is gone, would delete the Secret, and with it a cluster or the CA"
)

// settings are where a topology says where private material is.
const settings = "change secrets.externalSecrets in the topology"

// Owned gives what of an object of External Secrets follows from the topology.
func Owned(kind string) []patch.Owned {
	switch kind {
	case "ExternalSecret":
		return []patch.Owned{
			patch.Own("spec.secretStoreRef", lostStore, settings), patch.Own("spec.refreshInterval", lostStore, settings),
			patch.Own("spec.data", lostStore, settings), patch.Own("spec.dataFrom", lostStore, settings),
			patch.Own("spec.target.name", lostSecret, "leave it"), patch.Own("spec.target.creationPolicy", lostPolicy, "leave it"),
			patch.Own("spec.target.deletionPolicy", lostPolicy, "leave it"),
			patch.Own("spec.target.template.engineVersion", lostSecret, "leave it"), patch.Own("spec.target.template.type", lostSecret, "leave it"),
			patch.Own("spec.target.template.mergePolicy", lostSecret, "leave it"), patch.Own("spec.target.template.templateFrom", lostSecret, "leave it"),
			patch.Own("spec.target.template.data", lostSecret, "change the certificate, or the API server, that the topology names"),
			patch.Own(`spec.target.template.metadata.labels.app\.kubernetes\.io/managed-by`, lostSecret, "add a label of your own beside it"),
			patch.Own(`spec.target.template.metadata.labels.meshtopo\.dev/topology`, lostSecret, "add a label of your own beside it"),
			patch.Own(`spec.target.template.metadata.labels.istio/multiCluster`, lostSecret, "leave it"),
			patch.Own(`spec.target.template.metadata.annotations.networking\.istio\.io/cluster`, lostSecret, "leave it"),
		}
	case "PushSecret":
		return []patch.Owned{
			patch.Own("spec.refreshInterval", lostPush, settings), patch.Own("spec.secretStoreRefs", lostPush, settings),
			patch.Own("spec.selector", lostPush, "change istio.reader"), patch.Own("spec.data", lostPush, settings),
			patch.Own("spec.updatePolicy", lostPush, "leave it"),
		}
	case "SecretStore":
		return []patch.Owned{patch.Own("spec.provider", lostLogIn, "change apiServer of that cluster, or secrets.externalSecrets.bearerToken")}
	}
	return nil
}
