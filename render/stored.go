package render

import (
	"slices"

	"meshtopo.dev/meshtopo/render/contract"
	"meshtopo.dev/meshtopo/render/external"
	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/login"
	"meshtopo.dev/meshtopo/schema"
)

// stored is what External Secrets has to do with the cluster.
func (d *directory) stored() *external.Cluster {
	return &external.Cluster{
		Cluster: d.c, Topology: d.topology, Read: d.written(d.c), Readers: d.readers(d.c),
		Public: d.public, Fill: d.text,
		Server: func(of *schema.Cluster) (string, string, []byte) {
			l := d.logins().Server(of)
			return l.Server, l.ProxyURL, l.CA
		},
		Kubeconfig: func(of *schema.Cluster) []byte { return d.logins().Kubeconfig(d.logins().Server(of)) },
	}
}

// storedSecrets adds the files of Secrets whose private parts are in a store.
func (d *directory) storedSecrets() {
	e := d.stored()
	if ca := e.CACerts(); ca != nil {
		d.Add(layout.Secrets+"/cacerts.yaml", ca)
	}
	for _, c := range e.Read {
		path := layout.Secrets + "/remote-secrets/" + c.Name + ".yaml"
		switch {
		case d.wanted != nil && !d.wanted(d.c, c):
		case !d.logins().Server(c).Served():
			d.addUnknown(path, "ExternalSecret", d.c.Secrets.RemoteName(c.Name))
		default:
			d.Add(path, e.RemoteSecret(c)...)
			// Where the kubeconfig is not here this is not known, and what is not known is in no list of digests.
			d.files[len(d.files)-1].Private = c.HasKubeconfig()
		}
	}
}

// lend adds what those need who take the token of this cluster by External Secrets.
func (d *directory) lend() {
	if account := d.stored().TokenReader(); account != nil {
		d.Add(external.TokenReaderFile, account...)
	}
}

func (d *directory) push() {
	if pushed := d.stored().PushSecret(); pushed != nil {
		d.Add(external.PushSecretFile, pushed)
	}
}

// holders are the control planes whose directories hold the token of a cluster, now or once it has joined.
func (p *Plan) holders(c *schema.Cluster) []*schema.Cluster {
	return slices.DeleteFunc(p.writers(c), func(r *schema.Cluster) bool { return r.Secrets.Protection == schema.External })
}

// fleetStores brings the tokens to where External Secrets of the readers looks for them.
func (r *rendering) fleetStores(s *sections) {
	if served := contract.Served(r.topology.Clusters); len(served) > 0 && len(r.topology.Clusters) > 1 {
		s.add("fleet-existing", struct{ Readers string }{contract.Names(served)})
	}
	if rows := external.Rows(r.topology); len(rows) > 0 {
		s.add("fleet-stores", struct{ Rows string }{lines(rows)})
	}
	var pushes, logIns []string
	for _, d := range r.directories {
		if d.byHand(layout.Secrets) {
			pushes = append(pushes, d.stored().Push()...)
		}
		logIns = append(logIns, d.stored().LogIn()...)
	}
	if len(pushes) > 0 {
		s.commands("fleet-pushes", pushes...)
	}
	if len(logIns) > 0 {
		s.add("fleet-log-ins", struct{ Account, Commands string }{code(schema.TokenReader), lines(logIns)})
	}
}

func (d *directory) tokenPower() string { return d.mesh.Rights(d.c).Power(d.c, d.readers(d.c)) }

// readmeStored says where the token of a cluster goes that nobody fetches.
func (d *directory) readmeStored(s *sections) {
	ways, readers := d.stored().Ways(), d.readers(d.c)
	if served := contract.Served(readers); len(served) > 0 {
		s.add("cluster-token-existing", struct{ Secret, Readers string }{code(d.c.Istio.Reader.Secret()), contract.Names(served)})
		if len(served) == len(readers) {
			s.add("cluster-token-power", struct{ Power string }{d.tokenPower()})
		}
	}
	if len(ways) == 0 {
		return
	}
	s.add("cluster-token-stored", struct{ Secret, Ways, Power string }{code(d.c.Istio.Reader.Secret()), lines(ways), d.tokenPower()})
	if d.c.State == schema.Joining && len(d.holders(d.c)) == 0 && !d.c.HasKubeconfig() {
		s.commands("api-server-ca", login.FetchCA(d.c)...)
	}
}
