package main

import (
	"slices"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render"
	"meshtopo.dev/meshtopo/render/change"
	"meshtopo.dev/meshtopo/render/tree"
)

// drift tells how the output directory differs from the tree.
func (c *compiler) drift(p *compiled) (*tree.Dir, []tree.Change, error) {
	c.beginComparing(p)
	dir, err := tree.Open(p.out)
	if err != nil {
		return nil, nil, err
	}
	changes, err := tree.Diff(dir, &p.tree, p.scope)
	if err != nil {
		dir.Close()
		return nil, nil, c.obstacles(p, err)
	}
	changes = p.comparable(changes)
	if err := render.Withhold(changes, p.src.Store); err != nil {
		dir.Close()
		return nil, nil, err
	}
	p.report.Changes, p.report.Checked = p.reported(changes), p.directories(changes)
	if p.report.Clusters, err = change.Summarize(changes, &p.tree); err != nil {
		dir.Close()
		return nil, nil, err
	}
	return dir, changes, nil
}

// comparable leaves out private files that can be neither compared nor found. Where not one of them is there,
// they are kept out of this directory on purpose, as by a .gitignore; where some are, the others are missing.
func (p *compiled) comparable(changes []tree.Change) []tree.Change {
	unknown := func(c tree.Change) bool { return c.Unknown }
	absent := 0
	for _, c := range changes {
		if unknown(c) {
			absent++
		}
	}
	if absent < len(p.tree.Unchecked(p.scope)) {
		return changes
	}
	return slices.DeleteFunc(changes, unknown)
}

// reported gives changes as reports show them.
func (p *compiled) reported(changes []tree.Change) []report.Change {
	shown := make([]report.Change, 0, len(changes))
	for i := range changes {
		c := &changes[i]
		r := report.Change{Path: p.path(c.Path), Kind: c.Kind, Private: c.Private}
		if !c.Private {
			r.Line = func() (int, error) { return firstDifference(c) }
			r.Unified = func() (string, error) { return difference(c, r.Path) }
		}
		shown = append(shown, r)
	}
	return shown
}

// firstDifference gives the first line on disk that is not as it should be; 0 where only one side has the file.
func firstDifference(c *tree.Change) (int, error) {
	have, want, err := bothSides(c)
	if err != nil || have == nil || want == nil {
		return 0, err
	}
	return firstDifferentLine(have, want), nil
}

func difference(c *tree.Change, name string) (string, error) {
	have, want, err := bothSides(c)
	if err != nil {
		return "", err
	}
	return unifiedDiff(name, have, want), nil
}

// bothSides gives a file as it is and as it should be; nil where there is none.
func bothSides(c *tree.Change) (have, want []byte, err error) {
	if have, err = c.Old(); err == nil {
		want, err = c.New()
	}
	return have, want, err
}

// sayNotCompared tells in one line which files could not be compared without private material.
func (p *compiled) sayNotCompared(io stdio) {
	if files := p.tree.Unchecked(p.scope); len(files) > 0 {
		io.say("not compared: %s, because what goes into them is not here: %s",
			report.Count(len(files), "private file"), some(p.report.Unchecked))
	}
}
