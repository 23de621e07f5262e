// Package conformance has the types of Flux's helm-controller and the patterns of Argo CD judge what is rendered. It is
// a module of its own so that Istio's needs no versions of theirs.
package conformance
