package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var inventedSetting = &diag.Rule{
	Code: "invented-setting", Severity: diag.Error,
	Title:  "a setting of an object that Istio does not have",
	Why:    "nothing reads it: what it was meant to say is said nowhere",
	Fix:    "say it where Istio reads it",
	Source: "istioctl/pkg/multicluster/remote_secret.go",
	Bad:    "apiVersion: networking.istio.io/v1beta1\nkind: RemoteCluster\nspec: {network: network2}",
	Good:   "apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: network2}}",
}

// places say where Istio reads what people write into an invented object that is to join a cluster.
var places = []struct{ field, place string }{
	{"network", "the network of a cluster is the label " + networkLabel + " of its system namespace, values.global.network of its installation and the label of its gateway"},
	{"discoveryAddress", "the address of its API server is server in the kubeconfig of its remote Secret; that of a primary's istiod, for remotes only, is values.global.remotePilotAddress: an IP address without scheme and port"},
	{"serviceAccountToken", "the token is users[].user.token in the kubeconfig of its remote Secret"},
	{"token", "the token is users[].user.token in the kubeconfig of its remote Secret"},
	{"secretName", "whom to trust as its API server is certificate-authority-data in the kubeconfig of its remote Secret; the Secret cacerts is what its own istiod signs with"},
	{"clusterName", "its name is the key in the data of its remote Secret, and values.global.multiCluster.clusterName of its installation"},
}

// checkInvented says of each setting of an invented object where it belongs.
func checkInvented(o *manifest.Object, found *diag.List) {
	for _, p := range places {
		e := o.Root.At("spec").Entry(p.field)
		if e == nil {
			continue
		}
		d := found.Add(e.KeyPos, inventedSetting, "nothing reads %s of a %s", p.field, o.Kind)
		d.Fix = p.place
	}
}
