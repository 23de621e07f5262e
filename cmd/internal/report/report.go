// Package report writes what a command found: the findings in the user's files and the files that differ from
// what a topology says. Each format is a file of its own.
//
// Which findings there are, and what they mean for the exit code, is decided elsewhere. A report never shows
// private material: findings carry none, their excerpts are redacted by package diag, and of a private file
// that differs only the name is known here.
package report

import (
	"fmt"
	"strings"

	"meshtopo.dev/meshtopo/render/change"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Report is the result of one run of a command.
type Report struct {
	Command   string                   // the verb, such as "validate"
	Version   string                   // of meshtopo
	Subject   string                   // what the run is about: tells its results from those of other runs
	Findings  *diag.List               // what is wrong in the user's files
	FailOn    diag.Severity            // findings of this severity and above fail the command
	Rules     func() []*diag.Rule      // what the codes mean
	Name      func(file string) string // how a finding's file is called from the working directory
	Checked   []string                 // files, or directories of clusters, from the working directory
	Changes   []Change                 // files that differ; nil for a command that compares nothing
	Clusters  []change.Cluster         // what the changes mean for clusters; nil where they are not a proposal
	Result    string                   // what was done about the changes, in a line; text shows it in their place
	Expiries  []Expiry                 // what ends, the soonest first; nil where nobody has asked
	Unchecked []string                 // places of private material that was not there to be checked
}

// Change is one file that differs from what the topology says.
type Change struct {
	Path    string                 `json:"file"`             // from the working directory, with slashes
	Kind    tree.Kind              `json:"kind"`             // such as added
	Private bool                   `json:"private,omitzero"` // only the name may be shown
	Why     string                 `json:"why,omitzero"`     // what is wrong with ciphertext, or that it is some
	Rule    *diag.Rule             `json:"-"`                // why that is wrong; nil if the command makes it
	Line    func() (int, error)    `json:"-"`                // the first line that differs, or 0; nil: not shown
	Unified func() (string, error) `json:"-"`                // computes the unified diff; nil for a private file
}

// objectName is how an object is called: namespace/name, or only the name.
func objectName(o change.Object) string { return strings.TrimPrefix(o.Namespace+"/"+o.Name, "/") }

// clusterTitle is the name of a cluster, and whether all of it comes or goes.
func clusterTitle(c change.Cluster) string {
	if c.Change == tree.Changed {
		return c.Name
	}
	return fmt.Sprintf("%s (%s)", c.Name, c.Change)
}

// Summary counts findings by severity, as in "3 errors, 1 warning"; it is empty where there are none.
func Summary(l *diag.List) string {
	var parts []string
	counts := count(l)
	for _, s := range []diag.Severity{diag.Error, diag.Warning, diag.Info} {
		if n := counts[s]; n > 0 {
			parts = append(parts, Count(n, noun(s)))
		}
	}
	return strings.Join(parts, ", ")
}

// Count gives a number with its noun in the right form: 1 file, 2 files.
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func noun(s diag.Severity) string {
	if s == diag.Info {
		return "note"
	}
	return s.String()
}

// count counts the findings by severity: the same finding at the same place once, and those that are not shown as well.
func count(l *diag.List) map[diag.Severity]int {
	counts := map[diag.Severity]int{}
	for _, d := range l.Sorted() {
		counts[d.Severity]++
	}
	return counts
}
