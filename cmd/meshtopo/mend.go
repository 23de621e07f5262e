package main

import (
	"maps"
	"slices"

	"meshtopo.dev/meshtopo/cmd/internal/report"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/lint"
)

// mending is what lint --fix makes of manifests, before it is written.
type mending struct {
	before, after map[string][]byte // the files that are changed
	mended        int               // findings
}

// rounds bounds how often manifests are linted while they are mended: edits that cannot be made together are made one
// after the other, and some mistakes are seen only when others are gone.
const rounds = 20

// mend makes all edits that there are, in memory, and gives what is found before and after.
func mend(in lint.Input) (m *mending, first, left *diag.List, err error) {
	m = &mending{before: map[string][]byte{}, after: map[string][]byte{}}
	in.Clusters, in.Edits = m.overlay(in.Clusters), true
	for round := 0; ; round++ {
		if left, err = lint.Run(in); err != nil {
			return nil, nil, nil, err
		}
		if round == 0 {
			first = left
		}
		edits, mended := left.Mend()
		if mended == 0 || round == rounds {
			return m, first, left, nil
		}
		m.mended += mended
		if err := m.apply(in.Clusters, edits); err != nil {
			return nil, nil, nil, err
		}
	}
}

// overlay gives the sources with the files as they are after the edits made so far.
func (m *mending) overlay(clusters []lint.Source) []lint.Source {
	over := slices.Clone(clusters)
	for i := range over {
		over[i].Files = slices.Clone(over[i].Files)
		for n, file := range over[i].Files {
			over[i].Files[n].Read = func() ([]byte, error) {
				if text, ok := m.after[file.Name]; ok {
					return text, nil
				}
				return file.Read()
			}
		}
	}
	return over
}

func (m *mending) apply(clusters []lint.Source, edits map[string][]diag.Edit) error {
	for _, c := range clusters {
		for _, file := range c.Files {
			if len(edits[file.Name]) == 0 {
				continue
			}
			text, err := file.Read()
			if err != nil {
				return err
			}
			if m.before[file.Name] == nil {
				m.before[file.Name] = text
			}
			m.after[file.Name] = diag.Apply(text, edits[file.Name])
		}
	}
	return nil
}

// files gives the names of the files that are changed, sorted.
func (m *mending) files() []string { return slices.Sorted(maps.Keys(m.after)) }

// String says what was mended, or would be.
func (m *mending) String() string {
	if m.mended == 0 {
		return "nothing"
	}
	return report.Count(m.mended, "finding") + " in " + report.Count(len(m.after), "file")
}

// changes gives the files as a report shows that they would change.
func (m *mending) changes() []report.Change {
	changes := []report.Change{}
	for _, name := range m.files() {
		before, after := m.before[name], m.after[name]
		changes = append(changes, report.Change{
			Path: name, Kind: tree.Changed,
			Line:    func() (int, error) { return firstDifferentLine(before, after), nil },
			Unified: func() (string, error) { return redactedDiff(name, before, after), nil },
		})
	}
	return changes
}

// redactedDiff compares two texts of a file of manifests without what their Secrets hold.
func redactedDiff(name string, before, after []byte) string {
	return unifiedDiff(name, []byte(lint.Redacted(name, before)), []byte(lint.Redacted(name, after)))
}
