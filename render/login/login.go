// Package login makes the kubeconfigs by which control planes read other clusters: where an API server is, and who logs
// in there; and it gives the commands that fetch what they are made of.
package login

import (
	"bytes"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Source reads what kubeconfigs are made of.
type Source struct {
	Public  func(paths ...string) []byte                              // certificates, one file after the other
	Private func(place schema.Private) ([]byte, error)                // nil where it is not there
	Fill    func(template string, data any, options ...string) []byte // the text of a template
	// of what is private, and of what kubeconfigs say
	Placeholders bool
}

// Login is how control planes reach the API server of a cluster, and what they log in with there.
type Login struct {
	Cluster                         string
	Server, ProxyURL, TLSServerName string
	CA                              []byte

	token            string
	certificate, key []byte         // of the client
	other            map[string]any // what else of a kubeconfig logs in
}

// Served reports whether it is known how the API server is reached.
func (l *Login) Served() bool { return l.Server != "" && len(l.CA) > 0 }

// Complete reports whether a kubeconfig can be made.
func (l *Login) Complete() bool {
	return l.Served() && (l.token != "" || len(l.certificate) > 0 && len(l.key) > 0 || len(l.other) > 0)
}

// Unguessable is what the digest of the private part is made of, or nil.
func (l *Login) Unguessable() []byte {
	signature := trust.Signature([]byte(l.token))
	if l.token != "" && signature == nil || len(l.key) == 0 {
		return signature
	}
	return slices.Concat(signature, trust.DER(l.key))
}

// Parts are the public parts of a kubeconfig.
func (l *Login) Parts() protect.Public {
	server := strings.Join([]string{l.Server, l.ProxyURL, l.TLSServerName}, "\n")
	parts := []protect.Part{
		{Name: "name", Value: []byte(l.Cluster)}, {Name: "server", Value: []byte(server)}, {Name: "ca", Value: trust.DER(l.CA)},
	}
	if len(l.certificate) > 0 {
		parts = append(parts, protect.Part{Name: "client-certificate", Value: trust.DER(l.certificate)})
	}
	return protect.PublicOf(parts...)
}

// Of gives what is known of a cluster.
func (s *Source) Of(c *schema.Cluster) (*Login, error) {
	l := s.Server(c)
	if s.Placeholders {
		l.token = "placeholder"
		return l, nil
	}
	material, err := s.Private(c.Credential.Private)
	if err != nil || material == nil {
		return l, err
	}
	switch c.Credential.Way {
	case schema.ByToken:
		l.token = string(bytes.TrimSpace(material))
	case schema.ByClientCertificate:
		l.key = material
	case schema.ByKubeconfig:
		if k := kubeconfig.Take(c.Name, material); k != nil {
			l.token, l.certificate, l.key, l.other = string(k.Token()), k.Certificate(), k.Key(), k.Other()
		}
	}
	return l, nil
}

// Server gives how the API server of a cluster is reached, as far as that is known. Where only patches are checked,
// something stands in the place of what a kubeconfig says: it may not be here.
func (s *Source) Server(c *schema.Cluster) *Login {
	a := c.APIServer
	switch {
	case s.Placeholders && c.HasKubeconfig():
		return &Login{Cluster: c.Name, Server: "https://placeholder", CA: []byte("placeholder")}
	case a == nil:
		return &Login{Cluster: c.Name}
	}
	l := &Login{Cluster: c.Name, Server: a.URL, ProxyURL: a.ProxyURL, TLSServerName: a.TLSServerName, CA: a.CAData}
	if a.CA != "" {
		l.CA = s.Public(a.CA)
	}
	if c.Credential != nil && c.Credential.Cert != "" {
		l.certificate = s.Public(c.Credential.Cert)
	}
	return l
}

// Kubeconfig gives the text of a kubeconfig. Without anything to log in with it has an empty token, which is the last
// of its values.
func (s *Source) Kubeconfig(l *Login) []byte {
	encode := base64.StdEncoding.EncodeToString
	data := struct {
		*Login
		CA, Token, Certificate, Key string
		User                        map[string]any
	}{l, encode(l.CA), l.token, encode(l.certificate), encode(l.key), l.fields()}
	template := "kubeconfig"
	if l.ProxyURL != "" {
		template += "-proxy-url"
	}
	if l.TLSServerName != "" {
		template += "-tls-server-name"
	}
	return slices.Concat(s.Fill(template+".yaml", data), s.Fill(l.user(), data))
}

// user gives the template of the part of a kubeconfig that logs in.
func (l *Login) user() string {
	switch {
	case len(l.other) > 0:
		return "kubeconfig-user-other.yaml"
	case len(l.key) == 0:
		return "kubeconfig-user-token.yaml"
	case l.token == "":
		return "kubeconfig-user-client-certificate.yaml"
	}
	return "kubeconfig-user-both.yaml"
}

// fields are those of a user that logs in by a program or a provider, maybe with a token or a certificate as well.
func (l *Login) fields() map[string]any {
	if len(l.other) == 0 {
		return nil
	}
	all := maps.Clone(l.other)
	if l.token != "" {
		all["token"] = l.token
	}
	if len(l.certificate) > 0 && len(l.key) > 0 {
		all["client-certificate-data"], all["client-key-data"] = l.certificate, l.key // in base64, as JSON has bytes
	}
	return all
}
