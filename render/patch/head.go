package patch

import (
	"bytes"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Unfit reports whether none of the patches is for a rendered object, whose identity it gives. Of most objects nothing
// else is wanted, so only their metadata are read.
func Unfit(text []byte, patches []*Patch, work *Work) (Identity, bool) {
	var document yaml.Node
	if err := yaml.Unmarshal(head(text), &document); err != nil || len(document.Content) == 0 {
		return Identity{}, false
	}
	root := document.Content[0]
	if slices.ContainsFunc(patches, func(p *Patch) bool { return p.fits(root) }) {
		return Identity{}, false
	}
	work.objects++
	return identity(root), true
}

var headFields = [][]byte{[]byte("apiVersion:"), []byte("kind:"), []byte("metadata:")}

// head gives the text of an object up to the end of its metadata, or all of it where they do not come first.
func head(text []byte) []byte {
	seen, end := 0, 0
	for line := range bytes.Lines(text) {
		field := slices.ContainsFunc(headFields, func(name []byte) bool { return bytes.HasPrefix(line, name) })
		switch {
		case field:
			seen++
		case bytes.IndexByte([]byte(" -#\n"), line[0]) >= 0:
		case seen == len(headFields):
			return text[:end]
		default:
			return text
		}
		end += len(line)
	}
	return text
}

// MayFit reports whether the patch may be for an object of a kind and name.
func (p *Patch) MayFit(kind, name string) bool {
	return !slices.ContainsFunc(p.target.conditions, func(c condition) bool {
		return c.field == "kind" && !c.whole.MatchString(kind) || c.field == "name" && !c.whole.MatchString(name)
	})
}
