package ca

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/authority"
	"meshtopo.dev/meshtopo/cmd/internal/usage"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// place is where the files of an intermediate are. That of the key has no path where the key is in no file.
type place struct {
	authority.Holder
	cluster                   *schema.Cluster
	cert, chain, key, request authority.File
}

// pair are the files of an intermediate, the key last.
func (p place) pair() []authority.File { return []authority.File{p.cert, p.chain, p.key} }

// asked are the files of a request, the key last.
func (p place) asked() []authority.File { return []authority.File{p.request, p.key} }

// requestName is the name of a request, beside the certificate.
const requestName = "ca-csr.pem"

// signing gives the clusters whose control planes sign.
func (m *mesh) signing() []*schema.Cluster {
	return slices.DeleteFunc(slices.Clone(m.Clusters), func(c *schema.Cluster) bool { return !c.RunsControlPlane() })
}

// place says where the intermediate of a cluster is.
func (m *mesh) place(c *schema.Cluster) (place, error) {
	if c.Intermediate == nil {
		return place{}, fmt.Errorf("%s does not say where the intermediate of %s is: add spec.trust.intermediates, such as certs/{cluster}", m.src.Label(), c.Name)
	}
	i := c.Intermediate
	p := place{Holder: authority.Holder{Cluster: c.Name, Namespace: c.Istio.Namespace}, cluster: c}
	p.cert, p.chain = m.file(i.Cert, nil, authority.Public), m.file(i.Chain, nil, authority.Public)
	p.request = m.file(path.Join(path.Dir(i.Cert), requestName), nil, authority.Public)
	if i.Key.File != "" {
		p.key = m.file(i.Key.File, nil, authority.Secret)
	}
	return p, nil
}

// choose gives the places of the clusters of those names, none of whose files may be there; without names, of all
// control planes that have none of them.
func (m *mesh) choose(names []string, files func(place) []authority.File) ([]place, error) {
	clusters, err := m.named(names)
	if err != nil {
		return nil, err
	}
	var places []place
	for _, c := range clusters {
		p, err := m.place(c)
		if err != nil {
			return nil, err
		}
		if len(names) == 0 && (m.complete(p) || p.waits()) {
			continue
		}
		if p.key.Path == "" {
			return nil, fmt.Errorf("the key of %s is to be in no file (%s): say under its intermediate in which one it goes, or make it where it is kept",
				c.Name, c.Intermediate.Key)
		}
		if err := vacant(files(p)); err != nil {
			return nil, err
		}
		places = append(places, p)
	}
	return places, apart(places)
}

// vacant says which of some files is there already. What an interrupted run has left does not count.
func vacant(files []authority.File) error {
	if authority.Unfinished(files) {
		return nil
	}
	return authority.Check(files)
}

// complete reports whether the certificate and the chain of an intermediate are there, and its key where it is in a
// file.
func (m *mesh) complete(p place) bool {
	for _, f := range p.pair() {
		if f.Path != "" && !there(f) {
			return false
		}
	}
	return true
}

// waits reports whether the key and a request are there, and no certificate: somebody has been asked for it.
func (p place) waits() bool {
	return there(p.request) && p.key.Path != "" && there(p.key) && !there(p.cert) && !there(p.chain)
}

func there(f authority.File) bool { return authority.Check([]authority.File{f}) != nil }

// named gives the clusters of those names, or all whose control planes sign.
func (m *mesh) named(names []string) ([]*schema.Cluster, error) {
	if len(names) == 0 {
		return m.signing(), nil
	}
	var all []*schema.Cluster
	for _, name := range names {
		c := m.Cluster(name)
		switch {
		case c == nil:
			return nil, usage.Errorf("%s has no cluster %q: %s", m.src.Label(), name, diag.Hint(name, schema.Names(m.signing()), "its control planes are those of "+strings.Join(schema.Names(m.signing()), ", ")))
		case !c.RunsControlPlane():
			return nil, usage.Errorf("%s runs no control plane, and needs no intermediate: that of %s signs for it", name, c.Primary)
		}
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all, nil
}

// apart refuses clusters whose intermediates would be in the same files.
func apart(places []place) error {
	of := map[string]string{}
	for _, p := range places {
		for _, f := range p.pair() {
			if other, taken := of[f.Path]; taken && other != p.Cluster {
				return fmt.Errorf("%s is named by %s and by %s: give each control plane an intermediate of its own", f.Name, other, p.Cluster)
			}
			of[f.Path] = p.Cluster
		}
	}
	return nil
}

// private reads the key of an intermediate, wherever it is.
func (m *mesh) private(p place) ([]byte, error) {
	text, err := m.src.Store.Private(p.cluster.Intermediate.Key)
	where := p.cluster.Intermediate.Key.String()
	if p.key.Path != "" {
		where = p.key.Name
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("the key of %s (%s) is not there: meshtopo ca request makes it", p.Cluster, where)
	case err != nil:
		return nil, failed(where, err)
	}
	return text, nil
}
