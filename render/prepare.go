package render

import (
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/text"
)

func (d *directory) prepare() {
	d.namespace()
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
	labels, _ := d.reads.Labels(d.c)
	if len(labels) == 0 {
		d.Add(layout.Prepare+"/namespace.yaml", d.text(template, data))
		return
	}
	found := map[string]any{} // by the control planes' discovery selectors
	for key, value := range labels {
		found[key] = value
	}
	d.Add(layout.Prepare+"/namespace.yaml", d.Compose(text.Composition{Object: template, Settings: map[string]any{"metadata": map[string]any{"labels": found}}}, data))
}
