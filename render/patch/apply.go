package patch

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
	jsonpatch "gopkg.in/evanphx/json-patch.v4"
	"sigs.k8s.io/kustomize/api/filters/patchjson6902"
	"sigs.k8s.io/kustomize/api/filters/patchstrategicmerge"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/shown"
)

// maxCopied is how many bytes the copy operations of a patch may add to an object. A rendered object has some thousand.
const maxCopied = 16 << 10

func init() { jsonpatch.AccumulatedCopySizeLimit = maxCopied }

// Apply makes a patch on an object that it fits, and gives what is wrong with it. An object on which a patch fails, or
// which it would rename or delete, stays as it was.
func (p *Patch) Apply(o *Object) (fits bool, problems []*Problem) {
	fits, problems = p.apply(o)
	p.faulty = p.faulty || len(problems) > 0
	return fits, problems
}

func (p *Patch) apply(o *Object) (fits bool, problems []*Problem) {
	if !p.fits(o.root) {
		return false, nil
	}
	if o.work.tooMuch() {
		problem := p.source.problem(patchFailed, 1, "the patch comes after too many others")
		return true, []*Problem{problem.of(o).fixed("make the changes in fewer patches: one may have many operations")}
	}
	if o.work.tooManyValues(p.values) {
		problem := p.source.problem(patchFailed, 1, "patches write too many values in all objects together: this one is not made on the fields")
		problem.Why = "a mesh whose patches write so much takes minutes and gigabytes to render"
		return true, []*Problem{problem.of(o).fixed("make the patch smaller, or have it fit fewer objects")}
	}
	o.work.values += p.values
	before, text := o.root, canonical(o.root)
	o.work.done += len(text)
	var after *yaml.Node
	var problem *Problem
	if p.merge != nil {
		o.work.done += workOfMerge
		after, problem = p.applyMerge(o)
	} else {
		after, problem = p.applyOperations(o, text)
	}
	if problem != nil {
		return true, []*Problem{problem}
	}
	if canonical(after) == text {
		return true, nil
	}
	if problem := p.checkIdentity(o, after); problem != nil {
		return true, []*Problem{problem}
	}
	var replaced [][]string
	if p.merge != nil {
		problems, replaced = p.losses(o, after)
	}
	problems = append(problems, p.checkOwned(o, after, replaced)...)
	o.work.values += max(0, count(after)-count(before)-p.values) // what was copied
	o.root, o.changed = restore(before, after), true
	return true, problems
}

// applyOperations makes all operations together on an object, whose JSON is text. Where one fails, those before it say
// why.
func (p *Patch) applyOperations(o *Object, text string) (*yaml.Node, *Problem) {
	for i := range p.ops {
		op := &p.ops[i]
		if o.private() && (touchesData(op.path) || touchesData(op.from)) {
			return nil, p.source.problem(patchPrivate, op.line, "the operation %s is about the data", op.kind).of(o)
		}
	}
	failed, failure := p.firstFailing([]byte(text))
	root, err := p.applyFirst(failed, o.root)
	switch tooMuch := (*jsonpatch.AccumulatedCopySizeError)(nil); {
	case failed == len(p.ops) && err == nil:
		return root, nil
	case failed == len(p.ops) || err != nil:
		return nil, p.source.problem(patchFailed, p.ops[0].line, "the operations cannot be made").of(o)
	case errors.As(failure, &tooMuch):
		return nil, p.source.problem(patchFailed, p.ops[failed].line, "the operation copy makes too much, for any API server,").of(o)
	}
	message, fix := p.ops[failed].failure(root)
	return nil, p.source.problem(patchFailed, p.ops[failed].line, "%s", message).of(o).fixed(fix)
}

// firstFailing gives the index of the first operation that cannot be made, or their number, and the error. It looks for
// it in halves: a patch may have very many operations.
func (p *Patch) firstFailing(text []byte) (int, error) {
	err := p.try(len(p.ops), text)
	if err == nil {
		return len(p.ops), nil
	}
	failing := sort.Search(len(p.ops), func(i int) bool { return p.try(i+1, text) != nil })
	if failing < len(p.ops) {
		err = p.try(failing+1, text)
	}
	return failing, err
}

// try makes the first n operations on the JSON of an object. What is copied or moved has to be there: the library would
// copy null.
func (p *Patch) try(n int, text []byte) error {
	var ops []string
	for i := range p.ops[:n] {
		if from := p.ops[i].source(); from != "" {
			ops = append(ops, `{"op":"move","from":`+from+`,"path":`+from+`}`)
		}
		ops = append(ops, p.ops[i].text)
	}
	decoded, err := jsonpatch.DecodePatch([]byte("[" + strings.Join(ops, ",") + "]"))
	if err == nil {
		_, err = decoded.Apply(text)
	}
	return err
}

var negative = diag.OnceRegexp(`^-[0-9]+$`)

// source gives the pointer to what is copied or moved, as JSON, or "". The library counts from the end of a list where
// JSON 6902 does not: such a pointer becomes one to nothing.
func (op *operation) source() string {
	if op.from == nil {
		return ""
	}
	parts := slices.Clone(op.from)
	for i, part := range parts {
		if negative().MatchString(part) {
			parts[i] = "\x00"
		}
	}
	text, err := json.Marshal("/" + strings.Join(escaped(parts), "/"))
	if err != nil {
		return ""
	}
	return string(text)
}

// applyFirst makes the first n operations, as kustomize does.
func (p *Patch) applyFirst(n int, root *yaml.Node) (*yaml.Node, error) {
	if n == 0 {
		return root, nil
	}
	var ops []string
	for i := range p.ops[:n] {
		ops = append(ops, p.ops[i].text)
	}
	node := kyaml.NewRNode(root).Copy()
	if _, err := (patchjson6902.Filter{Patch: "[" + strings.Join(ops, ",") + "]"}).Filter([]*kyaml.RNode{node}); err != nil {
		return nil, err
	}
	return node.YNode(), nil
}

// touchesData reports whether a pointer leads to the data of a Secret, or to what is in it.
func touchesData(path []string) bool {
	return len(path) > 0 && (path[0] == "data" || path[0] == "stringData")
}

// failure says why an operation cannot be made, and how it could. The words of the library may hold values.
func (op *operation) failure(root *yaml.Node) (message, fix string) {
	parent, missing := follow(root, op.path[:len(op.path)-1])
	nowhere := func(pointer string) string {
		return fmt.Sprintf("%s: there is no %q among the fields", op.kind, pointer)
	}
	switch {
	case op.from != nil && !there(root, op.from):
		return fmt.Sprintf("%s: its from is not among the fields", op.kind), ""
	case op.kind == "test" && there(root, op.path):
		return fmt.Sprintf("test: %q has another value among the fields", op.pointer), ""
	case op.kind == "add" && missing != "":
		missing = shown.Pointer(missing)
		return nowhere(missing), "add an operation before it that makes the parent: {op: add, path: " + missing + ", value: {}}"
	case op.kind == "add" && parent.Kind == yaml.SequenceNode:
		return fmt.Sprintf("add: %q is no place in a list of %d among the fields", op.pointer, len(parent.Content)), "end the path with a number from 0, or with - for the end"
	case parent != nil && parent.Kind == yaml.ScalarNode:
		return fmt.Sprintf("%s: %q leads into a single value among the fields", op.kind, op.pointer), ""
	case op.kind == "replace" && !there(root, op.path):
		return nowhere(op.pointer), "use add, which also replaces"
	case !there(root, op.path):
		return nowhere(op.pointer), ""
	}
	return fmt.Sprintf("%s: %q cannot be changed so among the fields", op.kind, op.pointer), ""
}

func there(root *yaml.Node, path []string) bool {
	n, _ := follow(root, path)
	return n != nil
}

// follow gives the node that a pointer leads to, or the pointer to the first part that is missing.
func follow(n *yaml.Node, path []string) (found *yaml.Node, missing string) {
	for _, part := range path {
		missing += "/" + part
		var next *yaml.Node
		switch n.Kind {
		case yaml.MappingNode:
			next = child(n, part)
		case yaml.SequenceNode:
			if i, err := strconv.Atoi(part); err == nil && i >= 0 && i < len(n.Content) {
				next = n.Content[i]
			}
		}
		if next == nil {
			return nil, missing
		}
		n = next
	}
	return n, ""
}

// applyMerge merges the patch into an object as kustomize does: what the patch says of kind, name and namespace only
// finds the object.
func (p *Patch) applyMerge(o *Object) (*yaml.Node, *Problem) {
	if o.private() {
		for _, name := range []string{"data", "stringData"} {
			if key, _ := field(p.merge, name); key != nil {
				return nil, p.source.problem(patchPrivate, key.Line, "the patch writes the data").of(o)
			}
		}
	}
	if line := mismatch(p.merge, o.root, p.merge.Line); line > 0 {
		problem := p.source.problem(patchFailed, line, "a map, a list or a single value stands where there is another of them among the fields")
		return nil, problem.of(o).fixed("write what the rendered object has there")
	}
	source := kyaml.NewRNode(p.merge).Copy()
	uncomment(source.YNode())
	source.SetApiVersion(word(o.root, "apiVersion"))
	result, err := patchstrategicmerge.Filter{Patch: source}.Filter([]*kyaml.RNode{kyaml.NewRNode(o.root).Copy()})
	if err != nil {
		return nil, p.source.problem(patchFailed, p.merge.Line, "the patch cannot be merged into the fields").of(o)
	}
	if len(result) == 0 || result[0].IsNilOrEmpty() {
		line := p.merge.Line
		if key, _ := field(p.merge, "$patch"); key != nil {
			line = key.Line
		}
		return nil, p.source.problem(patchIdentity, line, "the patch leaves nothing").of(o)
	}
	merged := result[0]
	merged.SetKind(word(o.root, "kind"))
	err = errors.Join(merged.SetName(word(o.root, "metadata", "name")), merged.SetNamespace(word(o.root, "metadata", "namespace")))
	if err != nil {
		return nil, p.source.problem(patchFailed, p.merge.Line, "the patch cannot be merged into the fields").of(o)
	}
	return merged.YNode(), nil
}

// uncomment takes away the comments, which a merge would bring along.
func uncomment(n *yaml.Node) {
	n.HeadComment, n.LineComment, n.FootComment = "", "", ""
	for _, below := range n.Content {
		uncomment(below)
	}
}

// mismatch gives the line of a field of a merge that is of another kind in the object, or 0. Null deletes whatever
// there is.
func mismatch(patch, have *yaml.Node, line int) int {
	switch {
	case have == nil || patch.ShortTag() == "!!null" || have.ShortTag() == "!!null":
		return 0
	case patch.Kind != have.Kind:
		return line
	case patch.Kind != yaml.MappingNode || directive(patch) != "":
		return 0
	}
	for i := 0; i+1 < len(patch.Content); i += 2 {
		key := patch.Content[i]
		if found := mismatch(patch.Content[i+1], child(have, key.Value), key.Line); found > 0 {
			return found
		}
	}
	return 0
}

// directive gives the $patch of a map.
func directive(n *yaml.Node) string { return word(n, "$patch") }

// identityFields are what an object goes by.
var identityFields = [][]string{{"apiVersion"}, {"kind"}, {"metadata", "name"}, {"metadata", "namespace"}}

// checkIdentity reports an object that has become another one.
func (p *Patch) checkIdentity(o *Object, after *yaml.Node) *Problem {
	for _, path := range identityFields {
		if canonical(at(o.root, path)) == canonical(at(after, path)) {
			continue
		}
		line := p.culprit(o, path, nil, func(root *yaml.Node) string { return canonical(at(root, path)) })
		if after.Kind != yaml.MappingNode {
			return p.source.problem(patchIdentity, line, "the patch leaves nothing").of(o)
		}
		return p.source.problem(patchIdentity, line, "the patch changes %s", show(path)).of(o)
	}
	return nil
}

func sameValue(a, b *yaml.Node) bool { return canonical(a) == canonical(b) }

func sameValues(a, b []*yaml.Node) bool {
	return len(a) == len(b) && allCanonical(a) == allCanonical(b)
}

func contains(list []*yaml.Node, n *yaml.Node) bool {
	return slices.ContainsFunc(list, func(other *yaml.Node) bool { return sameValue(n, other) })
}
