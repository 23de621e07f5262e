package lint

import (
	"meshtopo.dev/meshtopo/schema/manifest"
)

// An external control plane runs in one cluster and serves others. It reads its configuration from one of them, the
// config cluster, and has that cluster's name. The cluster in which it runs is no part of the mesh

// readsElsewhere reports whether an installation is set up to take its configuration from another cluster than its own.
func readsElsewhere(o *manifest.Object) bool {
	return chartValue(o, "global", "operatorManageWebhooks").text == "true" ||
		istiodVariable(o, "LOCAL_CLUSTER_SECRET_WATCHER").text == "true" || istiodVariable(o, "SHARED_MESH_CONFIG").text != ""
}

// chartValue gives a value of Istio's charts, in each notation.
func chartValue(o *manifest.Object, path ...string) value {
	if o.Kind == "" {
		return valueAt(o.Root, path...)
	}
	return valueAt(o.Root.At("spec", "values"), path...)
}

// istiodVariable gives an environment variable of istiod, in each notation. The istiod chart reads the fields of pilot
// at the top, too.
func istiodVariable(o *manifest.Object, name string) value {
	v := first(chartValue(o, "pilot", "env", name), variableAt(o.Root.At("spec", "components", "pilot", "k8s", "env"), name))
	if o.Kind == "" {
		v = first(v, chartValue(o, "env", name))
	}
	return v
}

// hasOtherCA reports whether something else than istiod signs the certificates of workloads, such as istio-csr or the
// signer of a cluster (https://cert-manager.io/docs/usage/istio-csr/).
func hasOtherCA(o *manifest.Object) bool {
	return istiodVariable(o, "ENABLE_CA_SERVER").text == "false" || istiodVariable(o, "EXTERNAL_CA").text != "" ||
		chartValue(o, "global", "caAddress").text != "" && !readsElsewhere(o)
}

// kubeconfigOptions is the variable of istiod that allows ways to log in.
const kubeconfigOptions = "PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS"
