package installer

import (
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// part is one way of installing what is in one layer.
type part interface {
	// folder is where its templates are: the objects, and in readme what it has to say in the READMEs.
	folder() string
	// fill adds the files of the layer to the directory of the cluster.
	fill()
	// owned gives what follows from the topology in an object of the layer.
	owned(id patch.Identity) []patch.Owned
	// install gives the commands that install it.
	install() []string
	// gone gives the commands that delete what earlier trees may have installed in this way, for a cluster where it is
	// not the way any more.
	gone() []string
}

// Directory is the directory of a cluster while it is filled.
type Directory interface {
	// Add adds a public file that holds one object or several.
	Add(path string, objects ...[]byte)
	// Compose fills the holes of a text that is composed of templates and the user's settings.
	Compose(of text.Composition, data any) []byte
	// Kustomization lists the files of a layer for kubectl.
	Kustomization(layer string)
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

// gatewayName is the name of the east-west gateway's Service, Deployment and what belongs to them, whatever they are
// made from.
const gatewayName = "istio-eastwestgateway"
