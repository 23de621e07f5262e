package krm

import (
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// foreignRule is the rule about the items of a list, which package schema knows nothing of.
func foreignRule() *diag.Rule {
	return &diag.Rule{
		Code: "foreign-object", Severity: diag.Error, Fixed: true,
		Title:  "an object that meshtopo did not render has the place of one that it does",
		Why:    "a build has one object of a name, and meshtopo replaces none but those with its topology's labels, so that nobody's own work is lost",
		Fix:    "delete the object, or leave out the layer that it is in",
		Source: "api/resmap/reswrangler.go (Append)",
	}
}

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

// Foreign reports the foreign items. In a directory of files a finding is about the file; kustomize build seldom says
// where an item is from, and the finding is at layers, the place by which the function can be told to do without.
func (c *Config) Foreign(found *diag.List, e ForeignError, layers diag.Pos, place func(file string) diag.Pos) {
	for _, f := range e.Objects {
		pos, from := layers, ""
		switch {
		case c.path != "":
			pos = place(f.File)
		case f.File == f.madeUp():
			f.File = ""
		default:
			from = ", from " + f.File
		}
		d := found.Add(pos, foreignRule(), "%s is there already%s, and is not of Topology/%s", f.Object, from, e.Topology)
		d.Fix = fmt.Sprintf("delete it, and say in a patch of the topology what it has beyond the rendered one; or leave out the layer %q", f.Layer)
		if f.Owner != "" {
			d.Message = fmt.Sprintf("%s is there already%s, and is of Topology/%s, not of Topology/%s", f.Object, from, f.Owner, e.Topology)
			d.Fix = "keep the two topologies in kustomizations of their own"
		}
		if c.subjects == nil {
			c.subjects = map[*diag.Diagnostic]Foreign{}
		}
		c.subjects[d] = f
	}
}
