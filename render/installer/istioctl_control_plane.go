package installer

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/login"
	"meshtopo.dev/meshtopo/render/mounted"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema/owned"
)

// ControlPlane is what istioctl installs first. It has a name, because an unnamed IstioOperator owns the gateways
// of all others and deletes them at the next install (operator/pkg/install/install.go, prune).
func (i istioctl) ControlPlane() {
	if i.ServedByPrimary() {
		i.remote()
		return
	}
	i.primary()
}

// installation is what the options of both roles hold.
type installation struct {
	text.Object
	Revision, Hub, Tag string
}

func (i istioctl) installation() installation {
	return installation{i.Object, i.Istio.Revision, i.Istio.Hub, i.Istio.Tag}
}

func (in installation) options() options {
	var o options
	o.add(in.Revision != "", "revision")
	o.add(in.Hub != "", "hub")
	o.add(in.Tag != "", "tag")
	return o
}

func (i istioctl) primary() {
	mesh := i.Topology.Mesh
	data := struct {
		installation
		Profile            string
		Cluster            string
		Network            string
		MeshID             string
		TrustDomain        string
		TrustDomainAliases []string
		ClusterDomain      string
	}{
		i.installation(), i.Istio.Profile, i.Name, i.Network,
		mesh.ID, mesh.TrustDomain, mesh.TrustDomainAliases, mesh.ClusterDomain,
	}
	o := data.options()
	o.add(len(mesh.TrustDomainAliases) > 0, "trust-domain-aliases")
	o.add(mesh.DNSCapture, "dns-capture")
	o.add(i.Topology.Trust != nil && len(i.Topology.Trust.Roots) > 1, "several-roots")
	o.add(mesh.ClusterDomain != "cluster.local", "cluster-domain")
	o.add(i.Topology.ServesRemotes(i.Cluster), "external-istiod")
	o.add(!i.Secrets.WritesRemote() && len(i.Topology.Clusters) > 1, "existing-secrets")
	i.add(layout.ControlPlane, "control-plane-primary.yaml", o, i.settings(), data)
}

func (i istioctl) remote() {
	data := struct {
		installation
		Cluster            string
		Network            string
		RemotePilotAddress string
		InjectionPath      string
	}{
		i.installation(), i.Name, i.Network, owned.PilotAddress(i.Topology, i.Cluster),
		owned.InjectionPath(i.Cluster),
	}
	i.add(layout.ControlPlane, "control-plane-remote.yaml", data.options(), i.settings(), data)
}

// settings are the user's own. A remote has no mesh config: its sidecars get their primary's.
func (i istioctl) settings() map[string]any {
	spec := map[string]any{}
	add := func(name string, settings map[string]any) {
		if len(settings) > 0 {
			spec[name] = settings
		}
	}
	values := login.Allow(i.Istio.Values, i.Topology.KubeconfigOptions(i.Cluster))
	add("values", mounted.Values(values, i.Cluster, i.Topology.Mounted(i.Cluster)))
	add("components", i.Istio.Components)
	if i.HasMeshConfig() {
		add("meshConfig", i.Istio.MeshConfig)
	}
	if len(spec) == 0 {
		return nil
	}
	return map[string]any{"spec": spec}
}
