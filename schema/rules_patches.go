package schema

import (
	"errors"
	"io/fs"

	"meshtopo.dev/meshtopo/schema/diag"
)

var patchSource = &diag.Rule{
	Code: "patch-source", Severity: diag.Error, Fixed: true,
	Title:  "a patch that is given twice, or not at all",
	Why:    "an entry of patches is one change: its text stands in the topology, or in a file that it names; with both it would be left to chance which one is made",
	Fix:    "write either patch or path",
	Source: "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/",
	Bad:    "istio: {patches: [{target: {kind: Namespace}}]}",
	Good:   "istio: {patches: [{target: {kind: Namespace}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}]}",
}

// checkPatches checks that each patch is given once. What they do is for package render to say, which has the objects.
func (t *Topology) checkPatches(found *diag.List) {
	for _, p := range t.Patches() {
		path, text := append(p.At[:len(p.At):len(p.At)], "path"), append(p.At[:len(p.At):len(p.At)], "patch")
		if t.unsure(path...) || t.unsure(text...) {
			continue
		}
		switch {
		case p.Path != "" && p.Text != "":
			d := found.Add(t.Pos(path...), patchSource, "the patch is given by patch and by path")
			d.Relate(t.Pos(text...), "the patch")
		case p.Path == "" && p.Text == "":
			found.Add(t.Pos(p.At...), patchSource, "nothing says what the patch changes")
		}
	}
}

// patches checks that the files of patches can be read.
func (c *materialCheck) patches() {
	for _, p := range c.t.Patches() {
		i := item{"the patch", Private{File: p.Path}, c.t.Pos(append(p.At[:len(p.At):len(p.At)], "path")...)}
		if p.Path == "" || c.inline(i) {
			continue
		}
		switch _, err := c.material.Public(p.Path); {
		case errors.Is(err, fs.ErrNotExist):
			d := c.found.Add(i.pos, missingFile, "%s is not there", c.shown(i))
			d.Why = "what it changes cannot be rendered"
		case err != nil:
			c.unreadable(i, err)
		}
	}
}
