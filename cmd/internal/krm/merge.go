package krm

import (
	"bytes"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/kio"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
)

// needsHash keeps kustomize from adding a digest to the name of a generated Secret: istiod looks for these by their
// names. kustomize takes it away from what a generator gives and from nothing else.
const needsHash = "kustomize.config.k8s.io/needs-hash"

// Rendered is what one cluster gets.
type Rendered struct {
	Tree    tree.Tree
	Cluster string
	Layers  []string // the ones that are wanted
}

// objects are those of one cluster.
type objects struct {
	wanted   map[id]*kyaml.RNode
	order    []id            // of the wanted
	layers   map[id]string   // of the wanted
	others   map[id]bool     // of layers that are not wanted
	applied  map[string]bool // the layers whose files a kustomization lists for kubectl
	complete bool            // no file of the cluster is unknown
	dirs     map[string]bool // the names of the layers' directories

	generated bool // rather than added to what is there
}

// SeveralError tells that the list holds objects of another cluster.
type SeveralError struct{ Cluster string }

func (e SeveralError) Error() string {
	return fmt.Sprintf("the items hold objects of cluster %q already: the objects of two clusters have the same names, so a build can have one only", e.Cluster)
}

// Merge puts the rendered objects among the items. An item that is one of them is replaced where it stands; what is not
// there yet comes last. Of what the topology's label marks, objects of other layers stay, and those that no layer has
// any more are dropped. Everything else passes as it is, unless it has the place of a rendered object: a ForeignError,
// with which the items are left as they are.
func (l *List) Merge(c *Config, r Rendered) error {
	o, err := r.objects(c, l.generates(c))
	if err != nil {
		return err
	}
	var items []*kyaml.RNode
	var taken []Foreign
	placed := map[id]bool{}
	for _, item := range l.items {
		mine, err := r.owns(c, o, item)
		if err != nil {
			return err
		}
		key := idOf(item.YNode())
		switch object := o.wanted[key]; {
		case !mine && object != nil && r.reaches(c, item):
			taken = append(taken, foreign(item.YNode(), o.layers[key]))
		case !mine || object == nil && (o.others[key] || !o.complete):
			items = append(items, item)
		case object != nil && !placed[key]:
			if err := keepPlace(object, item); err != nil {
				return err
			}
			items = append(items, object)
			placed[key] = true
		}
	}
	if taken != nil {
		return ForeignError{r.Tree.Owner, taken}
	}
	for _, key := range o.order {
		if !placed[key] {
			items = append(items, o.wanted[key])
		}
	}
	l.items = items
	return nil
}

// generates reports whether the function runs as a generator: all that there is is a copy of the functionConfig.
func (l *List) generates(c *Config) bool {
	return c.path == "" && !slices.ContainsFunc(l.items, func(item *kyaml.RNode) bool { return idOf(item.YNode()) != idOf(l.config) })
}

// home is the directory of a cluster's files: beside the functionConfig, in a directory of the cluster's name.
func (r Rendered) home(c *Config) string { return path.Join(path.Dir(c.path), r.Cluster) }

// owns reports whether an item is this function's to replace. In a directory of files, those are the ones below home:
// the tree of `meshtopo render`, which may be there too, is not touched. With kustomize build, everything with the
// topology's label is, but for objects that the function has just rendered for another cluster.
func (r Rendered) owns(c *Config, o *objects, item *kyaml.RNode) (bool, error) {
	labels := child(child(item.YNode(), "metadata"), "labels")
	if scalar(labels, managerLabel) != manager || scalar(labels, ownerLabel) != r.Tree.Owner {
		return false, nil
	}
	if c.path != "" {
		return r.reaches(c, item), nil
	}
	cluster, rest, _ := strings.Cut(pathOf(item.YNode()), "/")
	if layer, _, ok := strings.Cut(rest, "/"); ok && cluster != r.Cluster && o.dirs[layer] {
		return false, SeveralError{cluster}
	}
	return true, nil
}

// reaches reports whether an item and a rendered object cannot be there at once, if they have one name. Files in
// different directories can.
func (r Rendered) reaches(c *Config, item *kyaml.RNode) bool {
	return c.path == "" || strings.HasPrefix(pathOf(item.YNode()), r.home(c)+"/")
}

// objects reads the files of the cluster.
func (r Rendered) objects(c *Config, generated bool) (*objects, error) {
	o := &objects{
		wanted: map[id]*kyaml.RNode{}, layers: map[id]string{}, others: map[id]bool{}, applied: r.applied(),
		complete: true, dirs: map[string]bool{}, generated: generated,
	}
	for i := range r.Tree.Files {
		f := &r.Tree.Files[i]
		cluster, file, _ := layout.Split(f.Path)
		dir, _, nested := strings.Cut(file, "/")
		if cluster != r.Cluster || !nested || !layout.HoldsObjects(file) {
			continue
		}
		o.dirs[dir] = true
		if f.Unknown {
			o.complete = false
			continue
		}
		if err := o.add(f, path.Join(r.home(c), file), layout.Layer(dir), r.Layers); err != nil {
			return nil, err
		}
	}
	return o, nil
}

// applied gives the layers of the cluster that kubectl applies. What is in another is for an installer: no API server
// knows it.
func (r Rendered) applied() map[string]bool {
	applied := map[string]bool{}
	for i := range r.Tree.Files {
		cluster, file, _ := layout.Split(r.Tree.Files[i].Path)
		if dir, name, _ := strings.Cut(file, "/"); cluster == r.Cluster && name == layout.Kustomization {
			applied[layout.Layer(dir)] = true
		}
	}
	return applied
}

// add adds the objects of a file of a layer.
func (o *objects) add(f *tree.File, file, layer string, wanted []string) error {
	nodes, err := (&kio.ByteReader{Reader: bytes.NewReader(bytes.Join(f.Body, nil)), OmitReaderAnnotations: true, DisableUnwrapping: true}).Read()
	if err != nil {
		return fmt.Errorf("%s: what was rendered is no YAML", f.Path)
	}
	for i, n := range nodes {
		key := idOf(n.YNode())
		if !slices.Contains(wanted, layer) {
			o.others[key] = true
			continue
		}
		if err := annotate(n, o.annotations(n, file, i, layer)); err != nil {
			return err
		}
		o.wanted[key], o.layers[key] = n, layer
		o.order = append(o.order, key)
	}
	return nil
}

// annotations are what kustomize needs to know about an object of a layer.
func (o *objects) annotations(n *kyaml.RNode, file string, index int, layer string) map[string]string {
	all := map[string]string{pathAnnotation: file, indexAnnotation: strconv.Itoa(index)}
	switch {
	case !o.applied[layer]:
		all[localConfig] = "true"
	case n.GetKind() == "Secret" && o.generated:
		all[needsHash] = "false"
	}
	return all
}

func annotate(n *kyaml.RNode, all map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if err := n.PipeE(kyaml.SetAnnotation(name, all[name])); err != nil {
			return err
		}
	}
	return nil
}

// keepPlace gives an object the annotations by which kustomize writes it to where the item was.
func keepPlace(object, item *kyaml.RNode) error {
	kept := map[string]string{}
	all := child(child(item.YNode(), "metadata"), "annotations")
	for i := 0; all != nil && i+1 < len(all.Content); i += 2 {
		if name := all.Content[i].Value; name != localConfig && added(name) {
			kept[name] = all.Content[i+1].Value
		}
	}
	return annotate(object, kept)
}
