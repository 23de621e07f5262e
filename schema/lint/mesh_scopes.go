package lint

import (
	"cmp"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/settings"
)

const (
	globalLabel   = "istio.io/global"
	waypointLabel = "istio.io/use-waypoint"
)

var scopeGroup = group{rules: []*diag.Rule{settings.GlobalInOneCluster, settings.WaypointInOneCluster}}

// shared is a Service of several ambient clusters, where it was read first.
type shared struct {
	*service
	owner *cluster
}

func (s shared) global() bool { return s.labels[globalLabel].text == "true" }

// waypoint gives the waypoint of a Service: that of its own label, or of its namespace's, or "".
func (s shared) waypoint() (name string, pos diag.Pos) {
	own := s.labels[waypointLabel]
	for _, ns := range s.owner.namespaces {
		if !own.given() && ns.name == s.namespace {
			own = ns.labels[waypointLabel]
		}
	}
	if own.text == "none" {
		own.text = ""
	}
	return own.text, first(own, value{pos: s.pos}).pos
}

// checkScopes compares what the ambient clusters of several networks say of the Services that they have in common.
func (m *mesh) checkScopes() {
	seen := map[string]shared{}
	for _, c := range m.members() {
		i := c.install()
		if i == nil || !i.ambient() || i.multiNetwork.text != "true" || !i.given.ScopedByLabel() {
			continue
		}
		for _, s := range c.services {
			one := shared{s, c}
			other, known := seen[s.namespace+"/"+s.name]
			switch {
			case c.hasOwn(s):
			case !known:
				seen[s.namespace+"/"+s.name] = one
			case m.networkOf(c).text == m.networkOf(other.owner).text:
			case one.global() != other.global():
				m.reportScope(one, other)
			case one.global():
				m.checkWaypoint(one, other)
			}
		}
	}
}

// reportScope reports a Service that is global in one of two clusters, at the other.
func (m *mesh) reportScope(one, other shared) {
	if one.global() {
		one, other = other, one
	}
	d := m.found.Add(first(one.labels[globalLabel], value{pos: one.pos}).pos, settings.GlobalInOneCluster,
		"Service %s is not global in cluster %q, as it is in cluster %q", one.name, one.owner.name, other.owner.name)
	d.Relate(other.labels[globalLabel].pos, "the label in "+other.owner.name)
}

// checkWaypoint compares the waypoints of a global Service, and whether each cluster has them.
func (m *mesh) checkWaypoint(one, other shared) {
	mine, at := one.waypoint()
	its, there := other.waypoint()
	if mine != its {
		if mine != "" {
			one, other, at, there = other, one, there, at
		}
		d := m.found.Add(at, settings.WaypointInOneCluster, "Service %s uses another waypoint in cluster %q than in cluster %q, or none", one.name, one.owner.name, other.owner.name)
		d.Relate(there, "the waypoint in "+other.owner.name)
		return
	}
	if mine == "" {
		return
	}
	namespace := cmp.Or(one.labels[waypointLabel+"-namespace"].text, one.namespace)
	here := slices.Contains(one.owner.waypoints, waypoint{namespace, mine})
	if here != slices.Contains(other.owner.waypoints, waypoint{namespace, mine}) {
		if here {
			one, other, at = other, one, there
		}
		m.found.Add(at, settings.WaypointInOneCluster, "cluster %q has no waypoint %s for Service %s, as cluster %q has", one.owner.name, mine, one.name, other.owner.name)
	}
}
