package kubeconfig

import (
	"meshtopo.dev/meshtopo/schema/diag"
)

const (
	// SecretController is where Istio reads remote Secrets.
	SecretController = "pkg/kube/multicluster/secretcontroller.go"

	// ProxyAnnotation of a Secret says which proxy its kubeconfigs go through on purpose.
	ProxyAnnotation = "meshtopo.dev/proxy-url"

	untrustedConfig = "pkg/kube/util.go (NewUntrustedRestConfig, sanitizeKubeConfig)"
	ranCreate       = "run istioctl create-remote-secret --name CLUSTER against the cluster again"
	minify          = "kubectl config view --raw --minify --flatten --context NAME > FILE"
)

var (
	// Empty is about a remote Secret without a kubeconfig.
	Empty = &diag.Rule{
		Code: "kubeconfig-empty", Severity: diag.Error, Symptom: true,
		Title:  "a remote Secret without a kubeconfig",
		Why:    `istiod logs "kubeconfig is empty" once and never sees the cluster's endpoints`,
		Fix:    "put a kubeconfig under the cluster's name: " + ranCreate,
		Source: SecretController,
		Bad:    "stringData: {west: \"\"}",
		Good:   "stringData:\n  west: |\n    apiVersion: v1\n    kind: Config",
	}
	invalid = &diag.Rule{
		Code: "kubeconfig-invalid", Severity: diag.Error, Symptom: true,
		Title:  "a kubeconfig that cannot be read",
		Why:    "istiod logs an error once, does not try again before the Secret changes, and never sees the cluster's endpoints",
		Fix:    "correct it, or " + ranCreate,
		Source: SecretController,
		Bad:    "west: |\n  clusters: [",
		Good:   "west: |\n  clusters: []",
	}
	incomplete = &diag.Rule{
		Code: "kubeconfig-incomplete", Severity: diag.Error, Symptom: true,
		Title:  "a kubeconfig that lacks a part, or names one that it does not have",
		Why:    `istiod logs "no configuration has been provided", "context was not found" or "no server found for cluster" once, and never sees the cluster's endpoints`,
		Fix:    "let current-context name a context, and that a cluster with a server and a user",
		Source: untrustedConfig,
		Bad:    "contexts: [{name: west, context: {cluster: west, user: west}}]",
		Good:   "contexts: [{name: west, context: {cluster: west, user: west}}]\ncurrent-context: west",
	}
	// Name is about a kubeconfig whose name for its cluster is not the key of the Secret.
	Name = &diag.Rule{
		Code: "kubeconfig-name", Severity: diag.Warning, Symptom: true,
		Title:  "a kubeconfig with another name for its cluster than the remote Secret",
		Why:    "istiod uses the key of the Secret as the name, whatever the kubeconfig says: if this is another cluster's, that one's endpoints count as those of the key, and sidecars of a remote are refused, since another API server looks at their tokens",
		Fix:    "make sure that the key is the cluster's clusterName, and give the kubeconfig the same name",
		Source: "security/pkg/server/ca/authenticate/kubeauth/kube_jwt.go",
		Bad:    "stringData:\n  west: |\n    clusters: [{name: east, …}]",
		Good:   "stringData:\n  west: |\n    clusters: [{name: west, …}]",
	}
	insecure = &diag.Rule{
		Code: "kubeconfig-insecure", Severity: diag.Error, Symptom: true,
		Title:  "a kubeconfig that does not verify the API server",
		Why:    "istiod accepts it silently: whoever answers in place of the API server gets the token and decides where traffic goes",
		Fix:    "delete insecure-skip-tls-verify, and give the CA in certificate-authority-data",
		Source: untrustedConfig,
		Bad:    "cluster: {server: \"https://192.0.2.1:6443\", insecure-skip-tls-verify: true}",
		Good:   "cluster: {server: \"https://192.0.2.1:6443\", certificate-authority-data: …}",
	}
	proxied = &diag.Rule{
		Code: "kubeconfig-proxy", Severity: diag.Warning, Symptom: true,
		Title:  "a kubeconfig that goes through a proxy",
		Why:    "istiod accepts it silently; its long watches go through the proxy, which has to be reachable from the pod of every istiod that reads the Secret",
		Fix:    "delete proxy-url where it was meant for your own machine; where it is right, put it into the annotation " + ProxyAnnotation + " of the Secret too",
		Source: untrustedConfig,
		Bad:    "cluster: {server: \"https://192.0.2.1:6443\", proxy-url: \"http://proxy:3128\"}",
		Good:   "cluster: {server: \"https://192.0.2.1:6443\"}",
	}
	refused = &diag.Rule{
		Code: "kubeconfig-refused", Severity: diag.Error, Symptom: true,
		Title:  "a kubeconfig with a way to log in that istiod does not allow",
		Why:    `istiod logs "kubeconfig is not allowed" once and never sees the cluster's endpoints: it runs no programs and reads no files that a Secret names`,
		Fix:    "use the token of a service account: " + ranCreate,
		Source: untrustedConfig,
		Bad:    "user: {exec: {command: aws, args: [eks, get-token]}}",
		Good:   "user: {token: …}",
	}
	anonymous = &diag.Rule{
		Code: "kubeconfig-without-credentials", Severity: diag.Error, Symptom: true,
		Title:  "a kubeconfig without credentials",
		Why:    "istiod accepts it, but to the API server it is anonymous: the answer is \"forbidden\", and the cluster's endpoints never appear",
		Fix:    "give the user the token of a service account: " + ranCreate,
		Source: untrustedConfig,
		Bad:    "user: {}",
		Good:   "user: {token: …}",
	}
	withoutCA = &diag.Rule{
		Code: "kubeconfig-without-ca", Severity: diag.Warning, Symptom: true,
		Title:  "a kubeconfig that does not say which CA signed the API server's certificate",
		Why:    `unless a public CA signed it, istiod logs "x509: certificate signed by unknown authority" and never sees the cluster's endpoints`,
		Fix:    "give the cluster's CA in certificate-authority-data",
		Source: untrustedConfig,
		Bad:    "cluster: {server: \"https://192.0.2.1:6443\"}",
		Good:   "cluster: {server: \"https://192.0.2.1:6443\", certificate-authority-data: …}",
	}
	namesFile = &diag.Rule{
		Code: "kubeconfig-file", Severity: diag.Error, Symptom: true,
		Title:  "a kubeconfig that names a file",
		Why:    "the file is on the machine where the kubeconfig was made, not in istiod's container: istiod cannot make a client and never sees the cluster's endpoints",
		Fix:    "put what is in the file into the kubeconfig: kubectl config view --raw --flatten",
		Source: untrustedConfig,
		Bad:    "cluster: {certificate-authority: /home/me/.minikube/ca.crt}",
		Good:   "cluster: {certificate-authority-data: …}",
	}
	notBase64 = &diag.Rule{
		Code: "kubeconfig-data", Severity: diag.Error, Symptom: true,
		Title:  "data of a kubeconfig that is not base64",
		Why:    `istiod logs "illegal base64 data" once and never sees the cluster's endpoints`,
		Fix:    "encode the PEM text as one line: base64 -w0 FILE",
		Source: untrustedConfig,
		Bad:    "cluster: {certificate-authority-data: \"-----BEGIN CERTIFICATE-----…\"}",
		Good:   "cluster: {certificate-authority-data: LS0tLS1CRUdJTi…}",
	}
	severalClusters = &diag.Rule{
		Code: "kubeconfig-several-clusters", Severity: diag.Warning,
		Title: "a kubeconfig of a topology with several clusters or users",
		Why:   "only what its current context names is taken: the tokens and keys of the others lie beside the topology for nothing",
		Fix:   "keep the one of the reader: " + minify,
	}
	unusable = &diag.Rule{
		Code: "kubeconfig-unusable", Severity: diag.Error, Fixed: true,
		Title: "a kubeconfig of which no remote Secret can be made",
		Why:   "it lacks the server, its CA, or what to log in with, and a remote Secret without it would cut the cluster off",
		Fix:   "correct what its other findings say, whatever severity rules gives them: " + minify,
	}
)

// RulesOfSources gives the rules that are about kubeconfigs of topologies alone.
func RulesOfSources() []*diag.Rule { return []*diag.Rule{severalClusters, unusable} }

// RulesOfSecrets gives the rules that are about kubeconfigs in Secrets alone.
func RulesOfSecrets() []*diag.Rule { return []*diag.Rule{proxied} }

// Rules gives the rules of all kubeconfigs.
func Rules() []*diag.Rule {
	return []*diag.Rule{Empty, invalid, incomplete, Name, insecure, refused, anonymous, withoutCA, namesFile, notBase64}
}
