package render

// prepareLayer is what a cluster needs before Istio, and all that it takes to get a token.
const prepareLayer = "1-prepare"

func (d *directory) prepare() {
	d.namespace()
	d.remoteReader()
	d.kustomization(prepareLayer)
}

// namespace labels the system namespace with its network. istioctl does so only where it makes the namespace itself
// (operator/pkg/util/k8s.go, CreateNamespace).
func (d *directory) namespace() {
	const path = prepareLayer + "/namespace.yaml"
	data := struct {
		object
		Network string
		Primary string
	}{d.object(), d.c.Network, d.c.Primary}
	if d.c.Remote() {
		// istiod leads in the namespaces of a remote, and writes their root certificates, only where it is named
		// (pilot/pkg/serviceregistry/kube/controller/multicluster.go, checkShouldLead).
		d.add(path, d.text("namespace-remote.yaml", data))
		return
	}
	d.add(path, d.text("namespace.yaml", data))
}
