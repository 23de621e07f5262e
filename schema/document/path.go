package document

import (
	"strconv"
	"strings"
)

// ParsePath gives the elements of a path into an object, written as istioctl does (operator/pkg/util/path.go): keys
// between dots, \. where a key has one, and items of lists in brackets, such as a.b\.c.[name=x] or a.b[0].
func ParsePath(path string) []string {
	const escaped = "\x00"
	elements := make([]string, 0, strings.Count(path, ".")+1)
	for element := range strings.SplitSeq(strings.ReplaceAll(path, `\.`, escaped), ".") {
		element = strings.ReplaceAll(element, escaped, ".")
		if key, selector, ok := strings.Cut(element, "["); ok && key != "" {
			elements = append(elements, key, "["+selector)
		} else if element != "" {
			elements = append(elements, element)
		}
	}
	return elements
}

// IsItem reports whether an element of a path stands for items of a list.
func IsItem(element string) bool { return strings.HasPrefix(element, "[") }

// Selects reports whether an element such as [name=x], [2] or [*] stands for the item at an index, of which field gives
// the texts.
func Selects(element string, index int, field func(key string) string) bool {
	key, want, named := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(element, "["), "]"), "=")
	if named {
		return field(key) == want
	}
	return key == "*" || key == strconv.Itoa(index)
}
