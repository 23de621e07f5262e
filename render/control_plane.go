package render

import "meshtopo.dev/meshtopo/render/layout"

// controlPlane is what istioctl installs first. It has a name, because an unnamed IstioOperator owns the gateways
// of all others and deletes them at the next install (operator/pkg/install/install.go, prune).
func (d *directory) controlPlane() {
	const path = layout.ControlPlane + "/istio-operator.yaml"
	if d.c.Remote() {
		d.add(path, d.remoteControlPlane())
		return
	}
	d.add(path, d.primaryControlPlane())
}

// installation is what the options of both roles hold.
type installation struct {
	object
	Revision, Hub, Tag string
}

func (d *directory) installation() installation {
	return installation{d.object(), d.c.Istio.Revision, d.c.Istio.Hub, d.c.Istio.Tag}
}

func (i installation) options() options {
	var o options
	o.add(i.Revision != "", "revision")
	o.add(i.Hub != "", "hub")
	o.add(i.Tag != "", "tag")
	return o
}

func (d *directory) primaryControlPlane() []byte {
	mesh := d.topology.Mesh
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
		d.installation(), d.c.Istio.Profile, d.c.Name, d.c.Network,
		mesh.ID, mesh.TrustDomain, mesh.TrustDomainAliases, mesh.ClusterDomain,
	}
	o := data.options()
	o.add(len(mesh.TrustDomainAliases) > 0, "trust-domain-aliases")
	o.add(mesh.DNSCapture, "dns-capture")
	o.add(d.topology.Trust != nil && len(d.topology.Trust.Roots) > 1, "several-roots")
	o.add(mesh.ClusterDomain != "cluster.local", "cluster-domain")
	o.add(d.servesRemotes(), "external-istiod")
	return d.compose("control-plane-primary.yaml", o, d.settings(), data)
}

// servesRemotes reports whether this cluster's istiod runs other clusters too, or will once they have joined.
func (d *directory) servesRemotes() bool { return len(d.topology.Remotes(d.c.Name)) > 0 }

func (d *directory) remoteControlPlane() []byte {
	data := struct {
		installation
		Cluster            string
		Network            string
		RemotePilotAddress string
		InjectionPath      string
	}{
		d.installation(), d.c.Name, d.c.Network, d.pilotAddress(d.c),
		"/inject/cluster/" + d.c.Name + "/net/" + d.c.Network,
	}
	return d.compose("control-plane-remote.yaml", data.options(), d.settings(), data)
}

// settings are the user's own. A remote has no mesh config: its sidecars get their primary's.
func (d *directory) settings() map[string]any {
	spec := map[string]any{}
	add := func(name string, settings map[string]any) {
		if len(settings) > 0 {
			spec[name] = settings
		}
	}
	add("values", d.c.Istio.Values)
	add("components", d.c.Istio.Components)
	if !d.c.Remote() {
		add("meshConfig", d.c.Istio.MeshConfig)
	}
	if len(spec) == 0 {
		return nil
	}
	return map[string]any{"spec": spec}
}

// options are the templates of an object's optional parts.
type options []string

func (o *options) add(wanted bool, name string) {
	if wanted {
		*o = append(*o, "options/"+name+".yaml")
	}
}
