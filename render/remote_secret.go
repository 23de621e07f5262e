package render

import (
	"bytes"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
)

// remoteSecrets adds a file for each cluster that this one's control plane reads. It is the same bytes in every reader
// whose control plane lives in a namespace of the same name, so it is made once.
func (d *directory) remoteSecrets() {
	for _, c := range d.read(d.c) {
		if d.wanted != nil && !d.wanted(d.c, c) {
			continue
		}
		path := layout.Secrets + "/remote-secrets/" + c.Name + ".yaml"
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
