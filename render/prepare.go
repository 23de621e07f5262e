package render

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/text"
)

func (d *directory) prepare() {
	d.namespace()
	d.gatewayNamespace()
	d.remoteReader()
	d.lend()
	d.Kustomization(layout.Prepare)
}

// namespace labels the system namespace with its network. istioctl does so only where it makes the namespace itself
// (operator/pkg/util/k8s.go, CreateNamespace).
func (d *directory) namespace() {
	data := struct {
		text.Object
		Network string
		Primary string
	}{d.object(), d.c.Network, d.c.Primary}
	template := "namespace.yaml"
	if d.c.ServedByPrimary() {
		// istiod leads in the namespaces of a remote, and writes their root certificates, only where it is named
		// (pilot/pkg/serviceregistry/kube/controller/multicluster.go, checkShouldLead).
		template = "namespace-remote.yaml"
	}
	d.addNamespace("namespace.yaml", template, data)
}

// gatewayNamespace adds the namespace of the gateway where it has one of its own.
func (d *directory) gatewayNamespace() {
	object := d.object()
	if object.Namespace = d.c.EastWestGateway.Namespace; d.hasGateway(d.c) && object.Namespace != d.c.Istio.Namespace {
		d.addNamespace("gateway-namespace.yaml", "gateway-namespace.yaml", object)
	}
}

// addNamespace adds a namespace with the labels that the control planes' discovery selectors find.
func (d *directory) addNamespace(file, template string, data any) {
	labels, _ := d.reads.Labels(d.c)
	of := text.Composition{Object: template}
	if len(labels) > 0 {
		found := map[string]any{}
		for key, value := range labels {
			found[key] = value
		}
		of.Settings = map[string]any{"metadata": map[string]any{"labels": found}}
	}
	d.Add(layout.Prepare+"/"+file, d.Compose(of, data))
}
