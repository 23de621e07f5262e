// Package material says whether the files that a topology names are there, are sound and go together.
//
// How they are read is left to a Reader, and what a single certificate, key or token must be to package trust.
package material

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/private"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Reader reads what a topology names. An error for what is not there satisfies errors.Is(err, fs.ErrNotExist).
type Reader interface {
	// Public reads a public file: a certificate.
	Public(path string) ([]byte, error)
	// Private reads a key or a token.
	Private(place schema.Private) ([]byte, error)
}

// Access is how material is read.
type Access struct {
	Reader     Reader // nil: none is checked
	Require    bool   // private material that is not there is an error, not Topology.Unread
	RequireFor string // limits Require to what the files of this cluster hold; "" for all clusters
	Committed  bool   // encrypted files that are current are kept: what goes into those alone is not required
	Now        time.Time
	Within     time.Duration             // what ends so soon is worth a warning; 0 for 90 days
	List       func(dir string) []string // the names in a directory of the topology's root, or nil
}

func (a Access) clock() trust.Clock { return trust.Clock{Time: a.Now, Horizon: a.Within} }

// Check checks the certificates, keys and tokens that the topology names, each file once. Private material
// that is not there is an error if it is required. The topology may be partial: what the loader already reported is
// zero here. The root is the document that the topology was read from.
func (c *Checker) Check(root *document.Node) {
	if c.Reader == nil {
		return
	}
	roots := c.roots()
	c.t.Public.Roots = roots.Digests()
	c.intermediates(roots)
	c.federations()
	c.serverCAs()
	c.foreignCAs()
	c.sealing()
	c.tokens()
	c.patches()
	c.pasted(root)
}

// Checker goes through the material of a topology.
type Checker struct {
	Access
	t          schema.Written
	found      *diag.List
	parser     trust.Parser
	tokensRead []string
	logins     map[string]*kubeconfig.Login // of the kubeconfigs, by cluster
	nearby     *nearby                      // once it is needed
}

// item is one piece of material and where the topology names it. Public material is a file.
type item struct {
	what  string // the root, the token of cluster "a"
	place schema.Private
	pos   diag.Pos
	fix   string // where it is private and missing; "" for the rule's own
	why   string // why it matters that it cannot be used; "" for the rule's own
}

// fetchLater is what to do about a token that is not there yet, as in every new mesh.
const fetchLater = "in a new mesh, or for a new cluster, set state: joining until its token can be had: clusters/README.md then has the " +
	"commands that fetch it. Otherwise put the file there or set the variable"

// String names an item and its place for a message. What was read is safe to name; see checker.shown for the rest.
func (i item) String() string { return fmt.Sprintf("%s (%s)", i.what, i.place) }

// absence says how an item is missing. An environment variable that is empty counts as missing: that is how CI
// systems give a secret that they withhold.
func (i item) absence() string {
	if i.place.Env != "" {
		return "not set, or empty"
	}
	return "not there"
}

// report adds what package trust found wrong with an item.
func (c *Checker) report(i item, problems ...trust.Problem) {
	for _, p := range problems {
		d := c.found.Add(i.pos, p.Rule, "%s %s", i, p)
		p.Explain(d)
		if i.why != "" {
			d.Why = i.why
		}
	}
}

// roots checks the roots and gives them all, or none where some could not be read: an intermediate may be under one
// of those.
func (c *Checker) roots() trust.Certificates {
	if c.t.Trust == nil {
		return trust.Certificates{}
	}
	var all []trust.Certificates
	for n, file := range c.t.Trust.Roots {
		i := item{what: "the root", place: schema.Private{File: file}, pos: c.t.Pos("spec", "trust", "roots", fmt.Sprint(n))}
		roots := c.certificates(i, true)
		c.report(i, trust.CheckRoots(roots, c.clock())...)
		c.report(i, trust.CheckRepeated(trust.Join(all...), roots)...)
		dated(c.t.Topology, schema.DatedRoot, nil, i.place, roots.Spans()...)
		all = append(all, roots)
		for _, root := range roots.Digests() {
			c.t.Public.RootFiles[root] = file
		}
	}
	if slices.ContainsFunc(all, func(r trust.Certificates) bool { return r.Len() == 0 }) {
		return trust.Certificates{}
	}
	return trust.Join(all...)
}

// federations checks the roots of other meshes.
func (c *Checker) federations() {
	if c.t.Trust == nil {
		return
	}
	for i, f := range c.t.Trust.FederatesWith {
		var all []trust.Certificates
		for n, file := range f.Roots {
			path := []string{"spec", "trust", "federatesWith", fmt.Sprint(i), "roots", fmt.Sprint(n)}
			what := item{what: fmt.Sprintf("the root of %q", f.TrustDomain), place: schema.Private{File: file}, pos: c.t.Pos(path...)}
			roots := c.certificates(what, true)
			c.report(what, trust.CheckRoots(roots, c.clock())...)
			c.report(what, trust.CheckRepeated(trust.Join(all...), roots)...)
			if domain := c.t.Mesh.TrustDomain; domain != "" && roots.Permit(domain) {
				c.found.Add(what.pos, unboundRoot, "%s may sign for the trust domain %q of this mesh", what, domain)
			}
			all = append(all, roots)
		}
		c.t.Public.Federated = append(c.t.Public.Federated, schema.Federated{TrustDomain: f.TrustDomain, Roots: trust.Join(all...)})
	}
}

// serverCAs checks the CAs of the API servers. Where clusters share one file it is checked once. That of a joining
// cluster comes with its token and need not be there yet.
func (c *Checker) serverCAs() {
	sharing := grouped(c.t.Clusters, func(cl *schema.Cluster) string {
		if cl.APIServer == nil {
			return ""
		}
		return cl.APIServer.CA
	})
	for _, clusters := range sharing {
		file := clusters[0].APIServer.CA
		i := item{what: "the API server CA of " + called(clusters...), place: schema.Private{File: file}, pos: c.t.Pos(schema.ClusterPath(clusters[0], "apiServer", "ca")...)}
		cas := c.certificates(i, slices.ContainsFunc(clusters, c.writtenCA))
		c.report(i, trust.CheckServerCA(cas, c.clock())...)
		dated(c.t.Topology, schema.DatedServerCA, clusters, i.place, cas.Spans()...)
		for _, cl := range clusters {
			c.t.Public.ServerCAs[cl.Name] = cas.Digests()
		}
	}
}

// foreignCAs warns of CAs that are those of other clusters by their names.
func (c *Checker) foreignCAs() {
	f := foreign{c.t.Topology, keptCAs(c.t.Clusters), c.beside}
	for _, cl := range c.t.Clusters {
		pos := c.t.Pos(schema.ClusterPath(cl, "apiServer", "ca")...)
		other := f.owner(cl)
		if other == nil || c.found.ErrorAt(pos) {
			continue
		}
		d := c.found.Add(pos, ForeignCA, "the API server CA of %s (%s) is that of %s by its name", called(cl), cl.APIServer.CA, called(other))
		d.Severity = diag.Warning
		d.Fix = fmt.Sprintf("name the file with the CA of %q, or give a CA that signs for both a name of its own", cl.Name)
		if other.APIServer != nil {
			d.Relate(c.t.Pos(schema.ClusterPath(other, "apiServer", "ca")...), "the API server CA of "+called(other))
		}
	}
}

// beside gives the certificates of a file that the topology need not name.
func (c *Checker) beside(file string) (trust.Certificates, bool) {
	text, err := c.Reader.Public(file)
	if err != nil {
		return trust.Certificates{}, false
	}
	certificates, _ := c.parser.Certificates(text)
	return certificates, certificates.Len() > 0
}

// active reports whether a cluster is certain to be an active one.
func (c *Checker) active(cl *schema.Cluster) bool {
	return cl.State != schema.Joining && !c.t.Unsure(schema.ClusterPath(cl, "state")...)
}

// writtenCA reports whether the CA of an active cluster goes into a tree.
func (c *Checker) writtenCA(cl *schema.Cluster) bool {
	readers := c.t.ReadBy(cl)
	return c.active(cl) && (len(readers) == 0 || len(schema.Writing(readers)) > 0)
}

func (c *Checker) tokens() {
	owners := map[[sha256.Size]byte]*schema.Cluster{}
	for _, cl := range c.t.Clusters {
		if cl.Credential == nil {
			continue
		}
		readers := c.t.ReadBy(cl)
		holders := schema.HoldingTokens(readers)
		if len(readers) > 0 && len(holders) == 0 { // it is in a store, or somebody else has it
			continue
		}
		i, text, ok := c.token(cl, holders)
		if !ok {
			continue
		}
		c.remember(text)
		datedToken(c.t.Topology, cl, i.place, text)
		if token := bytes.TrimSpace(text); len(token) > 0 {
			digest := sha256.Sum256(token)
			c.t.Public.Tokens[cl.Name] = fmt.Sprintf("%x", digest)
			if d := c.checkSharedToken(i, cl, digest, owners); d != nil && trust.OfAccount(string(token)) {
				d.Severity = diag.Error // certainly good in one cluster only
			}
		}
	}
}

// token gives the token of a cluster, which goes into the files of the holders, and checks it.
func (c *Checker) token(cl *schema.Cluster, holders []*schema.Cluster) (i item, text []byte, ok bool) {
	i = item{what: "the token of " + called(cl), place: cl.Credential.Private, pos: c.placePos(cl.Credential.Private, schema.PrivatePath(cl)), fix: fetchLater}
	switch cl.Credential.Way {
	case schema.ByKubeconfig: // which has been checked
		l := c.logins[cl.Name]
		if l == nil || l.Token() == nil {
			return i, nil, false
		}
		i.what, i.pos = "the token in the kubeconfig of "+called(cl), l.TokenPos().Pos
		return i, l.Token(), true
	case schema.ByToken:
		if text, ok = c.private(i, c.active(cl) && len(holders) > 0, holders); ok {
			c.reportToken(i, cl, trust.CheckToken(text, c.subject(cl), c.clock()))
		}
	}
	return i, text, ok
}

// reportToken adds what is wrong with a token. One that ends is refused, unless the topology says who refreshes it.
func (c *Checker) reportToken(i item, cl *schema.Cluster, problems []trust.Problem) {
	for _, p := range problems {
		switch {
		case !p.EndsSoon():
			c.report(i, p)
		case cl.Credential.RefreshedBy == "":
			d := c.found.Add(i.pos, p.Rule, "%s %s", i, p)
			d.Severity, d.Fix = diag.Error, kubeconfig.RefreshedFix
		}
	}
}

// checkSharedToken reports a token that an earlier cluster has too, and remembers it.
func (c *Checker) checkSharedToken(i item, cl *schema.Cluster, digest [sha256.Size]byte, owners map[[sha256.Size]byte]*schema.Cluster) *diag.Diagnostic {
	owner, taken := owners[digest]
	if !taken {
		owners[digest] = cl
		return nil
	}
	d := c.found.Add(i.pos, SharedToken, "%s is the token of cluster %q too", i, owner.Name)
	d.Relate(c.t.Pos(schema.ClusterPath(owner, "credential")...), fmt.Sprintf("the token of cluster %q", owner.Name))
	return d
}

// subject is how the API server of cl calls the reader account, or "" where its name is not known or is wrong
// itself.
func (c *Checker) subject(cl *schema.Cluster) string {
	namespace, account := cl.Istio.Namespace, cl.Istio.Reader.ServiceAccount
	places := []diag.Pos{c.t.Pos(c.t.IstioPath(cl, "namespace")...), c.t.Pos(c.t.IstioPath(cl, "reader", "serviceAccount")...)}
	if namespace == "" || account == "" || c.found.ErrorAt(places...) {
		return ""
	}
	return "system:serviceaccount:" + namespace + ":" + account
}

// placePos gives the position of the place of private material, which stands at a path of the topology.
func (c *Checker) placePos(place schema.Private, at []string) diag.Pos {
	if place.Env != "" {
		return c.t.Pos(slices.Concat(at, []string{"env"})...)
	}
	return c.t.Pos(slices.Concat(at, []string{"file"})...)
}

// certificates reads and parses a public file. It gives none where that fails.
func (c *Checker) certificates(i item, needed bool) trust.Certificates {
	text, ok := c.public(i, needed)
	if !ok {
		return trust.Certificates{}
	}
	certificates, problems := c.parser.Certificates(text)
	c.report(i, problems...)
	return certificates
}

// public reads a public file. It reports false where that fails, which it adds to what is found unless an absent file
// is no mistake.
func (c *Checker) public(i item, needed bool) (text []byte, ok bool) {
	if i.place.File == "" || c.inline(i) {
		return nil, false
	}
	text, err := c.Reader.Public(i.place.File)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if needed {
			c.missing(i)
		}
		return nil, false
	case err != nil:
		c.unreadable(i, err)
		return nil, false
	}
	return text, true
}

// missing reports a public file that is not there.
func (c *Checker) missing(i item) {
	c.advise(c.found.Add(i.pos, missingFile, "%s is not there", c.shown(i)), i)
}

// advise says which file may be meant in the place of one that is not there.
func (c *Checker) advise(d *diag.Diagnostic, i item) {
	if near := c.near(i); near != "" {
		d.Fix = fmt.Sprintf("did you mean %s?", near)
	} else if l, ok := document.FindLookAlike(i.place.File); ok {
		d.Fix = l.Advice()
	}
}

// near gives the file that an item which is not there may mean, or "".
func (c *Checker) near(i item) string {
	if c.nearby == nil {
		c.nearby = newNearby(c.List, c.t.Clusters)
	}
	return c.nearby.find(i.place.File)
}

// private reads a key or a token, which goes into the files of the holders. It reports false where that fails, or
// where its place has been found wrong.
func (c *Checker) private(i item, needed bool, holders []*schema.Cluster) (text []byte, ok bool) {
	if (i.place.File == "") == (i.place.Env == "") || c.inline(i) || c.found.ErrorAt(i.pos) {
		return nil, false
	}
	text, err := c.Reader.Private(i.place)
	switch {
	case err == nil:
		return text, true
	case !errors.Is(err, fs.ErrNotExist):
		c.unreadable(i, err)
	case !needed:
	case c.Require && c.holds(holders):
		d := c.found.Add(i.pos, missingPrivateFile, "%s is %s", c.shown(i), i.absence())
		if i.fix != "" {
			d.Fix = i.fix
		}
		c.advise(d, i)
	default:
		if near := c.near(i); near != "" {
			d := c.found.Add(i.pos, misspeltPrivatePath, "%s is not there, and %s is", c.shown(i), near)
			d.Fix = "did you mean " + near + "?"
		}
		c.t.Unread = append(c.t.Unread, schema.Unread{Pos: i.pos, Place: i.place, Holders: schema.Names(holders)})
	}
	return nil, false
}

// holds reports whether the files for which material is required are among those of the holders.
func (c *Checker) holds(holders []*schema.Cluster) bool {
	return slices.ContainsFunc(holders, func(h *schema.Cluster) bool {
		return (c.RequireFor == "" || h.Name == c.RequireFor) && !(c.Committed && h.Secrets.Protection.Encrypts())
	})
}

func (c *Checker) unreadable(i item, err error) {
	problem := document.ReadProblem(err)
	if strings.Contains(problem, "leaves the topology's root") {
		c.found.Add(i.pos, linkLeavesRoot, "%s leads out of the topology's root through a symbolic link", c.shown(i))
		return
	}
	c.found.Add(i.pos, unreadableMaterial, "%s cannot be read: %s", c.shown(i), problem)
}

// inline reports material that stands in the topology itself, which is neither read as a path nor shown.
func (c *Checker) inline(i item) bool {
	if !private.IsMaterial(i.place.File) && !private.LooksLikeToken(i.place.File) && !private.LooksLikeToken(i.place.Env) {
		return false
	}
	c.found.Add(i.pos, inlineMaterial, "%s stands in the topology itself", i.what)
	return true
}

// shown names an item that could not be read. Its path may be anything, even an opaque token; what might be one is
// kept out of the message.
func (c *Checker) shown(i item) string {
	if private.IsOpaque(i.place.File) {
		return i.what
	}
	return i.String()
}

// grouped puts clusters with the same key together, in their order; those with a zero key are left out.
func grouped[K comparable](clusters []*schema.Cluster, key func(*schema.Cluster) K) [][]*schema.Cluster {
	var zero K
	var all [][]*schema.Cluster
	at := map[K]int{}
	for _, c := range clusters {
		k := key(c)
		if k == zero {
			continue
		}
		n, ok := at[k]
		if !ok {
			n = len(all)
			at[k] = n
			all = append(all, nil)
		}
		all[n] = append(all[n], c)
	}
	return all
}

// called names clusters for a message.
func called(clusters ...*schema.Cluster) string { return diag.NameClusters(schema.Names(clusters)) }
