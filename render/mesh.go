package render

import (
	"slices"

	"meshtopo.dev/meshtopo/render/guards"
	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/owned"
)

// Plan is a topology about to be rendered.
type Plan struct {
	topology *schema.Topology
	store    *secret.Store
	guards   *guards.Guards // what encrypts Secrets, or nil
}

// NewPlan prepares the rendering of a valid topology whose material the store holds.
func NewPlan(t *schema.Topology, store *secret.Store) *Plan {
	return &Plan{topology: t, store: store}
}

// Protect has the Secrets of the plan encrypted. Without it a plan with encrypted Secrets cannot be rendered.
func (p *Plan) Protect(how guards.Protection) *Plan {
	p.guards = guards.New(p.topology, p.store, how)
	return p
}

// installed reports whether a cluster gets more than what makes its token. A joining remote has to wait for the
// address of its primary's gateway.
func (p *Plan) installed(c *schema.Cluster) bool {
	return !c.ServedByPrimary() || owned.PilotAddress(p.topology, c) != ""
}

// hasGateway reports whether a cluster's directory has an east-west gateway.
func (p *Plan) hasGateway(c *schema.Cluster) bool {
	return c.EastWestGateway.Enabled && p.installed(c)
}

// serving are the primaries that run remotes.
func (p *Plan) serving() []*schema.Cluster {
	return slices.DeleteFunc(slices.Clone(p.topology.Clusters), func(c *schema.Cluster) bool { return !p.topology.ServesRemotes(c) })
}

// readers are the control planes that read a cluster, now or once it has joined.
func (p *Plan) readers(c *schema.Cluster) []*schema.Cluster {
	return slices.DeleteFunc(slices.Clone(p.topology.Clusters), func(other *schema.Cluster) bool {
		return !other.RunsControlPlane() || other == c
	})
}

// written are the clusters whose kubeconfigs the directory of a control plane has, or makes.
func (p *Plan) written(c *schema.Cluster) []*schema.Cluster {
	if !c.Secrets.WritesRemote() {
		return nil
	}
	return p.read(c)
}

// writers are the control planes whose directories have the kubeconfig of a cluster, or make it, now or once it has
// joined.
func (p *Plan) writers(c *schema.Cluster) []*schema.Cluster { return schema.Writing(p.readers(c)) }

// read are the clusters that the control plane of a cluster reads: all others that have joined.
func (p *Plan) read(c *schema.Cluster) []*schema.Cluster {
	if !c.RunsControlPlane() {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(p.topology.Clusters), func(other *schema.Cluster) bool {
		return other == c || other.State == schema.Joining
	})
}
