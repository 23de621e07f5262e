package render

import "slices"

// exposeLayer is what a primary publishes on east-west gateways. It needs Istio's CRDs.
const exposeLayer = "5-expose"

func (d *directory) expose() {
	if d.c.Remote() {
		return // istiod reads Istio's resources from its own cluster only
	}
	d.crossNetworkGateway()
	d.exposeIstiod()
	d.kustomization(exposeLayer)
}

// crossNetworkGateway opens 15443 for calls from other networks, on this cluster's gateway and on those of its
// remotes.
func (d *directory) crossNetworkGateway() {
	gateways := d.hasGateway(d.c) || slices.ContainsFunc(d.topology.Remotes(d.c.Name), d.hasGateway)
	if !d.topology.MultiNetwork() || !gateways {
		return
	}
	data := struct {
		object
		Hosts []string
	}{d.object(), d.topology.Mesh.ExposedHosts}
	d.exposed = append(d.exposed, "cross-network-gateway")
	d.add(exposeLayer+"/cross-network-gateway.yaml", d.text("cross-network-gateway.yaml", data))
}

// exposeIstiod lets remotes reach the control plane: their sidecars on 15012, their API servers on 15017. With a
// revision the names are the revision's (samples/multicluster/expose-istiod-rev.yaml.tmpl).
func (d *directory) exposeIstiod() {
	if !d.servesRemotes() {
		return
	}
	data := struct {
		object
		Name     string
		SNIHosts []string
		Istiod   string
	}{object: d.object(), Name: "istiod-vs", SNIHosts: []string{"*"}}
	service := "istiod." + d.c.Istio.Namespace + ".svc"
	data.Istiod = service + "." + d.topology.Mesh.ClusterDomain
	if revision := d.c.Istio.Revision; revision != "" {
		service = "istiod-" + revision + "." + d.c.Istio.Namespace + ".svc"
		data.Istiod = service + "." + d.topology.Mesh.ClusterDomain
		data.Name = "istiod-vs-" + revision
		data.SNIHosts = []string{service, data.Istiod}
	}
	d.exposed = append(d.exposed, "istiod-gateway", data.Name)
	d.add(exposeLayer+"/expose-istiod.yaml", d.text("istiod-gateway.yaml", data), d.text("istiod-vs.yaml", data))
}
