package lint

import (
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/settings"
)

var ztunnelGroup = group{rules: []*diag.Rule{settings.ZTunnelDiffers}, check: (*cluster).checkZTunnels}

// checkZTunnels compares each ztunnel of a cluster with its control plane. Two networks are one more mistake of
// networks.
func (c *cluster) checkZTunnels(found *diag.List) {
	i := c.install()
	if i == nil || i.partial || len(c.installs) != 1 || i.remote() {
		return
	}
	for _, z := range c.ztunnels {
		whole := z.whole && !i.common
		if i.network.text != "" && !z.network.given() && whole {
			d := found.Add(z.pos.pos, settings.ZTunnelDiffers, "%s has no network, and the control plane of its cluster has %q", z.name, i.network.text)
			d.Relate(i.network.pos, "that of the control plane")
			d.Fix = "add network: " + i.network.text
		}
		switch name := i.clusterName; {
		case name.text == "":
		case z.clusterName.given() && !placeholder.MaySame(z.clusterName.text, name.text):
			found.Add(z.clusterName.pos, settings.ZTunnelDiffers, "%s is of cluster %q, and its control plane of %q", z.name, z.clusterName.text, name.text).Relate(name.pos, "that of the control plane")
		case !z.clusterName.given() && whole && name.text != "Kubernetes":
			d := found.Add(z.pos.pos, settings.ZTunnelDiffers, "%s has no name of its cluster, and its control plane has %q", z.name, name.text)
			d.Relate(name.pos, "that of the control plane")
			d.Fix = "add multiCluster: {clusterName: " + name.text + "}"
		}
	}
}

// addSailZTunnel reads a ZTunnel of the Sail operator. One that names a control plane is given its settings.
func (c *cluster) addSailZTunnel(o *object, _ *diag.List) {
	values := o.Root.At("spec", "values")
	z := readZTunnel(values.At("ztunnel"), o.String(), value{pos: o.Pos()}, o.Root.At("spec", "targetRef") == nil && len(o.misspelt) == 0)
	global := readZTunnel(values, "", value{}, false)
	z.network, z.clusterName = first(z.network, global.network), first(z.clusterName, global.clusterName)
	c.ztunnels = append(c.ztunnels, z)
}
