// Package conformance has cert-manager's own code take the Certificates that are rendered, and issue what they ask for.
// It is a module of its own, because of what cert-manager needs.
package conformance
