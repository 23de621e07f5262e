package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestEveryRuleCanBeSet proves that a topology can name every rule that explain knows, whichever package it is from: it
// lowers all but the fixed ones, and raises all.
func TestEveryRuleCanBeSet(t *testing.T) {
	const base = "apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: solo}\nspec:\n" +
		"  istio: {version: \"1.31.1\"}\n  networks: {network1: {}}\n  clusters: {cluster-a: {network: network1}}\n  rules:\n"
	for _, severity := range []diag.Severity{diag.Ignore, diag.Info, diag.Warning, diag.Error} {
		for rules := range slices.Chunk(allRules(), 90) { // of very many findings of a kind a hundred are shown
			var text strings.Builder
			text.WriteString(base)
			want := expected{marked: map[string]string{}}
			line := strings.Count(base, "\n")
			for _, r := range rules {
				line++
				before := fmt.Sprintf("    %s: {severity: ", r.Code)
				fmt.Fprintf(&text, "%s%s, reason: tested}\n", before, severity)
				if r.Fixed && severity < diag.Error {
					place := fmt.Sprintf("topology.yaml:%d:%d", line, len(before)+1)
					want.findings = append(want.findings, place+" rule-not-adjustable")
					want.marked[place] = severity.String()
				}
				if r.Fixed && r.Severity != diag.Error {
					t.Errorf("%s is fixed, and no error", r.Code)
				}
			}
			code := exitFound
			if len(want.findings) == 0 {
				code = exitOK
			}
			dir := t.TempDir()
			write(t, dir+"/topology.yaml", text.String())
			meshtopo(t, dir, "", "validate", "topology.yaml").check(t, code, want)
		}
	}
}
