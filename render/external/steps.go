package external

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/shell"
	"meshtopo.dev/meshtopo/schema"
)

// The files of what External Secrets needs in a cluster that is read.
const (
	PushSecretFile  = layout.Secrets + "/push-secret.yaml"
	TokenReaderFile = layout.Prepare + "/token-reader.yaml"
)

// Made are the ExternalSecrets of a cluster that istiod needs something of.
func (c *Cluster) Made() []string {
	if !c.RunsControlPlane() || c.Secrets.Protection != schema.External {
		return nil
	}
	var made []string
	if c.Intermediate != nil {
		made = append(made, "cacerts")
	}
	return append(made, c.remote()...)
}

func (c *Cluster) remote() []string {
	var names []string
	for _, of := range c.Read {
		names = append(names, c.Secrets.RemoteName(of.Name))
	}
	return names
}

// Wait waits until External Secrets has made what istiod looks for.
func (c *Cluster) Wait() []string {
	made := c.Made()
	if len(made) == 0 {
		return nil
	}
	return []string{shell.KubectlIn(c.Cluster, "wait --for=condition=Ready --timeout=5m externalsecret/"+strings.Join(made, " externalsecret/"))}
}

// Push sends the token of a cluster to the store of those who read it, and waits until it is there.
func (c *Cluster) Push() []string {
	if !c.Pushes() {
		return nil
	}
	return shell.Chain(
		shell.Kubectl(c.Cluster, "apply --server-side -f "+layout.Path(c.Name, PushSecretFile)),
		shell.KubectlIn(c.Cluster, "wait --for=condition=Ready --timeout=5m pushsecret/"+pushName(c.Cluster)),
	)
}

// LogIn gives the readers of a cluster the token with which External Secrets takes that of its reader account from
// there. It goes from one kubectl to the other.
func (c *Cluster) LogIn() []string {
	if !c.Lends() {
		return nil
	}
	commands := []string{shell.KubectlIn(c.Cluster, "wait --for=jsonpath='{.data.token}' --timeout=1m secret/"+tokenReaderToken)}
	for _, r := range c.filled(schema.FillKubernetes) {
		name := r.Secrets.External.LoginSecret(c.Name)
		commands = append(commands, shell.KubectlIn(c.Cluster, "get secret "+tokenReaderToken+" -o go-template='{{ .data.token | base64decode }}' | ")+
			shell.KubectlIn(r, "create secret generic "+name+" "+fromStdin+" --dry-run=client -o yaml | ")+
			shell.Kubectl(r, "apply --server-side -f -"))
	}
	return shell.Chain(commands...)
}

// Refresh has External Secrets of a cluster ask its stores at once, and shows when it did.
func (c *Cluster) Refresh() []string {
	if len(c.Made()) == 0 {
		return nil
	}
	return []string{
		shell.KubectlIn(c.Cluster, "annotate externalsecrets --selector '"+shell.OwnedBy(c.Topology.Name)+"' --overwrite force-sync=\"$(date +%s)\""),
		shell.KubectlIn(c.Cluster, "get pushsecrets,externalsecrets"),
	}
}

// Gone are the commands that delete what External Secrets was told by an earlier tree, of topologies that speak of it.
// What it has made stays: a Secret that another protection has taken over is still read.
func (c *Cluster) Gone() []string {
	if !speaksOf(c.Topology) {
		return nil
	}
	var stores, pushes []string
	if c.RunsControlPlane() && c.Filled(schema.FillKubernetes) {
		stores = c.remote()
	}
	if c.Pushes() {
		pushes = []string{pushName(c.Cluster)}
	}
	owner := shell.OwnedBy(c.Topology.Name)
	return []string{
		shell.KubectlIn(c.Cluster, shell.DeleteOthers("externalsecrets --cascade=orphan", owner, c.Made())),
		shell.KubectlIn(c.Cluster, shell.DeleteOthers("secretstores.external-secrets.io", owner, stores)),
		shell.KubectlIn(c.Cluster, shell.DeleteOthers("pushsecrets", owner, pushes)),
	}
}

// speaksOf reports whether External Secrets makes the Secrets of any cluster, or could as far as the topology says.
func speaksOf(t *schema.Topology) bool {
	return slices.ContainsFunc(t.Clusters, func(c *schema.Cluster) bool {
		e := c.Secrets.External
		return c.Secrets.Protection == schema.External || e.Store.Name != "" || e.RemoteSecretKey != "" || e.CacertsKey != ""
	})
}

// TokenSecrets are the Secrets of a cluster into which Kubernetes writes tokens.
func (c *Cluster) TokenSecrets() []string {
	if c.Lends() {
		return append(c.Cluster.TokenSecrets(), tokenReaderToken)
	}
	return c.Cluster.TokenSecrets()
}

// Ways say how the token of a cluster gets to the readers who take it by External Secrets: an item of a list for each.
func (c *Cluster) Ways() []string {
	var ways []string
	for _, r := range c.Readers {
		if r.Secrets.Protection != schema.External || !r.Secrets.WritesRemote() {
			continue
		}
		way := "its store, at the key `" + r.Secrets.External.TokenKey(c.Name, r.Name) + "`: put it there"
		switch r.Secrets.External.Fill {
		case schema.FillPush:
			way = "its store, where the PushSecret of `" + layout.Secrets + "` brings it"
		case schema.FillKubernetes:
			way = "here, as the account `" + schema.TokenReader + "`, which may get that one Secret"
		}
		ways = append(ways, "- `"+r.Name+"` takes it from "+way)
	}
	return ways
}

// Rows say what has to be in the stores and comes from nobody in the tree of a mesh: a row of a table for each key.
func Rows(t *schema.Topology) []string {
	type place struct{ kind, name, key, property string }
	from := map[place]string{}
	for _, c := range t.Clusters {
		e := c.Secrets.External
		if c.Secrets.Protection != schema.External || !c.RunsControlPlane() {
			continue
		}
		if c.Intermediate != nil {
			from[place{e.Store.Kind, e.Store.Name, e.CAKey(c.Name), "ca-key.pem"}] = "the key of `" + c.Intermediate.Cert + "`"
		}
		if e.Fill != schema.FillNone || !c.Secrets.WritesRemote() {
			continue
		}
		for _, of := range t.Clusters {
			if of != c {
				from[place{e.Store.Kind, e.Store.Name, e.TokenKey(of.Name, c.Name), "token"}] = "the token in the Secret `" +
					of.Istio.Reader.Secret() + "` of " + of.Name
			}
		}
	}
	var rows []string
	order := func(a, b place) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key), cmp.Compare(a.property, b.property))
	}
	for _, p := range slices.SortedFunc(maps.Keys(from), order) {
		rows = append(rows, fmt.Sprintf("| %s `%s` | `%s` | `%s` | %s |", p.kind, p.name, p.key, p.property, from[p]))
	}
	return rows
}

// Held says what External Secrets makes of the layer of secrets.
func (c *Cluster) Held() string {
	what := "ExternalSecrets, in which nothing is private. Of them External Secrets of this cluster makes\n"
	read := fmt.Sprintf("the remote Secrets of the %d clusters", len(c.Read))
	if len(c.Read) == 1 {
		read = "the remote Secret of the one cluster"
	}
	switch {
	case c.Intermediate == nil:
		what += read + " that istiod reads:\n"
	case len(c.Read) == 0:
		what += "the signing CA, which istiod looks for when it starts:\n"
	default:
		what += "the signing CA, which istiod looks for when it starts, and " + read + " that it reads:\n"
	}
	return what + "**first** step 1 of [the README of the mesh](../README.md), which says what has to be in its stores."
}

// Pushed says what the PushSecret is.
const Pushed = "A PushSecret, by which External Secrets of this cluster brings the token of the reader account to the store of those\nwho read it."
