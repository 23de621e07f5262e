package schema

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
)

// checker compares a document with the shape that its grammar gives it. It reports every difference, marks what is broken
// and fills in the defaults, so that what is right can still be checked further.
type checker struct {
	root    *node
	found   *diag.List
	grammar *grammar
	noun    string // what the document is
}

func (c *checker) check(n *node, s *shape, path []string) {
	if n.broken {
		return
	}
	switch {
	case s.kind == kindAny:
		c.checkFree(n)
	case n.kind != s.kind:
		c.wrongKind(n, s, path)
	case s.kind == kindMap:
		c.checkMap(n, s, path)
	case s.kind == kindList:
		for i, item := range n.items {
			c.check(item, s.elem, append(path, fmt.Sprint(i)))
		}
	case s.kind == kindString:
		c.checkString(n, s, path)
	}
}

// checkFree looks at values that are Istio's or Kubernetes' to judge: only what readers disagree about.
func (c *checker) checkFree(n *node) {
	if n.ambiguous {
		c.ambiguous(n)
	}
	for _, e := range n.fields {
		c.checkFree(e.value)
	}
	for _, item := range n.items {
		c.checkFree(item)
	}
}

func (c *checker) ambiguous(n *node) {
	d := c.found.Add(n.pos, unquotedScalar, "%q without quotes is not the same for every YAML reader", n.unquoted)
	d.Fix = fmt.Sprintf("write %q, or the value that you mean", n.unquoted)
	n.broken = true
}

func (c *checker) wrongKind(n *node, s *shape, path []string) {
	n.broken = true
	what := c.grammar.displayPath(path)
	switch {
	case s.name == "#Private":
		c.hide(n)
		d := c.found.Add(c.place(n, path), wrongType, "%s must say where the material is, as {file: PATH} or {env: NAME}", what)
		d.Why = "what stands in a topology ends up in git, in logs and in reviews"
		d.Fix = "keep the material in a file or an environment variable; if it has been committed, replace it"
	case isPrivate(path):
		c.hide(n)
		d := c.found.Add(c.place(n, path), wrongType, "%s must be %s", what, expected(s))
		d.Fix = "give it " + expected(s)
	case n.kind == kindNull:
		d := c.found.Add(c.place(n, path), emptyValue, "%s has no value", what)
		d.Fix = fmt.Sprintf("give it %s, or delete the field", expected(s))
	case s.kind == kindString && n.unquoted != "":
		d := c.found.Add(n.pos, unquotedScalar, "%s must be a string, but %s without quotes is %s", what, n.unquoted, n.kind)
		d.Fix = fmt.Sprintf("write %q", n.unquoted)
		if !s.fits(n.unquoted) {
			d.Fix = "give " + expected(s) + ", in quotes"
		}
	default:
		d := c.found.Add(c.place(n, path), wrongType, "%s must be %s, not %s", what, s.brief(), n.kind)
		d.Fix = rightKind(n, s)
	}
}

// rightKind says how to give a value of the kind that a shape wants.
func rightKind(n *node, s *shape) string {
	switch {
	case s.kind == kindList && n.kind == kindString:
		return fmt.Sprintf("write a list: [%q]", n.text)
	case s.value != nil && n.kind == kindList:
		return `write a name and a colon before each entry, in the place of its "- "`
	}
	return "give it " + expected(s)
}

// place marks the key of a field whose value spans lines.
func (c *checker) place(n *node, path []string) diag.Pos {
	if n.kind == kindMap || n.kind == kindList || n.kind == kindNull {
		return positions{c.root}.pos(path)
	}
	return n.pos
}

// expected says what a shape wants, for "must be …".
func expected(s *shape) string {
	switch {
	case s.words != "":
		return s.words
	case len(s.enum) > 0:
		return "one of " + strings.Join(s.enum, ", ")
	case s.kind == kindMap && len(s.fields) > 0 && !s.open:
		return "a map with " + strings.Join(s.fieldNames(), ", ")
	case s.kind == kindList && s.elem.words != "":
		return "a list; each item is " + s.elem.words
	case s.kind == kindList && len(s.elem.enum) > 0:
		return "a list; each item is " + expected(s.elem)
	}
	return s.kind.String()
}

func (c *checker) checkString(n *node, s *shape, path []string) {
	if s.fits(n.text) && !n.ambiguous {
		return
	}
	n.broken = true
	what := c.grammar.displayPath(path)
	if isPrivate(path) {
		c.hide(n)
		d := c.found.Add(n.pos, invalidValue, "%s must be %s", what, s.noun())
		d.Fix = "give " + expected(s)
		return
	}
	if n.ambiguous {
		c.ambiguous(n)
		return
	}
	if s.words == "" {
		c.notOneOf(n, s, what)
		return
	}
	d := c.found.Add(n.pos, invalidValue, "%s %q is not %s", what, n.text, s.noun())
	if n.text == "" {
		d.Message = what + " is empty"
	}
	d.Fix = "give " + s.words
}

func (c *checker) notOneOf(n *node, s *shape, what string) {
	allowed := strings.Join(s.enum, ", ")
	d := c.found.Add(n.pos, unknownValue, "%s %q is not one of %s", what, n.text, allowed)
	d.Fix = "use one of " + allowed
	if near := diag.Nearest(n.text, s.enum); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	}
	if len(s.enum) == 1 {
		d.Message = fmt.Sprintf("%s %q is not %s", what, n.text, s.enum[0])
		d.Fix = "write " + s.enum[0]
	}
}

func (c *checker) checkMap(n *node, s *shape, path []string) {
	if s.open {
		c.checkFree(n)
		return
	}
	for _, e := range n.fields {
		c.checkEntry(n, e, s, path)
	}
	for _, f := range s.fields {
		if e := n.entry(f.name); e == nil {
			c.absent(n, f, path)
		}
	}
}

func (c *checker) checkEntry(n *node, e *entry, s *shape, path []string) {
	if f := s.field(e.key); f != nil {
		c.check(e.value, f.shape, append(path, e.key))
		return
	}
	if s.value == nil {
		c.unknownField(n, e, s, path)
		return
	}
	if s.key.words != "" && !s.key.fits(e.key) {
		d := c.found.Add(e.keyPos, invalidName, "the name %q in %s is not %s", e.key, c.grammar.displayPath(path), s.key.noun())
		d.Fix = "rename it to " + s.key.words
	}
	c.check(e.value, s.value, append(path, e.key))
}

func (c *checker) unknownField(n *node, e *entry, s *shape, path []string) {
	if isPrivate(append(path, e.key)) {
		c.hide(e.value)
	}
	e.value.broken = true
	where := c.grammar.displayPath(path)
	if where == "" {
		where = c.noun
	}
	if len(s.fields) == 0 {
		d := c.found.Add(e.keyPos, unknownField, "%s has no field %q: it has no fields yet", where, e.key)
		d.Fix = "delete it"
		return
	}
	d := c.found.Add(e.keyPos, unknownField, "%s has no field %q", where, e.key)
	absent := slices.DeleteFunc(s.fieldNames(), func(name string) bool { return n.entry(name) != nil })
	d.Fix = "use one of " + strings.Join(s.fieldNames(), ", ") + ", or delete it"
	if near := diag.Nearest(e.key, absent); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	} else if other := c.grammar.fieldElsewhere(e.key); other != "" {
		d.Fix = fmt.Sprintf("did you mean %s?", other)
	} else if near := diag.Nearest(e.key, s.fieldNames()); near != "" {
		d.Fix = fmt.Sprintf("delete it: %q is given already", near)
	}
}

// fieldElsewhere finds the only place of the format that has a field of that name.
func (g *grammar) fieldElsewhere(name string) string {
	places := g.places(name)
	if len(places) != 1 {
		return ""
	}
	return places[0]
}

// absent reports a field that must be given, and fills in the default of one that need not.
func (c *checker) absent(n *node, f *fieldShape, path []string) {
	path = append(path, f.name)
	switch {
	case f.required && len(f.shape.enum) == 1:
		d := c.found.Add(positions{c.root}.pos(path), missingField, "%s is missing", c.grammar.displayPath(path))
		d.Fix = fmt.Sprintf("add %s: %s", f.name, f.shape.enum[0])
	case f.required:
		d := c.found.Add(positions{c.root}.pos(path), missingField, "%s is missing", c.grammar.displayPath(path))
		d.Fix = fmt.Sprintf("add %s: %s", f.name, f.summary())
	case !f.optional:
		n.add(f.name, n.pos, c.preset(f.shape))
	}
}

// preset gives the default of a shape, with the defaults of all that is in it.
func (c *checker) preset(s *shape) *node {
	n := &node{kind: s.kind, defaulted: true}
	switch {
	case s.presetAs != nil:
		*n = node{kind: kindString, text: c.root.string(s.presetAs...)}
	case s.preset != nil:
		*n = *s.preset
	default:
		for _, f := range s.fields {
			if !f.optional {
				n.add(f.name, diag.Pos{}, c.preset(f.shape))
			}
		}
	}
	n.defaulted = true
	return n
}

// privateFields are the fields under which material might have been pasted: what stands there is neither
// quoted in a message nor shown in an excerpt when it is wrong.
var privateFields = []string{"credential", "token", "key", "intermediate", "ca"}

func isPrivate(path []string) bool {
	return slices.ContainsFunc(path, func(name string) bool { return slices.Contains(privateFields, name) })
}

// hide keeps a value out of excerpts.
func (c *checker) hide(n *node) {
	c.found.Hide(n.pos)
	for _, e := range n.fields {
		c.hide(e.value)
	}
	for _, item := range n.items {
		c.hide(item)
	}
}

// displayPath writes a path of a topology as people do, without the spec that all share: clusters.cluster-a.network,
// trust.roots[0].
func displayPath(path []string) string { return schemaGrammar().displayPath(path) }

func (g *grammar) displayPath(path []string) string {
	var out strings.Builder
	s := g.document
	for i, name := range path {
		switch {
		case s != nil && s.kind == kindList:
			fmt.Fprintf(&out, "[%s]", name)
		case i == 0 && name == "spec" && len(path) > 1:
		case out.Len() == 0:
			out.WriteString(name)
		default:
			out.WriteString("." + name)
		}
		s = s.below(name)
	}
	return out.String()
}
