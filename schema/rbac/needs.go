package rbac

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
)

// Need is what a role has to allow: of all objects, or of one whose name fits.
type Need struct {
	Group     string
	Resources []string
	Names     []string // of those whose name fits, for advice
	Verbs     []string
	Fits      func(name string) bool // nil where all objects are needed
	InSystem  bool                   // in the namespace of the control plane only
	Unsure    bool                   // not every istiod asks for it, and what is known does not tell
}

// Rights are what an account may do: in all namespaces, and with ConfigMaps in that of the control plane.
type Rights struct{ Everywhere, InSystem []Policy }

// of gives the rules that a need may be met by.
func (r Rights) of(n Need) []Policy {
	if n.InSystem {
		return slices.Concat(r.InSystem, r.Everywhere)
	}
	return r.Everywhere
}

// Lack is a right that is needed and not given.
type Lack struct {
	Need
	At diag.Pos // the rule that should give it, or none
}

// Lacking gives what is needed and not allowed, resource by resource.
func Lacking(r Rights, needed []Need) []Lack {
	var missing []Lack
	for _, n := range needed {
		allowed := r.of(n)
		for _, resource := range n.Resources {
			verbs := slices.DeleteFunc(slices.Clone(n.Verbs), func(verb string) bool {
				return slices.ContainsFunc(allowed, func(p Policy) bool { return p.Allows(n.Group, resource, verb, n.Fits) })
			})
			if len(verbs) > 0 {
				m := n
				m.Resources, m.Verbs = []string{resource}, verbs
				missing = append(missing, Lack{m, nearest(m, allowed)})
			}
		}
	}
	return missing
}

// nearest gives the place in the rule that comes nearest to a need: its verbs, its names or its resources.
func nearest(n Need, allowed []Policy) diag.Pos {
	about := func(p Policy) bool { return has(p.Groups, n.Group) && has(p.Resources, n.Resources[0]) }
	verbs := func(p Policy) bool {
		return !slices.ContainsFunc(n.Verbs, func(verb string) bool { return !has(p.Verbs, verb) })
	}
	for _, way := range []struct {
		fits func(Policy) bool
		at   func(places) diag.Pos
	}{
		{func(p Policy) bool { return about(p) && n.Fits != nil && slices.ContainsFunc(p.Names, n.Fits) }, func(p places) diag.Pos { return p.verbs }},
		{func(p Policy) bool { return about(p) && verbs(p) && len(p.Names) > 0 }, func(p places) diag.Pos { return p.names }},
		{func(p Policy) bool { return about(p) && len(p.Names) == 0 }, func(p places) diag.Pos { return p.verbs }},
		{func(p Policy) bool { return has(p.Groups, n.Group) && verbs(p) && len(p.Names) == 0 }, func(p places) diag.Pos { return p.resources }},
	} {
		for _, p := range allowed {
			if way.fits(p) && way.at(p.places).Line > 0 {
				return way.at(p.places)
			}
		}
	}
	return diag.Pos{}
}

func AnyName(string) bool { return true }

// everyOf needs all objects of some kinds.
func everyOf(group string, verbs []string, resources ...string) Need {
	return Need{Group: group, Resources: resources, Verbs: verbs}
}

// oneOf needs the object of that name.
func oneOf(group string, verbs []string, resource, name string) Need {
	n := everyOf(group, verbs, resource)
	n.Names, n.Fits = []string{name}, func(allowed string) bool { return allowed == name }
	return n
}

// inSystem needs the ConfigMap of that name in the namespace of the control plane.
func inSystem(verbs []string, name string) Need {
	n := oneOf("", verbs, "configmaps", name)
	n.InSystem = true
	return n
}
