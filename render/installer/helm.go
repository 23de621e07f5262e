package installer

import (
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// helm installs a cluster with Istio's charts, from a file of values for each.
type helm struct{ Target }

func (helm) folder() string { return "helm" }

// chart is one of Istio's charts in a cluster.
type chart struct {
	Target    // as the control plane has it that it belongs to
	name      string
	release   string
	directory string
	moves     []text.Move // what it gets of the IstioOperator of the control plane
}

// fill adds a file of values for each chart.
func (h helm) fill() {
	for _, c := range h.charts() {
		composition, data := c.istioOperator()
		composition.Settings = schema.Merge(noDefaultWebhook, composition.Settings)
		composition.Into, composition.Moves = "helm/values.yaml", c.moves
		h.Add(layout.Values(c.directory, c.name), h.Compose(composition, data))
	}
	h.addTags()
}

// noDefaultWebhook keeps the chart base from making a webhook for the revision "default", as istioctl's profiles do.
var noDefaultWebhook = map[string]any{"spec": map[string]any{"values": map[string]any{"defaultRevision": ""}}}

// install gives a helm upgrade for each chart, in the order in which they need each other.
func (h helm) install() []string {
	var commands []string
	for _, c := range h.charts() {
		commands = append(commands, c.upgrade(h.Istio.Namespace))
	}
	return append(commands, h.applyTags()...)
}

// owned is nothing for values: patches change objects.
func (h helm) owned(id patch.Identity) []patch.Owned { return h.ownedTag(id) }

// gone deletes the releases of components that the tree has no more.
func (h helm) gone() []string {
	var commands []string
	for _, c := range []struct{ component, release string }{{"cni", "istio-cni"}, {"ztunnel", "ztunnel"}} {
		if !h.Istio.Enables(c.component) {
			commands = append(commands, h.uninstall(c.release, h.Istio.Namespace))
		}
	}
	return append(commands, h.goneTags()...)
}

func (t Target) uninstall(release, namespace string) string {
	return "helm uninstall " + release + " --ignore-not-found --kube-context " + shell.Context(t.Cluster) + " --namespace " + namespace
}

// upgrade gives the command that installs a chart, or changes what it installed.
func (c chart) upgrade(namespace string) string {
	skipped := ""
	if c.name == "gateway" && c.Istio.Version.ChartRefusesValues() {
		skipped = " --skip-schema-validation"
	}
	command := "helm upgrade --install " + c.release + " "
	if repository := c.Istio.Charts; strings.HasPrefix(repository, "oci://") {
		command += shell.Word(strings.TrimRight(repository, "/") + "/" + c.name)
	} else {
		command += c.name + " --repo " + shell.Word(repository)
	}
	return command + " --version " + string(c.Istio.Version) + " --kube-context " + shell.Context(c.Cluster) +
		" --namespace " + namespace + " --values " + layout.Path(c.Name, layout.Values(c.directory, c.name)) + " --wait" + skipped
}
