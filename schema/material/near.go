package material

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/private"
)

var misspeltPrivatePath = &diag.Rule{
	Code: "misspelt-private-path", Severity: diag.Warning,
	Title: "a key or token is not there, and a file of nearly that name is",
	Why:   "a private file may be kept elsewhere, and so one that is not there is not checked; behind a misspelt path it never will be, and render stops",
	Fix:   "name the file that is there, or delete it",
}

// nearby finds what a misspelt path may have meant.
type nearby struct {
	list  func(dir string) []string // or nil
	named map[string]bool           // files that the topology names: those are meant elsewhere
}

func newNearby(list func(dir string) []string, clusters []*schema.Cluster) *nearby {
	n := &nearby{list, map[string]bool{}}
	for _, cl := range clusters {
		if cl.Credential != nil {
			n.named[cl.Credential.Private.File], n.named[cl.Credential.Cert] = true, true
		}
		if cl.APIServer != nil {
			n.named[cl.APIServer.CA] = true
		}
		if cl.Intermediate != nil {
			n.named[cl.Intermediate.CRL] = true
			n.named[cl.Intermediate.Cert], n.named[cl.Intermediate.Chain], n.named[cl.Intermediate.Issuers], n.named[cl.Intermediate.Key.File] = true, true, true, true
		}
	}
	return n
}

// find gives the file that a path may have meant: one beside it whose name is nearly its own, or one of its name in a
// directory of nearly its name.
func (n *nearby) find(file string) string {
	if n.list == nil || file == "" || private.IsOpaque(file) {
		return ""
	}
	dir, name := path.Dir(file), path.Base(file)
	if near := n.nearIn(dir, name); near != "" {
		return path.Join(dir, near)
	}
	if len(n.list(dir)) > 0 || dir == "." {
		return ""
	}
	other := n.nearIn(path.Dir(dir), path.Base(dir))
	if at := path.Join(path.Dir(dir), other, name); other != "" && slices.Contains(n.list(path.Dir(at)), name) && !n.named[at] {
		return at
	}
	return ""
}

func (n *nearby) nearIn(dir, name string) string {
	names := slices.DeleteFunc(slices.Clone(n.list(dir)), func(other string) bool {
		return n.named[path.Join(dir, other)] || strings.HasPrefix(other, ".") || private.IsOpaque(other) || areCounted(name, other)
	})
	return diag.Nearest(name, names)
}

// areCounted reports whether two names are those of two things that are counted: cluster-1 and cluster-2, or cluster-a
// and cluster-b.
func areCounted(a, b string) bool {
	letters := func(name string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return -1
			}
			return r
		}, name)
	}
	return a != b && (letters(a) == letters(b) || len(a) == len(b) && a[:len(a)-1] == b[:len(b)-1])
}
