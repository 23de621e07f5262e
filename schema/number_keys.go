package schema

import (
	"fmt"
	"strconv"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// checkNumberKeys reports keys that are numbers where the format has names. In what is Istio's they are strings.
func checkNumberKeys(n *document.Node, s *shape, found *diag.List) {
	if s != nil && s.open {
		return
	}
	for _, e := range n.Fields {
		if e.Number {
			d := found.Add(e.KeyPos, document.UnquotedScalar, "the key %s is not a string for every YAML reader", e.Key)
			d.Fix = fmt.Sprintf("write %q", e.Key)
		}
		checkNumberKeys(e.Value, s.below(e.Key), found)
	}
	for i, item := range n.Items {
		checkNumberKeys(item, s.below(strconv.Itoa(i)), found)
	}
}
