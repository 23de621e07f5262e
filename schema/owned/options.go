package owned

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
)

// options is the want of a text with names and commas between them, in which others may stand as well.
type options string

// in reports whether a value has them all.
func (o options) in(value any) bool {
	text, _ := value.(string)
	have := strings.Split(text, ",")
	for option := range strings.SplitSeq(string(o), ",") {
		if !slices.Contains(have, option) {
			return false
		}
	}
	return true
}

// wantKubeconfigOptions is what istiod has to be allowed for the kubeconfigs that it reads.
func wantKubeconfigOptions(t *schema.Topology, c *schema.Cluster) any {
	if want := t.KubeconfigOptions(c); len(want) > 0 {
		return options(strings.Join(want, ","))
	}
	return nil
}
