package render

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/login"
	"meshtopo.dev/meshtopo/render/progress"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// fleetReadme says in which order the clusters are applied. It has the steps that this mesh needs and no others.
func (r *rendering) fleetReadme() (tree.File, error) {
	s := &sections{texts: r.texts}
	r.fleetIntro(s)
	r.fleetPrepare(s)
	r.fleetPrimaries(s)
	if primaries := r.serving(); len(primaries) > 0 {
		r.fleetAddresses(s, primaries)
		r.fleetRemotes(s, primaries)
	}
	r.fleetProgress(s)
	r.fleetChange(s)
	text, err := s.document(r.topology.Name)
	return tree.File{Path: layout.Path(layout.Readme), Body: [][]byte{text}}, err
}

func (r *rendering) fleetIntro(s *sections) {
	table := []string{"| cluster | role | network | Istio |", "|---|---|---|---|"}
	for _, c := range r.topology.Clusters {
		table = append(table, fmt.Sprintf("| [%s](%s/README.md) | %s | %s | %s |",
			c.Name, c.Name, role(c), code(c.Network), progress.Versions(c)))
	}
	meaning, exports := r.variables(r.topology.Clusters...)
	data := struct{ MeshID, Variables, Exports, Clusters, Tools, Engine, Repository string }{
		MeshID: r.topology.Mesh.ID, Variables: meaning, Exports: exports, Clusters: lines(table),
		Tools: strings.Join(s.said("fleet-tools", nil, gitops.Beside(r.topology.GitOps, r.withHelm(r.installers()))...), ", "),
	}
	template := "fleet"
	if g := r.topology.GitOps; g != nil {
		template, data.Engine, data.Repository = "fleet-gitops", gitops.Engine(g), code(g.Repository)+" at "+code(g.Revision)
		if data.Tools != "" {
			data.Tools = ", " + data.Tools
		}
	}
	s.add(template, data)
}

// installers gives the folder of each installer that a cluster has.
func (r *rendering) installers() []string {
	return r.installersOf(func(*schema.Cluster) bool { return true })
}

// withHelm has Helm among the installers where it installs istio-csr.
func (p *Plan) withHelm(installers []string) []string {
	if helm := string(schema.Helm); p.topology.TrustFrom(schema.IstioCSR) && !slices.Contains(installers, helm) {
		return append(installers, helm)
	}
	return installers
}

// single and listed tell clusters with a revision from those with a list of them.
func single(c *schema.Cluster) bool { return !listed(c) }
func listed(c *schema.Cluster) bool { return c.Istio.Listed.Revisions != nil }

// installersOf gives those of some clusters.
func (r *rendering) installersOf(some func(*schema.Cluster) bool) []string {
	var all []string
	for _, d := range r.directories {
		if folder := d.installer.Folder(); some(d.c) && !slices.Contains(all, folder) {
			all = append(all, folder)
		}
	}
	return all
}

func role(c *schema.Cluster) string {
	role := string(c.Role)
	if c.ServedByPrimary() {
		role += " of " + c.Primary
	}
	if c.State == schema.Joining {
		role += ", joining"
	}
	return role
}

// variables says what the shell variables mean that the commands about some clusters need, and sets them to what is
// likeliest. There are no comments in the commands: not every shell takes them from a terminal.
func (p *Plan) variables(clusters ...*schema.Cluster) (meaning, exports string) {
	meaning = "`CTX_…` is the kubectl context of a cluster:"
	var lines []string
	for _, c := range clusters {
		lines = append(lines, "export "+shell.ContextVariable(c)+"="+c.Name)
	}
	if slices.ContainsFunc(clusters, p.keepsFile) {
		meaning = "`CTX_…` is the kubectl context of a cluster, `" + shell.TopologyVariable +
			"` the directory of the topology file:"
		lines = append(lines, "export "+shell.TopologyVariable+"=.")
	}
	if versions := istioctls(clusters); len(versions) > 0 {
		meaning = "`ISTIOCTL_…` is the istioctl of a version, and `istioctl` that of either. " + meaning
		for _, v := range versions {
			lines = append(lines, "export "+shell.IstioctlVariable(v)+"=istio-"+string(v)+"/bin/istioctl")
		}
	}
	if g := p.topology.GitOps; g != nil && g.Hub() && len(clusters) == len(p.topology.Clusters) {
		meaning = "`" + shell.EngineVariable + "` is the kubectl context of the cluster in which " + gitops.Engine(g) + " runs. " + meaning
		lines = append(lines, "export "+shell.EngineVariable+"=gitops")
	}
	return meaning, strings.Join(lines, "\n")
}

// istioctls gives the versions of which clusters with a list of revisions need an istioctl.
func istioctls(clusters []*schema.Cluster) []schema.Version {
	var all []schema.Version
	for _, c := range clusters {
		for _, p := range c.ControlPlanes() {
			needs := p.Istio.Installer == schema.Istioctl || p.EastWestGateway.Kind == schema.OperatorGateway && p.EastWestGateway.Enabled
			if p.Istio.Listed.Revisions != nil && needs && !slices.Contains(all, p.Istio.Version) {
				all = append(all, p.Istio.Version)
			}
		}
	}
	return all
}

// keepsFile reports whether a cluster's token, or the CA of its API server, is to be put into a file beside the
// topology.
func (p *Plan) keepsFile(c *schema.Cluster) bool {
	return len(p.holders(c)) > 0 && login.Fetched(c) && login.Place(c).File != "" || len(p.writers(c)) > 0 && c.State == schema.Joining
}

// fleetPrepare ends with every token that can be had and a tree that knows it.
func (r *rendering) fleetPrepare(s *sections) {
	var prepare, joined []string
	var read []*schema.Cluster
	for _, c := range r.topology.Clusters {
		prepare = append(prepare, shell.Apply(c, layout.Prepare))
		if len(r.readers(c)) > 0 {
			read = append(read, c)
		}
		if c.State == schema.Joining && r.installed(c) {
			joined = append(joined, code(c.Name))
		}
	}
	if r.topology.GitOps == nil {
		s.commands("fleet-prepare", prepare...)
	} else {
		s.engine(gitops.Begin(r.topology, r.engines())...)
	}
	if len(read) == 0 {
		return
	}
	if r.topology.GitOps != nil {
		s.add("fleet-tokens-gitops", gitops.Called(r.topology.GitOps))
	}
	r.fleetStores(s)
	held := slices.DeleteFunc(slices.Clone(read), func(c *schema.Cluster) bool { return len(r.holders(c)) == 0 || !login.Fetched(c) })
	if len(held) > 0 {
		fetch := login.Directories(held...)
		for _, c := range held {
			fetch = append(fetch, login.Fetch(c)...)
		}
		s.commands("fleet-tokens", fetch...)
	}
	r.fleetRefreshed(s, read)
	var cas []string
	for _, c := range read {
		if c.State == schema.Joining && len(r.writers(c)) > 0 {
			cas = append(cas, login.FetchCA(c)...)
		}
	}
	if len(cas) > 0 {
		s.commands("api-server-ca", cas...)
	}
	s.activate(joined)
	r.fleetUndescribed(s)
	if len(held)+len(cas)+len(joined) > 0 {
		r.again(s)
	}
}

// again tells to render.
func (r *rendering) again(s *sections) {
	if r.topology.GitOps == nil {
		s.add("fleet-render", nil)
	} else {
		s.add("fleet-render-gitops", gitops.Called(r.topology.GitOps))
	}
}

// fleetRefreshed says who refreshes credentials that end.
func (r *rendering) fleetRefreshed(s *sections, read []*schema.Cluster) {
	rows := []string{"| cluster | refreshed by |", "|---|---|"}
	for _, c := range read {
		if c.Credential != nil && c.Credential.RefreshedBy != "" && len(r.holders(c)) > 0 {
			rows = append(rows, fmt.Sprintf("| %s | %s |", c.Name, code(strings.ReplaceAll(c.Credential.RefreshedBy, "|", "/"))))
		}
	}
	if len(rows) > 2 {
		s.add("fleet-refreshed", struct{ Rows string }{lines(rows)})
	}
}

// activate tells to activate clusters, if there are any.
func (s *sections) activate(clusters []string) {
	if len(clusters) > 0 {
		s.add("fleet-activate", struct{ Clusters string }{diag.Enumerate(clusters, "and")})
	}
}

func (r *rendering) fleetPrimaries(s *sections) {
	if r.topology.GitOps != nil {
		r.fleetByHand(s, "primaries", true)
		return
	}
	s.add("fleet-primaries", struct{ Installing string }{lines(s.said("fleet-primaries", nil, r.installers()...))})
	for _, d := range r.directories {
		if d.c.RunsControlPlane() {
			s.titled("fleet-cluster", d.c.Name, d.primaryCommands())
		}
	}
}

// engines are the clusters as their GitOps engine has them.
func (r *rendering) engines() []gitops.Cluster {
	var all []gitops.Cluster
	for _, d := range r.directories {
		all = append(all, d.engine())
	}
	return all
}

// fleetByHand adds a section about the clusters of a role, with what no engine does there.
func (r *rendering) fleetByHand(s *sections, role string, primaries bool) {
	var titles []string
	var all [][]string
	for _, d := range r.directories {
		if d.c.RunsControlPlane() != primaries {
			continue
		}
		if commands := d.engine().ByHand(installer.WaitForControlPlane(d.c)); len(commands) > 0 {
			titles, all = append(titles, d.c.Name), append(all, shell.Chain(commands...))
		}
	}
	s.engine(gitops.Installing(r.topology, role, len(all) > 0))
	for i, title := range titles {
		s.titled("fleet-cluster", title, all[i])
	}
}

// primaryCommands install a primary, layer by layer.
func (d *directory) primaryCommands() []string {
	commands := append(d.bringSecrets(), d.installer.Install(layout.ControlPlane)...)
	if d.Has(layout.Gateway) {
		commands = append(commands, d.installer.Install(layout.Gateway)...)
	}
	if d.Has(layout.Expose) {
		commands = append(commands, d.installer.Install(layout.Expose)...)
	}
	return shell.Chain(commands...)
}

// fleetAddresses ends with the addresses of the gateways in the topology.
func (r *rendering) fleetAddresses(s *sections, primaries []*schema.Cluster) {
	s.add("fleet-addresses", nil)
	for _, d := range r.directories {
		if slices.Contains(primaries, d.c) {
			s.address(d)
		}
	}
	var waiting []string
	for _, c := range r.topology.Clusters {
		if !r.installed(c) {
			waiting = append(waiting, code(c.Name))
		}
	}
	s.activate(waiting)
	r.again(s)
}

// reread has the control planes read what step 3 has activated. It is a part of step 4, because the page of step 3 is
// replaced by the render that ends it, and no cluster waits on the next one. What is there already stays as it is.
func (r *rendering) reread(s *sections) {
	var commands []string
	for _, d := range r.directories {
		if d.c.RunsControlPlane() && d.Has(layout.Secrets) {
			commands = append(commands, d.applyAgain()...)
		}
	}
	s.commands("fleet-reread", commands...)
	r.redescribe(s)
}

// redescribe has the control planes know the gateways whose addresses step 3 has brought.
func (r *rendering) redescribe(s *sections) {
	var commands []string
	for _, d := range r.directories {
		if len(r.topology.Described(d.c)) > 0 {
			commands = append(commands, d.installer.Install(layout.Expose)...)
		}
	}
	if len(commands) > 0 {
		s.commands("fleet-redescribe", shell.Chain(commands...)...)
	}
}

// fleetUndescribed says when a cluster is activated whose gateway others find by addresses that are not there yet.
func (r *rendering) fleetUndescribed(s *sections) {
	var waiting []string
	for _, c := range r.topology.Clusters {
		g := c.EastWestGateway
		if c.State == schema.Joining && r.hasGateway(c) && g.Discovery == schema.ByAddresses && len(g.Addresses) == 0 {
			waiting = append(waiting, code(c.Name))
		}
	}
	if len(waiting) > 0 {
		s.add("fleet-undescribed", struct{ Clusters string }{diag.Enumerate(waiting, "and")})
	}
}

// address tells to write the address of a primary's gateway into the topology.
func (s *sections) address(d *directory) {
	c, gateway := d.c, d.c.EastWestGateway
	data := struct{ Title, Commands, ServiceType, Instruction string }{
		c.Name, lines(installer.GatewayAddress(c, d.installer.GatewayService())), gateway.ServiceType,
		"Write it into the topology: `spec.clusters." + c.Name + ".eastWestGateway.addresses`.",
	}
	if len(gateway.Addresses) > 0 {
		data.Instruction = "The topology has " + code(strings.Join(gateway.Addresses, ", ")) + " in `spec.clusters." +
			c.Name + ".eastWestGateway.addresses`. Change it there if that is another."
	}
	template := "fleet-address"
	switch {
	case gateway.Discovery == schema.ByAddresses:
		template += "-given"
		if len(gateway.Addresses) > 0 {
			data.Instruction = "The topology has them in `spec.clusters." + c.Name + ".eastWestGateway.addresses`."
		}
	case gateway.ServiceType != "LoadBalancer":
		template += "-unknown"
		data.Instruction = "Find out where other clusters reach it. " + data.Instruction
	}
	s.add(template, data)
}

func (r *rendering) fleetRemotes(s *sections, primaries []*schema.Cluster) {
	if r.topology.GitOps != nil {
		r.fleetByHand(s, "remotes", false)
		return
	}
	s.add("fleet-remotes", nil)
	r.reread(s)
	waits := false
	for _, d := range r.directories {
		if d.c.ServedByPrimary() {
			d.fleetRemote(s)
			waits = waits || r.installed(d.c)
		}
	}
	if !waits {
		return
	}
	var ask []string
	for _, c := range primaries {
		ask = append(ask, shell.RemoteClusters(c))
	}
	s.commands("fleet-timeout", ask...)
}

func (d *directory) fleetRemote(s *sections) {
	title := d.c.Name + ", a remote of " + d.c.Primary
	if !d.installed(d.c) {
		s.add("fleet-remote-waits", struct{ Title, Primary string }{title, code(d.c.Primary)})
		return
	}
	commands := slices.Concat(d.authority().Install(), d.installer.Install(layout.ControlPlane), installer.WaitForControlPlane(d.c))
	if d.Has(layout.Gateway) {
		commands = append(commands, d.installer.Install(layout.Gateway)...)
	}
	s.titled("fleet-cluster", title, shell.Chain(commands...))
}

// fleetChange says what is left to do by hand when something leaves the topology.
func (r *rendering) fleetChange(s *sections) {
	if r.topology.GitOps == nil {
		r.fleetChangeByHand(s)
	} else {
		s.engine(gitops.Change(r.topology, r.installersOf(single), r.installersOf(listed), s.said))
	}
	readByPrimary := func(c *schema.Cluster) bool { return c.RunsControlPlane() && len(r.readers(c)) > 0 }
	if r.topology.Trust != nil && slices.ContainsFunc(r.topology.Clusters, readByPrimary) {
		s.add(map[bool]string{true: "fleet-signing-key", false: "fleet-signing-key-issued"}[r.topology.TrustFrom(schema.Files)], nil)
	}
	r.fleetRevoke(s)
}

func (r *rendering) fleetChangeByHand(s *sections) {
	left := struct{ Removed, Changed, OldRevision, Namespace, Selector string }{
		shell.Variable(shell.RemovedVariable), shell.Variable(shell.ChangedVariable), shell.Variable(shell.RevisionVariable),
		r.topology.Istio.Namespace, shell.OwnedBy(r.topology.Name),
	}
	gone := append(s.said("fleet-gone", left, r.installersOf(single)...), s.said("fleet-gone-listed", left, r.installersOf(listed)...)...)
	if slices.ContainsFunc(r.topology.Clusters, func(c *schema.Cluster) bool { return c.Istio.Revises() }) {
		gone = append(gone, s.said("fleet-revisions", left, "sail")...)
	}
	s.add("fleet-change", struct{ Gone, Uninstall, Removed, Selector string }{
		lines(gone), lines(s.said("fleet-uninstall", left, r.installers()...)),
		left.Removed, left.Selector,
	})
}
