package installer

import (
	"slices"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// Chart is a release of one of Istio's charts, for whoever installs it without the commands.
type Chart struct {
	Name, Version, Repository string
	Release, Namespace        string
	Values                    string // the path of its values below the directory of the cluster
	Retires                   bool   // it is a control plane that may go, which nothing in the tree goes by
	SkipsSchema               bool   // its schema refuses its own values
}

// Charts gives the releases of a layer, in the order in which they are installed.
func (i Installer) Charts(layer string) []Chart {
	var charts []Chart
	add := func(namespace string, c chart) {
		charts = append(charts, Chart{
			Name: c.name, Version: string(c.Istio.Version), Repository: c.Istio.Charts, Release: c.release, Namespace: namespace,
			Values: layout.Values(c.directory, c.name), SkipsSchema: c.name == "gateway" && c.Istio.Version.ChartRefusesValues(),
			Retires: c.name == "istiod" && i.Topology.Retires(c.Cluster),
		})
	}
	switch h, helmed := i.control.(helm); {
	case !i.Has(layer):
	case layer == layout.Secrets && i.Topology.TrustFrom(schema.IstioCSR):
		signer := i.Topology.Trust.IstioCSR
		_, namespace, _ := signer.Service()
		charts = append(charts, Chart{
			Name: schema.CSRChart, Version: signer.Chart.Version, Repository: signer.Chart.Repository, Release: schema.CSRChart,
			Namespace: namespace, Values: layout.Values(layer, schema.CSRValues),
		})
	case layer == layout.ControlPlane && helmed:
		for _, c := range h.charts() {
			add(i.Istio.Namespace, c)
		}
	case layer == layout.Gateway && i.EastWestGateway.Kind == schema.ChartGateway:
		add(i.EastWestGateway.Namespace, chart{Target: i.as(i.GatewayControlPlane()), name: "gateway", release: gatewayName, directory: layer})
	}
	return charts
}

// Awaits names the Secret that istiod has to find when it starts, or is "".
func (i Installer) Awaits() string {
	switch {
	case !i.RunsControlPlane():
		return ""
	case i.Topology.TrustFrom(schema.IstioCSR):
		return "istiod-tls"
	case i.Has(layout.Secrets + "/cacerts.yaml"), i.Topology.TrustFrom(schema.Existing):
		return "cacerts"
	}
	return ""
}

// Retired are the names of the resources Istio that may go with their entry in the list of revisions.
func (i Installer) Retired() []string {
	var names []string
	for _, p := range i.planes() {
		if i.Topology.Retires(p.Cluster) {
			names = append(names, p.Istio.Resource())
		}
	}
	return names
}

// Parts are the directories of a layer that have a kustomization of their own.
func (i Installer) Parts(layer string) []string {
	parts := []string{layer}
	if layer == layout.ControlPlane {
		parts = append(parts, tagsDirectory)
	}
	return slices.DeleteFunc(parts, func(part string) bool { return !i.Has(part + "/" + layout.Kustomization) })
}

// Operated reports whether istioctl installs a layer, which no API server can be given: it is by hand, whatever
// applies the rest. So is a Deployment that istiod has to inject, where istiod is installed by hand, at nobody knows
// what time: before that its pods would be made without a proxy, and stay so.
func (i Installer) Operated(layer string) bool {
	switch layer {
	case layout.ControlPlane:
		return i.Istio.Installer == schema.Istioctl
	case layout.Gateway:
		return i.Istio.Installer == schema.Istioctl && i.EastWestGateway.Kind != schema.GatewayAPI ||
			i.EastWestGateway.Kind == schema.OperatorGateway
	}
	return false
}

// Beforehand gives those of the commands of a layer that make room for it, or bring what it needs: all but the last,
// which applies it.
func (i Installer) Beforehand(layer string) []string {
	commands := i.Install(layer)
	return commands[:len(commands)-1]
}
