package lint

import (
	"cmp"

	"meshtopo.dev/meshtopo/schema/carrier"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// maxInstalls bounds the installations of a cluster that are compared: nobody has as many.
const maxInstalls = 50

// addReleases checks the values of each release of Istio's charts, and keeps what others are compared with.
func (c *cluster) addReleases(found *diag.List) {
	checked, noted := map[checkedLayer]bool{}, map[string]bool{}
	several := c.carried.Clusters() > 1
	for _, gap := range c.carried.Mentions() {
		c.noteSkipped(gap, noted, found)
	}
	for r := range c.carried.Releases() {
		r.Values.Pos = r.Pos
		c.taken.release(r)
		c.checkLayers(r, checked, found)
		for _, gap := range r.Gaps {
			c.noteSkipped(gap, noted, found)
		}
		if several && r.Cluster != "" {
			c.noteSkipped(carrier.Gap{Pos: r.Pos, Why: "the releases here are for several clusters, and only their fields are checked"}, noted, found)
			continue
		}
		switch r.Chart {
		case carrier.Istiod:
			if len(c.installs) >= maxInstalls {
				c.unread = true
				continue
			}
			c.addChart(&manifest.Object{Root: r.Values, Holder: r.Holder, Version: r.Version}, r, found)
		case carrier.Gateway:
			c.deployments = append(c.deployments, readGatewayChart(r))
		case carrier.ZTunnel:
			name := "ztunnel"
			if r.Holder != "" {
				name += " of " + r.Holder
			}
			c.ztunnels = append(c.ztunnels, readZTunnel(r.Values, name, value{pos: r.Pos}, len(r.Gaps) == 0))
		case carrier.CNI:
			c.cni = true
		}
	}
}

// noteSkipped notes what is not read of a file, once. What seems to be missing may be there.
func (c *cluster) noteSkipped(gap carrier.Gap, noted map[string]bool, found *diag.List) {
	c.unread = true
	if !noted[gap.Pos.File] {
		noted[gap.Pos.File] = true
		found.Add(gap.Pos, carrier.Skipped, "a part of the file that is about Istio is not checked: %s", gap.Why)
	}
}

// checkedLayer is values in one place, as those of one chart: several releases may have them.
type checkedLayer struct {
	chart carrier.Chart
	first diag.Pos // of its keys
}

// checkLayers checks the fields of what a release is made of.
func (c *cluster) checkLayers(r *carrier.Release, checked map[checkedLayer]bool, found *diag.List) {
	version := cmp.Or(first(valueAt(r.Values, "global", "tag"), valueAt(r.Values, "tag")).text, r.Version)
	for _, values := range r.Layers {
		layer := checkedLayer{r.Chart, values.Fields[0].KeyPos}
		if checked[layer] {
			continue
		}
		checked[layer] = true
		o := &manifest.Object{Root: values, Holder: r.Holder, Version: version}
		c.noteUnfilled(o, true, found)
		fields.CheckValues(r.Chart, o, found)
	}
}
