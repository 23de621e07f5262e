package patch

import (
	"bytes"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// Object is a rendered object that patches are made on.
type Object struct {
	root    *yaml.Node
	id      Identity
	owned   []Owned
	changed bool
	work    *Work
}

// Work bounds what patches may cost: each goes through all of an object that it fits. Its zero value is ready for use.
type Work struct {
	objects, done int // how many objects there have been, and how many bytes of them patches have gone through
	values        int // how many values of patches, or copied by them, have gone into objects
}

// What all objects of a mesh may cost together: some hundred patches of one, and some of each.
const (
	workForAll  = 512 << 10
	workForEach = 32 << 10
	workOfMerge = 1 << 10 // besides the object: kustomize looks for its schema

	valuesForAll  = 20_000
	valuesForEach = 6
)

func (w *Work) tooMuch() bool { return w.done > workForAll+w.objects*workForEach }

// tooManyValues reports whether so many more would be too many. A cluster has some eight objects.
func (w *Work) tooManyValues(more int) bool {
	return w.values+more > valuesForAll+w.objects*valuesForEach
}

// Read reads a rendered object. What of it follows from the topology depends on what it is.
func Read(text []byte, owned func(Identity) []Owned, work *Work) (*Object, error) {
	work.objects++
	var document yaml.Node
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	root := document.Content[0]
	id := identity(root)
	return &Object{root: root, id: id, owned: owned(id), work: work}, nil
}

// Identity tells which object it is.
func (o *Object) Identity() Identity { return o.id }

// String names the object in messages.
func (o *Object) String() string { return fmt.Sprintf("%s %q", o.id.Kind, o.id.Name) }

// Changed reports whether a patch has changed the object.
func (o *Object) Changed() bool { return o.changed }

// Text writes the object.
func (o *Object) Text() ([]byte, error) { return Encode(o.root) }

// Encode writes a node as the templates are written.
func Encode(n *yaml.Node) ([]byte, error) {
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	encoder.CompactSeqIndent()
	err := encoder.Encode(n)
	return out.Bytes(), err
}

// private reports whether the object's data is private: keys and tokens, or what they are in.
func (o *Object) private() bool { return o.id.Kind == "Secret" }
