package explain

import (
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// asked is a path as a person types it: with or without spec, from the top or only its end, with NAME, a real name or a
// number for what is named or counted.
type asked struct {
	typed  string
	parts  []string
	fields []grammar.Field
	rules  []*diag.Rule
}

// pathParts takes a path apart, also one that was written as for jq or for kubectl explain.
func pathParts(typed string) []string {
	if !strings.Contains(typed, ".") {
		typed = strings.ReplaceAll(typed, "/", ".")
	}
	typed = strings.NewReplacer("[", ".", "]", "", `"`, "", "'", "").Replace(strings.TrimPrefix(typed, "$"))
	parts := slices.DeleteFunc(strings.Split(typed, "."), func(part string) bool { return part == "" })
	if len(parts) > 1 && strings.EqualFold(parts[0], "topology") {
		return parts[1:]
	}
	return parts
}

// named gives the fields that are meant: one from the top, or else all that end so, the shortest path first.
func (q asked) named() []grammar.Field {
	if len(q.parts) == 0 {
		return nil
	}
	var ends []grammar.Field
	for _, f := range q.fields {
		switch want := strings.Split(f.Path, "."); {
		case fits(want, q.parts), fits(want, append([]string{"spec"}, q.parts...)), f.Named && q.isEntry(f, want):
			return []grammar.Field{f}
		case q.isEndOf(want):
			ends = append(ends, f)
		}
	}
	slices.SortStableFunc(ends, func(a, b grammar.Field) int {
		return strings.Count(a.Path, ".") - strings.Count(b.Path, ".")
	})
	return ends
}

// isEntry reports whether the path names an entry of a map. A name of an annotation has dots of its own.
func (q asked) isEntry(f grammar.Field, want []string) bool {
	entry, have := append(slices.Clone(want), anyName), q.parts
	for i := range want {
		if n := len(want) - i; len(have) > n && fits(want[i:], have[:n]) && len(childrenOf(f, q.fields)) == 0 && (i <= 1 || want[i] != anyName) {
			return true
		}
	}
	return fits(entry, have) || fits(entry[1:], have)
}

// isEndOf reports whether the path ends a longer one, in which its first word is no name that another field has.
func (q asked) isEndOf(want []string) bool {
	isField := slices.ContainsFunc(q.fields, func(f grammar.Field) bool { return lastName(f.Path) == q.parts[0] })
	for i := 1; i < len(want); i++ {
		if (want[i] != anyName || len(q.parts) > 1 && !isField) && fits(want[i:], q.parts) {
			return true
		}
	}
	return false
}

// anyName stands for the name of a cluster or network, or for a code.
const anyName = "NAME"

// fits reports whether a path typed by a person is a field's: NAME stands for any name, and numbers of items may stand
// where a list is.
func fits(want, have []string) bool {
	for i := 0; ; i++ {
		for len(have) > i && isNumber(have[i]) && (i >= len(want) || want[i] != anyName) {
			have = slices.Delete(slices.Clone(have), i, i+1)
		}
		if i >= len(want) || i >= len(have) {
			return len(want) == len(have)
		}
		if want[i] != anyName && !strings.EqualFold(want[i], have[i]) {
			return false
		}
	}
}

func isNumber(part string) bool {
	_, err := strconv.ParseUint(part, 10, 16)
	return err == nil || part == "*"
}

// handed gives the field whose value is handed through to Istio and holds what is asked for, and the path from there.
func (q asked) handed() (*grammar.Field, []string) {
	for n := len(q.parts) - 1; n > 0; n-- {
		above := asked{parts: q.parts[:n], fields: q.fields}
		for _, f := range above.named() {
			if f.Free {
				return &f, q.parts[n:]
			}
		}
	}
	return nil, nil
}

// unknown says what there is where the path stops being one.
func (q asked) unknown() error {
	for n := len(q.parts) - 1; n > 0; n-- {
		above := asked{parts: q.parts[:n], fields: q.fields}
		found := above.named()
		if len(found) == 0 {
			continue
		}
		part, at := q.parts[n], found[0].Path
		names := namesBelow(found[0], q.fields)
		if found[0].Named && !(above.isEntry(found[0], strings.Split(at, "."))) {
			break
		}
		if found[0].Named {
			at += "." + anyName
		}
		if part == "name" && found[0].Named {
			return usage.Errorf("%q is no field: the name stands before the colon, as %s", q.typed, at)
		}
		if near := diag.Nearest(part, names); near != "" {
			return usage.Errorf("%q is neither a code nor a field: did you mean %q?", q.typed, at+"."+near)
		}
		if len(names) > 0 {
			return usage.Errorf("%q is no field: %s has %s", q.typed, at, strings.Join(names, ", "))
		}
		return usage.Errorf("%q is no field: %s has none below it", q.typed, at)
	}
	return usage.Errorf("%q is neither a code nor a field: %s", q.typed, diag.Hint(q.typed, topics(q.rules, q.fields), "meshtopo explain lists them"))
}
