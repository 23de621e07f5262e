package lint

import (
	"fmt"

	"meshtopo.dev/meshtopo/schema/diag"
)

// noteOnce notes something about an object, once for a cause. One and many are the words for one object, and for more;
// each has a place for the objects.
func (c *cluster) noteOnce(cause string, pos diag.Pos, rule *diag.Rule, object, one, many string, found *diag.List) {
	cause = rule.Code + " " + cause
	t := c.told[cause]
	if t == nil {
		if c.told == nil {
			c.told = map[string]*told{}
		}
		c.told[cause] = &told{found.Add(pos, rule, one, object), object, 1}
		return
	}
	t.count++
	t.note.Reword(many, fmt.Sprintf("%s and %d more", t.first, t.count-1))
}
