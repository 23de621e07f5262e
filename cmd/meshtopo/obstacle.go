package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

// obstacleRule is the one rule about the output directory rather than the topology. package tree finds the
// obstacles; it knows nothing of diagnostics.
func obstacleRule() *diag.Rule {
	return &diag.Rule{
		Code:     "output-obstacle",
		Severity: diag.Error,
		Fixed:    true,
		Title:    "something that meshtopo did not write stands where a generated file goes",
		Why:      "meshtopo replaces and removes only files that carry its mark, so that nobody's own work is lost",
		Fix:      "move or delete it, or choose another directory with -o",
		Source:   "the first line of every generated file",
	}
}

// obstacles turns what stands in the way of generated files into findings, where err is about that, and ends the
// command.
func (c *compiler) obstacles(p *compiled, err error) error {
	first := map[string]*tree.ObstacleError{} // of each kind
	alike := map[string]int{}
	for _, e := range failures(err) {
		obstacle, ok := e.(*tree.ObstacleError)
		if !ok {
			return err
		}
		if first[obstacle.What] == nil {
			first[obstacle.What] = obstacle
		}
		alike[obstacle.What]++
	}
	for what, obstacle := range first {
		p.addObstacle(obstacle, alike[what]-1)
	}
	return c.finish(p.report, true)
}

// addObstacle places the finding at the file in the way, which is not below the topology's root if -o says so.
// Others like it are counted: a topology under another name has one for each file.
func (p *compiled) addObstacle(o *tree.ObstacleError, others int) {
	file, err := filepath.Rel(p.src.dir, filepath.Join(realDir(p.out), filepath.FromSlash(o.Path)))
	if err != nil {
		file = o.Path
	}
	what, fix, advised := strings.Cut(o.What, ": ")
	d := p.report.Findings.Add(diag.Pos{File: filepath.ToSlash(file)}, obstacleRule(), "%s %s", p.path(o.Path), what)
	if others > 0 {
		d.Message += fmt.Sprintf("; so it is with %d more", others)
	}
	if advised {
		d.Fix = fix
	}
}
