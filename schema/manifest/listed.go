package manifest

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/document"
)

// listed gives the objects of a List.
func listed(root *document.Node) []*document.Node {
	if items := root.At("items"); items != nil && strings.HasSuffix(root.StringAt("kind"), "List") {
		return items.Items
	}
	return nil
}
