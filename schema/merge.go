package schema

import (
	"maps"
	"slices"
)

// Merge gives base with over merged into it: maps by key, lists of objects with a name by name, anything else
// replaced. Neither argument is changed.
func Merge(base, over map[string]any) map[string]any {
	if len(over) == 0 {
		return base
	}
	merged := make(map[string]any, len(base)+len(over))
	maps.Copy(merged, base)
	for k, v := range over {
		merged[k] = mergeValue(merged[k], v)
	}
	return merged
}

func mergeValue(base, over any) any {
	switch over := over.(type) {
	case map[string]any:
		if b, ok := base.(map[string]any); ok {
			return Merge(b, over)
		}
	case []any:
		if b, ok := base.([]any); ok && named(b) && named(over) {
			return mergeByName(b, over)
		}
	}
	return over
}

// named reports whether a list holds only objects that have a name.
func named(list []any) bool {
	return len(list) > 0 && !slices.ContainsFunc(list, func(item any) bool { return nameOf(item) == "" })
}

func nameOf(item any) string {
	m, _ := item.(map[string]any)
	name, _ := m["name"].(string)
	return name
}

func mergeByName(base, over []any) []any {
	merged := slices.Clone(base)
	at := map[string]int{}
	for i, item := range merged {
		at[nameOf(item)] = i
	}
	for _, item := range over {
		if i, ok := at[nameOf(item)]; ok {
			merged[i] = mergeValue(merged[i], item)
			continue
		}
		at[nameOf(item)] = len(merged)
		merged = append(merged, item)
	}
	return merged
}
