package schema

import "slices"

// ControlPlanes gives a cluster as each of its control planes has it: with that version and that revision. Without a
// list it is the cluster itself.
func (c *Cluster) ControlPlanes() []*Cluster {
	if len(c.Istio.Listed.Revisions) < 2 {
		return []*Cluster{c}
	}
	all := make([]*Cluster, len(c.Istio.Listed.Revisions))
	for entry := range all {
		all[entry] = c
		if entry != c.Istio.Listed.Entry {
			one := *c
			one.Istio.choose(entry)
			all[entry] = &one
		}
	}
	return all
}

// Oldest is the oldest version of the control planes of a cluster.
func (c *Cluster) Oldest() Version {
	oldest := c.Istio.Version
	for _, p := range c.ControlPlanes() {
		if oldest.Newer(p.Istio.Version) {
			oldest = p.Istio.Version
		}
	}
	return oldest
}

// Named gives the control plane of that revision or tag, or nil.
func (c *Cluster) Named(name string) *Cluster {
	for _, p := range c.ControlPlanes() {
		if p.Istio.RevisionName() == name || slices.Contains(p.Istio.RevisionTags(), name) {
			return p
		}
	}
	return nil
}

// GatewayControlPlane gives a cluster as the control plane has it that its gateway goes by.
func (c *Cluster) GatewayControlPlane() *Cluster {
	if p := c.Named(c.EastWestGateway.Revision); c.EastWestGateway.Revision != "" && p != nil {
		return p
	}
	return c
}

// GatewayLabel is the revision or the tag that the gateway of a cluster goes by, or "" for none.
func (c *Cluster) GatewayLabel() string {
	switch c.EastWestGateway.Revision {
	case "":
		return c.Istio.Revision
	case defaultRevision:
		return c.GatewayControlPlane().Istio.Revision
	}
	return c.EastWestGateway.Revision
}

// Retires reports whether a control plane of a cluster may go with its entry in the list: neither what is there once
// goes by it, nor a tag, nor a gateway, nor a remote.
func (t *Topology) Retires(c *Cluster) bool {
	if c.Istio.IsDefault() || c.followed() {
		return false
	}
	return !slices.ContainsFunc(t.Remotes(c.Name), func(r *Cluster) bool {
		return slices.ContainsFunc(r.ControlPlanes(), func(p *Cluster) bool {
			return p.Istio.Revision == c.Istio.Revision && (p.Istio.IsDefault() || p.followed())
		})
	})
}

// followed reports whether a tag leads to a control plane, or the gateway of its cluster goes by it.
func (c *Cluster) followed() bool {
	p := c.Named(c.EastWestGateway.Revision)
	return len(c.Istio.RevisionTags()) > 0 || c.EastWestGateway.Revision != "" && p != nil && p.Istio.RevisionName() == c.Istio.RevisionName()
}
