// Package conformance runs External Secrets of the version in go.mod over what is rendered for it: its custom resource
// definitions, its templates and its Kubernetes provider. It is a module of its own because its dependencies do not go
// together with Istio's.
package conformance
