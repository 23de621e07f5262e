package render

import (
	"bytes"
	"errors"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/reader"
	"meshtopo.dev/meshtopo/schema"
)

// What External Secrets needs in a cluster that is read, so that readers can take its token from there.
const (
	pushSecretFile   = layout.Secrets + "/push-secret.yaml"
	tokenReaderFile  = layout.Prepare + "/token-reader.yaml"
	tokenReaderToken = schema.TokenReader + "-token" // the Secret with its token
)

// externalSecret is what the templates of an ExternalSecret hold. External Secrets runs the texts of the Secret as
// templates (pkg/template/v2): what is not to be taken for one has gone through verbatim.
type externalSecret struct {
	object
	RefreshInterval, StoreKind, StoreName string
	Key                                   string // in the store
}

func (d *directory) externalSecret(key string) externalSecret {
	e := d.c.Secrets.External
	return externalSecret{d.object(), e.RefreshInterval, e.Store.Kind, e.Store.Name, key}
}

// externalCACerts is the signing CA of an istiod, of which only the key is in a store: its certificates are public, are
// reviewed, and have been checked.
func (d *directory) externalCACerts() {
	ca := d.c.Intermediate
	if ca == nil || d.err != nil {
		return
	}
	data := struct {
		externalSecret
		CACert, CAKey, CertChain, RootCert string
	}{
		externalSecret: d.externalSecret(d.c.Secrets.External.CAKey(d.c.Name)),
		CACert:         verbatim(d.public(ca.Cert)),
		CAKey:          keyHole,
		CertChain:      verbatim(d.public(ca.Chain)),
		RootCert:       verbatim(d.public(d.topology.Trust.Roots...)),
	}
	d.add(layout.Secrets+"/cacerts.yaml", d.text("external-secret-cacerts.yaml", data))
}

// externalRemoteSecrets adds a file for each cluster that this one's control plane reads.
func (d *directory) externalRemoteSecrets() {
	for _, c := range d.read(d.c) {
		if d.wanted == nil || d.wanted(d.c, c) {
			d.add(layout.Secrets+"/remote-secrets/"+c.Name+".yaml", d.externalRemoteSecret(c)...)
		}
	}
}

// externalRemoteSecret gives the objects of which External Secrets makes the remote Secret for cluster c: those that a
// plaintext tree would have, but for the token, which comes from a store or, with one of its own, from c itself.
func (d *directory) externalRemoteSecret(c *schema.Cluster) [][]byte {
	data := struct {
		externalSecret
		Name, Cluster, ProxyURL, Kubeconfig string
		Server, CA, Login, Remote           string
	}{
		externalSecret: d.externalSecret(d.c.Secrets.External.TokenKey(c.Name, d.c.Name)),
		Name:           remoteSecretName(c), Cluster: c.Name, ProxyURL: verbatim([]byte(c.APIServer.ProxyURL)),
		Kubeconfig: d.kubeconfigTemplate(c),
	}
	template := "external-secret-remote.yaml"
	if data.ProxyURL != "" {
		template = "external-secret-remote-proxy-url.yaml"
	}
	if !d.c.Filled(schema.FillKubernetes) {
		return [][]byte{d.text(template, data)}
	}
	data.StoreKind, data.StoreName, data.Key = "SecretStore", data.Name, c.Istio.Reader.Secret()
	data.Server, data.CA, data.Remote = c.APIServer.URL, encode(d.public(c.APIServer.CA)), c.Istio.Namespace
	data.Login = d.c.Secrets.External.LoginSecret(c.Name)
	return [][]byte{d.text("secret-store.yaml", data), d.text(template, data)}
}

// kubeconfigTemplate gives the kubeconfig for cluster c with a hole for its token, which is the last of its values.
func (d *directory) kubeconfigTemplate(c *schema.Cluster) string {
	known, ok := bytes.CutSuffix(d.kubeconfigText(c, ""), []byte("\"\"\n"))
	if !ok && d.err == nil {
		d.err = errors.New("a kubeconfig does not end with the token")
	}
	return verbatim(known) + tokenHole + "\n"
}

// verbatim gives a text as External Secrets has to read it to write it as it is.
func verbatim(text []byte) string { return strings.ReplaceAll(string(text), "{{", `{{ "{{" }}`) }

// pushSecret sends the token of a cluster to where those who read it look for it, and the CA beside it.
func (d *directory) pushSecret() {
	readers := d.filled(schema.FillPush)
	if len(readers) == 0 {
		return
	}
	e := d.c.Secrets.External
	data := struct {
		object
		Name, TokenSecret, RefreshInterval, StoreKind, StoreName string
		Matches                                                  []match
	}{d.object(), remoteSecretName(d.c), d.c.Istio.Reader.Secret(), e.RefreshInterval, e.Store.Kind, e.Store.Name, nil}
	known := map[string]bool{}
	for _, r := range readers {
		key := r.Secrets.External.TokenKey(d.c.Name, r.Name)
		if !known[key] {
			known[key] = true
			data.Matches = append(data.Matches, match{"token", key}, match{"ca.crt", key})
		}
	}
	d.add(pushSecretFile, d.text("push-secret.yaml", data))
}

// match is a value of a Secret, and the key of a store to which it goes as the property of that name.
type match struct{ Property, Key string }

// filled are the control planes that get the token of this cluster in that way, now or once it has joined.
func (d *directory) filled(by schema.Fill) []*schema.Cluster {
	var readers []*schema.Cluster
	for _, r := range d.readers(d.c) {
		if r.Filled(by) {
			readers = append(readers, r)
		}
	}
	return readers
}

// tokenReader is the account with which External Secrets of other clusters takes the token of this one: it may get that
// one Secret, and nothing else.
func (d *directory) tokenReader() {
	if len(d.filled(schema.FillKubernetes)) == 0 {
		return
	}
	data := readerObjects{
		object: d.object(), ServiceAccount: schema.TokenReader, Role: schema.TokenReader, TokenSecret: tokenReaderToken,
		Rules: []reader.Rule{{Resources: []string{"secrets"}, Names: []string{d.c.Istio.Reader.Secret()}, Verbs: []string{"get"}}},
	}
	d.add(tokenReaderFile, d.text("remote-reader-service-account.yaml", data), d.text("remote-reader-role.yaml", data),
		d.text("remote-reader-role-binding.yaml", data), d.text("remote-reader-token.yaml", data))
}

// withoutStores takes what templates of External Secrets say of private material out of a text, as it was rendered:
// where it is, and not what.
func withoutStores(text []byte) []byte {
	if !bytes.Contains(text, []byte("external-secrets.io/")) && !bytes.Contains(text, []byte(fromStdin)) {
		return text
	}
	return []byte(storeWords.Replace(string(text)))
}

// fromStdin is how the README of the mesh makes the Secrets that External Secrets logs in with.
const fromStdin = "--from-file=token=/dev/stdin"

var storeWords = strings.NewReplacer(
	"\n              token: "+tokenHole+"\n", "\n\n", "\n        ca-key.pem: \""+keyHole+"\"\n", "\n\n",
	"- secretKey: token\n", "\n", "- secretKey: key\n", "\n", "      secretKey: token\n", "\n", "      secretKey: ca.crt\n", "\n",
	fromStdin, "", "\n    secret:\n      name: ", "\n", "\n      auth:\n        token:\n          bearerToken:\n            name: ", "\n",
)

// The holes that External Secrets fills with what it finds in the store.
const (
	tokenHole = `"{{ .token | trim }}"`
	keyHole   = `{{ .key }}`
)
