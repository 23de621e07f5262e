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
	name    string
	release string
	moves   []text.Move // what it gets of the IstioOperator of the control plane
}

// fill adds a file of values for each chart.
func (h helm) fill() {
	composition, data := h.istioOperator()
	composition.Settings = schema.Merge(noDefaultWebhook, composition.Settings)
	composition.Into = "helm/values.yaml"
	for _, c := range h.charts() {
		composition.Moves = c.moves
		h.Add(layout.Values(layout.ControlPlane, c.name), h.Compose(composition, data))
	}
}

// noDefaultWebhook keeps the chart base from making a webhook for the revision "default", as istioctl's profiles do.
var noDefaultWebhook = map[string]any{"spec": map[string]any{"values": map[string]any{"defaultRevision": ""}}}

// install gives a helm upgrade for each chart, in the order in which they need each other.
func (h helm) install() []string {
	var commands []string
	for _, c := range h.charts() {
		commands = append(commands, h.upgrade(layout.ControlPlane, h.Istio.Namespace, c))
	}
	return commands
}

// owned is nothing: patches change objects, and values are none.
func (helm) owned(patch.Identity) []patch.Owned { return nil }

// gone deletes the releases of components that the tree has no more.
func (h helm) gone() []string {
	var commands []string
	for _, c := range []struct{ component, release string }{{"cni", "istio-cni"}, {"ztunnel", "ztunnel"}} {
		if !h.enables(c.component) {
			commands = append(commands, h.uninstall(c.release, h.Istio.Namespace))
		}
	}
	return commands
}

func (t Target) uninstall(release, namespace string) string {
	return "helm uninstall " + release + " --ignore-not-found --kube-context " + shell.Context(t.Cluster) + " --namespace " + namespace
}

// upgrade gives the command that installs a chart, or changes what it installed.
func (t Target) upgrade(layer, namespace string, c chart) string {
	skipped := ""
	if c.name == "gateway" && t.Istio.Version.ChartRefusesValues() {
		skipped = " --skip-schema-validation"
	}
	command := "helm upgrade --install " + c.release + " "
	if repository := t.Istio.Charts; strings.HasPrefix(repository, "oci://") {
		command += shell.Word(strings.TrimRight(repository, "/") + "/" + c.name)
	} else {
		command += c.name + " --repo " + shell.Word(repository)
	}
	return command + " --version " + string(t.Istio.Version) + " --kube-context " + shell.Context(t.Cluster) +
		" --namespace " + namespace + " --values " + layout.Path(t.Name, layout.Values(layer, c.name)) + " --wait" + skipped
}
