package lint

import (
	"meshtopo.dev/meshtopo/schema/kustomization"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/owned"
	"meshtopo.dev/meshtopo/schema/rules"
)

// compareObjects looks for what the topology gives a cluster and its manifests lack. That is certain only of a rendered
// tree that is all here: what people install in another way may be anywhere.
func (m *mesh) compareObjects(t *schema.Topology, want *schema.Cluster, c *cluster) {
	if !c.rendered || c.unread || m.part {
		return
	}
	m.compareKustomizations(want, c)
	w := &lackWalk{m, want, c, map[string]bool{}}
	i := c.install()
	if i == nil {
		m.compareInstalled(t, want, c)
		w.listed()
		return
	}
	if !i.rendered || !m.hasKustomizations() || m.hasOtherRole(c) {
		return
	}
	w.namespace()
	w.reader(t)
	if want.Intermediate != nil || t.TrustFrom(schema.CertManager) && want.RunsControlPlane() {
		listed := c.listed("cacerts.yaml").given()
		w.needs("Secret cacerts", "cacerts.yaml", len(c.cacerts) > 0 || !listed && m.specific(i.pos, noCACerts) == nil, reason{i.pos, noCACerts})
	}
	w.gateways(t)
	w.listed()
}

// compareInstalled looks for the installation of a cluster. A remote that is joining waits for its primary's address;
// and where nothing else of any tree is here, only a part may have been given.
func (m *mesh) compareInstalled(t *schema.Topology, want *schema.Cluster, c *cluster) {
	waits := want.ServedByPrimary() && owned.PilotAddress(t, want) == ""
	others := slices.ContainsFunc(m.clusters, func(o *cluster) bool { return o.install() != nil && o.install().rendered })
	if !waits && (others || len(c.deployments) > 0 || len(c.kustomizations) > 1) {
		m.found.Add(c.pos(), deviates, "the manifests of cluster %q install no Istio, but the topology says that they do", want.Name).Fix = "render again"
	}
}

// lackWalk goes through what a cluster needs.
type lackWalk struct {
	*mesh
	want  *schema.Cluster
	c     *cluster
	known map[string]bool // the files that are looked for
}

// reason is where another rule may have reported what is missing.
type reason struct {
	pos  diag.Pos
	rule *diag.Rule
}

// needs reports an object that is not there, where a kustomization lists its file, or else at the installation. Where
// another rule has said so, the topology is named there.
func (w *lackWalk) needs(what, file string, there bool, said ...reason) {
	w.known[file] = true
	if there {
		return
	}
	const wanted = "the topology says that there is one"
	for _, r := range said {
		if w.specific(r.pos, r.rule) != nil {
			w.deviate(r.pos, r.rule, wanted, "")
			return
		}
	}
	pos := first(w.c.listed(file), value{pos: w.c.pos()}).pos
	w.found.Add(pos, deviates, "the manifests of cluster %q have no %s, but %s", w.want.Name, what, wanted).Fix = "render again"
}

func (w *lackWalk) namespace() {
	name := w.want.Istio.Namespace
	there := slices.ContainsFunc(w.c.namespaces, func(ns *namespace) bool { return ns.name == name })
	for _, ns := range w.c.namespaces {
		if !there && ns.rendered {
			w.known["namespace.yaml"] = true
			w.deviate(ns.pos, nil, says(name), "the namespace is called %q", ns.name)
			return
		}
	}
	w.needs("Namespace "+name, "namespace.yaml", there)
}

// reader looks for the account by which others read the cluster. One of another name has been compared.
func (w *lackWalk) reader(t *schema.Topology) {
	if len(t.ReadBy(w.want)) == 0 {
		return
	}
	var said []reason
	for _, s := range w.c.tokenSecrets {
		said = append(said, reason{s.account.pos, tokenSecretUnknown})
	}
	name := w.want.Istio.Reader.ServiceAccount
	w.needs("ServiceAccount "+name, "remote-reader.yaml", w.c.renderedAccount() != nil || w.c.rights.Account(name, w.want.Istio.Namespace) != nil, said...)
}

// gateways looks for the gateway of the cluster, and for what opens it.
func (w *lackWalk) gateways(t *schema.Topology) {
	i := w.c.install()
	has := func(c *schema.Cluster) bool { return c.EastWestGateway.Enabled }
	if has(w.want) {
		said := []reason{{w.networkOf(w.c).pos, rules.NetworkWithoutGateway}}
		for _, g := range w.c.gateways {
			said = append(said, reason{g.selectorPos, gatewaySelectsNothing})
		}
		w.needs("east-west gateway", "", w.c.hasGateway() || w.c.installsGateways(), said...)
	}
	if !w.want.RunsControlPlane() {
		return
	}
	if t.MultiNetwork() && (has(w.want) || slices.ContainsFunc(t.Remotes(w.want.Name), has)) {
		var said []reason
		for _, d := range w.c.deployments {
			said = append(said, reason{d.pos, servicesNotExposed})
		}
		w.needs("Gateway for other networks", "cross-network-gateway.yaml", w.c.opensCrossing() || w.c.passesThrough(), said...)
	}
	for _, of := range t.Described(w.want) {
		name := schema.RemoteGateway + of.Name
		there := slices.ContainsFunc(w.c.listeners, func(l *listenerGateway) bool { return l.name == name })
		w.needs("Gateway "+name, name+".yaml", there)
	}
	if t.ServesRemotes(w.want) {
		w.needs("Gateway for istiod", "expose-istiod.yaml", w.c.offersIstiod(), reason{i.pos, istiodNotExposed})
	}
}

// listed looks for files that kustomizations list and that are not there, perhaps in the place of one that they do not
// list. Of directories and addresses nothing is known.
func (w *lackWalk) listed() {
	for _, k := range w.c.kustomizations {
		for _, r := range k.Resources {
			file := path.Join(path.Dir(k.File), r.Text)
			isManifest := slices.Contains([]string{".yaml", ".yml", ".json"}, path.Ext(r.Text)) && !strings.Contains(r.Text, ":") && !strings.HasPrefix(r.Text, "../")
			name, secret := strings.CutPrefix(strings.TrimSuffix(r.Text, ".yaml"), "remote-secrets/")
			secret = secret && w.topology.Cluster(name) != nil && name != w.want.Name // compareSecrets looks for it
			if !isManifest || secret || w.known[r.Text] || w.c.files[file] {
				continue
			}
			if d := w.specific(k.Pos, unlisted); d != nil && d.Severity == unlisted.Severity {
				d.Append("; the kustomization lists %q, and there is no such file", r.Text)
				d.Relate(r.Pos, "what is not there")
				d.Severity = deviates.Severity
				continue
			}
			d := w.found.Add(r.Pos, deviates, "the kustomization lists %q, and there is no such file", r.Text)
			d.Why, d.Fix = "kubectl apply -k refuses the directory, and nothing of it is applied", "delete the line, or render again"
		}
	}
}

// listed gives the place at which a kustomization lists a file.
func (c *cluster) listed(file string) value {
	for _, k := range c.kustomizations {
		for _, r := range k.Resources {
			if r.Text == file {
				return value{r.Text, r.Pos}
			}
		}
	}
	return value{}
}

func (m *mesh) hasKustomizations() bool {
	return slices.ContainsFunc(m.clusters, func(c *cluster) bool { return len(c.kustomizations) > 0 })
}

// compareKustomizations looks for directories of objects that no kustomization lists, in a tree that has some: what
// they hold is not applied.
func (m *mesh) compareKustomizations(want *schema.Cluster, c *cluster) {
	if !m.hasKustomizations() {
		return
	}
	own, reported := map[string]bool{}, map[string]bool{}
	for _, k := range c.kustomizations {
		own[path.Dir(k.File)] = true
	}
	if !want.RunsControlPlane() {
		for _, r := range c.remoteSecrets {
			own[layerOf(r.namePos.File)] = true // none of them should be there
		}
	}
	for _, o := range c.neededObjects() {
		dir := layerOf(o.pos.File)
		if own[dir] || reported[dir] || slices.ContainsFunc(c.kustomizations, func(k *kustomization.Kustomization) bool { return k.Plugins || k.Lists(o.pos.File) }) {
			continue
		}
		reported[dir] = true
		d := m.found.Add(o.pos, deviates, "%s is in a directory without a kustomization, but the topology gives it one", o.text)
		d.Why, d.Fix = "kubectl apply -k refuses the directory: unable to find one of kustomization.yaml", "render again"
	}
}

// layerOf gives the directory whose kustomization should list a file.
func layerOf(file string) string {
	dir := path.Dir(file)
	if path.Base(dir) == "remote-secrets" {
		return path.Dir(dir)
	}
	return dir
}
