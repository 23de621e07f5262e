package guess

import (
	"bytes"
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

var (
	// clusterName matches values.global.multiCluster.clusterName in YAML and JSON, in parameters of Argo CD, and in
	// arguments of --set.
	clusterName = diag.OnceRegexp(`multiCluster["']?\s*:\s*(?:\{|\n)?(?:[ \t]*(?:#[^\n]*|["']?(?:enabled|globalDomainSuffix|includeEnvoyFilter)["']?\s*:[^\n,}]*)[,\n])*\s*["']?clusterName["']?\s*:\s*["']?([^\s"',{}\[\]#]+)` +
		`|multiCluster\.clusterName["']?(?:\s*=\s*|\s*\n\s*value:\s*)["']?([^\s"',{}\[\]#]+)`)
	// base matches a directory elsewhere that a kustomization lists.
	base   = diag.OnceRegexp(`(?m)^\s*-\s*["']?((?:\.\./)+[^\s"'#]+)`)
	meshID = diag.OnceRegexp(`(?m)^[^#\n]*\bmeshID\b`)
)

// namesIn gives the names that a text gives to the cluster that it is for, and whether it has an installation.
func namesIn(text []byte) (names []string, installs bool) {
	if !bytes.Contains(text, []byte("multiCluster")) {
		return nil, false
	}
	for _, m := range clusterName().FindAllSubmatch(text, -1) {
		name := string(m[1]) + string(m[2])
		if !placeholder.In(name) {
			names = append(names, name)
		}
	}
	return names, len(names) > 0 && meshID().Match(text)
}

// topology matches what a topology, and what asks the KRM function for one, begin with.
var topology = diag.OnceRegexp(`(?m)^["']?apiVersion["']?\s*:\s*["']?meshtopo\.dev/`)

// Mentions reports whether a manifest has something of Istio. A topology is no manifest.
func Mentions(text []byte) bool {
	return bytes.Contains(text, []byte("istio")) && !topology().Match(text)
}

// basesIn gives the directories elsewhere that a kustomization lists, from the directory that is read.
func basesIn(file string, text []byte) []string {
	if !strings.HasPrefix(path.Base(file), "kustomization.") {
		return nil
	}
	var bases []string
	for _, m := range base().FindAllSubmatch(text, -1) {
		bases = append(bases, path.Join(path.Dir(file), string(m[1])))
	}
	return bases
}
