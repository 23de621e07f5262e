package patch

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// losses reports the lists of objects that a strategic merge has replaced, where something got lost that the patch
// does not take away in so many words: by null, or by $patch. It also gives the paths of those lists.
func (p *Patch) losses(o *Object, after *yaml.Node) (problems []*Problem, replaced [][]string) {
	eachList(p.merge, o.root, after, nil, func(line int, path []string, patch, before, after *yaml.Node) {
		lost := lostItems(patch, before, after)
		if len(lost) == 0 {
			return
		}
		fix := "write JSON 6902 operations, such as {op: add, path: /" + strings.Join(escaped(path), "/") + place(patch, before) + ", value: …}, or everything that is to stay"
		problem := p.source.problem(patchLosesItems, line, "the patch loses %s: it replaces the list %s", few(lost), show(path))
		problems, replaced = append(problems, problem.of(o).fixed(fix)), append(replaced, path)
	})
	return problems, replaced
}

// eachList calls f for every list of objects that a merge names and the object had.
func eachList(patch, before, after *yaml.Node, path []string, f func(line int, path []string, patch, before, after *yaml.Node)) {
	if directive(patch) != "" || before == nil || after == nil {
		return
	}
	for i := 0; i+1 < len(patch.Content); i += 2 {
		key, value := patch.Content[i], patch.Content[i+1]
		had, has := child(before, key.Value), child(after, key.Value)
		below := append(path[:len(path):len(path)], key.Value)
		switch {
		case value.Kind == yaml.MappingNode:
			eachList(value, had, has, below, f)
		case value.Kind == yaml.SequenceNode && had != nil && has != nil && holdsObjects(had) && !replacedOnPurpose(value):
			f(key.Line, below, value, had, has)
		}
	}
}

func holdsObjects(list *yaml.Node) bool {
	return list.Kind == yaml.SequenceNode && len(list.Content) > 0 && list.Content[0].Kind == yaml.MappingNode
}

// replacedOnPurpose reports whether a list says itself that it takes the place of the old one.
func replacedOnPurpose(list *yaml.Node) bool {
	return slices.ContainsFunc(list.Content, func(item *yaml.Node) bool { return directive(item) == "replace" })
}

// lostItems names what was in a list and is not any more: whole items, and fields of those that stayed.
func lostItems(patch, before, after *yaml.Node) []string {
	var lost []string
	for i, had := range before.Content {
		name := word(had, "name")
		if name == "" {
			if !contains(after.Content, had) {
				lost = append(lost, "item "+strconv.Itoa(i))
			}
			continue
		}
		wanted, has := item(patch, name), item(after, name)
		switch {
		case wanted != nil && directive(wanted) == "delete":
		case has == nil:
			lost = append(lost, strconv.Quote(name))
		default:
			if fields := lostFields(wanted, had, has); len(fields) > 0 {
				lost = append(lost, few(fields)+" of "+strconv.Quote(name))
			}
		}
	}
	return lost
}

// lostFields names the fields that were in a map and are not any more, unless the patch takes them away by null. A
// field is named where it is lost as a whole.
func lostFields(patch, before, after *yaml.Node) []string {
	var lost []string
	for i := 0; i+1 < len(before.Content); i += 2 {
		name, had := before.Content[i].Value, before.Content[i+1]
		has, wanted := child(after, name), child(patch, name)
		switch {
		case wanted != nil && wanted.ShortTag() == "!!null":
		case has == nil:
			lost = append(lost, name)
		case had.Kind == yaml.MappingNode && has.Kind == yaml.MappingNode:
			for _, below := range lostFields(wanted, had, has) {
				lost = append(lost, name+"."+below)
			}
		case holdsObjects(had) && has.Kind == yaml.SequenceNode:
			for _, item := range lostItems(wanted, had, has) {
				lost = append(lost, item+" in "+name)
			}
		}
	}
	return lost
}

// few lists some words and counts the rest.
func few(words []string) string {
	const most = 4
	if len(words) > most {
		words = append(words[:most:most], strconv.Itoa(len(words)-most)+" more")
	}
	return diag.Enumerate(words, "and")
}

// place gives the end of a pointer into a list: to the first item that a merge names and that was there, or to the end.
func place(patch, before *yaml.Node) string {
	for i, had := range before.Content {
		if name := word(had, "name"); name != "" && item(patch, name) != nil {
			return "/" + strconv.Itoa(i) + "/…"
		}
	}
	return "/-"
}

// escaped writes keys as the parts of a JSON pointer.
func escaped(path []string) []string {
	parts := make([]string, len(path))
	for i, key := range path {
		parts[i] = strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
	}
	return parts
}
