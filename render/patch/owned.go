package patch

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Owned is a part of an object that follows from the topology, or that istiod or the commands of the README go by.
type Owned struct {
	// Path leads there. An element such as [name=x] is the item of a list with that name, [*] is any item.
	Path []string
	// Allowed, where it is not empty, is the only other value that it may be given, as JSON.
	Allowed string
	// Kept says that it is a list to which items may be added, but from which none may be taken.
	Kept bool
	// Unique are the fields in which no item may be added to such a list that are those of one that was there.
	Unique []string
	// Items, where it is not nil, says of an item that is added to the list at Path, or of the text there, what goes
	// wrong, or "". Other changes are allowed.
	Items func(item any) string
	// Ahead says that only items ahead of the last one that was rendered are refused: the first that fits counts.
	Ahead bool
	// Why is what goes wrong otherwise, and Fix what to do instead.
	Why, Fix string
}

// each gives the parts that one with [*] in its path stands for.
func (o *Owned) each(before, after *yaml.Node) []Owned {
	i := slices.Index(o.Path, "[*]")
	if i < 0 {
		return []Owned{*o}
	}
	var parts []Owned
	seen := map[string]bool{}
	for _, root := range []*yaml.Node{before, after} {
		list := at(root, o.Path[:i])
		if list == nil || list.Kind != yaml.SequenceNode {
			continue
		}
		for number, item := range list.Content {
			element := "[" + strconv.Itoa(number) + "]"
			if name := word(item, "name"); name != "" {
				element = "[name=" + name + "]"
			}
			if seen[element] {
				continue
			}
			seen[element] = true
			part := *o
			part.Path = slices.Concat(o.Path[:i], []string{element}, o.Path[i+1:])
			parts = append(parts, part.each(before, after)...)
		}
	}
	return parts
}

// changed reports whether a patch has changed what is owned. Of items with the same name all count: readers of a list
// do not agree about which of them does.
func (o *Owned) changed(before, after *yaml.Node) bool {
	have, got := all(before, o.Path), all(after, o.Path)
	switch {
	case o.Items != nil:
		return o.refused(have, got) != nil
	case o.Kept && len(have) == 1:
		return len(got) != 1 || got[0].Kind != yaml.SequenceNode || o.left(have[0], got[0]) < len(have[0].Content) ||
			o.twin(have[0], got[0]) != nil
	}
	return !sameValues(have, got) && !o.allows(got)
}

// allows reports whether what stands there is the other value that is allowed.
func (o *Owned) allows(got []*yaml.Node) bool {
	return o.Allowed != "" && len(got) > 0 &&
		!slices.ContainsFunc(got, func(n *yaml.Node) bool { return canonical(n) != o.Allowed })
}

// refused gives the last item that a patch adds and must not, or nil.
func (o *Owned) refused(have, got []*yaml.Node) *yaml.Node {
	known := func(item *yaml.Node) bool {
		return slices.ContainsFunc(have, func(list *yaml.Node) bool { return contains(list.Content, item) })
	}
	for _, list := range slices.Backward(got) {
		if list.Kind == yaml.ScalarNode && !contains(have, list) && o.Items(plainValue(list)) != "" {
			return list
		}
		if list.Kind != yaml.SequenceNode {
			continue
		}
		counts := !o.Ahead
		for _, item := range slices.Backward(list.Content) {
			switch {
			case known(item):
				counts = true
			case counts && o.Items(plainValue(item)) != "":
				return item
			}
		}
	}
	return nil
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
	called := func(list *yaml.Node, key, name string) []*yaml.Node {
		var found []*yaml.Node
		for _, item := range list.Content {
			if scalar(item, key) == name {
				found = append(found, item)
			}
		}
		return found
	}
	for _, key := range o.Unique {
		for _, item := range before.Content {
			name := scalar(item, key)
			if name == "" {
				continue
			}
			if now := called(after, key, name); len(now) > len(called(before, key, name)) {
				return newest(now, before)
			}
		}
	}
	return nil
}

// scalar gives the value of a field, such as port.number, as text, however a number is written.
func scalar(n *yaml.Node, key string) string {
	value := at(n, strings.Split(key, "."))
	if value == nil || value.Kind != yaml.ScalarNode {
		return ""
	}
	return fmt.Sprint(plainValue(value))
}

// offender gives the item of a list that does not belong there, or nil where it is not one item.
func (o *Owned) offender(before, after *yaml.Node) *yaml.Node {
	have, got := all(before, o.Path), all(after, o.Path)
	switch {
	case o.Items != nil:
		return o.refused(have, got)
	case o.Kept && len(have) == 1 && len(got) == 1 && o.left(have[0], got[0]) == len(have[0].Content):
		return o.twin(have[0], got[0])
	}
	return nil
}

// value is what of an owned part has to stay, at the path to it or to what holds it.
func (o *Owned) value(before *yaml.Node) func(root *yaml.Node) string {
	have := all(before, o.Path)
	return func(root *yaml.Node) string {
		got := all(root, o.Path)
		switch {
		case o.Items != nil:
			return canonical(o.refused(have, got))
		case !o.Kept || len(have) == 0 || len(got) == 0:
			return allCanonical(got)
		}
		return fmt.Sprint(o.left(have[0], got[0]), o.twin(have[0], got[0]) != nil)
	}
}

// checkOwned reports each owned part that the patch changes, parts with the same symptom together. What got lost with
// a replaced list is reported there.
func (p *Patch) checkOwned(o *Object, after *yaml.Node, replaced [][]string) []*Problem {
	var problems []*Problem
	reported := map[string]bool{}
	for i := range o.owned {
		for _, owned := range o.owned[i].each(o.root, after) {
			if !owned.changed(o.root, after) || slices.ContainsFunc(replaced, owned.within) {
				continue
			}
			problem, line, path := p.ownedProblem(o, after, owned)
			place := fmt.Sprint(line, problem.Why)
			if reported[place] || reported[path] {
				continue
			}
			reported[place], reported[path] = true, true
			problems = append(problems, problem)
		}
	}
	return problems
}

// ownedProblem says what the patch does to an owned part, and gives the line of the patch and the path that it is
// about.
func (p *Patch) ownedProblem(o *Object, after *yaml.Node, owned Owned) (problem *Problem, line int, path string) {
	offender := owned.offender(o.root, after)
	if owned.Items != nil {
		owned.Why = owned.Items(plainValue(offender))
	} else {
		owned.Path = owned.whole(o.root, after)
	}
	line = p.culprit(o, owned.Path, offender, owned.value(o.root))
	what, values := p.describe(&owned, o, after)
	problem = p.source.problem(patchOwned, line, "the patch %s", what).of(o)
	problem.Values, problem.Why, problem.Fix = values, owned.Why, owned.Fix
	return problem, line, show(owned.Path)
}

// whole gives the first part of the path that is there twice, or not any more, or the path itself.
func (o *Owned) whole(before, after *yaml.Node) []string {
	if path := doubled(before, after, o.Path); path != nil {
		return path
	}
	return gone(before, after, o.Path)
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
	case owned.Items != nil && got != nil && got.Kind == yaml.ScalarNode:
		return "overrides what was rendered by " + name, ""
	case owned.Items != nil:
		return "adds an item to " + name + " that overrides what was rendered", ""
	case doubled(o.root, after, owned.Path) != nil:
		return "adds a second " + name, ""
	case owned.Kept && have != nil && got != nil && len(all(after, owned.Path)) == 1 && owned.left(have, got) == len(have.Content):
		return "adds what has the " + strings.Join(owned.Unique, " or ") + " of what was rendered to " + name, ""
	case owned.Kept && have != nil && got != nil:
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
