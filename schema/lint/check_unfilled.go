package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

var placeholderSkipped = &diag.Rule{
	Code: "placeholder-skipped", Severity: diag.Info,
	Title: "a value that is filled in later is not checked",
	Why:   "its final value is not known yet",
	Fix:   "check what is applied: envsubst < FILE | meshtopo lint -",
}

// noteUnfilled keeps the keys and values of an object that have a placeholder: nothing is reported about them. The
// first one of a file gets a note, if its object is checked at all.
func (c *cluster) noteUnfilled(o *manifest.Object, looked bool, found *diag.List) {
	w := &unfilledWalk{}
	w.walk(o.Root, o.Root.Pos)
	for _, pos := range w.spots {
		if c.unfilled == nil {
			c.unfilled = map[spot]bool{}
		}
		c.unfilled[spotOf(pos)] = true
	}
	if looked && w.first.Line > 0 {
		c.noteOnce(o.Pos().File, w.first, placeholderSkipped, o.String(), "a value of %s is filled in later and is not checked",
			"values of %s are filled in later and are not checked", found)
	}
}

// unfilledWalk goes through an object. Texts of several lines are documents of their own.
type unfilledWalk struct {
	spots []diag.Pos
	first diag.Pos // the first placeholder, or its key: values of Secrets are not shown
}

func (w *unfilledWalk) walk(n *document.Node, key diag.Pos) {
	if n.Kind == document.String && !strings.Contains(strings.TrimSpace(n.Text), "\n") && placeholder.In(n.Text) {
		w.add(n.Pos, key)
	}
	for _, e := range n.Fields {
		if placeholder.In(e.Key) {
			w.add(e.KeyPos, e.KeyPos)
		}
		w.walk(e.Value, e.KeyPos)
	}
	for _, item := range n.Items {
		w.walk(item, item.Pos)
	}
}

func (w *unfilledWalk) add(pos, key diag.Pos) {
	w.spots = append(w.spots, pos)
	if w.first.Line == 0 {
		w.first = key
	}
}

// dropUnfilled drops findings about values with a placeholder, and findings that compare others with them.
func dropUnfilled(clusters []*cluster, found *diag.List) {
	unknown := func(pos diag.Pos) bool {
		return slices.ContainsFunc(clusters, func(c *cluster) bool { return c.unfilled[spotOf(pos)] })
	}
	found.Delete(func(d *diag.Diagnostic) bool {
		return d.Code != placeholderSkipped.Code && (unknown(d.Pos) || d.Names(placeholder.In) ||
			slices.ContainsFunc(d.Related, func(r diag.Related) bool { return unknown(r.Pos) }))
	})
}
