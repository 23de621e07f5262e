package render

import "meshtopo.dev/meshtopo/render/patch"

// The names of what istioctl reads. No other object has them.
const (
	controlPlaneName = "control-plane"
	gatewayName      = "eastwest"
)

// Public gives the names of objects that installers read. A patch of one shows nothing private.
func Public() []string { return []string{controlPlaneName, gatewayName} }

// installer brings Istio into one cluster. What depends on the way of installing is decided there and nowhere else.
type installer interface {
	// folder is where its templates are: the objects, and in readme what it has to say in the READMEs.
	folder() string
	// controlPlane and gateway add the files of these two layers to the directory of the cluster.
	controlPlane()
	gateway()
	// owned gives what follows from the topology in an object that the installer reads.
	owned(id patch.Identity) []patch.Owned
	// install gives the commands that install what is in a layer.
	install(layer string) []string
	// gone gives the commands that delete what earlier trees may have installed and this one does not.
	gone() []string
}
