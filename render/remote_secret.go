package render

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/trust"
)

// remoteSecrets adds a file for each cluster that this one's control plane reads. It is the same bytes in every reader
// whose control plane lives in a namespace of the same name, so it is made once.
func (d *directory) remoteSecrets() {
	for _, c := range d.read(d.c) {
		if d.wanted != nil && !d.wanted(d.c, c) {
			continue
		}
		path := layout.Secrets + "/remote-secrets/" + c.Name + ".yaml"
		if d.c.Secrets.Protection.Encrypts() {
			d.encrypt(path, fmt.Sprintf("the token of cluster %q", c.Name), func() *secretContents { return d.encryptedRemoteSecret(c) })
			continue
		}
		body := d.remoteSecret(c)
		if body == nil {
			d.addUnknownSecret(path, remoteSecretName(c))
			continue
		}
		d.addFile(tree.File{Path: path, Body: body, Private: true})
	}
}

// remoteSecret gives the Secret for cluster c as istioctl create-remote-secret makes it, but with data: a key that
// is renamed under stringData stays in the cluster. Without the token it gives nil.
func (d *directory) remoteSecret(c *schema.Cluster) [][]byte {
	place := secretPlace{c.Name, d.c.Istio.Namespace}
	if body, ok := d.remote[place]; ok {
		return body
	}
	kubeconfig := d.kubeconfig(c)
	if kubeconfig == "" {
		return nil
	}
	data := struct {
		object
		Name, Cluster, ProxyURL, Kubeconfig string
	}{d.object(), remoteSecretName(c), c.Name, c.APIServer.ProxyURL, kubeconfig}
	template := "remote-secret.yaml"
	if data.ProxyURL != "" {
		template = "remote-secret-proxy-url.yaml"
	}
	body := [][]byte{d.mark, d.text(template, data)}
	d.remote[place] = body
	return body
}

func remoteSecretName(c *schema.Cluster) string { return "istio-remote-secret-" + c.Name }

// encryptedRemoteSecret gives what the Secret for cluster c is made of where it is encrypted.
func (d *directory) encryptedRemoteSecret(c *schema.Cluster) *secretContents {
	e := &secretContents{template: "remote-secret.yaml", public: d.publicParts(c)}
	if c.APIServer.ProxyURL != "" {
		e.template = "remote-secret-proxy-url.yaml"
	}
	e.data = func(all digests) any {
		return struct {
			object
			digests
			Name, Cluster, ProxyURL, Kubeconfig string
		}{d.object(), all, remoteSecretName(c), c.Name, c.APIServer.ProxyURL, protect.Placeholder(c.Name)}
	}
	token, err := d.private(c.Credential.Token)
	if d.err = cmp.Or(d.err, err); d.err == nil && token != nil {
		token = bytes.TrimSpace(token)
		e.unguessable = trust.Signature(token)
		e.values = []protect.Value{protect.NewValue(c.Name, d.kubeconfigText(c, string(token)))}
	}
	return e
}

// publicParts are those of a kubeconfig for cluster c.
func (d *directory) publicParts(c *schema.Cluster) protect.Public {
	server := strings.Join([]string{c.APIServer.URL, c.APIServer.ProxyURL, c.APIServer.TLSServerName}, "\n")
	return protect.PublicOf(
		protect.Part{Name: "name", Value: []byte(c.Name)}, protect.Part{Name: "server", Value: []byte(server)}, protect.Part{Name: "ca", Value: trust.DER(d.public(c.APIServer.CA))})
}

// kubeconfig gives the kubeconfig for cluster c in base64, or "" without its token.
func (d *directory) kubeconfig(c *schema.Cluster) string {
	if encoded, ok := d.kubeconfigs[c.Name]; ok || d.err != nil {
		return encoded
	}
	token, err := d.private(c.Credential.Token)
	if err != nil {
		d.err = err
		return ""
	}
	var encoded string
	if token != nil {
		encoded = encode(d.kubeconfigText(c, string(bytes.TrimSpace(token))))
	}
	d.kubeconfigs[c.Name] = encoded
	return encoded
}

func (d *directory) kubeconfigText(c *schema.Cluster, token string) []byte {
	data := struct {
		Cluster, CA, Server, ProxyURL, TLSServerName, Token string
	}{c.Name, encode(d.public(c.APIServer.CA)), c.APIServer.URL, c.APIServer.ProxyURL, c.APIServer.TLSServerName, token}
	template := "kubeconfig"
	if data.ProxyURL != "" {
		template += "-proxy-url"
	}
	if data.TLSServerName != "" {
		template += "-tls-server-name"
	}
	return d.text(template+".yaml", data)
}
