package render

import (
	"cmp"
	"fmt"

	"meshtopo.dev/meshtopo/render/layout"
	"meshtopo.dev/meshtopo/render/login"
	"meshtopo.dev/meshtopo/render/mounted"
	"meshtopo.dev/meshtopo/render/protect"
	"meshtopo.dev/meshtopo/render/text"
	"meshtopo.dev/meshtopo/render/tree"
	"meshtopo.dev/meshtopo/schema"
)

// remoteSecrets adds a file for each cluster that this one's control plane reads. It is the same bytes in every reader
// whose control plane lives in a namespace of the same name, so it is made once.
func (d *directory) remoteSecrets() {
	for _, c := range d.written(d.c) {
		if d.wanted != nil && !d.wanted(d.c, c) {
			continue
		}
		path := layout.Secrets + "/remote-secrets/" + c.Name + ".yaml"
		if d.c.Secrets.Protection.Encrypts() {
			d.encrypt(path, fmt.Sprintf("the %s of cluster %q", c.Credential.What(), c.Name), func() *secretContents { return d.encryptedRemoteSecret(c) })
			continue
		}
		body := d.remoteSecret(c)
		if body == nil {
			d.addUnknownSecret(path, d.c.Secrets.RemoteName(c.Name))
			continue
		}
		d.addFile(tree.File{Path: path, Body: body, Private: true})
	}
}

// remoteSecret gives the Secret for cluster c as istioctl create-remote-secret makes it, but with data: a key that
// is renamed under stringData stays in the cluster. Without the token it gives nil.
func (d *directory) remoteSecret(c *schema.Cluster) [][]byte {
	place := secretPlace{d.c.Secrets.RemoteName(c.Name), d.c.Istio.Namespace}
	if body, ok := d.remote[place]; ok {
		return body
	}
	kubeconfig := d.kubeconfig(c)
	if kubeconfig == "" {
		return nil
	}
	data := struct {
		text.Object
		Name, Cluster, Entry, ProxyURL, Kubeconfig string
	}{d.object(), d.c.Secrets.RemoteName(c.Name), c.Name, d.c.Secrets.RemoteKey(c.Name), d.logins().Server(c).ProxyURL, kubeconfig}
	body := [][]byte{d.mark, d.text(mounted.Template(d.c.Secrets, data.ProxyURL), data)}
	d.remote[place] = body
	return body
}

// encryptedRemoteSecret gives what the Secret for cluster c is made of where it is encrypted. Without a kubeconfig that
// says how its API server is reached, nothing of it is known.
func (d *directory) encryptedRemoteSecret(c *schema.Cluster) *secretContents {
	l, err := d.logins().Of(c)
	if d.err = cmp.Or(d.err, err); d.err != nil {
		return nil
	}
	e := &secretContents{template: mounted.Template(d.c.Secrets, l.ProxyURL), public: l.Parts(), unknown: !l.Served()}
	key := d.c.Secrets.RemoteKey(c.Name)
	e.data = func(all digests) any {
		return struct {
			text.Object
			digests
			Name, Cluster, Entry, ProxyURL, Kubeconfig string
		}{d.object(), all, d.c.Secrets.RemoteName(c.Name), c.Name, key, l.ProxyURL, protect.Placeholder(key)}
	}
	if l.Complete() {
		e.unguessable = l.Unguessable()
		e.values = []protect.Value{protect.NewValue(key, d.logins().Kubeconfig(l))}
	}
	return e
}

// kubeconfig gives the kubeconfig for cluster c in base64, or "" without what it is made of.
func (d *directory) kubeconfig(c *schema.Cluster) string {
	if encoded, ok := d.kubeconfigs[c.Name]; ok || d.err != nil {
		return encoded
	}
	l, err := d.logins().Of(c)
	if err != nil {
		d.err = err
		return ""
	}
	var encoded string
	if l.Complete() {
		encoded = encode(d.logins().Kubeconfig(l))
	}
	d.kubeconfigs[c.Name] = encoded
	return encoded
}

// logins reads what kubeconfigs are made of.
func (d *directory) logins() *login.Source {
	return &login.Source{Public: d.public, Private: d.private, Fill: d.text, Placeholders: d.placeholders}
}
