package render

import (
	"slices"

	"meshtopo.dev/meshtopo/render/patch"
)

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

// installerOf gives the installer of a directory's cluster.
func installerOf(d *directory) installer { return istioctl{d} }

// installers gives one installer of each kind that the clusters have.
func (r *rendering) installers() []installer {
	var all []installer
	for _, d := range r.directories {
		if !slices.ContainsFunc(all, func(i installer) bool { return i.folder() == d.installer.folder() }) {
			all = append(all, d.installer)
		}
	}
	return all
}
