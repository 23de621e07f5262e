// Package installer brings Istio into a cluster: the files of the layers with the control plane and the gateway, and
// the commands that install them. What depends on the way of installing is decided here and nowhere else.
package installer

import (
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// The names of what istioctl reads. No other object has them.
const (
	controlPlaneName = "control-plane"
	gatewayName      = "eastwest"
)

// Public gives the names of objects that installers read. A patch of one shows nothing private.
func Public() []string { return []string{controlPlaneName, gatewayName} }

// Installer is one way of installing, in one cluster.
type Installer interface {
	// Folder is where its templates are: the objects, and in readme what it has to say in the READMEs.
	Folder() string
	// ControlPlane and Gateway add the files of these two layers to the directory of the cluster.
	ControlPlane()
	Gateway()
	// Owned gives what follows from the topology in an object that the installer reads.
	Owned(id patch.Identity) []patch.Owned
	// Install gives the commands that install what is in a layer.
	Install(layer string) []string
	// Gone gives the commands that delete what earlier trees may have installed and this one does not.
	Gone() []string
}

// Directory is the directory of a cluster while it is filled.
type Directory interface {
	// Add adds a public file that holds one object or several.
	Add(path string, objects ...[]byte)
	// Compose fills the holes of a text that is composed of templates and the user's settings.
	Compose(of text.Composition, data any) []byte
	// Has reports whether there is a file, or files of a layer.
	Has(path string) bool
}

// Target is what Istio is installed into.
type Target struct {
	*schema.Cluster
	Topology *schema.Topology
	Object   text.Object
	Directory
}

// New gives the installer of a cluster.
func New(t Target) Installer { return istioctl{t} }
