package grammar

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/private"
)

// checker compares a document with the shape that its grammar gives it. It reports every difference, marks what is
// broken and fills in the defaults, so that what is right can still be checked further.
type checker struct {
	root    *document.Node
	found   *diag.List
	grammar *Grammar
	noun    string // what the document is
}

// Check compares a document, which is called by the noun, with what the grammar says of it.
func (g *Grammar) Check(root *document.Node, noun string, found *diag.List) {
	c := &checker{root: root, found: found, grammar: g, noun: noun}
	c.check(root, g.document, nil)
}

func (c *checker) check(n *document.Node, s *shape, path []string) {
	if n.Broken {
		return
	}
	switch {
	case s.kind == document.Any:
		c.checkFree(nil, n)
	case n.Kind != s.kind:
		c.wrongKind(n, s, path)
	case s.kind == document.Map:
		c.checkMap(n, s, path)
	case s.kind == document.List:
		for i, item := range n.Items {
			c.check(item, s.elem, append(path, fmt.Sprint(i)))
		}
	case s.kind == document.String:
		c.checkString(n, s, path)
	case s.kind == document.Int:
		c.checkNumber(n, s, path)
	}
}

// checkFree looks at values that Istio or Kubernetes check: it reports only what readers disagree about.
func (c *checker) checkFree(e *document.Entry, n *document.Node) {
	if n.Ambiguous {
		c.ambiguous(n)
	}
	if e != nil && n.Adopted {
		c.besides(e, n.Fields, keyOf(e))
	}
	for _, e := range n.Fields {
		c.checkFree(e, e.Value)
	}
	for _, item := range n.Items {
		c.checkFree(nil, item)
	}
}

func (c *checker) ambiguous(n *document.Node) {
	d := c.found.Add(n.Pos, document.UnquotedScalar, "%s without quotes is not the same for every YAML reader", private.Word(n.Unquoted))
	d.Fix = "put it in quotes, or write the value that you mean"
	n.Broken = true
}

func (c *checker) wrongKind(n *document.Node, s *shape, path []string) {
	n.Broken = true
	what := c.grammar.DisplayPath(path)
	switch {
	case n.Kind == document.String && s.kind != document.String && s.name != "#Private" && document.ReportValue(n, c.found):
	case s.name == "#Private":
		d := c.found.Add(c.place(n, path), WrongType, "%s must say where the material is, as {file: PATH} or {env: NAME}", what)
		d.Why = "what stands in a topology ends up in git, in logs and in reviews"
		d.Fix = "keep the material in a file or an environment variable; if it has been committed, replace it"
	case private.IsPath(path):
		d := c.found.Add(c.place(n, path), WrongType, "%s must be %s", what, expected(s))
		d.Fix = "give it " + expected(s)
	case n.Kind == document.Null:
		d := c.found.Add(c.place(n, path), EmptyValue, "%s has no value", what)
		d.Fix = "give it " + expected(s)
		if !c.required(path) {
			d.Fix += ", or delete the field"
		}
	case s.kind == document.String && n.Unquoted != "":
		d := c.found.Add(n.Pos, document.UnquotedScalar, "%s must be a string, but %s without quotes is %s", what, c.unquoted(n, s), n.Kind)
		d.Fix = "put it in quotes"
		if !s.fits(n.Unquoted) {
			d.Fix = "give " + expected(s) + ", in quotes"
		}
		if s.name == "#Label" && !s.fits(n.Unquoted) && s.fits(labelLike(n.Unquoted)) {
			d.Fix = fmt.Sprintf("write %q", labelLike(n.Unquoted))
		}
	default:
		d := c.found.Add(c.place(n, path), WrongType, "%s must be %s, not %s", what, s.brief(), n.Kind)
		d.Fix = rightKind(n, s)
	}
}

// unquoted gives a scalar as a message may have it: of a text that may be anything, a word and no number.
func (c *checker) unquoted(n *document.Node, s *shape) string {
	if s.words == "" && len(s.enum) == 0 {
		return private.Word(n.Unquoted)
	}
	return n.Unquoted
}

// required reports whether a field cannot be left out.
func (c *checker) required(path []string) bool {
	s := c.grammar.document
	for _, name := range path[:max(len(path)-1, 0)] {
		s = s.below(name)
	}
	if s == nil || len(path) == 0 {
		return false
	}
	f := s.field(path[len(path)-1])
	return f != nil && f.required
}

// rightKind says how to give a value of the kind that a shape wants.
func rightKind(n *document.Node, s *shape) string {
	switch {
	case s.kind == document.List && n.Kind == document.String:
		if s.elem.words != "" && s.elem.fits(n.Text) {
			return fmt.Sprintf("write a list: [%q]", n.Text)
		}
		return `write a list: "- " before each of its items`
	case s.kind == document.Int && n.Kind == document.String && s.limits.hold(n.Text):
		return "write " + n.Text + " without quotes"
	case s.value != nil && n.Kind == document.List:
		return `write a name and a colon before each entry, in the place of its "- "`
	}
	return "give it " + expected(s)
}

// place marks the key of a field whose value spans lines.
func (c *checker) place(n *document.Node, path []string) diag.Pos {
	if n.Kind == document.Map || n.Kind == document.List || n.Kind == document.Null {
		return document.Positions{Root: c.root}.Pos(path)
	}
	return n.Pos
}

// expected says what a shape wants, for "must be …".
func expected(s *shape) string {
	switch {
	case s.words != "":
		return s.words
	case len(s.enum) == 1:
		return s.enum[0]
	case len(s.enum) > 0:
		return "one of " + strings.Join(s.enum, ", ")
	case s.kind == document.Map && len(s.fields) > 0 && !s.open:
		return "a map with " + strings.Join(s.fieldNames(), ", ")
	case s.kind == document.List && s.elem.words != "":
		return "a list; each item is " + s.elem.words
	case s.kind == document.List && len(s.elem.enum) > 0:
		return "a list; each item is " + expected(s.elem)
	}
	return s.kind.String()
}

func (c *checker) checkNumber(n *document.Node, s *shape, path []string) {
	if s.limits.hold(n.Text) {
		return
	}
	n.Broken = true
	d := c.found.Add(n.Pos, InvalidValue, "%s %s is not %s", c.grammar.DisplayPath(path), n.Text, s.brief())
	d.Fix = "give " + expected(s)
}

func (c *checker) checkString(n *document.Node, s *shape, path []string) {
	if s.fits(n.Text) && !n.Ambiguous {
		return
	}
	n.Broken = true
	what := c.grammar.DisplayPath(path)
	if private.IsPath(path) || s.name == "#Path" || s.name == "#EnvName" {
		d := c.found.Add(n.Pos, InvalidValue, "%s must be %s", what, s.brief())
		d.Fix = "give " + expected(s)
		return
	}
	if n.Ambiguous {
		c.ambiguous(n)
		return
	}
	if s.words == "" {
		c.notOneOf(n, s, what)
		return
	}
	d := c.found.Add(n.Pos, InvalidValue, "%s %q is not %s", what, n.Text, s.noun())
	if n.Text == "" {
		d.Message = what + " is empty"
	}
	d.Fix = "give " + s.words
	if s.name == "#Label" && s.fits(labelLike(n.Text)) {
		d.Fix = fmt.Sprintf("write %q: it is %s", labelLike(n.Text), s.words)
	}
	nameLookAlike(d, n.Text)
}

// labelLike gives a text as a label has it, such as 1-31-1 for the revision of version 1.31.1.
func labelLike(text string) string {
	return strings.ToLower(strings.Trim(strings.NewReplacer(".", "-", "_", "-", " ", "-").Replace(text), "-"))
}

// nameLookAlike says which character of a wrong text looks like another one.
func nameLookAlike(d *diag.Diagnostic, text string) {
	if l, ok := document.FindLookAlike(text); ok {
		d.Fix = l.Advice()
		return
	}
	first, last := text[:min(1, len(text))], text[max(0, len(text)-1):]
	if quotes := `"'`; len(text) > 1 && first != last && (strings.Contains(quotes, first) || strings.Contains(quotes, last)) {
		d.Fix = "a quote stands at one end of it only: close it, or delete it"
	}
}

func (c *checker) notOneOf(n *document.Node, s *shape, what string) {
	allowed := strings.Join(s.enum, ", ")
	d := c.found.Add(n.Pos, UnknownValue, "%s %q is not one of %s", what, n.Text, allowed)
	d.Fix = "use one of " + allowed
	nameLookAlike(d, n.Text)
	if near := diag.Nearest(n.Text, s.enum); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	}
	if len(s.enum) == 1 {
		d.Message = fmt.Sprintf("%s %q is not %s", what, n.Text, s.enum[0])
		d.Fix = "write " + s.enum[0]
	}
}

func (c *checker) checkMap(n *document.Node, s *shape, path []string) {
	if s.open {
		c.checkFree(nil, n)
		return
	}
	c.settle(n, s, path)
	for _, e := range slices.Clone(n.Fields) {
		c.checkEntry(n, e, s, path)
	}
	for _, f := range s.fields {
		if e := n.Entry(f.name); e == nil {
			c.absent(n, f, path)
		}
	}
}

func (c *checker) checkEntry(n *document.Node, e *document.Entry, s *shape, path []string) {
	if e.Value.Adopted {
		c.adopted(n, e, s, path)
	}
	if f := s.field(e.Key); f != nil {
		c.check(e.Value, f.shape, append(path, e.Key))
		return
	}
	if s.value == nil {
		if f := s.field(document.Plain(e.Key)); f != nil && !e.Bare && n.Entry(f.name) == nil {
			document.ReportKey(e, c.found)
			e.Key = f.name
			c.check(e.Value, f.shape, append(path, f.name))
			return
		}
		if c.rise(e, s, path) {
			return
		}
		c.unknownField(n, e, s, path)
		if f := s.misspelt(n, e); f != nil {
			e.Value.Broken, e.Key = false, f.name
			c.check(e.Value, f.shape, append(path, f.name))
		}
		return
	}
	if s.key.words != "" && !s.key.fits(e.Key) {
		name := keyOf(e)
		if s.key.name == "#Label" || s.key.name == "#NetworkName" { // of a cluster or a network, which are public
			name = strconv.Quote(e.Key)
		}
		d := c.found.Add(e.KeyPos, InvalidName, "the name %s in %s is not %s", name, c.grammar.DisplayPath(path), s.key.noun())
		d.Fix = "rename it to " + s.key.words
		nameLookAlike(d, e.Key)
	}
	c.check(e.Value, s.value, append(path, e.Key))
}

// misspelt gives the required field that an entry is meant for, or nil: that it is missing is the same mistake, and
// what is in it is known.
func (s *shape) misspelt(n *document.Node, e *document.Entry) *fieldShape {
	var absent []string
	for _, f := range s.fields {
		if n.Entry(f.name) == nil {
			absent = append(absent, f.name)
		}
	}
	f := s.field(diag.Nearest(e.Key, absent))
	if e.Bare || f == nil || !f.required {
		return nil
	}
	return f
}

func (c *checker) unknownField(n *document.Node, e *document.Entry, s *shape, path []string) {
	e.Value.Broken = true
	where := c.grammar.DisplayPath(path)
	if where == "" {
		where = c.noun
	}
	if len(s.fields) == 0 {
		d := c.found.Add(e.KeyPos, UnknownField, "%s has no field %s: it has no fields yet", where, keyOf(e))
		d.Fix = "delete it"
		return
	}
	d := c.found.Add(e.KeyPos, UnknownField, "%s has no field %s", where, keyOf(e))
	absent := slices.DeleteFunc(s.fieldNames(), func(name string) bool { return n.Entry(name) != nil })
	d.Fix = "use one of " + strings.Join(s.fieldNames(), ", ") + ", or delete it"
	hint := c.grammar.Hints[s.name]
	if hint != "" {
		d.Fix += "; " + hint
	}
	if near := diag.Nearest(e.Key, absent); near != "" {
		d.Fix = fmt.Sprintf("did you mean %q?", near)
	} else if places := c.grammar.places(e.Key); len(places) == 1 && hint == "" {
		d.Fix = fmt.Sprintf("did you mean %s?", places[0])
	} else if near := diag.Nearest(e.Key, s.fieldNames()); near != "" {
		d.Fix = fmt.Sprintf("delete it: %q is given already", near)
	}
}

// shownName gives an element of a path as a message may have it: a field, the name of a cluster or a network, a number
// of an item, or a key that has the form of one.
func (s *shape) shownName(name string) string {
	isName := s != nil && s.key != nil && s.key.words != "" && !private.LooksPrivate(name)
	if _, err := strconv.ParseUint(name, 10, 16); err == nil {
		return name
	}
	if isName || s != nil && s.field(name) != nil || private.IsKey(name) || private.IsKnownLabel(name) {
		return name
	}
	return private.Hidden
}

// keyOf gives a key that nobody knows as a message may have it.
func keyOf(e *document.Entry) string {
	if e.Bare {
		return private.Hidden
	}
	return private.Key(e.Key)
}

// FieldNames gives the names of the fields of a document, or of what stands at a path in it.
func (g *Grammar) FieldNames(path ...string) []string {
	s := g.document
	for _, name := range path {
		s = s.below(name)
	}
	return s.fieldNames()
}

// absent reports a field that must be given, and fills in the default of one that need not.
func (c *checker) absent(n *document.Node, f *fieldShape, path []string) {
	path = append(path, f.name)
	switch {
	case f.required:
		d := c.found.Add(document.Positions{Root: c.root}.Pos(path), MissingField, "%s is missing", c.grammar.DisplayPath(path))
		d.Fix = fmt.Sprintf("add %s: %s", f.name, f.summary())
		if len(f.shape.enum) == 1 {
			d.Fix = fmt.Sprintf("add %s: %s", f.name, f.shape.enum[0])
		}
	case !f.optional:
		n.Add(f.name, n.Pos, c.preset(f.shape))
	}
}

// preset gives the default of a shape, with the defaults of all that is in it.
func (c *checker) preset(s *shape) *document.Node {
	n := &document.Node{Kind: s.kind, Defaulted: true}
	switch {
	case s.presetAs != nil:
		*n = document.Node{Kind: document.String, Text: c.root.StringAt(s.presetAs...)}
	case s.preset != nil:
		*n = *s.preset
	default:
		for _, f := range s.fields {
			if !f.optional {
				n.Add(f.name, diag.Pos{}, c.preset(f.shape))
			}
		}
	}
	n.Defaulted = true
	return n
}

// DisplayPath writes a path as people do, without the spec that all fields of a topology share:
// clusters.cluster-a.network, trust.roots[0].
func (g *Grammar) DisplayPath(path []string) string {
	var out strings.Builder
	s := g.document
	for i, name := range path {
		switch {
		case s != nil && s.kind == document.List:
			fmt.Fprintf(&out, "[%s]", name)
		case i == 0 && name == "spec" && len(path) > 1:
		case out.Len() == 0:
			out.WriteString(s.shownName(name))
		default:
			out.WriteString("." + s.shownName(name))
		}
		s = s.below(name)
	}
	return out.String()
}
