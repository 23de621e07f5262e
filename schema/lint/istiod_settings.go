package lint

import "meshtopo.dev/meshtopo/schema/manifest"

// chartValue gives a value of Istio's charts, in whichever notation they are installed.
func chartValue(o *manifest.Object, path ...string) value {
	if o.Kind == "" {
		return valueAt(o.Root, path...)
	}
	return valueAt(o.Root.At("spec", "values"), path...)
}

// istiodVariable gives a variable in the environment of istiod, in whichever notation it is installed. The istiod chart takes what is
// below pilot without that key as well.
func istiodVariable(o *manifest.Object, name string) value {
	v := first(chartValue(o, "pilot", "env", name), variableAt(o.Root.At("spec", "components", "pilot", "k8s", "env"), name))
	if o.Kind == "" {
		v = first(v, chartValue(o, "env", name))
	}
	return v
}

// hasOtherCA reports whether something else than istiod signs the certificates of workloads, such as istio-csr or the signer of a
// cluster (https://cert-manager.io/docs/usage/istio-csr/).
func hasOtherCA(o *manifest.Object) bool {
	return istiodVariable(o, "ENABLE_CA_SERVER").text == "false" || istiodVariable(o, "EXTERNAL_CA").text != "" ||
		chartValue(o, "global", "caAddress").text != "" && !readsElsewhere(o)
}
