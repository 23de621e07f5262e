package lint

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/rules"
)

var (
	remoteUnclaimed = &diag.Rule{
		Code: "remote-without-control-plane", Severity: diag.Error, Symptom: true,
		Title:  "a remote whose namespace names no control plane",
		Why:    "no istiod may manage the remote: no istio-ca-root-cert in its namespaces, no caBundle in its webhook, and its pods stay in FailedMount",
		Fix:    "annotate the remote's system namespace: " + controlPlanes + ": CLUSTER",
		Source: "pilot/pkg/serviceregistry/kube/controller/multicluster.go (checkShouldLead)",
	}
	primaryNotExternal = &diag.Rule{
		Code: "primary-not-external", Severity: diag.Error, Symptom: true,
		Title:  "a control plane that remotes use and that does not manage any",
		Why:    "istiod writes into other clusters only with EXTERNAL_ISTIOD: the remotes get no istio-ca-root-cert, and their pods stay in FailedMount",
		Fix:    "add externalIstiod: true below spec.values.global",
		Source: "pilot/pkg/features/pilot.go (EXTERNAL_ISTIOD)",
	}
	istiodNotExposed = &diag.Rule{
		Code: "istiod-not-exposed", Severity: diag.Error, Symptom: true,
		Title:  "a control plane that remotes use and that no Gateway exposes",
		Why:    "the remotes' webhook and sidecars reach nothing at ports 15012 and 15017: no injection, no certificates",
		Fix:    "expose istiod on the east-west gateway: samples/multicluster/expose-istiod.yaml of Istio",
		Source: "samples/multicluster/expose-istiod.yaml",
	}
	externalWithoutRemotes = &diag.Rule{
		Code: "external-istiod-without-remotes", Severity: diag.Warning, Symptom: true,
		Title:  "a control plane that manages remotes, and there are none",
		Why:    "EXTERNAL_ISTIOD does not make istiod discover other clusters, remote Secrets do; it lets istiod write into clusters that have no control plane",
		Fix:    "delete it; it is for primaries of remotes only",
		Source: "pilot/pkg/features/pilot.go (EXTERNAL_ISTIOD)",
	}
	exposedWithoutRemotes = &diag.Rule{
		Code: "exposed-without-remotes", Severity: diag.Warning, Symptom: true,
		Title:  "an istiod on a gateway between networks, and no remote that uses it",
		Why:    "the control plane can be reached from other networks, and nothing needs that",
		Fix:    "delete the servers at ports 15012 and 15017",
		Source: "https://istio.io/latest/docs/setup/install/multicluster/primary-remote/",
	}
)

var servingGroup = group{rules: []*diag.Rule{remoteUnclaimed, primaryNotExternal, istiodNotExposed, externalWithoutRemotes, exposedWithoutRemotes}}

// checkRemotes compares the remotes with their primaries. A remote that is still joining has nothing but its namespace.
func (m *mesh) checkRemotes() {
	for _, c := range m.clusters {
		if c.install() != nil {
			continue
		}
		for _, ns := range c.namespaces {
			for _, name := range c.controlPlanes() {
				m.checkPrimaryOf(c, ns, name)
			}
		}
	}
	for _, r := range m.remotes() {
		ns := r.namespaceOf(r.install())
		if ns == nil {
			continue // made elsewhere
		}
		if !ns.controlPlanes.given() && m.needsNoAnnotation(r) {
			continue
		}
		if !ns.controlPlanes.given() {
			m.found.Add(ns.pos, remoteUnclaimed, "the namespace %q of the remote %q has no annotation %s", ns.name, r.name, controlPlanes)
			continue
		}
		for _, name := range r.controlPlanes() {
			m.checkPrimaryOf(r, ns, name)
		}
	}
}

// checkPrimaryOf compares a remote with one of the primaries that its namespace names.
func (m *mesh) checkPrimaryOf(r *cluster, ns *namespace, name string) {
	if name == "*" {
		return
	}
	p := m.controlPlane(name)
	if p == nil && slices.ContainsFunc(m.clusters, func(c *cluster) bool { return c.name == name && c.install() == nil }) {
		return // its installation is not among the manifests
	}
	if p == nil {
		d := m.found.Add(ns.controlPlanes.pos, rules.UnknownPrimary, "the remote %q is managed by %q, and no cluster is called that", r.name, name)
		d.Fix = `use the clusterName of its primary: "` + strings.Join(m.names(), `", "`) + `"`
		if near := diag.Nearest(name, m.names()); near != "" {
			d.Fix = "did you mean " + near + "?"
		}
		return
	}
	if m.needsNoAnnotation(p) {
		return // the control plane runs elsewhere
	}
	if !p.primary() {
		d := m.found.Add(ns.controlPlanes.pos, rules.UnknownPrimary, "the remote %q is managed by %q, which is a remote itself", r.name, name)
		d.Fix = "name the cluster whose istiod it uses"
		return
	}
	for _, b := range r.installs {
		m.comparePrimary(p, r, b)
	}
}

// comparePrimary compares what is installed in a remote with its primary.
func (m *mesh) comparePrimary(p, r *cluster, b *install) {
	a := p.install()
	for _, i := range p.installs {
		if !i.remote() && i.revision.text == b.revision.text {
			a = i
		}
	}
	if m.topology == nil && a.revision.text != b.revision.text && !a.anyRevision && !b.anyRevision && !p.offers(b.revision.text) && !p.blamed(r) {
		m.differs(rules.RemoteRevision, "revision", p, r, a.revision, b.revision, "give it the revision of its primary")
	}
	if len(p.installs) > 1 && a.revision.text == b.revision.text && p.leaves(a) {
		m.found.Add(b.pos, istiodUnrouted, "no VirtualService of cluster %q leads to %s, which the remote %q calls", p.name, a.istiod(), r.name)
	}
	if m.topology == nil && a.namespace != b.namespace {
		d := m.found.Add(b.pos, rules.RemoteNamespace, "the remote %q uses the namespace %q, but the control plane of %q is in %q", r.name, b.namespace, p.name, a.namespace)
		d.Fix = fmt.Sprintf("install it in the namespace %q", a.namespace)
	}
	m.checkSkew(p, r, a, b)
}

// differs reports a value of a remote that differs from its primary's. The finding is at the value, or at the
// installation where it is not set.
func (m *mesh) differs(rule *diag.Rule, what string, p, r *cluster, ofPrimary, ofRemote value, fix string) {
	pos := ofRemote.pos
	if !ofRemote.given() {
		pos = r.install().pos
	}
	d := m.found.Add(pos, rule, "the %s of the remote %q is %q, but that of its primary %q is %q", what, r.name, ofRemote.text, p.name, ofPrimary.text)
	d.Fix = fix
	if ofPrimary.given() {
		d.Relate(ofPrimary.pos, "that of "+p.name)
	}
}

// checkServing checks that primaries have what their remotes need, and remotes where primaries are set up for them.
func (m *mesh) checkServing() {
	for _, p := range m.primaries() {
		i, exposed := p.install(), p.exposing(istiodPort)
		if !m.serves(p) {
			if i.externalIstiod.text == "true" && m.topology == nil { // with a topology, that is a deviation
				m.found.Add(i.externalIstiod.pos, externalWithoutRemotes, "the control plane of cluster %q manages remotes, and no cluster is one", p.name)
			}
			if want := m.wanted(p); exposed != nil && (want == nil || !m.topology.ServesRemotes(want)) {
				m.found.Add(exposed.port.number.pos, exposedWithoutRemotes, "cluster %q exposes istiod, and no cluster is a remote of it", p.name)
			}
			continue
		}
		if !m.named(p) {
			continue // the remote may be for another primary
		}
		lacks := !m.hasOtherRole(p)
		if i.externalIstiod.text != "true" && !i.misspelt.Have("spec.values.global.externalIstiod") && (lacks || i.externalIstiod.given()) {
			m.found.Add(first(i.externalIstiod, value{pos: i.pos}).pos, primaryNotExternal, "remotes use the control plane of cluster %q, and it has no externalIstiod: true", p.name)
		}
		if (p.hasGateways() || i.rendered) && !p.offersIstiod() && !p.unread {
			if !lacks || p.losesGateway() {
				continue
			}
			m.found.Add(i.pos, istiodNotExposed, "remotes use the control plane of cluster %q, and none of its Gateways has a server at port 15012", p.name)
		} else if exposed != nil && p.exposing(webhookPort) == nil && m.injectsThrough(p) {
			d := m.found.Add(exposed.port.number.pos, istiodNotExposed, "remotes use the control plane of cluster %q, and none of its Gateways has a server at port 15017", p.name)
			d.Why = "the remotes' webhook reaches nothing: their pods start without sidecars, or not at all"
		}
	}
}

// injectsThrough reports whether a remote of the cluster injects its pods through the Service istiod, and so through
// port 15017 of the primary's gateway. An injectionURL may lead elsewhere.
func (m *mesh) injectsThrough(p *cluster) bool {
	return slices.ContainsFunc(m.remotes(), func(r *cluster) bool {
		return slices.Contains(r.controlPlanes(), p.clusterName()) && r.install().injectionPath.given() && !r.install().injectionURL.given()
	})
}
