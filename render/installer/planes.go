package installer

import (
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// as gives the target as another control plane of the cluster has it.
func (t Target) as(c *schema.Cluster) Target {
	t.Cluster = c
	return t
}

// listed reports whether the cluster has a list of control planes: what there is of each has a directory of its own
// then, and what there is once has one beside them.
func (t Target) listed() bool { return t.Istio.Listed.Revisions != nil }

// planes gives the target as each of its control planes has it, the default one first: what there is once of a control
// plane, such as a gateway of its own profile, is its. So it is there before the others give it up.
func (t Target) planes() []Target {
	var all []Target
	for _, c := range t.ControlPlanes() {
		if c.Istio.IsDefault() {
			all = slices.Insert(all, 0, t.as(c))
			continue
		}
		all = append(all, t.as(c))
	}
	return all
}

// newest gives the target as the control plane has it that has the newest version. The CRDs are its: older ones lack
// what it reads.
func (t Target) newest() Target {
	return slices.MaxFunc(t.planes(), func(a, b Target) int {
		switch {
		case a.Istio.Version.Newer(b.Istio.Version):
			return 1
		case b.Istio.Version.Newer(a.Istio.Version):
			return -1
		}
		return 0
	})
}

// directory is where the files of a control plane are.
func (t Target) directory() string {
	if t.listed() {
		return layout.ControlPlane + "/" + t.Istio.RevisionName()
	}
	return layout.ControlPlane
}

// shared is where the files are of what there is once beside control planes.
func (t Target) shared(part string) string {
	if t.listed() {
		return layout.ControlPlane + "/" + part
	}
	return layout.ControlPlane
}

// onNodes reports whether the cluster has parts of Istio on its nodes. They are there once, and have the version of the
// default control plane.
func (t Target) onNodes() bool { return t.Istio.Enables("cni") || t.Istio.Enables("ztunnel") }

// plane gives the control plane that an IstioOperator is for.
func (t Target) plane(operator string) (Target, bool) {
	for _, p := range t.planes() {
		if operator == p.operatorName() {
			return p, true
		}
	}
	return t, false
}
