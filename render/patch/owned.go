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
	// Unique are the fields in which no item may be added to such a list that are those of one that was there.
	Unique []string
	// Why is what goes wrong otherwise, and Fix what to do instead.
	Why, Fix string
}

// changed reports whether a patch has changed what is owned. Of items with the same name all count: readers of a list
// do not agree about which of them does.
func (o *Owned) changed(before, after *yaml.Node) bool {
	have, got := all(before, o.Path), all(after, o.Path)
	if o.Kept && len(have) == 1 {
		return len(got) != 1 || got[0].Kind != yaml.SequenceNode || o.left(have[0], got[0]) < len(have[0].Content) ||
			o.twin(have[0], got[0]) != nil
	}
	return !sameValues(have, got) && (o.Allowed == "" || len(got) != 1 || canonical(got[0]) != o.Allowed)
}

// left counts the items of a list that a patch has not touched.
func (o *Owned) left(before, after *yaml.Node) int {
	left := 0
	for _, item := range before.Content {
		if contains(after.Content, item) {
			left++
		}
	}
	return left
}

// twin finds an item that a patch adds to a list and that is called like one that was there.
func (o *Owned) twin(before, after *yaml.Node) *yaml.Node {
	for _, key := range o.Unique {
		seen := map[string]int{}
		for _, item := range before.Content {
			seen[scalar(item, key)]--
		}
		for _, item := range after.Content {
			name := scalar(item, key)
			if known, ok := seen[name]; ok && name != "" {
				if known == 0 {
					return item
				}
				seen[name]++
			}
		}
	}
	return nil
}

// scalar gives the value of a field as text, however a number is written.
func scalar(n *yaml.Node, key string) string {
	value := child(n, key)
	if value == nil || value.Kind != yaml.ScalarNode {
		return ""
	}
	return fmt.Sprint(plainValue(value))
}

// value is what of an owned part has to stay, at the path to it or to what holds it.
func (o *Owned) value(before *yaml.Node) func(root *yaml.Node) string {
	have := at(before, o.Path)
	return func(root *yaml.Node) string {
		got := at(root, o.Path)
		if !o.Kept || have == nil || got == nil {
			return allCanonical(all(root, o.Path))
		}
		return fmt.Sprint(o.left(have, got), o.twin(have, got) != nil)
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
		whole.Path = doubled(o.root, after, owned.Path)
		if whole.Path == nil {
			whole.Path = gone(o.root, after, owned.Path)
		}
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

// doubled gives the first part of a path that leads to more items than it did, where it led to one, or nil.
func doubled(before, after *yaml.Node, path []string) []string {
	for i := range path {
		if have := len(all(before, path[:i+1])); have > 0 && len(all(after, path[:i+1])) > have {
			return path[:i+1]
		}
	}
	return nil
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
	if o.private() || p.source.Private {
		before, now = "", ""
	}
	switch {
	case doubled(o.root, after, owned.Path) != nil:
		return "adds a second " + name, ""
	case owned.Kept && got != nil && len(all(after, owned.Path)) == 1 && owned.left(have, got) == len(have.Content):
		return "adds what has the " + strings.Join(owned.Unique, " or ") + " of what was rendered to " + name, ""
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
