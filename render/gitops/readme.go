package gitops

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// Section is a part of a README: the path of its template, and what fills that.
type Section struct {
	Template string
	Data     any
}

func commands(template string, all []string) Section {
	return Section{template, struct{ Commands string }{lines(all)}}
}

// ofEngine is a section of an engine.
func ofEngine(g *schema.GitOps, name string, data any) Section {
	return Section{string(g.Engine) + "/readme/" + name + ".md", data}
}

// Named is what holds nothing but what people call the engine.
type Named struct{ Engine string }

// Called gives what people call the engine, for a template.
func Called(g *schema.GitOps) Named { return Named{Engine(g)} }

// Begin says how the engine starts, in the place of the commands that prepare the clusters.
func Begin(t *schema.Topology, clusters []Cluster) []Section {
	g := t.GitOps
	all := []Section{ofEngine(g, "fleet-start", struct{ Needs string }{lines(needs(t))})}
	if g.Engine == schema.ArgoCD && usesSail(t) {
		all = append(all, ofEngine(g, "fleet-sail", nil))
	}
	var crds, start []string
	for _, c := range clusters {
		crds = append(crds, c.crds()...)
		if !g.Hub() {
			start = append(start, shell.Kubectl(c.Cluster, "apply --server-side -f "+layout.Path(startFile(t, c.Cluster))))
		}
	}
	if g.Hub() {
		start = []string{"kubectl --context " + shell.Variable(shell.EngineVariable) + " apply --server-side -f " + layout.Path(startFile(t, nil))}
	}
	if len(crds) > 0 {
		all = append(all, commands("readme/fleet-gateway-crds.md", crds))
	}
	return append(all, ofEngine(g, "fleet-go", struct{ Commands, Name string }{lines(start), t.Name}))
}

// crds brings the CRDs of the Gateway API to where the engine applies objects of these kinds.
func (c Cluster) crds() []string {
	switch {
	case c.Has(layout.Gateway) && !ByHand(c.Installer, layout.Gateway) && c.EastWestGateway.Kind == schema.GatewayAPI:
		return c.Beforehand(layout.Gateway)
	case c.Has(layout.Expose):
		return c.Beforehand(layout.Expose)
	}
	return nil
}

// ByHand gives those of a cluster's commands that no engine runs, in their order. Those of a remote are followed by
// some that wait for its control plane.
func (c Cluster) ByHand(waits []string) []string {
	var all []string
	if ByHand(c.Installer, layout.ControlPlane) && c.Has(layout.ControlPlane) {
		if secret := c.Awaits(); secret != "" {
			all = append(all, shell.KubectlIn(c.Cluster, "wait --for=create --timeout=10m secret/"+secret))
		}
		all = append(all, c.Install(layout.ControlPlane)...)
		if c.ServedByPrimary() {
			all = append(all, waits...)
		}
	}
	if ByHand(c.Installer, layout.Gateway) && c.Has(layout.Gateway) {
		all = append(all, c.Install(layout.Gateway)...)
	}
	return all
}

// Installing is a section about the clusters of a role: that nothing is by hand, or what introduces what is.
func Installing(t *schema.Topology, role string, byHand bool) Section {
	g := t.GitOps
	if byHand {
		return Section{"readme/fleet-" + role + "-by-hand.md", awaited(t)}
	}
	return Section{"readme/fleet-" + role + "-gitops.md", Called(g)}
}

// Change says what is left to do by hand when something leaves the topology. What installers say of it comes from said.
func Change(t *schema.Topology, installers, listed []string, said func(subject string, data any, folders ...string) []string) Section {
	g := t.GitOps
	data := struct {
		Engine, Removed, Changed, OldRevision, Namespace, Selector, Gone, Uninstall, Left string
		EngineContext, EngineNamespace, OldApplication, RemovedName                       string
	}{
		Engine: Engine(g), Removed: shell.Variable(shell.RemovedVariable), Changed: shell.Variable(shell.ChangedVariable),
		OldRevision: shell.Variable(shell.RevisionVariable), Namespace: t.Istio.Namespace, Selector: shell.OwnedBy(t.Name),
		EngineContext: shell.Variable(shell.EngineVariable), EngineNamespace: g.Namespace,
		OldApplication: shell.Variable(shell.FormerVariable), RemovedName: shell.Variable(shell.NamedVariable),
	}
	if !g.Hub() {
		data.EngineContext = data.Changed
	}
	charts, others := withCharts(installers)
	gone := said("fleet-gone", data, others...)
	if charts {
		gone = append(gone, said("fleet-gone", data, string(g.Engine))...)
	}
	gone = append(gone, said("fleet-gone-listed", data, removers(listed)...)...)
	charts, others = withCharts(append(listed, slices.DeleteFunc(installers, func(folder string) bool { return slices.Contains(listed, folder) })...))
	if charts {
		data.Left = " " + strings.Join(said("fleet-left", nil, string(g.Engine)), "")
	}
	if !g.Hub() {
		data.EngineContext = data.Removed
	}
	var uninstall []string
	if charts || g.Engine == schema.Flux {
		uninstall = said("fleet-uninstall", data, string(g.Engine))
	}
	data.Gone, data.Uninstall = lines(gone), lines(append(uninstall, said("fleet-uninstall", data, others...)...))
	return Section{"readme/fleet-change-gitops.md", data}
}

// Applied says what the engine applies of the cluster, and whether anything is left.
func (c Cluster) Applied() []Section {
	g, kind := c.Topology.GitOps, "Application"
	if g.Engine == schema.Flux {
		kind = "Kustomization"
	}
	var rows []string
	for _, u := range c.units() {
		what := code(u.part)
		if u.chart != nil {
			what += fmt.Sprintf(", chart %s %s", code(u.chart.Name), u.chart.Version)
			if g.Engine == schema.Flux {
				kind = "Kustomization or HelmRelease"
			}
		}
		rows = append(rows, fmt.Sprintf("| %s | %s |", what, code(c.object(u.name()))))
	}
	hand := "None of it is applied by hand."
	if len(c.ByHand(nil)) > 0 {
		of := awaited(c.Topology)
		hand = "What istioctl installs is by hand, below, once " + of.Once + ": an istiod that starts without\n" +
			of.Secret + " " + of.Lacking + ". `5-expose` is tried again until then."
	}
	all := []Section{{"readme/cluster-gitops.md", struct{ Engine, Kind, Rows, ByHand string }{Engine(g), kind, lines(rows), hand}}}
	if c.Has(layout.Prepare + "/remote-reader.yaml") {
		all = append(all, Section{"readme/cluster-gitops-token.md", nil})
	}
	return all
}

// Delete says how what is left of an earlier tree is deleted: what is in the way of the gateway, and what else the
// commands delete. Releases that only Helm knows are none of an engine's, or it would install them again.
func (c Cluster) Delete(deletions []string) Section {
	var room []string
	if c.Has(layout.Gateway) && !ByHand(c.Installer, layout.Gateway) && c.EastWestGateway.Kind != schema.GatewayAPI {
		room = c.Beforehand(layout.Gateway)
	}
	deletions = slices.DeleteFunc(deletions, func(command string) bool { return strings.HasPrefix(command, "helm ") })
	return Section{"readme/cluster-gitops-delete.md", struct{ Engine, Commands string }{Engine(c.Topology.GitOps), lines(append(room, deletions...))}}
}

// Beside gives those of the installers' folders whose tools people need beside the engine.
func Beside(g *schema.GitOps, installers []string) []string {
	if g == nil {
		return installers
	}
	return slices.DeleteFunc(installers, func(folder string) bool { return folder == string(schema.Helm) })
}

func lines(all []string) string { return strings.Join(all, "\n") }

// withCharts reports whether charts are among what installs Istio, and gives the others.
func withCharts(installers []string) (charts bool, others []string) {
	charts = slices.Contains(installers, string(schema.Helm))
	return charts, slices.DeleteFunc(slices.Clone(installers), func(folder string) bool { return folder == string(schema.Helm) })
}

// removers says who removes a revision that has left a list, for what installs it: people with istioctl, or the engine.
func removers(installers []string) []string {
	var all []string
	for _, installer := range installers {
		folder := "gitops"
		if installer == string(schema.Istioctl) {
			folder = installer
		}
		if !slices.Contains(all, folder) {
			all = append(all, folder)
		}
	}
	return all
}
