// Package conformance runs External Secrets and Sealed Secrets of the versions in go.mod over what is rendered for
// them: their custom resource definitions, the templates and the Kubernetes provider of the first, the unsealing of the
// second. It is a module of its own because its dependencies do not go together with Istio's.
package conformance
