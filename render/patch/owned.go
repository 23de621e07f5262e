package patch

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Owned is a part of an object that follows from the topology, or that istiod or the commands of the README go by.
type Owned struct {
	// Path leads there. An element such as [name=x] is the item of a list with that name.
	Path []string
	// Allowed, where it is not empty, is the only other value that it may be given, as JSON.
	Allowed string
	// Kept says that it is a list to which items may be added, but from which none may be taken.
	Kept bool
	// Why is what goes wrong otherwise, and Fix what to do instead.
	Why, Fix string
}

// changed reports whether a patch has changed what is owned.
func (o *Owned) changed(before, after *yaml.Node) bool {
	have, got := at(before, o.Path), at(after, o.Path)
	if o.Kept && have != nil {
		if got == nil || got.Kind != yaml.SequenceNode {
			return true
		}
		for _, item := range have.Content {
			if !contains(got.Content, item) {
				return true
			}
		}
		return false
	}
	return !sameValue(have, got) && (o.Allowed == "" || canonical(got) != o.Allowed)
}

// value is what of an owned part has to stay.
func (o *Owned) value(before *yaml.Node) func(*yaml.Node) string {
	have := at(before, o.Path)
	if !o.Kept || have == nil {
		return canonical
	}
	return func(n *yaml.Node) string {
		left := 0
		for _, item := range have.Content {
			if n != nil && contains(n.Content, item) {
				left++
			}
		}
		return fmt.Sprint(left)
	}
}

// checkOwned reports each owned part that the patch changes, parts with the same symptom together. What got lost with
// a replaced list is reported there.
func (p *Patch) checkOwned(o *Object, after *yaml.Node, replaced [][]string) []*Problem {
	var problems []*Problem
	reported := map[string]bool{}
	for i := range o.owned {
		owned := &o.owned[i]
		if !owned.changed(o.root, after) || slices.ContainsFunc(replaced, owned.within) {
			continue
		}
		whole := *owned
		whole.Path = gone(o.root, after, owned.Path)
		line := p.culprit(o, whole.Path, whole.value(o.root))
		place, path := fmt.Sprint(line, owned.Why), show(whole.Path)
		if reported[place] || reported[path] {
			continue
		}
		reported[place], reported[path] = true, true
		what, values := p.describe(&whole, o, after)
		problem := p.source.problem(patchOwned, line, "the patch %s", what).of(o)
		problem.Values, problem.Why, problem.Fix = values, owned.Why, owned.Fix
		problems = append(problems, problem)
	}
	return problems
}

// gone gives the first part of a path that was there and is not any more, or the path itself.
func gone(before, after *yaml.Node, path []string) []string {
	for i := range path {
		if at(before, path[:i+1]) != nil && at(after, path[:i+1]) == nil {
			return path[:i+1]
		}
	}
	return path
}

// within reports whether an owned part is in the list at a path.
func (o *Owned) within(list []string) bool {
	return len(o.Path) >= len(list) && slices.Equal(o.Path[:len(list)], list)
}

// describe says what the patch does to an owned part, and the values. Those of Secrets are not quoted.
func (p *Patch) describe(owned *Owned, o *Object, after *yaml.Node) (what, values string) {
	have, got, name := at(o.root, owned.Path), at(after, owned.Path), show(owned.Path)
	before, now := short(have), short(got)
	if o.private() || p.source.sensitive() {
		before, now = "", ""
	}
	switch {
	case owned.Kept && got != nil:
		return "takes what was rendered out of " + name, ""
	case got == nil:
		return "removes " + name, ""
	case have == nil && now == "":
		return "adds " + name, ""
	case have == nil:
		return "adds " + name, ": " + now
	case before == "" || now == "":
		return "changes " + name, ""
	}
	return "changes " + name, ", from " + before + " to " + now
}

// short quotes a single value; of anything longer it gives "".
func short(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	text := canonical(n)
	if len(text) > 60 || strings.Contains(text, "\\") {
		return ""
	}
	return text
}
