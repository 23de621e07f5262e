package loader

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/evaluator"
	"meshtopo.dev/meshtopo/schema/grammar"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/trust"
)

// withFragment is a topology without a finding whose spec has the fields of a fragment, as they are written, before or
// in the place of its own.
func withFragment(fragment string) string {
	text := "apiVersion: meshtopo.dev/v1alpha1\nkind: Topology\nmetadata: {name: solo}\nspec:\n"
	for line := range strings.Lines(fragment + "\n") {
		text += "  " + line
	}
	for _, own := range []string{`istio: {version: "1.31.1"}`, "networks: {network1: {}}", "clusters: {cluster-a: {network: network1}}"} {
		if name, _, _ := strings.Cut(own, ":"); !strings.HasPrefix(fragment, name+":") {
			text += "  " + own + "\n"
		}
	}
	return text
}

// TestDocumentRuleExamples proves that the examples that `meshtopo explain` shows of what is wrong with a text or a
// field are what it says they are.
func TestDocumentRuleExamples(t *testing.T) {
	for _, r := range slices.Concat(document.Rules, grammar.Rules, evaluator.Rules, []*diag.Rule{schema.InvalidCIDR}) {
		if r.Bad == "" {
			continue
		}
		t.Run(r.Code, func(t *testing.T) {
			bad, good := codesOf(t, r, r.Bad), codesOf(t, r, r.Good)
			if !slices.Contains(bad, r.Code) {
				t.Errorf("the bad example gives %q:\n%s", bad, r.Bad)
			}
			if slices.Contains(good, r.Code) {
				t.Errorf("the good example gives %q:\n%s", good, r.Good)
			}
		})
	}
}

// codesOf gives what is found in a topology with a fragment. Fragments about clusters, networks or the shape of fields
// go over the example that has more of them.
func codesOf(t *testing.T, r *diag.Rule, fragment string) []string {
	t.Helper()
	if overExample[r.Code] {
		return slices.Compact(loadFragment(t, fragment))
	}
	var codes []string
	for _, d := range loadText(t, "topology.yaml", withFragment(fragment)) {
		codes = append(codes, d.Code)
	}
	return codes
}

// overExample are the rules whose fragments are merged into an example: they say nothing of what they do not change.
var overExample = map[string]bool{
	"unknown-field": true, "missing-field": true, "unknown-value": true, "invalid-name": true, "invalid-cidr": true, "invalid-value": true,
}

// withoutExample are the rules that no fragment of a topology can break, with the reason.
func withoutExample() map[string]string {
	const (
		whole = "it is about a file as a whole"
		bytes = "it is about characters that a fragment cannot show"
		cue   = "it is about a CUE package"
		files = "it is in the files that a topology names"
	)
	without := map[string]string{
		"file-too-large": whole, "empty-file": whole, "several-documents": whole, "invalid-json": whole, "merge-conflict": whole, "not-a-topology": whole, "yaml-alias-bomb": whole, "nested-too-deep": whole,
		"byte-order-mark": bytes, "invalid-encoding": bytes, "control-character": bytes,
		"invalid-cue": cue, "cue-limit": cue, "not-concrete": cue, "unreadable-input": cue,
		"conflicting-values": "it takes two files",
		"schema-mismatch":    "it is a mistake of meshtopo",
		"link-leaves-root":   files, "misspelt-private-path": files, "different-roots": files, "two-cacerts-forms": files,
	}
	for _, r := range slices.Concat(trust.Rules(), kubeconfig.RulesOfSources()) {
		without[r.Code] = files
	}
	return without
}

// TestEveryRuleHasAnExample proves that each rule shows what is wrong and what is right, or cannot.
func TestEveryRuleHasAnExample(t *testing.T) {
	without := withoutExample()
	for _, r := range Rules() {
		if (r.Bad == "") != (r.Good == "") {
			t.Errorf("%s has one example only", r.Code)
		}
		if why, ok := without[r.Code]; ok == (r.Bad != "") {
			t.Errorf("%s has the examples %q and %q, and the excuse %q", r.Code, r.Bad, r.Good, why)
		}
		delete(without, r.Code)
	}
	if left := slices.Sorted(maps.Keys(without)); len(left) > 0 {
		t.Errorf("these are no rules: %q", left)
	}
}
