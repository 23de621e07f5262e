package main

import (
	"slices"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

const (
	driftSource = "the tree that meshtopo diff compares"
	renderAgain = "run meshtopo render, and commit what it writes"
)

// driftRules are the kinds of drift as reports give them that know only what is wrong at a place. The code is the
// kind that diff prints, with drift- before it.
var driftRules = []*diag.Rule{
	{Code: driftCode(tree.Added), Severity: diag.Error, Fixed: true, Source: driftSource, Fix: renderAgain,
		Title: "the topology gives this file, and it is not there",
		Why:   "whoever applies the directory would miss it"},
	{Code: driftCode(tree.Changed), Severity: diag.Error, Fixed: true, Source: driftSource, Fix: renderAgain,
		Title: "the topology has changed since this file was rendered",
		Why:   "the cluster would get what the topology said before"},
	{Code: driftCode(tree.Removed), Severity: diag.Error, Fixed: true, Source: driftSource, Fix: renderAgain,
		Title: "the topology no longer gives this file",
		Why:   "it would be applied again, although it has been given up"},
	{Code: driftCode(tree.HandEdited), Severity: diag.Error, Fixed: true, Source: driftSource,
		Title: "this file was edited by hand since it was rendered",
		Why:   "the next render discards the edit",
		Fix:   "say it in the topology, then run meshtopo render"},
	{Code: driftCode(tree.Interrupted), Severity: diag.Error, Fixed: true, Source: driftSource,
		Title: "a render was interrupted before it came to this file",
		Why:   "some files are what the topology says, and others are what it said before",
		Fix:   "run meshtopo render, which finishes"},
}

func driftCode(kind tree.Kind) string { return "drift-" + string(kind) }

// asDrift gives each change the rule that says why it is wrong.
func asDrift(changes []report.Change) {
	for i := range changes {
		code := driftCode(changes[i].Kind)
		all := slices.Concat(driftRules, cipherDrift)
		changes[i].Rule = all[slices.IndexFunc(all, func(r *diag.Rule) bool { return r.Code == code })]
	}
}
