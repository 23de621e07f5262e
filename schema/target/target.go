// Package target compares the targets of kustomize's patches with objects, within bounds: expressions may be large and
// many, and so may the objects be.
package target

import (
	"regexp"
	"regexp/syntax"
)

// List is what the patches of a cluster are for. An object that cannot be compared within the bounds may be a target.
// Its zero value is empty.
type List struct {
	all         []target
	expressions map[string]Expression
	size, work  int
}

const (
	maxExpression  = 500     // bytes of one
	maxExpressions = 200_000 // steps of all, as they are compiled
	maxComparing   = 60_000_000
	workOfMatch    = 50 // besides the steps for each character
)

// target says which objects a patch changes.
type target struct {
	kind, name Expression
	by         string
}

// Expression is one of a target, which kustomize anchors at both ends. Its zero value matches all.
type Expression struct {
	literal string // or
	whole   *regexp.Regexp
	never   bool // it is none
	unknown bool // it is too large
	size    int
}

// Exactly is the expression that matches one text.
func Exactly(text string) Expression { return Expression{literal: text} }

// Add notes what a patch is for, and which file says so. One for everything, as one with only a label selector may be,
// is left out.
func (l *List) Add(kind, name Expression, by string) {
	if everything := (Expression{}); kind != everything || name != everything {
		l.all = append(l.all, target{kind, name, by})
	}
}

// Expression reads one.
func (l *List) Expression(text string) Expression {
	if regexp.QuoteMeta(text) == text {
		return Expression{literal: text}
	}
	if e, ok := l.expressions[text]; ok {
		return e
	}
	if l.expressions == nil {
		l.expressions = map[string]Expression{}
	}
	e := l.compile("^(?:" + text + ")$")
	l.expressions[text] = e
	return e
}

func (l *List) compile(text string) Expression {
	if len(text) > maxExpression || l.size > maxExpressions {
		return Expression{unknown: true}
	}
	parsed, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		return Expression{never: true}
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return Expression{never: true}
	}
	l.size += len(program.Inst)
	whole, err := regexp.Compile(text)
	return Expression{whole: whole, never: err != nil, size: len(program.Inst)}
}

// Of gives the file whose patch changes an object, or may change it, or "".
func (l *List) Of(kind, name string) (by string, certain bool) {
	maybe := ""
	for _, target := range l.all {
		ofKind, kindCertain := l.matches(target.kind, kind)
		if !ofKind {
			continue
		}
		named, nameCertain := l.matches(target.name, name)
		switch {
		case named && kindCertain && nameCertain:
			return target.by, true
		case named && maybe == "":
			maybe = target.by
		}
	}
	return maybe, false
}

// matches compares an expression with a text. One that is not compared may match.
func (l *List) matches(e Expression, text string) (fits, certain bool) {
	switch {
	case e.never:
		return false, true
	case e.unknown || e.whole != nil && l.work > maxComparing:
		return true, false
	case e.whole == nil:
		return e.literal == "" || e.literal == text, true
	}
	l.work += e.size*(len(text)+1) + workOfMatch
	return e.whole.MatchString(text), true
}
