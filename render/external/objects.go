// Package external gives the objects by which External Secrets makes the Secrets of a cluster, and the steps that bring
// to its stores what is private in them (https://external-secrets.io).
package external

import (
	"bytes"
	"encoding/base64"
	"strings"

	"meshtopo.dev/meshtopo/render/mounted"
	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/schema"
)

// Cluster is a cluster of a mesh in which External Secrets makes Secrets, or from which it takes a token.
type Cluster struct {
	*schema.Cluster
	Topology *schema.Topology
	Read     []*schema.Cluster // those that its control plane reads
	Readers  []*schema.Cluster // whose control planes read it, now or once it has joined

	Public func(paths ...string) []byte // certificates, one file after the other
	Server func(of *schema.Cluster) (url, proxyURL string, ca []byte)
	// Kubeconfig gives one with an empty token, which is the last of its values.
	Kubeconfig func(of *schema.Cluster) []byte
	// Fill gives the text of a template.
	Fill func(template string, data any, options ...string) []byte
}

// tokenReaderToken is the Secret with the token of the account that takes tokens.
const tokenReaderToken = schema.TokenReader + "-token"

// The holes that External Secrets fills with what it finds in the store. Texts of the Secret are templates to it
// (pkg/template/v2): what is not to be taken for one goes through verbatim.
const (
	tokenHole = `"{{ .token | trim }}"`
	keyHole   = `{{ .key }}`
)

// object is what the templates of all objects hold.
type object struct{ Topology, Namespace string }

func (c *Cluster) object() object { return object{c.Topology.Name, c.Istio.Namespace} }

// externalSecret is what the templates of an ExternalSecret hold.
type externalSecret struct {
	object
	RefreshInterval, StoreKind, StoreName string
	Key                                   string // in the store
}

func (c *Cluster) externalSecret(key string) externalSecret {
	e := c.Secrets.External
	return externalSecret{c.object(), e.RefreshInterval, e.Store.Kind, e.Store.Name, key}
}

// CACerts is the signing CA of an istiod, of which only the key is in a store: its certificates are public, are
// reviewed, and have been checked. It is nil where there is none.
func (c *Cluster) CACerts() []byte {
	ca := c.Intermediate
	if ca == nil {
		return nil
	}
	return c.Fill("external-secret-cacerts.yaml", struct {
		externalSecret
		CACert, CAKey, CertChain, RootCert, CRL string
	}{
		externalSecret: c.externalSecret(c.Secrets.External.CAKey(c.Name)),
		CACert:         verbatim(c.Public(ca.Cert)),
		CAKey:          keyHole,
		CertChain:      verbatim(c.Public(ca.ChainFiles()...)),
		RootCert:       verbatim(c.Public(c.Topology.Trust.Roots...)),
		CRL:            verbatim(c.Public(ca.CRLs()...)),
	}, text.If(ca.CRL != "", "options/external-crl.yaml")...)
}

// RemoteSecret gives the objects of which the remote Secret for another cluster is made: what a plaintext tree would
// have, but for the token, which comes from a store or, with one of its own, from that cluster itself.
func (c *Cluster) RemoteSecret(of *schema.Cluster) [][]byte {
	server, proxyURL, ca := c.Server(of)
	data := struct {
		externalSecret
		Name, Cluster, Entry, ProxyURL, Kubeconfig string
		Server, CA, Login, Remote                  string
	}{
		externalSecret: c.externalSecret(c.Secrets.External.TokenKey(of.Name, c.Name)),
		Name:           c.Secrets.RemoteName(of.Name), Cluster: of.Name, Entry: c.Secrets.RemoteKey(of.Name), ProxyURL: verbatim([]byte(proxyURL)),
		Kubeconfig: c.kubeconfig(of),
	}
	template := "external-" + mounted.Template(c.Secrets, data.ProxyURL)
	if !c.Filled(schema.FillKubernetes) {
		return [][]byte{c.Fill(template, data)}
	}
	data.StoreKind, data.StoreName, data.Key = "SecretStore", data.Name, of.Istio.Reader.Secret()
	data.Server, data.Remote, data.Login = server, of.Istio.Namespace, c.Secrets.External.LoginSecret(of.Name)
	data.CA = base64.StdEncoding.EncodeToString(ca)
	return [][]byte{c.Fill("secret-store.yaml", data), c.Fill(template, data)}
}

// pushName names the PushSecret of a cluster like the remote Secrets that others make of what it pushes.
func pushName(c *schema.Cluster) string { return schema.LabelledName + c.Name }

// kubeconfig gives the kubeconfig for another cluster with a hole in the place of its token.
func (c *Cluster) kubeconfig(of *schema.Cluster) string {
	return verbatim(bytes.TrimSuffix(c.Kubeconfig(of), []byte("\"\"\n"))) + tokenHole + "\n"
}

// verbatim gives a text as External Secrets has to read it to write it as it is.
func verbatim(text []byte) string { return strings.ReplaceAll(string(text), "{{", `{{ "{{" }}`) }

// PushSecret sends the token of a cluster to where those who read it look for it, and the CA beside it. It is nil where
// nobody does.
func (c *Cluster) PushSecret() []byte {
	if !c.Pushes() {
		return nil
	}
	e := c.Secrets.External
	data := struct {
		object
		Name, TokenSecret, RefreshInterval, StoreKind, StoreName string
		Matches                                                  []text.Match
	}{c.object(), pushName(c.Cluster), c.Istio.Reader.Secret(), e.RefreshInterval, e.Store.Kind, e.Store.Name, nil}
	known := map[string]bool{}
	for _, r := range c.filled(schema.FillPush) {
		key := r.Secrets.External.TokenKey(c.Name, r.Name)
		if !known[key] {
			known[key] = true
			data.Matches = append(data.Matches, text.Match{Property: "token", Key: key}, text.Match{Property: "ca.crt", Key: key})
		}
	}
	return c.Fill("push-secret.yaml", data)
}

// TokenReader is the account with which External Secrets of other clusters takes the token of this one: it may get that
// one Secret, the one of before as well while it is being replaced, and nothing else. It is nil where nobody needs it.
func (c *Cluster) TokenReader() [][]byte {
	if !c.Lends() {
		return nil
	}
	data := struct {
		object
		ServiceAccount, Role, TokenSecret string
		Rules                             []reader.Rule
	}{
		c.object(), schema.TokenReader, schema.TokenReader, tokenReaderToken,
		[]reader.Rule{{Resources: []string{"secrets"}, Names: c.Cluster.TokenSecrets(), Verbs: []string{"get"}}},
	}
	var objects [][]byte
	for _, template := range []string{"service-account", "role", "role-binding", "remote-reader-token"} {
		objects = append(objects, c.Fill(template+".yaml", data))
	}
	return objects
}

// Pushes reports whether a PushSecret brings the token of the cluster to its readers.
func (c *Cluster) Pushes() bool { return len(c.filled(schema.FillPush)) > 0 }

// Lends reports whether readers take the token of the cluster from there.
func (c *Cluster) Lends() bool { return len(c.filled(schema.FillKubernetes)) > 0 }

// filled are the control planes that get the token of this cluster in that way, now or once it has joined.
func (c *Cluster) filled(by schema.Fill) []*schema.Cluster {
	var readers []*schema.Cluster
	for _, r := range c.Readers {
		if r.Filled(by) {
			readers = append(readers, r)
		}
	}
	return readers
}
