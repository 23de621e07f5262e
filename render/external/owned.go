package external

import (
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema/document"
)

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
			own("spec.secretStoreRef", lostStore, settings), own("spec.refreshInterval", lostStore, settings),
			own("spec.data", lostStore, settings), own("spec.dataFrom", lostStore, settings),
			own("spec.target.name", lostSecret, "leave it"), own("spec.target.creationPolicy", lostPolicy, "leave it"),
			own("spec.target.deletionPolicy", lostPolicy, "leave it"),
			own("spec.target.template.engineVersion", lostSecret, "leave it"), own("spec.target.template.type", lostSecret, "leave it"),
			own("spec.target.template.mergePolicy", lostSecret, "leave it"), own("spec.target.template.templateFrom", lostSecret, "leave it"),
			own("spec.target.template.data", lostSecret, "change the certificate, or the API server, that the topology names"),
			own(`spec.target.template.metadata.labels.app\.kubernetes\.io/managed-by`, lostSecret, "add a label of your own beside it"),
			own(`spec.target.template.metadata.labels.meshtopo\.dev/topology`, lostSecret, "add a label of your own beside it"),
			own(`spec.target.template.metadata.labels.istio/multiCluster`, lostSecret, "leave it"),
			own(`spec.target.template.metadata.annotations.networking\.istio\.io/cluster`, lostSecret, "leave it"),
		}
	case "PushSecret":
		return []patch.Owned{
			own("spec.refreshInterval", lostPush, settings), own("spec.secretStoreRefs", lostPush, settings),
			own("spec.selector", lostPush, "change istio.reader"), own("spec.data", lostPush, settings),
			own("spec.updatePolicy", lostPush, "leave it"),
		}
	case "SecretStore":
		return []patch.Owned{own("spec.provider", lostLogIn, "change apiServer of that cluster, or secrets.externalSecrets.bearerToken")}
	}
	return nil
}

func own(path, why, fix string) patch.Owned {
	return patch.Owned{Path: document.ParsePath(path), Why: why, Fix: fix}
}
