// Package templates holds the texts that render fills in: YAML and Markdown with holes, in the syntax of
// text/template.
//
// Each YAML file is one object, named as Istio's documentation names it, and holds values and nothing else: no
// branches, no loops. So it parses as YAML before it is executed. What a resource has only sometimes is a file in
// options, merged into the object before the holes are filled. Which texts a cluster gets, and what goes into the
// holes, is package render's business.
package templates

import "embed"

// FS holds what all clusters get: the objects at its top, their optional parts in options, and the sections of the
// READMEs in readme. What an installer
// reads is in a folder of its name: its objects, their optional parts in options, and in readme what the READMEs say of
// it.
//
//go:embed *.yaml options readme/*.md argocd authority flux gateway gitops helm istioctl sail
var FS embed.FS
