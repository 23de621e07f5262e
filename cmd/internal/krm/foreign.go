package krm

import (
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"
)

// The labels by which meshtopo knows what it rendered.
const (
	managerLabel = "app.kubernetes.io/managed-by"
	manager      = "meshtopo"
	ownerLabel   = "meshtopo.dev/topology"
)

// Foreign is an item that has the place of a rendered object and is not this function's to replace.
type Foreign struct {
	Object Reference
	Owner  string // the topology whose labels it has; "" for none
	Layer  string // in which it is rendered
	File   string // that it is from, from the working directory; "" where none is known
	Index  int    // in the file
}

// ForeignError tells of all foreign items.
type ForeignError struct {
	Topology string
	Objects  []Foreign
}

func (e ForeignError) Error() string {
	return fmt.Sprintf("%s is there already, and is not of Topology/%s", e.Objects[0].Object, e.Topology)
}

// foreign describes an item that has the place of an object of a layer.
func foreign(item *yaml.Node, layer string) Foreign {
	key := idOf(item)
	f := Foreign{Object: Reference{scalar(item, "apiVersion"), key.kind, key.namespace, key.name}, Layer: layer, File: pathOf(item)}
	labels := child(child(item, "metadata"), "labels")
	if scalar(labels, managerLabel) == manager {
		f.Owner = scalar(labels, ownerLabel)
	}
	f.Index = indexOf(item)
	return f
}

// madeUp is the path that kustomize build gives an object which a function generated and gave none; an object that is
// read from a file has none either.
func (f Foreign) madeUp() string {
	if f.File == "" {
		return ""
	}
	return strings.ToLower(path.Join(f.Object.Namespace, f.Object.Kind+"_"+f.Object.Name+".yaml"))
}
