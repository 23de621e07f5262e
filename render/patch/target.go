package patch

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"go.yaml.in/yaml/v3"
	kyaml "sigs.k8s.io/kustomize/kyaml/yaml"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Identity is what a target is compared with.
type Identity struct{ Group, Version, Kind, Name, Namespace string }

// noNamespace is what kustomize compares with a target's namespace where an object has none
// (kyaml/resid/resid.go).
const noNamespace = "_non_namespaceable_"

func isClusterScoped(kind string) bool {
	return kind == "Namespace" || kind == "ClusterRole" || kind == "ClusterRoleBinding"
}

func identity(n *yaml.Node) Identity {
	id := Identity{Version: word(n, "apiVersion"), Kind: word(n, "kind"), Name: word(n, "metadata", "name"), Namespace: word(n, "metadata", "namespace")}
	if group, version, ok := strings.Cut(id.Version, "/"); ok {
		id.Group, id.Version = group, version
	}
	switch {
	case isClusterScoped(id.Kind):
		id.Namespace = noNamespace
	case id.Namespace == "":
		id.Namespace = "default"
	}
	return id
}

// condition is one field of a target.
type condition struct {
	field string
	of    func(Identity) string
	given string
	whole *regexp.Regexp
}

// selector is a target that can be compared with objects.
type selector struct {
	conditions          []condition
	labels, annotations string
}

// conditions are the fields of a target that are about an object's identity.
func conditions(t schema.Target) []condition {
	return []condition{
		{"group", func(id Identity) string { return id.Group }, t.Group, nil},
		{"version", func(id Identity) string { return id.Version }, t.Version, nil},
		{"kind", func(id Identity) string { return id.Kind }, t.Kind, nil},
		{"name", func(id Identity) string { return id.Name }, t.Name, nil},
		{"namespace", func(id Identity) string { return id.Namespace }, t.Namespace, nil},
	}
}

// selector compiles the target. A strategic merge patch without one is for the object that it looks like.
func (p *Patch) selector() (*selector, *Problem) {
	t := p.source.Target
	if t == nil {
		if p.merge == nil {
			return nil, p.source.problem(patchTarget, 1, "JSON 6902 operations need a target").fixed("add target, with kind and name")
		}
		return exactly(identity(p.merge)), nil
	}
	s := &selector{labels: t.LabelSelector, annotations: t.AnnotationSelector}
	for _, c := range conditions(*t) {
		if c.given == "" {
			continue
		}
		if tooLarge(c.given) {
			problem := p.source.targetProblem(patchTarget, c.field, "%s is too large an expression", c.field)
			return nil, problem.fixed("write fewer alternatives and smaller repetitions, or several patches")
		}
		whole, err := regexp.Compile("^(?:" + c.given + ")$")
		if err != nil {
			return nil, p.source.targetProblem(patchTarget, c.field, "%s is not a regular expression: %q", c.field, c.given)
		}
		c.whole = whole
		s.conditions = append(s.conditions, c)
	}
	nothing := kyaml.NewMapRNode(nil)
	if _, err := nothing.MatchesLabelSelector(s.labels); err != nil {
		return nil, p.source.targetProblem(patchTarget, "labelSelector", "labelSelector is not a label selector")
	}
	if _, err := nothing.MatchesAnnotationSelector(s.annotations); err != nil {
		return nil, p.source.targetProblem(patchTarget, "annotationSelector", "annotationSelector is not a selector")
	}
	return s, nil
}

// maxExpression is how many steps an expression may have, about one for each character that it can match.
const maxExpression = 500

// tooLarge reports whether it would take long to compare an expression, and much memory to keep it.
func tooLarge(expression string) bool {
	if len(expression) > maxExpression {
		return true
	}
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return false // which is reported
	}
	program, err := syntax.Compile(parsed.Simplify())
	return err == nil && len(program.Inst) > maxExpression
}

// exactly is the selector of one object. Its group may be empty, which a pattern could not say.
func exactly(id Identity) *selector {
	s := &selector{}
	for _, c := range conditions(schema.Target{Group: id.Group, Version: id.Version, Kind: id.Kind, Name: id.Name, Namespace: id.Namespace}) {
		c.whole = regexp.MustCompile("^" + regexp.QuoteMeta(c.given) + "$")
		s.conditions = append(s.conditions, c)
	}
	return s
}

// fits reports whether a patch is for an object as it is now.
func (p *Patch) fits(root *yaml.Node) bool {
	id := identity(root)
	for _, c := range p.target.conditions {
		if !c.whole.MatchString(c.of(id)) {
			return false
		}
	}
	if p.target.labels == "" && p.target.annotations == "" {
		return true
	}
	node := kyaml.NewRNode(root)
	labels, _ := node.MatchesLabelSelector(p.target.labels)
	annotations, _ := node.MatchesAnnotationSelector(p.target.annotations)
	return labels && annotations
}

// Unmatched says that a patch fits none of the objects, and which field of its target is at fault where only one is.
func (p *Patch) Unmatched(where string, objects []Identity) *Problem {
	problem := &Problem{Rule: patchUnmatched, Pos: p.Place(), Message: "the patch fits no object " + where}
	if p.source.Target != nil {
		problem = p.source.targetProblem(patchUnmatched, "", "the target fits no object %s", where)
	}
	if c, fix := p.atFault(objects); c != nil {
		if p.source.Target != nil {
			problem = p.source.targetProblem(patchUnmatched, c.field, "the target fits no object %s: none has the %s %q", where, c.field, c.given)
		} else {
			problem.Message += fmt.Sprintf(": none has the %s %q", c.field, c.given)
		}
		problem.Fix = fix
	}
	return problem
}

// atFault finds the condition that no object fulfils among those that fulfil the ones before it, and how to mend it.
func (p *Patch) atFault(objects []Identity) (*condition, string) {
	for i := range p.target.conditions {
		c := &p.target.conditions[i]
		var left []Identity
		var known []string
		for _, id := range objects {
			known = append(known, c.of(id))
			if c.whole.MatchString(c.of(id)) {
				left = append(left, id)
			}
		}
		if len(left) == 0 {
			return c, diag.Hint(c.given, known, "correct it, or delete the patch")
		}
		objects = left
	}
	return nil, ""
}
