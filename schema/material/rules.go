package material

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Rules are the rules of the files that a topology names: that they can be read, what package trust says
// of each, and how those of several clusters go together.
var Rules = slices.Concat([]*diag.Rule{
	missingFile, missingPrivateFile, misspeltPrivatePath, unreadableMaterial, linkLeavesRoot, inlineMaterial, privateFileAsPatch,
	SharedIntermediateKey, SharedToken, ForeignCA, differentRoots, unboundRoot, twoForms,
}, trust.Rules())

var missingFile = &diag.Rule{
	Code: "missing-file", Severity: diag.Error, Fixed: true,
	Title: "a file that the topology names is not there",
	Why:   "nothing that needs it can be rendered: cacerts, and the remote Secrets of the cluster",
	Fix:   "put the file there, or correct its path, which is relative to the topology's root",
	Bad:   `trust: {roots: [certs/nowhere.pem]}`,
	Good:  `trust: {roots: [certs/root-cert.pem]}`,
}

var missingPrivateFile = &diag.Rule{
	Code: "missing-private-file", Severity: diag.Error, Fixed: true,
	Title: "a key or token that is to be rendered is not there",
	Why:   "its Secret cannot be written, and one without it would cut the cluster off",
	Fix:   "put the file there or set the variable; `meshtopo diff` and `meshtopo validate` do without",
	Bad:   `clusters: {cluster-b: {credential: {token: {file: tokens/nowhere}}}}`,
	Good:  `clusters: {cluster-b: {credential: {token: {file: tokens/cluster-b}}}}`,
}

var unreadableMaterial = &diag.Rule{
	Code: "unreadable-file", Severity: diag.Error, Fixed: true,
	Title: "a file that the topology names cannot be read",
	Why:   "nothing that needs it can be rendered",
	Fix:   "name a regular file of at most 1 MiB that you may read",
	Bad:   `trust: {roots: [certs]}`,
	Good:  `trust: {roots: [certs/root-cert.pem]}`,
}

var linkLeavesRoot = &diag.Rule{
	Code: "link-leaves-root", Severity: diag.Error, Fixed: true,
	Title: "a path leads out of the topology's root through a symbolic link",
	Why:   "a topology reads nothing outside its root, so that one from a pull request cannot collect other files of the machine",
	Fix:   "put the file below the root, or pass private material in an environment variable",
}

var inlineMaterial = &diag.Rule{
	Code: "inline-material", Severity: diag.Error, Fixed: true,
	Title: "a key, token or certificate stands in the topology itself",
	Why:   "a topology is kept in git and shown in reviews and logs, for everybody to read",
	Fix:   "write it to a file and name the file here; replace a key or token that was committed",
	Bad:   `trust: {roots: ["-----BEGIN CERTIFICATE-----"]}`,
	Good:  `trust: {roots: [certs/root-cert.pem]}`,
}

var privateFileAsPatch = &diag.Rule{
	Code: "private-file-as-patch", Severity: diag.Error, Fixed: true,
	Title: "a patch is read from a file that the topology names as private",
	Why:   "a patch is shown where it is wrong, and what it writes stands in the tree for everybody to read",
	Fix:   "name the file of the patch",
	Bad:   `istio: {patches: [{path: tokens/cluster-a}]}`,
	Good:  `istio: {patches: [{path: patches/label.yaml}]}`,
}

var SharedIntermediateKey = &diag.Rule{
	Code: "shared-intermediate-key", Severity: diag.Warning,
	Title:  "several control planes sign with one intermediate key",
	Why:    "whoever takes the key from one cluster can impersonate the workloads of all of them, and it cannot be replaced in one alone",
	Fix:    "issue an intermediate for each control plane; {cluster} in spec.trust.intermediates gives each its own directory",
	Source: "https://istio.io/latest/docs/tasks/security/cert-management/plugin-ca-cert/",
	Bad:    `trust: {intermediates: certs/cluster-a}`,
	Good:   `trust: {intermediates: "certs/{cluster}"}`,
}

var SharedToken = &diag.Rule{
	Code: "shared-token", Severity: diag.Warning, Symptom: true,
	Title:  "two clusters have the same token",
	Why:    "a ServiceAccount's token is good in its own cluster only; the other answers Unauthorized, and its endpoints never appear",
	Fix:    "fetch the token of each cluster from that cluster",
	Source: "https://kubernetes.io/docs/concepts/security/service-accounts/",
	Bad:    `clusters: {cluster-b: {credential: {token: {file: tokens/cluster-a}}}}`,
	Good:   `clusters: {cluster-b: {credential: {token: {file: tokens/cluster-b}}}}`,
}

// ForeignCA is only a warning where the names of files say it.
var ForeignCA = &diag.Rule{
	Code: "ca-of-another-cluster", Severity: diag.Error, Symptom: true,
	Title:  "an API server with the CA of another cluster",
	Why:    "istiod does not trust the API server: x509: certificate signed by unknown authority, and the cluster's endpoints never appear",
	Fix:    "write the CA of the cluster into its kubeconfig: kubectl get configmap kube-root-ca.crt, or istioctl create-remote-secret",
	Source: "pkg/kube/multicluster/secretcontroller.go",
	Bad:    `clusters: {cluster-b: {apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-a/api.pem}}}`,
	Good:   `clusters: {cluster-b: {apiServer: {url: "https://198.51.100.1:6443", ca: certs/cluster-b/api.pem}}}`,
}

var differentRoots = &diag.Rule{
	Code: "different-roots", Severity: diag.Info, Symptom: true,
	Title: "control planes are under different roots",
	Why: "it is how a rotation looks half-way: every cluster has to trust all of these roots, or its calls fail with " +
		"CERTIFICATE_VERIFY_FAILED",
	Fix:    "finish the rotation: put the other intermediates under the new root, and then take the old root out; clusters/README.md has the steps",
	Source: "security/pkg/pki/ca/ca.go; pilot/pkg/features/pilot.go (ISTIO_MULTIROOT_MESH)",
}

var unboundRoot = &diag.Rule{
	Code: "unbound-federated-root", Severity: diag.Warning,
	Title:  "a root of another mesh that can sign for the workloads of this one",
	Why:    "Istio binds no root to a trust domain: with the key of this root anybody makes certificates for any workload of this mesh, and every cluster accepts them",
	Fix:    "ask for a root with name constraints: permitted URI the trust domain of the other mesh, or excluded URI that of this one; or lower this rule with the reason why that mesh is trusted so far",
	Source: "pilot/pkg/trustbundle/trustbundle.go; RFC 5280, section 4.2.1.10",
	Bad:    `trust: {federatesWith: [{trustDomain: partner.example.com, roots: [certs/root-cert.pem]}]}`,
	Good:   `trust: {federatesWith: null}`,
}

var twoForms = &diag.Rule{
	Code: "two-cacerts-forms", Severity: diag.Error, Fixed: true,
	Title:  "a directory with two different signing CAs",
	Why:    "tls.crt is a CA in the form that cert-manager makes, and ca-cert.pem one in Istio's own: of a Secret with both, istiod takes tls.crt, and whoever made the other believes that it signs",
	Fix:    "keep the files of one form: tls.crt, tls.key and ca.crt, or ca-cert.pem, ca-key.pem and cert-chain.pem",
	Source: "pilot/pkg/bootstrap/istio_ca.go (detectSigningCABundleAndCRL)",
}
