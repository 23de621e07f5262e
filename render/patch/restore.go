package patch

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
)

// restore gives a patched object the order of keys, the quotes and the comments that it had: JSON 6902 loses all of
// them. What the patch has added follows behind, in its own order.
func restore(before, after *yaml.Node) *yaml.Node {
	result := *after
	result.HeadComment, result.LineComment, result.FootComment = "", "", ""
	if before != nil {
		result.HeadComment, result.LineComment, result.FootComment = before.HeadComment, before.LineComment, before.FootComment
		if before.Kind != after.Kind {
			before = nil
		}
	}
	switch after.Kind {
	case yaml.MappingNode:
		restoreMap(&result, before, after)
	case yaml.SequenceNode:
		restoreList(&result, before, after)
	default:
		result.Style = scalarStyle(before, after)
	}
	return &result
}

func restoreMap(result, before, after *yaml.Node) {
	result.Style, result.Content = 0, nil
	if before != nil && sameValue(before, after) {
		result.Style = before.Style
	}
	had, has := values(before), values(after)
	if before != nil {
		for i := 0; i+1 < len(before.Content); i += 2 {
			if value := has[before.Content[i].Value]; value != nil {
				result.Content = append(result.Content, before.Content[i], restore(before.Content[i+1], value))
			}
		}
	}
	for i := 0; i+1 < len(after.Content); i += 2 {
		key := after.Content[i]
		if had[key.Value] == nil {
			result.Content = append(result.Content, restore(nil, key), restore(nil, after.Content[i+1]))
		}
	}
	if len(result.Content) == 0 {
		result.Style = yaml.FlowStyle
	}
}

func restoreList(result, before, after *yaml.Node) {
	result.Style, result.Content = 0, nil
	if before != nil && (sameValue(before, after) || !holdsObjects(after)) {
		result.Style = before.Style
	}
	for i, item := range after.Content {
		result.Content = append(result.Content, restore(counterpart(before, item, i), item))
	}
	if len(result.Content) == 0 {
		result.Style = yaml.FlowStyle
	}
}

// counterpart gives what an item of a list was before: the one of the same name, or the same value, or place.
func counterpart(before, item *yaml.Node, i int) *yaml.Node {
	if before == nil {
		return nil
	}
	name := word(item, "name")
	for _, candidate := range before.Content {
		if name != "" && word(candidate, "name") == name || sameValue(candidate, item) {
			return candidate
		}
	}
	if name == "" && i < len(before.Content) {
		return before.Content[i]
	}
	return nil
}

func scalarStyle(before, after *yaml.Node) yaml.Style {
	switch {
	case before != nil && before.ShortTag() == after.ShortTag() && (before.Value == after.Value || before.Style == yaml.DoubleQuotedStyle && !strings.Contains(after.Value, "\n")):
		return before.Style
	case after.ShortTag() != "!!str":
		return 0
	}
	return StringStyle(after.Value)
}

// plain matches what no reader of YAML, 1.1 or 1.2, takes for anything but a string, once the reserved words are set
// aside. lined is a text that is easier to read as a block; one that begins with white space would need an indentation
// indicator there.
var (
	plain    = diag.OnceRegexp(`^[A-Za-z/][-A-Za-z0-9_./]*$`)
	reserved = diag.OnceRegexp(`(?i)^(y|n|yes|no|on|off|true|false|null)$`)
	lined    = diag.OnceRegexp(`^[!-~].*\n`)
)

// StringStyle is how a string is written: quoted where a reader could take it for something else, as a block where it
// has lines.
func StringStyle(s string) yaml.Style {
	switch {
	case plain().MatchString(s) && !reserved().MatchString(s):
		return 0
	case lined().MatchString(s):
		return yaml.LiteralStyle
	}
	return yaml.DoubleQuotedStyle
}
