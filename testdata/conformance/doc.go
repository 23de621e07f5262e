// Package conformance puts everything that meshtopo renders for the examples through the software that will
// read it: Istio's operator library, kubeconfig loader and certificate checks, the CRDs that Istio installs,
// Kubernetes' types, kustomize, kubectl, istioctl and openssl. The ways in which the pages say that meshtopo is used
// run against the real tools as well: kustomize, with meshtopo as its function, as a program and in a container;
// pre-commit; and the CRDs of Argo CD and Flux.
//
// The files istiod_*.go run Istio's own control plane in process, one for each primary, over all clusters of an example
// at once. A world is the mesh after everything in a tree was applied: fake clients hold what the API servers would,
// real code of Istio injects the pods, reads the remote Secrets, signs certificates and configures the proxies.
//
// It is a module of its own, because all of that is far heavier than meshtopo. Its go.mod also pins the tools
// that the Makefile runs. Nothing is skipped: a missing tool or an example without a tree fails.
package conformance
