package installer

import (
	"meshtopo.dev/meshtopo/render/login"
	"meshtopo.dev/meshtopo/render/mounted"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/owned"
)

// istioOperator gives the IstioOperator of the control plane. Every installer gets it, as it is or in parts, so what
// the topology and its user say arrives whatever installs Istio.
func (t Target) istioOperator() (text.Composition, any) {
	if t.ServedByPrimary() {
		return t.remote()
	}
	return t.primary()
}

// installation is what the options of both roles hold.
type installation struct {
	text.Object
	Revision, Hub, Tag string
	Resource, Version  string // of the Sail operator
	Operator           string // the name of the IstioOperator
	CAAddress          string // of istio-csr
	ztunnel            bool
}

func (t Target) installation() installation {
	return installation{
		t.Object, t.Istio.Revision, t.Istio.Hub, t.Istio.Tag, t.Istio.Resource(), "v" + string(t.Istio.Version),
		t.operatorName(), t.caAddress(), t.Istio.Enables("ztunnel"),
	}
}

// caAddress is where proxies of the cluster ask for certificates where that is not istiod.
func (t Target) caAddress() string {
	if !t.Topology.TrustFrom(schema.IstioCSR) {
		return ""
	}
	return t.Topology.Trust.IstioCSR.Address
}

func (in installation) options() options {
	var o options
	o.add(in.Revision != "", "revision")
	o.add(in.Hub != "", "hub")
	o.add(in.Tag != "", "tag")
	o.add(in.CAAddress != "" && in.ztunnel, "istio-csr-ztunnel")
	return o
}

func (t Target) primary() (text.Composition, any) {
	mesh := t.Topology.Mesh
	data := struct {
		installation
		Profile            string
		Cluster            string
		Network            string
		MeshID             string
		TrustDomain        string
		TrustDomainAliases []string
		ClusterDomain      string
		CACertificates     []caCertificate
	}{
		t.installation(), t.Istio.Profile, t.Name, t.Network,
		mesh.ID, mesh.TrustDomain, mesh.TrustDomainAliases, mesh.ClusterDomain,
		t.caCertificates(),
	}
	o := data.options()
	o.add(len(mesh.TrustDomainAliases) > 0, "trust-domain-aliases")
	o.add(mesh.DNSCapture, "dns-capture")
	o.add(t.Topology.SeveralRoots(), "several-roots")
	o.add(t.Topology.Federates(), "federation")
	o.add(data.CAAddress != "", "istio-csr")
	o.add(mesh.ClusterDomain != "cluster.local", "cluster-domain")
	o.add(t.Topology.ServesRemotes(t.Cluster), "external-istiod")
	o.add(!t.Secrets.WritesRemote() && len(t.Topology.Clusters) > 1, "existing-secrets")
	return text.Composition{Object: "istioctl/control-plane-primary.yaml", Options: o, Settings: t.settings()}, data
}

// caCertificate is a root of another mesh, as a mesh config has it.
type caCertificate struct {
	PEM          string   `json:"pem"`
	TrustDomains []string `json:"trustDomains"`
}

func (t Target) caCertificates() []caCertificate {
	var all []caCertificate
	for _, f := range t.Topology.Public.Federated {
		for _, root := range f.Roots.PEM() {
			all = append(all, caCertificate{root, []string{f.TrustDomain}})
		}
	}
	return all
}

func (t Target) remote() (text.Composition, any) {
	data := struct {
		installation
		Cluster            string
		Network            string
		RemotePilotAddress string
		InjectionPath      string
	}{
		t.installation(), t.Name, t.Network, owned.PilotAddress(t.Topology, t.Cluster),
		owned.InjectionPath(t.Cluster),
	}
	o := data.options()
	o.add(data.CAAddress != "", "istio-csr-remote")
	return text.Composition{Object: "istioctl/control-plane-remote.yaml", Options: o, Settings: t.settings()}, data
}

// settings are the user's own. A remote has no mesh config: its sidecars get their primary's.
func (t Target) settings() map[string]any {
	spec := map[string]any{}
	add := func(name string, settings map[string]any) {
		if len(settings) > 0 {
			spec[name] = settings
		}
	}
	values := login.Allow(t.Istio.Values, t.Topology.KubeconfigOptions(t.Cluster))
	add("values", mounted.Values(values, t.Cluster, t.Topology.Mounted(t.Cluster)))
	add("components", t.Istio.Components)
	if t.HasMeshConfig() {
		add("meshConfig", t.Istio.MeshConfig)
	}
	if len(spec) == 0 {
		return nil
	}
	return map[string]any{"spec": spec}
}
