package lint

import (
	"fmt"

	"meshtopo.dev/meshtopo/schema/diag"
)

var deviates = &diag.Rule{
	Code: "deviates-from-topology", Severity: diag.Error, Symptom: true,
	Title:  "a manifest says something else than the topology",
	Why:    "the other clusters are rendered from the topology and expect what it says: they would trust, route to or read another cluster than this one",
	Fix:    "write what the topology says, or change the topology and render again",
	Source: "the topology that --topology names",
}

// noRule stands for the lack of a rule: only the topology says that the value is missing. ofPrimary is the same of a
// value that a remote takes from its primary.
var noRule, ofPrimary = &diag.Rule{}, &diag.Rule{Title: "of the primary"}

// compareValue reports a value that differs from the wanted one; "" stands for none. A missing value is reported at
// pos, unless the rule absent has reported it there.
func (m *mesh) compareValue(said value, pos diag.Pos, absent *diag.Rule, what, want string) {
	switch {
	case said.text == want:
	case !said.given():
		m.deviate(pos, absent, says(want), "%s is missing", what)
	default:
		m.deviate(said.pos, nil, says(want), "%s is %q", what, said.text)
	}
}

// deviate reports that a manifest differs from the topology. Where another rule has reported the value at pos, or the
// rule absent that it is missing, the value of the topology is added to that finding instead.
func (m *mesh) deviate(pos diag.Pos, absent *diag.Rule, wanted, format string, args ...any) *diag.Diagnostic {
	if d := m.specific(pos, absent); d != nil {
		d.Append("; %s", wanted)
		d.Severity = max(d.Severity, deviates.Severity)
		return d
	}
	return m.found.Add(pos, deviates, "%s, but %s", fmt.Sprintf(format, args...), wanted)
}

// says puts the value of a topology in words.
func says(want string) string {
	if want == "" {
		return "the topology says none"
	}
	return fmt.Sprintf("the topology says %q", want)
}

// specific gives the finding of another rule about the value at pos, or of the rule absent.
func (m *mesh) specific(pos diag.Pos, absent *diag.Rule) *diag.Diagnostic {
	for d := range m.found.At(pos) {
		if absent != nil && d.Code == absent.Code || absent == nil && d.Code != deviates.Code {
			return d
		}
	}
	return nil
}
