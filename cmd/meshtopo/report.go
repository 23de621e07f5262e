package main

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/files"
	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// newReport begins the report about a topology, which is nil if it has errors.
func newReport(command string, src *files.Topology, t *schema.Topology, findings *diag.List) *report.Report {
	r := &report.Report{
		Command: command, Version: versionNumber(), Findings: findings, FailOn: diag.Error, Rules: allRules,
		Name: src.Name, Unchecked: unchecked(t, nil),
	}
	for _, file := range src.Files {
		r.Checked = append(r.Checked, src.Name(file))
	}
	r.Subject = subject(r.Checked)
	return r
}

// subject names several files or directories in one word.
func subject(names []string) string { return strings.Join(names, "+") }

// unchecked names the private material that was not there and that goes into files within the scope, each place once.
func unchecked(t *schema.Topology, scope tree.Scope) []string {
	if t == nil {
		return nil
	}
	inScope := func(cluster string) bool { return scope.Contains(layout.Path(cluster)) }
	var places []string
	for _, u := range t.Unread {
		if slices.ContainsFunc(u.Holders, inScope) {
			places = append(places, u.Place.String())
		}
	}
	slices.Sort(places)
	return slices.Compact(places)
}

// sayUnchecked tells in one line what could not be checked without private material.
func sayUnchecked(io console.IO, places []string) {
	if len(places) > 0 {
		io.Say("not checked, because it is not here: %s", strings.Join(places, ", "))
	}
}
