package manifest

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// passOver lowers what is wrong with a document of other programs: to an info where the document cannot be read, and to
// nothing otherwise.
func passOver(root *document.Node, problems, found *diag.List) {
	sorted := problems.Sorted()
	if root != nil || len(sorted) == 0 {
		return
	}
	if first := sorted[0]; first.Severity < diag.Error {
		found.Append(problems)
	} else {
		found.Add(first.Pos, foreignSkipped, "this cannot be read, does not look like a manifest, and is not checked")
	}
}

func reportEmpty(file string, found *diag.List) {
	d := found.Add(diag.Pos{File: file, Line: 1, Col: 1}, foreignSkipped, "the file is empty")
	d.Why, d.Fix = "there is nothing to check; an empty file is often a failed download or a lost template", "write the manifest, or delete the file"
}

// isForeign reports whether no part of a document can be an object that is looked at, or values of Istio's charts. The
// root is nil where it could not be read.
func isForeign(part document.Part, root *document.Node) bool {
	return (root == nil || !isOurs(root)) && !looksOurs(private.Legible(part.Text))
}

// isOurs reports whether a document that could be read holds what is looked at.
func isOurs(root *document.Node) bool {
	for _, item := range listed(root) {
		if isOurs(item) {
			return true
		}
	}
	kind, version := root.StringAt("kind"), root.StringAt("apiVersion")
	if kind == "" && version == "" {
		return isValues(root)
	}
	return isKnown(kind, version)
}

// isKnown reports whether an object of a kind may be looked at. Either may be missing, and misspelt.
func isKnown(kind, version string) bool {
	kind = strings.ToLower(kind)
	if version == "" {
		return strings.HasSuffix(kind, "list") || slices.Contains(knownKinds, kind)
	}
	return ourGroup().MatchString(version) && !slices.Contains(foreignKinds, kind)
}

var (
	// ourGroup matches the API versions of objects that are looked at, that of core among them.
	ourGroup = diag.OnceRegexp(`^[^/.]*$|(?i)istio|sailoperator\.io|gateway\.networking|^apps/|bitnami|external-secrets|^rbac\.|kustomize|meshtopo`)
	kindIn   = diag.OnceRegexp(`(?m)(?:^|[\s{,"'])kind["']?\s*:\s*["']?([^\s"',}]*)`)
	inAPI    = diag.OnceRegexp(`(?m)(?:^|[\s{,"'])apiVersion["']?\s*:\s*["']?([^\s"',}]*)`)
	valuesIn = diag.OnceRegexp(`(?m)(?:^|[\s{,"'])(?:meshConfig|pilot|istiodRemote|networkGateway|meshID|multiCluster|istioNamespace|remotePilotAddress|externalIstiod|global["']?\s*:\s*[{]?\s*["']?network)["']?\s*:`)
)

// knownKinds are those, in lower case, by which a document without an API version is still known.
var knownKinds = []string{"istiooperator", "istio", "gateway", "virtualservice", "destinationrule", "peerauthentication", "namespace", "service", "secret",
	"sealedsecret", "externalsecret", "serviceaccount", "clusterrole", "role", "clusterrolebinding", "rolebinding", "kustomization", "deployment",
	"daemonset", "topology", "remotecluster", "serviceentry", "workloadentry", "envoyfilter"}

// foreignKinds are those of Kubernetes' own that say nothing about a mesh, in lower case.
var foreignKinds = []string{"configmap", "pod", "podtemplate", "replicaset", "replicationcontroller", "statefulset", "controllerrevision", "persistentvolume",
	"persistentvolumeclaim", "limitrange", "resourcequota", "event", "node", "endpoints", "config", "status"}

// looksOurs reports whether a text, read or not, says that it is what is looked at. A kind that cannot be read may be
// any.
func looksOurs(text []byte) bool {
	known := false // one of the kinds would be, with the right API version
	for _, m := range kindIn().FindAllSubmatch(text, -1) {
		switch kind := strings.ToLower(string(m[1])); {
		case strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz") != "", kind == "", isKnown(kind, ""):
			return true
		case !slices.Contains(foreignKinds, kind):
			known = true
		}
	}
	for _, m := range inAPI().FindAllSubmatch(text, -1) {
		if known && ourGroup().Match(m[1]) {
			return true
		}
	}
	return valuesIn().Match(text)
}
