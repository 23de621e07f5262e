package lint

import (
	"slices"
	"sync"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/edit"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// fix is a finding that may get an edit, and the object and cluster that it is about.
type fix struct {
	*edit.Document
	finding *diag.Diagnostic
	cluster *cluster
	*fixedObject
}

// fixedObject is an object whose findings get edits.
type fixedObject struct {
	object   *manifest.Object
	problems func() []*istio.Problem              // of its fields
	at       func() map[diag.Pos][]*istio.Problem // those at a place
	keys     func() *misnamedKeys                 // of a Secret cacerts
}

func newFixedObject(o *manifest.Object) *fixedObject {
	all := sync.OnceValue(func() []*istio.Problem { return fields.Problems(o) })
	return &fixedObject{o, all, sync.OnceValue(func() map[diag.Pos][]*istio.Problem {
		at := map[diag.Pos][]*istio.Problem{}
		for _, p := range all() {
			at[p.Pos] = append(at[p.Pos], p)
		}
		return at
	}), sync.OnceValue(func() *misnamedKeys { return newMisnamedKeys(o) })}
}

// misspelt reports whether an unknown field of the object could be a misspelt one of those on a path: it is next to
// where that would be.
func (f *fix) misspelt(path []string) bool {
	all := f.problems()
	if t, ok := istio.Object(f.object.APIVersion, f.object.Kind); ok && f.object.Kind == "Secret" {
		all = istio.Check(f.object.Root, t)
	}
	return slices.ContainsFunc(all, func(p *istio.Problem) bool {
		above := p.Path[:len(p.Path)-1]
		return p.Kind == istio.UnknownField && len(above) < len(path) && slices.Equal(above, path[:len(above)])
	})
}

// set sets the string at a path of the object, or adds it.
func (f *fix) set(text string, path ...string) []diag.Edit {
	if f.misspelt(path) {
		return nil
	}
	return f.Set(f.object.Root.Pos, text, path...)
}
