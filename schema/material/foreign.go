package material

import (
	"net/url"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/private"
	"meshtopo.dev/meshtopo/schema/trust"
)

// foreign finds CAs of API servers whose path names another cluster and not their own. One CA may sign for several API
// servers, so that the path alone does not tell: there is a file for the cluster itself, with another CA in it, or the
// other cluster has its CA there and nobody else.
type foreign struct {
	clusters *schema.Topology
	kept     keptBelow
	beside   func(file string) (trust.Certificates, bool) // what is in a file that the topology need not name
}

// owner gives the cluster whose CA another one has by mistake, or nil.
func (f foreign) owner(cl *schema.Cluster) *schema.Cluster {
	if cl.APIServer == nil || private.IsOpaque(cl.APIServer.CA) || hasName(cl.APIServer.CA, cl.Name) {
		return nil
	}
	for _, at := range prefixes(cl.APIServer.CA) {
		other := f.kept.owners[at]
		if other == nil {
			other = f.clusters.Cluster(stem(path.Base(at)))
		}
		if other == nil || other == cl || hasName(cl.Name, other.Name) || haveOneHost(cl, other) {
			continue
		}
		own := path.Join(path.Dir(at), strings.ReplaceAll(path.Base(at), other.Name, cl.Name), strings.TrimPrefix(path.Clean(cl.APIServer.CA), at))
		switch cas, there := f.beside(own); {
		case there && !slices.Equal(cas.Digests(), f.clusters.Public.ServerCAs[cl.Name]), !there && f.kept.owners[at] == other && f.kept.takers[at] == 2:
			return other
		}
	}
	return nil
}

// keptBelow says by files and directories whose name has a cluster's name and where that cluster's CA is kept: which
// cluster that is, and how many clusters have their CA there.
type keptBelow struct {
	owners map[string]*schema.Cluster
	takers map[string]int
}

func keptCAs(clusters []*schema.Cluster) keptBelow {
	kept := keptBelow{map[string]*schema.Cluster{}, map[string]int{}}
	for _, cl := range clusters {
		if cl.APIServer == nil {
			continue
		}
		for _, at := range prefixes(cl.APIServer.CA) {
			if kept.takers[at]++; hasName(path.Base(at), cl.Name) {
				kept.owners[at] = cl
			}
		}
	}
	return kept
}

// prefixes gives a path and the directories above it.
func prefixes(file string) []string {
	var all []string
	for at := path.Clean(file); at != "." && at != "/"; at = path.Dir(at) {
		all = append(all, at)
	}
	return all
}

// stem is the name of a file without what stands behind its first dot.
func stem(name string) string {
	name, _, _ = strings.Cut(name, ".")
	return name
}

// hasName reports whether a cluster's name stands in a text as a whole, not as a part of a word.
func hasName(text, name string) bool {
	isWord := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	text, name = strings.ToLower(text), strings.ToLower(name)
	for from := 0; name != ""; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		before, _ := utf8.DecodeLastRuneInString(text[:from+i])
		after, _ := utf8.DecodeRuneInString(text[from+i+len(name):])
		if !isWord(before) && !isWord(after) {
			return true
		}
		from += i + len(name)
	}
	return false
}

// haveOneHost reports whether two clusters are behind one server, such as Rancher's, which has one certificate.
func haveOneHost(a, b *schema.Cluster) bool {
	if b.APIServer == nil {
		return false
	}
	one, err := url.Parse(a.APIServer.URL)
	other, failed := url.Parse(b.APIServer.URL)
	return err == nil && failed == nil && strings.EqualFold(one.Host, other.Host)
}
