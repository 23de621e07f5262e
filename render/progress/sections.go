package progress

import (
	"fmt"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Section is a part of a README: the name of its template, and what fills that.
type Section struct {
	Template string
	Data     any
}

// Sections say where an upgrade and a rotation of the root stand, and what comes next. The engine applies the tree;
// where it is "", people do.
func Sections(t *schema.Topology, engine string) []Section {
	return append(upgradeSections(t, engine), rotationSections(t, engine)...)
}

func upgradeSections(t *schema.Topology, engine string) []Section {
	u := Of(t)
	if len(u.Rows) == 0 {
		return nil
	}
	table := []string{"| cluster | default | beside it | tags |", "|---|---|---|---|"}
	for _, row := range u.Rows {
		table = append(table, fmt.Sprintf("| %s | %s | %s | %s |", row.Cluster, row.Default, row.Beside, row.Tags))
	}
	data := struct{ Newer, Older, Commands, Apply, Next string }{
		diag.Enumerate(u.Newer, "and"), diag.Enumerate(u.Older, "and"), lines(u.Ask), "apply everything above", "apply everything",
	}
	if engine != "" {
		data.Apply, data.Next = byEngine(engine)
	}
	all := []Section{{"fleet-upgrade", struct{ Table string }{lines(table)}}}
	if len(u.Newer) > 0 {
		all = append(all, Section{"fleet-upgrade-try", data})
	}
	if len(u.Older) > 0 {
		all = append(all, Section{"fleet-upgrade-leave", data})
	}
	return all
}

// rotationSections also say which trust domains are accepted beside that of the mesh.
func rotationSections(t *schema.Topology, engine string) []Section {
	apply, next := "apply `2-secrets` and `3-control-plane` of every cluster with a control plane", "apply"
	if engine != "" {
		apply, next = byEngine(engine)
	}
	var all []Section
	if r := RotationOf(t); r.Phase != "" {
		table := []string{"| control plane | signs under |", "|---|---|"}
		for _, row := range r.Rows {
			table = append(table, fmt.Sprintf("| %s | %s |", row.Cluster, row.Root))
		}
		data := struct {
			Old, New, Apply, Next, Given, Restart string
			Roots                                 int
		}{r.Old, r.New, apply, next, lines(r.Given), lines(r.Restart), len(t.Public.Roots)}
		all = []Section{{"fleet-rotation", struct{ Table string }{lines(table)}}, {"fleet-rotation-" + string(r.Phase), data}}
	}
	var aliases []string
	for _, alias := range t.Mesh.TrustDomainAliases {
		aliases = append(aliases, code(alias))
	}
	if aliases == nil {
		return all
	}
	return append(all, Section{"fleet-trust-domains", struct{ Domain, Aliases, Apply, Next string }{code(t.Mesh.TrustDomain), diag.Enumerate(aliases, "and"), apply, next}})
}

// byEngine says what people do where an engine applies the tree.
func byEngine(engine string) (apply, next string) {
	return "wait until " + engine + " has applied this tree", "commit and push"
}

func lines(commands []string) string { return strings.Join(commands, "\n") }
