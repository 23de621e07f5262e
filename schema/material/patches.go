package material

import (
	"errors"
	"fmt"
	"io/fs"
	"path"

	"meshtopo.dev/meshtopo/schema"
)

// patches checks that the files of patches are there, and that they hold nothing private.
func (c *Checker) patches() {
	private := c.privateFiles()
	for _, p := range c.t.Patches() {
		i := item{what: "the patch", place: schema.Private{File: p.Path}, pos: c.t.Pos(append(p.At[:len(p.At):len(p.At)], "path")...)}
		if p.Path == "" || c.inline(i) {
			continue
		}
		if what, ok := private[path.Clean(p.Path)]; ok {
			c.found.Add(i.pos, privateFileAsPatch, "%s is %s", c.shown(i), what)
			continue
		}
		switch text, err := c.Reader.Public(p.Path); {
		case errors.Is(err, fs.ErrNotExist):
			d := c.found.Add(i.pos, missingFile, "%s is not there", c.shown(i))
			d.Why = "what it changes cannot be rendered"
		case err != nil:
			c.unreadable(i, err)
		case c.holdsPrivate(string(text)):
			d := c.found.Add(i.pos, inlineMaterial, "%s holds a private key or a token", c.shown(i))
			d.Why = "what a patch writes stands in the tree outside of Secrets, for everybody to read"
			d.Fix = "take it out of the patch; replace a key or token that was committed"
		}
	}
}

// privateFiles gives the files that the topology names as private, and what each is.
func (c *Checker) privateFiles() map[string]string {
	files := map[string]string{}
	add := func(place schema.Private, what string) {
		if place.File != "" {
			files[path.Clean(place.File)] = what
		}
	}
	for _, cl := range c.t.Clusters {
		if cl.Credential != nil {
			add(cl.Credential.Private, fmt.Sprintf("the %s of cluster %q", cl.Credential.What(), cl.Name))
		}
		if cl.Intermediate != nil {
			add(cl.Intermediate.Key, fmt.Sprintf("the CA key of cluster %q", cl.Name))
		}
	}
	return files
}
