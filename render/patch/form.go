package patch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/shown"
)

// operation is one of JSON 6902.
type operation struct {
	kind       string
	path, from []string // the parts of the pointers
	pointer    string   // path as a message may have it
	line       int
	value      *yaml.Node // what add and replace write
	text       string     // the operation as JSON
}

// operands are what each operation needs beside op and path.
var operands = map[string]string{"add": "value", "replace": "value", "test": "value", "remove": "", "move": "from", "copy": "from"}

var operationNames = []string{"add", "remove", "replace", "move", "copy", "test"}

func readOperations(s *Source, list *yaml.Node) ([]operation, *Problem) {
	if len(list.Content) == 0 {
		return nil, s.problem(patchForm, list.Line, "the list of operations is empty")
	}
	var ops []operation
	for _, item := range list.Content {
		op, problem := readOperation(s, item)
		if problem != nil {
			return nil, problem
		}
		ops = append(ops, op)
	}
	return ops, nil
}

func readOperation(s *Source, item *yaml.Node) (operation, *Problem) {
	wrong := func(line int, fix, format string, args ...any) (operation, *Problem) {
		return operation{}, s.problem(patchForm, line, format, args...).fixed(fix)
	}
	kindKey, kindNode := field(item, "op")
	switch {
	case item.Kind != yaml.MappingNode:
		return wrong(item.Line, "write {op: …, path: …, value: …}", "an item of the list is not an operation")
	case kindKey == nil && child(item, "kind") != nil:
		return wrong(item.Line, "write the object without \"- \" in an entry of patches of its own", "an object stands among JSON 6902 operations: a patch is one or the other")
	case kindKey == nil:
		return wrong(item.Line, "add op, one of "+strings.Join(operationNames, ", "), "an operation has no op")
	}
	operand, known := operands[kindNode.Value]
	if !known || kindNode.Kind != yaml.ScalarNode {
		fix := diag.Hint(kindNode.Value, operationNames, "use one of "+strings.Join(operationNames, ", "))
		return wrong(kindNode.Line, fix, "JSON 6902 has no such operation")
	}
	op := operation{kind: kindNode.Value, line: item.Line, pointer: shown.Pointer(word(item, "path"))}
	for i := 0; i < len(item.Content); i += 2 {
		key := item.Content[i]
		if !slices.Contains([]string{"op", "path", operand}, key.Value) {
			fix := "delete it"
			if near := diag.Nearest(key.Value, []string{"path", operand}); near != "" && child(item, near) == nil {
				fix = fmt.Sprintf("did you mean %q?", near)
			}
			return wrong(key.Line, fix, "the operation %s has no field of this name", op.kind)
		}
	}
	if operand != "" && child(item, operand) == nil {
		return wrong(item.Line, "add "+operand, "the operation %s has no %s", op.kind, operand)
	}
	var ok bool
	if op.path, ok = pointer(child(item, "path")); !ok {
		return wrong(item.Line, "write a pointer such as /metadata/labels/team; a \"/\" in a name is ~1, a \"~\" is ~0", "the path of an operation must begin with \"/\"")
	}
	if operand == "from" {
		if op.from, ok = pointer(child(item, "from")); !ok {
			return wrong(item.Line, "write a pointer such as /metadata/labels/team", "the from of an operation must begin with \"/\"")
		}
	}
	if op.kind == "copy" && len(op.path) > len(op.from) && slices.Equal(op.path[:len(op.from)], op.from) {
		return wrong(item.Line, "copy what is in it, field by field", "the operation copy puts a value into itself")
	}
	op.value = child(item, "value")
	text, err := json.Marshal(plainValue(item))
	if err != nil {
		return wrong(item.Line, "write a value that JSON can hold", "the value of an operation cannot be written as JSON")
	}
	op.text = string(text)
	return op, nil
}

// pointer gives the parts of a JSON pointer. That to the document as a whole is refused: it would replace the object.
func pointer(n *yaml.Node) ([]string, bool) {
	if n == nil || n.ShortTag() != "!!str" || !strings.HasPrefix(n.Value, "/") {
		return nil, false
	}
	parts := strings.Split(n.Value[1:], "/")
	for i, part := range parts {
		parts[i] = strings.NewReplacer("~1", "/", "~0", "~").Replace(part)
	}
	return parts, true
}

// readMerge checks what kustomize asks of a strategic merge patch: that it is an object with a kind and a name.
func readMerge(s *Source, root *yaml.Node) (*yaml.Node, *Problem) {
	wrong := func(line int, fix, format string, args ...any) (*yaml.Node, *Problem) {
		return nil, s.problem(patchForm, line, format, args...).fixed(fix)
	}
	op, _ := field(root, "op")
	missing := func(field string) (*yaml.Node, *Problem) {
		return wrong(root.Line, "add "+field, "a strategic merge patch needs %s", field)
	}
	switch {
	case op != nil && child(root, "path") != nil:
		return wrong(op.Line, "write \"- \" before it", "JSON 6902 operations are a list, even if there is only one")
	case word(root, "kind") == "":
		return missing("kind")
	case word(root, "metadata", "name") == "":
		return missing("metadata.name; with a target any name does")
	case strings.HasSuffix(word(root, "kind"), "List"):
		return wrong(root.Line, "write an entry of patches for each", "the patch is a list of objects")
	case s.Target == nil && word(root, "apiVersion") == "":
		return missing("apiVersion, or a target")
	}
	if empty := emptyItem(root); empty != nil {
		return wrong(empty.Line, "write the item, or delete it", "a list has an empty item")
	}
	return root, nil
}

// emptyItem finds null in a list, which kustomize refuses in a merge.
func emptyItem(n *yaml.Node) *yaml.Node {
	for _, below := range n.Content {
		if n.Kind == yaml.SequenceNode && below.ShortTag() == "!!null" {
			return below
		}
		if found := emptyItem(below); found != nil {
			return found
		}
	}
	return nil
}
