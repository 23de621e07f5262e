package rules

import (
	"fmt"
	"maps"
	"slices"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

var settingRules = group{[]*diag.Rule{unknownRule, ruleNotAdjustable}, nil}

var unknownRule = &diag.Rule{
	Code: "unknown-rule", Severity: diag.Error, Fixed: true,
	Title: "a setting for a rule that does not exist",
	Why:   "the findings that it was meant for would keep their severity, silently",
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

// CheckSettings reports settings that cannot be in force, and takes them away. One whose rule finds nothing is fine:
// it may be there for what another cluster, or the next change, brings. All gives every rule there is.
func CheckSettings(topology *schema.Topology, all func() []*diag.Rule, found *diag.List) {
	t := meshOf(topology)
	codes := t.Root().At("spec", "rules").Keys()
	if len(codes) == 0 {
		return
	}
	rules := map[string]*diag.Rule{}
	for _, r := range all() {
		rules[r.Code] = r
	}
	for _, code := range codes {
		r := rules[code]
		setting, sound := t.Rules[code]
		switch severity := setting.Severity; {
		case t.Broken("spec", "rules", code):
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

func (t mesh) reportUnknownRule(code string, rules map[string]*diag.Rule, found *diag.List) {
	d := found.Add(t.Pos("spec", "rules", code), unknownRule, "there is no rule %q", code)
	if near := diag.Nearest(code, slices.Sorted(maps.Keys(rules))); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	}
}
