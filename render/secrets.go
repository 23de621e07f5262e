package render

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"

	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
)

// private reads a key or a token. Where it is not there the result is nil, without an error. Where only patches are
// checked it gives something in its place: what is found must not depend on the material, and must not be able to show
// it.
func (r *rendering) private(place schema.Private) ([]byte, error) {
	if r.placeholders {
		return []byte("placeholder"), nil
	}
	material, err := r.store.Get(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return material.Reveal(), err
}

// addUnknownSecret adds the file of a Secret whose content is not known.
func (d *directory) addUnknownSecret(path, name string) { d.addUnknown(path, "Secret", name) }

// addUnknown adds a file whose content is not known. Its body is what names the object.
func (d *directory) addUnknown(path, kind, name string) {
	body := fmt.Appendf(nil, "kind: %s\nmetadata:\n  name: %q\n  namespace: %q\n", kind, name, d.c.Istio.Namespace)
	d.addFile(tree.File{Path: path, Body: [][]byte{body}, Private: true, Unknown: true})
}

func encode(data []byte) string { return base64.StdEncoding.EncodeToString(data) }
