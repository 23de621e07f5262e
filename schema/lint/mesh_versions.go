package lint

import (
	"fmt"

	"meshtopo.dev/meshtopo/schema/rules"
)

func (m *mesh) checkVersions() {
	var newest *cluster
	for _, p := range m.primaries() {
		if n, ok := p.install().minor(); ok {
			if newest == nil {
				newest = p
			} else if most, _ := newest.install().minor(); n > most {
				newest = p
			}
		}
	}
	for _, p := range m.primaries() {
		n, ok := p.install().minor()
		if !ok {
			continue
		}
		if most, _ := newest.install().minor(); most-n >= 2 {
			d := m.found.Add(p.install().tag.pos, rules.PrimariesApart, "cluster %q has Istio %s, but cluster %q already %s",
				p.name, p.install().tag.text, newest.name, newest.install().tag.text)
			d.Relate(newest.install().tag.pos, "the version of "+newest.name)
		}
	}
}

// checkSkew compares the versions of what is installed in a remote and of its primary.
func (m *mesh) checkSkew(p, r *cluster, a, b *install) {
	of, known := a.minor()
	has, alsoKnown := b.minor()
	if !known || !alsoKnown {
		return
	}
	rule, fix := rules.RemoteNewer, "raise the primary's version first"
	switch {
	case has > of:
	case of-has > 1:
		rule, fix = rules.RemoteOlder, "raise the remote's version"
	default:
		return
	}
	m.differs(rule, "version", p, r, a.tag, b.tag, fix)
}

// checkNamespaces compares the namespaces of the control planes; a remote is compared with its primary.
func (m *mesh) checkNamespaces() {
	first := majority(m.primaries(), func(i *install) value { return value{i.namespace, i.pos} })
	if first == nil {
		return
	}
	for _, p := range m.primaries() {
		if a, b := first.install(), p.install(); a.namespace != b.namespace {
			d := m.found.Add(b.pos, rules.SeveralNamespaces, "the control plane of cluster %q is in namespace %q, that of cluster %q in %q", p.name, b.namespace, first.name, a.namespace)
			d.Fix = fmt.Sprintf("install it in the namespace %q", a.namespace)
			d.Relate(a.pos, "the control plane of "+first.name)
		}
	}
}
