package render

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/contract"
	"meshtopo.dev/meshtopo/render/external"
	"meshtopo.dev/meshtopo/render/gitops"
	"meshtopo.dev/meshtopo/render/installer"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/login"
	"meshtopo.dev/meshtopo/render/mounted"
	"meshtopo.dev/meshtopo/render/progress"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// readme says how one cluster's directory is applied.
func (d *directory) readme() {
	sections := &sections{texts: d.texts}
	d.readmeIntro(sections)
	if d.topology.GitOps == nil {
		sections.commands("cluster-prepare", shell.Apply(d.c, layout.Prepare))
	} else {
		sections.engine(d.engine().Applied()...)
	}
	if d.Has(layout.Prepare + "/remote-reader.yaml") {
		d.readmeToken(sections)
	}
	switch {
	case !d.installed(d.c):
		d.readmePush(sections)
		sections.add("cluster-waits", struct{ Primary string }{code(d.c.Primary)})
	case d.c.ServedByPrimary():
		d.readmeRemote(sections)
	default:
		d.readmePrimary(sections)
	}
	if d.topology.GitOps == nil {
		sections.commands("cluster-delete", d.deletions()...)
	} else {
		sections.engine(d.engine().Delete(d.deletions()))
	}
	text, err := sections.document(d.topology.Name)
	if d.err == nil {
		d.err = err
	}
	d.addFile(tree.File{Path: layout.Readme, Body: [][]byte{text}})
}

// readmeToken says how the token gets into the topology, and so into the tree.
func (d *directory) readmeToken(s *sections) {
	d.readmeStored(s)
	switch {
	case len(d.holders(d.c)) == 0:
		return
	case d.c.Credential != nil && d.c.Credential.RefreshedBy != "":
		s.add("cluster-refreshed", struct{ By, Power string }{code(d.c.Credential.RefreshedBy), d.tokenPower()})
		return
	case !d.c.NeedsToken():
		user := "system:serviceaccount:" + d.c.Istio.Namespace + ":" + d.c.Istio.Reader.ServiceAccount
		s.add("cluster-client-certificate", struct{ Cert, User, Power string }{code(d.c.Credential.Cert), code(user), d.tokenPower()})
		return
	}
	fetch := slices.Concat(login.Directories(d.c), login.Fetch(d.c))
	template := "cluster-token-joining"
	if d.c.State != schema.Joining {
		template, fetch = "cluster-token", append(fetch, "meshtopo render")
	}
	s.add(template, struct{ What, Commands, Power string }{credentialOf(d.c), lines(fetch), d.tokenPower()})
	if d.c.State == schema.Joining && !d.c.HasKubeconfig() {
		s.commands("api-server-ca", login.FetchCA(d.c)...)
	}
}

// credentialOf says what is fetched from a cluster for those who read it.
func credentialOf(c *schema.Cluster) string {
	if c.HasKubeconfig() {
		return "kubeconfig with the token"
	}
	return "token"
}

func (d *directory) readmeIntro(s *sections) {
	role := fmt.Sprintf("A primary on network %s: it has a control plane of its own.", code(d.c.Network))
	if d.c.ServedByPrimary() {
		role = fmt.Sprintf("A remote on network %s: the control plane of %s runs it.", code(d.c.Network), code(d.c.Primary))
	}
	meaning, exports := d.variables(d.c)
	tools := s.said("cluster-tools", struct{ Version string }{progress.Versions(d.c)}, gitops.Beside(d.topology.GitOps, d.withHelm([]string{d.installer.Folder()}))...)
	if len(tools) == 0 {
		tools = []string{"kubectl"}
	}
	if len(d.items) > 0 && d.c.Secrets.Protection == schema.Sops && d.byHand(layout.Secrets) {
		tools[0] += ", and with sops where its key is"
	}
	s.add("cluster", struct{ Cluster, Role, Tools, Variables, Exports string }{
		d.c.Name, role, strings.Join(tools, ", "), meaning, exports,
	})
}

func (d *directory) readmePrimary(s *sections) {
	d.readmeSecrets(s)
	for _, section := range d.authority().Check() {
		s.parts = append(s.parts, s.text(section.Template, section.Data))
	}
	if made := contract.Of(d.topology, d.c, d.read(d.c)); made != nil {
		s.add("cluster-contract", made)
	}
	if d.byHand(layout.ControlPlane) {
		s.commands("cluster-control-plane", d.installer.Install(layout.ControlPlane)...)
	}
	d.readmeGateway(s)
	if d.Has(layout.Expose) && d.byHand(layout.Expose) {
		template := "cluster-expose"
		if len(d.topology.Described(d.c)) > 0 {
			template += "-described"
		}
		s.commands(template, shell.Chain(d.installer.Install(layout.Expose)...)...)
	}
}

// readmeSecrets says what the layer of secrets holds, and how it is applied.
func (d *directory) readmeSecrets(s *sections) {
	switch {
	case !d.Has(layout.Secrets):
	case d.byHand(layout.Secrets):
		s.add("cluster-secrets", struct{ Content, Commands string }{d.secretsContent(), lines(shell.Chain(d.bringSecrets()...))})
	default:
		s.add("cluster-gitops-secrets", struct{ Content string }{d.secretsContent()})
	}
}

// secretsContent says what the layer of secrets holds, and so what has to be known first, and be in place.
func (d *directory) secretsContent() string {
	var parts []string
	held := d.secretsHeld
	if d.c.Secrets.Protection == schema.External {
		held = d.stored().Held
	}
	if d.c.Intermediate != nil || len(d.written(d.c)) > 0 {
		parts = append(parts, held()+mounted.Restart(d.c)+d.throughProxies())
	}
	if d.Has(external.PushSecretFile) {
		parts = append(parts, external.Pushed)
	}
	if issued := d.authority().Held(); issued != "" {
		parts = append(parts, issued)
	}
	return strings.Join(parts, "\n\n")
}

// throughProxies says which clusters istiod reads through a proxy: that proxy has to be reachable from its pods.
func (d *directory) throughProxies() string {
	var behind []string
	for _, c := range d.written(d.c) {
		if url := d.writtenProxy(c); url != "" {
			behind = append(behind, code(c.Name)+" through the proxy "+code(url))
		}
	}
	if len(behind) == 0 {
		return ""
	}
	return "\n\nistiod reads " + diag.Few(behind) + ". Its pods have to reach what stands before an API server, and that has to\nkeep long connections open."
}

// writtenProxy gives the proxy that the topology has itself: a page must not depend on a kubeconfig, which may not be
// here.
func (d *directory) writtenProxy(c *schema.Cluster) string {
	if c.APIServer == nil || d.topology.Taken(c, "proxyURL") {
		return ""
	}
	return c.APIServer.ProxyURL
}

func (d *directory) secretsHeld() string {
	switch ca, read := d.c.Intermediate != nil, len(d.written(d.c)); {
	case read == 0:
		return "The signing CA, which istiod looks for when it starts."
	case ca:
		return fmt.Sprintf("The signing CA, which istiod looks for when it starts, and the tokens of the %s that it "+
			"reads: **first** step 1 of [the README of the mesh](../README.md).", count(read, "cluster"))
	default:
		return fmt.Sprintf("The tokens of the %s that istiod reads: **first** step 1 of [the README of the "+
			"mesh](../README.md).", count(read, "cluster"))
	}
}

// readmePush applies the layer of secrets of a remote, which has no Secret for istiod.
func (d *directory) readmePush(s *sections) {
	if d.byHand(layout.Secrets) {
		d.readmeSecrets(s)
	}
}

func (d *directory) readmeRemote(s *sections) {
	d.readmePush(s)
	if d.byHand(layout.ControlPlane) {
		s.add("cluster-remote-control-plane", struct{ Primary, Install, Waits string }{
			code(d.c.Primary), lines(d.installer.Install(layout.ControlPlane)), lines(shell.Chain(installer.WaitForControlPlane(d.c)...)),
		})
	}
	d.readmeGateway(s)
}

func (d *directory) readmeGateway(s *sections) {
	if d.Has(layout.Gateway) && d.byHand(layout.Gateway) {
		s.add("cluster-gateway", struct{ Installing, Commands string }{
			lines(s.said("cluster-gateway", nil, d.installer.GatewayFolder())), lines(shell.Chain(d.installer.Install(layout.Gateway)...)),
		})
	}
}

// deletions are the commands that delete what an earlier tree may have had and this one has not. A remote Secret
// that stays keeps its cluster's token alive, an exposed istiod stays exposed, a reader keeps its rights.
func (d *directory) deletions() []string {
	owner := shell.OwnedBy(d.topology.Name)
	var accounts, roles, own, secrets []string
	if len(d.readers(d.c)) > 0 {
		accounts = []string{d.c.Istio.Reader.ServiceAccount}
		roles = []string{readerRole(d.c)}
		if len(d.mesh.Rights(d.c).InSystem) > 0 {
			own = roles
		}
	}
	for _, c := range d.read(d.c) {
		secrets = append(secrets, d.c.Secrets.RemoteName(c.Name))
	}
	if d.Has(external.TokenReaderFile) {
		accounts, own = append(accounts, schema.TokenReader), append(slices.Clone(own), schema.TokenReader)
	}
	accounts, own = append(accounts, d.installer.Accounts()...), append(slices.Clone(own), d.installer.Accounts()...)
	commands := append(append(d.stored().Gone(), d.sealedGone()...),
		shell.KubectlIn(d.c, shell.DeleteOthers("serviceaccounts", owner, accounts)),
		shell.Kubectl(d.c, shell.DeleteOthers("clusterroles,clusterrolebindings", owner, roles)),
		shell.KubectlIn(d.c, shell.DeleteOthers("roles,rolebindings", owner, own)),
	)
	for _, label := range mounted.Labels(d.topology) {
		kept := secrets
		if !label.For(d.c.Secrets) {
			kept = nil
		}
		commands = append(commands, shell.KubectlIn(d.c, shell.DeleteOthers("secrets", owner+","+label.Selector, kept)))
	}
	if !d.Has(layout.Secrets+"/cacerts.yaml") && !d.topology.TrustFrom(schema.Existing) {
		commands = append(commands, shell.KubectlIn(d.c, "delete secrets --selector '"+owner+"' --field-selector 'metadata.name=cacerts'"))
	}
	commands = slices.Concat(commands, d.authority().Gone(), d.installer.Gone())
	return append(commands,
		shell.KubectlIn(d.c, shell.DeleteOthers("gateways.networking.istio.io,virtualservices.networking.istio.io", owner, d.exposed)))
}
