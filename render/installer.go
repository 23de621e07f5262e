package render

import "meshtopo.dev/meshtopo/render/patch"

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
}
