// Package habits says what here does what people expect of the verbs and flags of kubectl, istioctl, helm and
// others.
package habits

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
)

// habit is a meaning that words have elsewhere.
type habit struct {
	words []string
	has   string // of a flag: the one that a command must have for this to be true of it
	says  string // in a flag, COMMAND stands for the command
}

// verbs are verbs that do not exist here.
func verbs() []habit {
	const offline = "meshtopo talks to no cluster: "
	return []habit{
		{words: []string{"init", "new", "create", "scaffold", "bootstrap"},
			says: "a topology is written by hand: `meshtopo explain` lists its fields, and README.md begins with a first mesh"},
		{words: []string{"generate", "gen", "build", "compile", "template", "manifest", "synth", "write", "output"},
			says: "`meshtopo render` writes the manifests of each cluster"},
		{words: []string{"apply", "install", "upgrade", "uninstall", "delete", "remove", "deploy", "sync", "rollout", "prune", "up"},
			says: offline + "`meshtopo render` writes " + layout.Path(layout.Readme) + ", which has the commands of istioctl and kubectl in their order"},
		{words: []string{"get", "status", "proxy-status", "ps", "proxy-config", "pc", "logs", "top", "remote-clusters", "bug-report", "x", "experimental"},
			says: offline + "`istioctl remote-clusters` and `istioctl proxy-status` tell what runs there"},
		{words: []string{"create-remote-secret", "remote-secret", "remote-secrets"},
			says: "`meshtopo render` writes the remote Secrets, from apiServer and credential of each cluster"},
		{words: []string{"join", "add", "add-cluster", "register", "leave", "drain"},
			says: "a cluster joins or leaves in the topology, under clusters: docs/joining-and-leaving.md"},
		{words: []string{"check", "verify", "test", "analyze", "analyse", "vet", "precheck", "verify-install", "doctor", "audit"},
			says: "`meshtopo validate` checks a topology, `meshtopo lint` manifests, `meshtopo diff` whether both agree"},
		{words: []string{"plan", "preview", "drift", "compare", "changes"},
			says: "`meshtopo diff` shows what `meshtopo render` would change"},
		{words: []string{"fix", "repair", "fmt", "format", "edit"},
			says: "`meshtopo lint --fix` mends manifests; nothing formats or changes a topology"},
		{words: []string{"import", "convert", "migrate", "reverse", "export"},
			says: "no topology is made from manifests: write one, and `meshtopo lint --topology topology.yaml clusters` compares them with it"},
		{words: []string{"describe", "docs", "doc", "fields", "codes", "rules", "list", "ls", "show", "options"},
			says: "`meshtopo explain` lists the fields of a topology and the codes of findings, `meshtopo explain NAME` tells one"},
		{words: []string{"certs", "cert", "certificates", "keys", "secrets", "pki"},
			says: "`meshtopo ca` makes the certificates and keys of a mesh; its tokens come from the clusters, by the commands in clusters/README.md"},
		{words: []string{"function", "krm", "kustomize", "plugin"}, says: "`meshtopo fn` is for kustomize: docs/kustomize.md"},
	}
}

// flags are flags that do not exist here, or not on each command.
func flags() []habit {
	const inTopology = "it stands in the topology: "
	return []habit{
		{words: []string{"f", "file", "files", "filename", "input", "source", "config"}, has: "format", says: "name the file or directory without a flag: COMMAND PATH"},
		{words: []string{"topology"}, has: "format", says: "name the file without a flag: COMMAND PATH"},
		{words: []string{"out", "out-dir", "outdir", "output-dir", "output-directory", "outputs", "dest", "destination", "d", "dir", "directory", "to"}, has: "output",
			says: "did you mean --output? It names the directory that holds " + layout.Top + "/"},
		{words: []string{"o", "output", "json", "yaml", "sarif", "junit", "markdown", "report", "reporter"}, has: "format", says: "did you mean --format? It takes json, sarif, junit and others"},
		{words: []string{"strict", "werror", "fail-on-warning", "fail-on-warnings", "warnings-as-errors", "error-on-warnings", "fatal-warnings"}, has: "fail-on",
			says: "did you mean --fail-on warning?"},
		{words: []string{"strict", "fail-on", "werror", "fail-on-warning", "fail-on-warnings", "warnings-as-errors"},
			says: "`meshtopo validate --fail-on warning` makes warnings count"},
		{words: []string{"severity", "level", "min-severity", "failure-threshold", "fail-level"}, has: "fail-on", says: "did you mean --fail-on?"},
		{words: []string{"ignore", "ignore-rule", "disable", "skip", "exclude", "suppress", "rule", "rules"},
			says: "a rule is lowered in the topology, under spec.rules and with a reason"},
		{words: []string{"n", "namespace", "istio-namespace", "i", "istioNamespace"}, says: inTopology + "istio.namespace"},
		{words: []string{"set", "set-string", "values", "value"}, says: inTopology + "istio.values and istio.meshConfig"},
		{words: []string{"revision", "r", "profile", "hub", "tag", "istio-version"}, says: inTopology + "fields of istio, as `meshtopo explain istio` lists them"},
		{words: []string{"context", "contexts", "kubeconfig", "kube-context", "server", "token"}, says: "meshtopo talks to no cluster"},
		{words: []string{"debug", "trace", "log-level", "loglevel", "log_output_level", "vv"}, says: "did you mean --verbose?"},
		{words: []string{"silent", "s", "no-progress"}, says: "did you mean --quiet?"},
		{words: []string{"y", "yes", "force", "skip-confirmation", "auto-approve", "overwrite"}, has: "stdout",
			says: "nothing asks: only files that carry this topology's mark are replaced or removed"},
		{words: []string{"check", "diff", "exit-code", "detect-drift"}, has: "stdout", says: "`meshtopo diff` exits 1 where the tree is not what the topology says"},
		{words: []string{"dry-run", "server-dry-run"}, says: "this command writes nothing"},
		{words: []string{"recursive", "R"}, has: "fix", says: "a directory is read with all that is below it"},
		{words: []string{"V"}, says: "did you mean --version, without a command, or -v?"},
		{words: []string{"version"}, says: "`meshtopo version` prints it"},
		{words: []string{"no-color", "no-colour", "color", "colour"}, says: "NO_COLOR=1 in the environment takes the colours away"},
		{words: []string{"stdin"}, has: "format", says: "name - for standard input"},
	}
}

// Verb says what does what a verb that does not exist here does elsewhere, or "".
func Verb(name string) string { return says(verbs(), name, nil) }

// Flag says the same of a flag of a command, which has some flags of its own.
func Flag(command, name string, has func(flag string) bool) string {
	return strings.ReplaceAll(says(flags(), name, has), "COMMAND", command)
}

// says gives what a table says of a word, where a command has the flag that this needs, or "".
func says(table []habit, word string, has func(flag string) bool) string {
	for _, n := range table {
		if slices.Contains(n.words, word) && (n.has == "" || has(n.has)) {
			return n.says
		}
	}
	return ""
}
