package main

import (
	"cmp"
	"slices"

	"meshtopo.dev/meshtopo/cmd/internal/drift"
	"meshtopo.dev/meshtopo/cmd/internal/encrypted"
	"meshtopo.dev/meshtopo/cmd/internal/git"
	"meshtopo.dev/meshtopo/cmd/internal/guess"
	"meshtopo.dev/meshtopo/cmd/internal/krm"
	"meshtopo.dev/meshtopo/cmd/internal/steps"
	"meshtopo.dev/meshtopo/render/patch"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fnconfig"
	"meshtopo.dev/meshtopo/schema/lint"
	"meshtopo.dev/meshtopo/schema/loader"
	"meshtopo.dev/meshtopo/schema/plaintext"
)

// obstacleRule is about the output directory. Package tree finds the obstacles; it knows nothing of diagnostics.
var obstacleRule = &diag.Rule{
	Code:     "output-obstacle",
	Severity: diag.Error,
	Fixed:    true,
	Title:    "something that meshtopo did not write stands where a generated file goes",
	Why:      "meshtopo replaces and removes only files that carry its mark, so that nobody's own work is lost",
	Fix:      "move or delete it, or choose another directory with -o",
	Source:   "the first line of every generated file",
}

// allRules lists every rule whose code a diagnostic can carry, by code.
func allRules() []*diag.Rule {
	own := []*diag.Rule{obstacleRule}
	all := slices.Concat(loader.Rules(), fnconfig.Rules, lint.Rules(), patch.Rules(), steps.Rules(), krm.Rules(), drift.Rules(), encrypted.Rules, git.Rules, guess.Rules, plaintext.Rules(), own)
	slices.SortFunc(all, func(a, b *diag.Rule) int { return cmp.Compare(a.Code, b.Code) })
	return all
}
