package render

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/login"
	"meshtopo.dev/meshtopo/render/mounted"
	"meshtopo.dev/meshtopo/schema/owned"
)

// controlPlane is what istioctl installs first. It has a name, because an unnamed IstioOperator owns the gateways
// of all others and deletes them at the next install (operator/pkg/install/install.go, prune).
func (i istioctl) controlPlane() {
	if i.c.ServedByPrimary() {
		i.remote()
		return
	}
	i.primary()
}

// installation is what the options of both roles hold.
type installation struct {
	object
	Revision, Hub, Tag string
}

func (i istioctl) installation() installation {
	return installation{i.object(), i.c.Istio.Revision, i.c.Istio.Hub, i.c.Istio.Tag}
}

func (in installation) options() options {
	var o options
	o.add(in.Revision != "", "revision")
	o.add(in.Hub != "", "hub")
	o.add(in.Tag != "", "tag")
	return o
}

func (i istioctl) primary() {
	mesh := i.topology.Mesh
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
		i.installation(), i.c.Istio.Profile, i.c.Name, i.c.Network,
		mesh.ID, mesh.TrustDomain, mesh.TrustDomainAliases, mesh.ClusterDomain,
	}
	o := data.options()
	o.add(len(mesh.TrustDomainAliases) > 0, "trust-domain-aliases")
	o.add(mesh.DNSCapture, "dns-capture")
	o.add(i.topology.Trust != nil && len(i.topology.Trust.Roots) > 1, "several-roots")
	o.add(mesh.ClusterDomain != "cluster.local", "cluster-domain")
	o.add(i.topology.ServesRemotes(i.c), "external-istiod")
	o.add(!i.c.Secrets.WritesRemote() && len(i.topology.Clusters) > 1, "existing-secrets")
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
		i.installation(), i.c.Name, i.c.Network, owned.PilotAddress(i.topology, i.c),
		owned.InjectionPath(i.c),
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
	values := login.Allow(i.c.Istio.Values, i.topology.KubeconfigOptions(i.c))
	add("values", mounted.Values(values, i.c, i.topology.Mounted(i.c)))
	add("components", i.c.Istio.Components)
	if i.c.HasMeshConfig() {
		add("meshConfig", i.c.Istio.MeshConfig)
	}
	if len(spec) == 0 {
		return nil
	}
	return map[string]any{"spec": spec}
}
