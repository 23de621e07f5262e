package lint

// kubeconfigOptions is the variable that tells istiod which ways to log in to allow.
const kubeconfigOptions = "PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS"
