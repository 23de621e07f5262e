package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

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
	return c.finish(p.report)
}

// addObstacle places the finding at the file in the way, which is not below the topology's root if -o says so.
// Others like it are counted: a topology under another name has one for each file.
func (p *compiled) addObstacle(o *tree.ObstacleError, others int) {
	file := p.src.Rel(filepath.Join(files.RealDir(p.out), filepath.FromSlash(o.Path)))
	what, fix, advised := strings.Cut(o.What, ": ")
	d := p.report.Findings.Add(diag.Pos{File: file}, obstacleRule, "%s %s", p.path(o.Path), what)
	if others > 0 {
		d.Message += fmt.Sprintf("; so it is with %d more", others)
	}
	if advised {
		d.Fix = fix
	}
}
