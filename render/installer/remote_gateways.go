package installer

import (
	"net/netip"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// DescribeGateways adds to 5-expose the gateways of other networks whose addresses the control plane of this cluster
// cannot see (handleGatewayResource in pilot/pkg/serviceregistry/kube/controller/network.go).
func (i Installer) DescribeGateways() {
	for _, c := range i.Topology.Described(i.Cluster) {
		data := struct {
			text.Object
			Name, Revision, Network string
			Addresses               []map[string]string
			Listeners               []text.Listener
		}{
			i.Object, schema.RemoteGateway + c.Name, i.Istio.Revision, c.Network, typed(c.EastWestGateway.Addresses),
			[]text.Listener{{Name: "tls", Port: c.EastWestGateway.Port, Auto: true}},
		}
		var o options
		o.of(apiGateway{}.folder(), data.Revision != "", "revision")
		i.Add(layout.Expose+"/"+data.Name+".yaml", i.Compose(text.Composition{Object: "gateway/remote-gateway.yaml", Options: o}, data))
	}
}

// typed gives addresses with the types without which istiod passes over them.
func typed(addresses []string) []map[string]string {
	var all []map[string]string
	for _, address := range addresses {
		of := "Hostname"
		if _, err := netip.ParseAddr(address); err == nil {
			of = "IPAddress"
		}
		all = append(all, map[string]string{"type": of, "value": address})
	}
	return all
}

// describedGateways are the names of those objects.
func (t Target) describedGateways() []string {
	var names []string
	for _, c := range t.Topology.Described(t.Cluster) {
		names = append(names, schema.RemoteGateway+c.Name)
	}
	return names
}

// expose gives the commands that apply 5-expose.
func (t Target) expose() []string {
	apply := shell.Apply(t.Cluster, layout.Expose)
	if len(t.describedGateways()) == 0 {
		return []string{apply}
	}
	return []string{t.bringCRDs(), apply}
}

const lostAddress = "istiod would send calls for that network to addresses where its gateway is not"

// ownedRemoteGateway is what follows from the topology in a Gateway of class istio-remote.
func ownedRemoteGateway(id patch.Identity) []patch.Owned {
	if id.Group != "gateway.networking.k8s.io" || !strings.HasPrefix(id.Name, schema.RemoteGateway) {
		return nil
	}
	return []patch.Owned{
		patch.Own("spec.gatewayClassName", "istiod makes a gateway of its own of one of class istio", "leave it"),
		patch.Own("spec.addresses", lostAddress, "change "+patch.AnyCluster+"eastWestGateway.addresses"),
		patch.Own("spec.listeners", lostAddress+": each listener that passes calls on is a port of it", "leave it"),
	}
}

// describesGateways reports whether the tree of a control plane may have had such objects. Where no gateway is found
// by its addresses they are not looked for.
func (t Target) describesGateways() bool {
	return t.RunsControlPlane() && t.Topology.DescribesGateways()
}
