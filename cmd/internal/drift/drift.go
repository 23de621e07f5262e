// Package drift says why each kind of difference between a tree and its topology is wrong.
package drift

import (
	"slices"

	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

const (
	driftSource = "the tree that meshtopo diff compares"
	renderAgain = "run meshtopo render, and commit what it writes"
)

// plainRules are the kinds of drift as reports give them that know only what is wrong at a place. The code is the
// kind that diff prints, with drift- before it.
var plainRules = []*diag.Rule{
	{Code: code(tree.Added), Severity: diag.Error, Fixed: true, Source: driftSource, Fix: renderAgain,
		Title: "the topology gives this file, and it is not there",
		Why:   "whoever applies the directory would miss it"},
	{Code: code(tree.Changed), Severity: diag.Error, Fixed: true, Source: driftSource, Fix: renderAgain,
		Title: "the topology has changed since this file was rendered",
		Why:   "the cluster would get what the topology said before"},
	{Code: code(tree.Removed), Severity: diag.Error, Fixed: true, Source: driftSource, Fix: renderAgain,
		Title: "the topology no longer gives this file",
		Why:   "it would be applied again, although it has been given up"},
	{Code: code(tree.HandEdited), Severity: diag.Error, Fixed: true, Source: driftSource,
		Title: "this file was edited by hand since it was rendered",
		Why:   "the next render discards the edit",
		Fix:   "say it in the topology, then run meshtopo render"},
	{Code: code(tree.Interrupted), Severity: diag.Error, Fixed: true, Source: driftSource,
		Title: "a render was interrupted before it came to this file",
		Why:   "some files are what the topology says, and others are what it said before",
		Fix:   "run meshtopo render, which finishes"},
}

func code(kind tree.Kind) string { return "drift-" + string(kind) }

// Rules lists the kinds of drift.
func Rules() []*diag.Rule { return slices.Concat(plainRules, cipherRules) }

// Rule gives the rule of a kind.
func Rule(kind tree.Kind) *diag.Rule {
	all := Rules()
	return all[slices.IndexFunc(all, func(r *diag.Rule) bool { return r.Code == code(kind) })]
}
