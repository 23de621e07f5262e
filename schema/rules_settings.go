package schema

import (
	"fmt"
	"maps"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

var unknownRule = &diag.Rule{
	Code: "unknown-rule", Severity: diag.Error, Fixed: true,
	Title: "a setting for a rule that does not exist",
	Why:   "the findings that it was meant for would keep their severity, without a word",
	Fix:   "use the code in brackets at the end of a finding's first line; `meshtopo explain` lists them",
	Bad:   `rules: {unused-netwrok: {severity: ignore, reason: declared for the next cluster}}`,
	Good:  `rules: {unused-network: {severity: ignore, reason: declared for the next cluster}}`,
}

var ruleNotAdjustable = &diag.Rule{
	Code: "rule-not-adjustable", Severity: diag.Error, Fixed: true,
	Title: "a lower severity for a rule that cannot have one",
	Why:   "what the rule finds cannot be rendered, or only so that it is wrong in every mesh or gives private material away; and drift is what diff is asked for",
	Fix:   "delete the setting, and cure what is found",
	Bad:   `rules: {unprotected-secrets: {severity: ignore, reason: nobody looks}}`,
	Good:  `rules: {missing-trust: {severity: info, reason: another tool puts cacerts into every cluster}}`,
}

// Adjust gives findings the severities that the topology sets.
func (t *Topology) Adjust(found *diag.List) {
	if len(t.Rules) == 0 {
		return
	}
	severities := map[string]diag.Severity{}
	for code, setting := range t.Rules {
		severities[code] = setting.Severity
	}
	found.Adjust(severities)
}

// checkRuleSettings reports settings that cannot be in force, and takes them away. One whose rule finds nothing is fine:
// it may be there for what another cluster, or the next change, brings.
func (t *Topology) checkRuleSettings(in Input, found *diag.List) {
	codes := sortedKeys(t.positions.Root.At("spec", "rules"))
	if len(codes) == 0 {
		return
	}
	all := in.Rules
	if all == nil {
		all = Rules
	}
	rules := map[string]*diag.Rule{}
	for _, r := range all() {
		rules[r.Code] = r
	}
	for _, code := range codes {
		r := rules[code]
		setting, sound := t.Rules[code]
		switch severity := setting.Severity; {
		case t.broken("spec", "rules", code):
		case r == nil:
			t.reportUnknownRule(code, rules, found)
		case sound && r.Fixed && severity < r.Severity:
			d := found.Add(t.Pos("spec", "rules", code, "severity"), ruleNotAdjustable, "the severity of %s cannot be %s: it stays %s", code, severity, r.Severity)
			d.Fix += ": " + r.Fix
		default:
			continue
		}
		delete(t.Rules, code)
	}
}

func (t *Topology) reportUnknownRule(code string, rules map[string]*diag.Rule, found *diag.List) {
	d := found.Add(t.Pos("spec", "rules", code), unknownRule, "there is no rule %q", code)
	if near := diag.Nearest(code, slices.Sorted(maps.Keys(rules))); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	}
}
