// Package patch makes the changes that a user writes as kustomize patches, on rendered objects.
//
// The words, the way in which a target fits and the result are kustomize's, whose filters do the work. What kustomize
// does silently is a finding here: a patch that fits nothing, a list that is replaced, a name that changes.
// Which objects there are, and what of them follows from the topology, is the business of package render.
package patch

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Source is a patch as its user wrote it.
type Source struct {
	Text      string
	Pos       diag.Pos                        // of the text as a whole
	Line      func(line int) (diag.Pos, bool) // the place of a line of the text, where lines can be told apart
	Target    *schema.Target                  // nil where none is given
	TargetPos func(field string) diag.Pos     // the place of a field of the target, or of all of it for ""
	Private   bool                            // it might hold private material
}

// Patch is a change that can be made. One that New returns is understood; whether it fits is another matter.
type Patch struct {
	source Source
	target *selector
	ops    []operation // of JSON 6902
	merge  *yaml.Node  // or a strategic merge patch
	values int         // how many there are in it
	faulty bool
}

// Problem is what is wrong with a patch, or with what it does to an object.
type Problem struct {
	Rule     *diag.Rule
	Pos      diag.Pos
	Message  string
	Object   string // what the message is about, in front of which it says "of"
	Values   string // what the message ends with where it is about one object
	Why, Fix string // without them, the rule's
}

// fixed gives a problem a fix of its own.
func (p *Problem) fixed(fix string) *Problem {
	p.Fix = fix
	return p
}

// of makes a problem one of an object.
func (p *Problem) of(o *Object) *Problem {
	p.Object = o.String()
	return p
}

// AddTo records a problem.
func (p *Problem) AddTo(found *diag.List) *diag.Diagnostic {
	d := found.Add(p.Pos, p.Rule, "%s", p.Message)
	if p.Why != "" {
		d.Why = p.Why
	}
	if p.Fix != "" {
		d.Fix = p.Fix
	}
	return d
}

// problem makes one at a line of the patch's text, which stays unknown where notations fold lines: then the message
// says which line of the patch is meant.
func (s *Source) problem(rule *diag.Rule, line int, format string, args ...any) *Problem {
	p := &Problem{Rule: rule, Pos: s.Pos, Message: fmt.Sprintf(format, args...)}
	line = min(max(line, 1), lastLine(s.Text)) // YAML has more line breaks than files have
	if pos, ok := s.Line(line); ok {
		p.Pos = pos
	} else if strings.Contains(strings.TrimSpace(s.Text), "\n") {
		p.Message = fmt.Sprintf("line %d of the patch: %s", line, p.Message)
	}
	return p
}

// targetProblem makes one at a field of the target.
func (s *Source) targetProblem(rule *diag.Rule, field, format string, args ...any) *Problem {
	return &Problem{Rule: rule, Pos: s.TargetPos(field), Message: fmt.Sprintf(format, args...)}
}

// Place gives where a finding about the patch as a whole belongs.
func (p *Patch) Place() diag.Pos {
	if p.source.Target == nil {
		return p.source.Pos
	}
	return p.source.TargetPos("")
}

// Faulty reports whether something was wrong with the patch on some object.
func (p *Patch) Faulty() bool { return p.faulty }

// New reads a patch. Of one that cannot be read or understood it gives the problem.
func New(s Source) (*Patch, *Problem) {
	p := &Patch{source: s}
	root, problem := parse(&s)
	if problem != nil {
		return nil, problem
	}
	p.values = count(root)
	switch root.Kind {
	case yaml.SequenceNode:
		p.ops, problem = readOperations(&s, root)
	case yaml.MappingNode:
		p.merge, problem = readMerge(&s, root)
	default:
		problem = s.problem(patchForm, root.Line, "the patch is one word or text, not a list of operations or an object")
	}
	if problem != nil {
		return nil, problem
	}
	p.target, problem = p.selector()
	return p, problem
}
