// Package conformance runs sops of the version in go.mod over what is rendered for it. It is a module of its own as its
// dependencies do not go together with Istio's.
package conformance
