package render

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/schema"
)

// holders are the control planes whose directories hold the token of a cluster, now or once it has joined. The token of
// a cluster without any is not fetched by hand.
func (p *Plan) holders(c *schema.Cluster) []*schema.Cluster { return schema.Holding(p.readers(c)) }

// external reports whether External Secrets makes the Secrets of any cluster, or could as far as the topology says.
func (p *Plan) external() bool {
	return slices.ContainsFunc(p.topology.Clusters, func(c *schema.Cluster) bool {
		e := c.Secrets.External
		return c.Secrets.Protection == schema.External || e.Store.Name != "" || e.RemoteSecretKey != "" || e.CacertsKey != ""
	})
}

// applySecrets applies the layer of secrets, and waits until External Secrets has made what istiod looks for.
func (d *directory) applySecrets() []string {
	commands := []string{apply(d.c, layout.Secrets)}
	var made []string
	if d.c.Secrets.Protection == schema.External {
		if d.has(layout.Secrets + "/cacerts.yaml") {
			made = append(made, "externalsecret/cacerts")
		}
		for _, c := range d.read(d.c) {
			made = append(made, "externalsecret/"+remoteSecretName(c))
		}
	}
	if len(made) > 0 {
		commands = append(commands, kubectlIn(d.c, "wait --for=condition=Ready --timeout=5m "+strings.Join(made, " ")))
	}
	return commands
}

// push sends the token of a cluster to the store of those who read it, and waits until it is there.
func (d *directory) push() []string {
	if !d.has(pushSecretFile) {
		return nil
	}
	return chain(
		kubectl(d.c, "apply --server-side -f "+layout.Path(d.c.Name, pushSecretFile)),
		kubectlIn(d.c, "wait --for=condition=Ready --timeout=5m pushsecret/"+remoteSecretName(d.c)),
	)
}

// storeRows say what has to be in the stores of External Secrets and comes from nobody in this tree: a row of a table
// for each key, once.
func (r *rendering) storeRows() []string {
	type place struct{ kind, name, key, property string }
	from := map[place]string{}
	for _, c := range r.topology.Clusters {
		e := c.Secrets.External
		if c.Secrets.Protection != schema.External || !c.RunsControlPlane() {
			continue
		}
		if c.Intermediate != nil {
			from[place{e.Store.Kind, e.Store.Name, e.CAKey(c.Name), "ca-key.pem"}] = "the key of " + code(c.Intermediate.Cert)
		}
		if e.Fill != schema.FillNone {
			continue
		}
		for _, other := range r.topology.Clusters {
			if other != c {
				from[place{e.Store.Kind, e.Store.Name, e.TokenKey(other.Name, c.Name), "token"}] = "the token in the Secret " +
					code(other.Istio.Reader.Secret()) + " of " + other.Name
			}
		}
	}
	var rows []string
	order := func(a, b place) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.kind, b.kind), cmp.Compare(a.key, b.key), cmp.Compare(a.property, b.property))
	}
	for _, p := range slices.SortedFunc(maps.Keys(from), order) {
		rows = append(rows, fmt.Sprintf("| %s %s | %s | %s | %s |", p.kind, code(p.name), code(p.key), code(p.property), from[p]))
	}
	return rows
}

// logIn gives the readers of a cluster the token with which External Secrets takes the one of its reader account from
// there. It goes from one kubectl to the other.
func (d *directory) logIn() []string {
	readers := d.filled(schema.FillKubernetes)
	if len(readers) == 0 {
		return nil
	}
	commands := []string{kubectlIn(d.c, "wait --for=jsonpath='{.data.token}' --timeout=1m secret/"+tokenReaderToken)}
	for _, r := range readers {
		name := r.Secrets.External.LoginSecret(d.c.Name)
		commands = append(commands, kubectlIn(d.c, "get secret "+tokenReaderToken+" -o go-template='{{ .data.token | base64decode }}' | ")+
			kubectlIn(r, "create secret generic "+name+" "+fromStdin+" --dry-run=client -o yaml | ")+
			kubectl(r, "apply --server-side -f -"))
	}
	return chain(commands...)
}

// fleetStores brings the tokens to where External Secrets of the readers looks for them.
func (r *rendering) fleetStores(s *sections) {
	if rows := r.storeRows(); len(rows) > 0 {
		s.add("fleet-stores", struct{ Rows string }{lines(rows)})
	}
	var pushes, logIns []string
	for _, d := range r.directories {
		pushes = append(pushes, d.push()...)
		logIns = append(logIns, d.logIn()...)
	}
	if len(pushes) > 0 {
		s.commands("fleet-pushes", pushes...)
	}
	if len(logIns) > 0 {
		s.add("fleet-log-ins", struct{ Account, Commands string }{code(schema.TokenReader), lines(logIns)})
	}
}

// readmeStored says where the token of a cluster goes that nobody fetches.
func (d *directory) readmeStored(s *sections) {
	var ways []string
	for _, r := range d.readers(d.c) {
		way := map[schema.Fill]string{
			schema.FillPush:       "- " + code(r.Name) + " takes it from its store, where the PushSecret of `2-secrets` brings it",
			schema.FillKubernetes: "- " + code(r.Name) + " takes it from here, as the account " + code(schema.TokenReader) + ", which may get that one Secret",
		}[r.Secrets.External.Fill]
		if r.Secrets.Protection.HoldsMaterial() {
			continue
		}
		if way == "" {
			way = "- " + code(r.Name) + " takes it from its store, at the key " + code(r.Secrets.External.TokenKey(d.c.Name, r.Name)) + ": put it there"
		}
		ways = append(ways, way)
	}
	if len(ways) == 0 {
		return
	}
	s.add("cluster-token-stored", struct{ Secret, Ways, Power string }{code(d.c.Istio.Reader.Secret()), lines(ways), d.tokenPower()})
	if d.c.State == schema.Joining {
		s.commands("api-server-ca", fetchCA(d.c)...)
	}
}

// externalHeld says what External Secrets makes of the layer of secrets.
func (d *directory) externalHeld() string {
	what := "ExternalSecrets, in which nothing is private. Of them External Secrets of this cluster makes\n"
	switch ca, read := d.has(layout.Secrets+"/cacerts.yaml"), len(d.read(d.c)); {
	case ca && read > 0:
		what += fmt.Sprintf("the signing CA, which istiod looks for when it starts, and the remote Secrets of the %s that it reads:\n", count(read, "cluster"))
	case ca:
		what += "the signing CA, which istiod looks for when it starts:\n"
	default:
		what += "the remote Secrets of the " + count(read, "cluster") + " that istiod reads:\n"
	}
	return what + "**first** step 1 of [the README of the mesh](../README.md), which says what has to be in its stores."
}

// refresh has External Secrets ask its stores at once.
func (d *directory) refresh() string {
	return kubectlIn(d.c, "annotate externalsecrets --selector '"+ownedBy(d.topology.Name)+"' --overwrite force-sync=\"$(date +%s)\"")
}

// externalGone are the commands that delete what External Secrets was told by an earlier tree. What it has made stays:
// the commands behind these delete that by name, and a Secret that another protection has taken over is still read.
func (d *directory) externalGone(remote []string) []string {
	if !d.external() {
		return nil
	}
	var made, stores, pushes []string
	if d.c.RunsControlPlane() && d.c.Secrets.Protection == schema.External {
		made = remote
		if d.has(layout.Secrets + "/cacerts.yaml") {
			made = append([]string{"cacerts"}, remote...)
		}
		if d.c.Filled(schema.FillKubernetes) {
			stores = remote
		}
	}
	if d.has(pushSecretFile) {
		pushes = []string{remoteSecretName(d.c)}
	}
	owner := ownedBy(d.topology.Name)
	return []string{
		kubectlIn(d.c, deleteOthers("externalsecrets --cascade=orphan", owner, made)),
		kubectlIn(d.c, deleteOthers("secretstores.external-secrets.io", owner, stores)),
		kubectlIn(d.c, deleteOthers("pushsecrets", owner, pushes)),
	}
}
