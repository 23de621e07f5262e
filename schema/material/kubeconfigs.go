package material

import (
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/trust"
)

// New prepares the checks of what a topology names. The kubeconfigs are read at once: what they say of API servers is
// in the topology then, for all who judge it.
func New(t *schema.Topology, access Access, found *diag.List) *Checker {
	c := &Checker{Access: access, t: schema.Written{Topology: t}, found: found, logins: map[string]*kubeconfig.Login{}}
	if access.Reader != nil {
		t.Public = schema.Public{
			RootFiles: map[trust.Digest]string{},
			Keys:      map[string]trust.Digest{}, Signers: map[string]schema.Signer{},
			Tokens: map[string]string{}, ServerCAs: map[string][]trust.Digest{},
		}
		c.forms()
		c.kubeconfigs()
		c.clientCertificates()
	}
	return c
}

// kubeconfigs checks the kubeconfigs that the topology names, and takes from each what the topology does not say
// itself. They go to all whose directories have them: where tokens are in a store, the server and its CA are needed
// still.
func (c *Checker) kubeconfigs() {
	for _, cl := range c.t.Clusters {
		if !cl.HasKubeconfig() {
			continue
		}
		readers := schema.Writing(c.t.ReadBy(cl))
		place := cl.Credential.Private
		i := item{what: "the kubeconfig of " + called(cl), place: place, pos: c.placePos(place, schema.PrivatePath(cl)), fix: fetchLater}
		text, ok := c.private(i, c.active(cl) && len(readers) > 0, readers)
		if !ok {
			continue
		}
		source := &kubeconfig.Source{
			Cluster: cl.Name, Others: func(name string) bool { return c.t.Cluster(name) != nil },
			Place: place, Pos: i.pos, Text: text, Own: ownServer(cl.APIServer), Subject: c.subject(cl), Refreshed: cl.Credential.RefreshedBy != "",
			Allowed: cl.Credential.InsecureOptions, Now: c.clock(),
		}
		if l := source.Read(c.found); l != nil {
			c.logins[cl.Name] = l
			datedClient(c.t.Topology, cl, i.place, l.Certificate())
			c.take(cl, i, l)
		}
	}
}

func ownServer(a *schema.APIServer) kubeconfig.Own {
	if a == nil {
		return kubeconfig.Own{}
	}
	return kubeconfig.Own{Server: a.URL != "", CA: a.CA != "", ServerName: a.TLSServerName != "", Proxy: a.ProxyURL != ""}
}

// take fills in what a kubeconfig says of the API server of a cluster.
func (c *Checker) take(cl *schema.Cluster, i item, l *kubeconfig.Login) {
	if cl.APIServer == nil {
		cl.APIServer = &schema.APIServer{}
	}
	a := cl.APIServer
	cl.Credential.Read = true
	for _, f := range []struct {
		name string
		to   *string
		from kubeconfig.Value
	}{{"url", &a.URL, l.Server}, {"tlsServerName", &a.TLSServerName, l.ServerName}, {"proxyURL", &a.ProxyURL, l.Proxy}} {
		if *f.to == "" && f.from.Text != "" {
			*f.to = f.from.Text
			c.t.Take(cl, f.name, f.from.Pos)
		}
	}
	if a.CA == "" {
		a.CAData = l.CA
		dated(c.t.Topology, schema.DatedServerCA, []*schema.Cluster{cl}, i.place, l.Authorities.Spans()...)
		c.t.Public.ServerCAs[cl.Name] = l.Authorities.Digests()
	}
}
