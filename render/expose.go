package render

import (
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

func (d *directory) expose() {
	if !d.c.RunsControlPlane() {
		return // istiod reads Istio's resources from its own cluster only
	}
	d.crossNetworkGateway()
	d.exposeIstiod()
	d.installer.DescribeGateways()
	d.Kustomization(layout.Expose)
}

// crossNetworkGateway opens 15443 for calls from other networks, on this cluster's gateway and on those of its
// remotes.
func (d *directory) crossNetworkGateway() {
	if !d.opensNetwork() {
		return
	}
	data := struct {
		text.Object
		Hosts []string
	}{d.object(), d.topology.Mesh.ExposedHosts}
	of := text.Composition{Object: "cross-network-gateway.yaml"}
	if d.opensItself() { // and has not this label
		of.Options = []string{"options/selector-app.yaml"}
	}
	d.exposed = append(d.exposed, "cross-network-gateway")
	d.Add(layout.Expose+"/cross-network-gateway.yaml", d.Compose(of, data))
}

// opensNetwork reports whether calls from other networks come in by a gateway that this cluster's istiod configures,
// and that does not open its port itself.
func (d *directory) opensNetwork() bool {
	gateways := d.hasGateway(d.c) && !d.opensItself() || slices.ContainsFunc(d.topology.Remotes(d.c.Name), d.hasGateway)
	return d.topology.MultiNetwork() && gateways
}

// opensItself reports whether the gateway of this cluster has the port for other networks in its own listeners.
func (d *directory) opensItself() bool { return d.c.EastWestGateway.Kind == schema.GatewayAPI }

// exposeIstiod lets remotes reach the control plane: their sidecars on 15012, their API servers on 15017. With a
// revision the names are the revision's (samples/multicluster/expose-istiod-rev.yaml.tmpl).
func (d *directory) exposeIstiod() {
	if !d.topology.ServesRemotes(d.c) {
		return
	}
	d.exposed = append(d.exposed, "istiod-gateway")
	objects := [][]byte{d.text("istiod-gateway.yaml", d.object())}
	for _, p := range d.c.ControlPlanes() {
		data := struct {
			text.Object
			Name     string
			SNIHosts []string
			Istiod   string
		}{d.object(), "istiod-vs", d.istiodHosts(p), d.istiodNames(p)[1]}
		if revision := p.Istio.Revision; revision != "" {
			data.Name += "-" + revision
		}
		d.exposed = append(d.exposed, data.Name)
		objects = append(objects, d.text("istiod-vs.yaml", data))
	}
	d.Add(layout.Expose+"/expose-istiod.yaml", objects...)
}

// istiodNames are the short and the long name of the Service of a control plane of the cluster.
func (d *directory) istiodNames(p *schema.Cluster) []string {
	service := p.IstiodService()
	return []string{service, service + "." + d.topology.Mesh.ClusterDomain}
}

// istiodHosts are the names for which remotes' connections are led to a control plane. One without a revision gets all
// that are for no other: the longest name that fits counts.
func (d *directory) istiodHosts(p *schema.Cluster) []string {
	if p.Istio.Revision == "" {
		return []string{"*"}
	}
	return d.istiodNames(p)
}
