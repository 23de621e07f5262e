package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/remotesecret"
)

var (
	remoteSecretOwn = &diag.Rule{
		Code: "remote-secret-of-itself", Severity: diag.Warning, Symptom: true,
		Title:  "a remote Secret for the cluster that it is in",
		Why:    "istiod ignores it, and if it was meant for another cluster, that cluster's endpoints never appear",
		Fix:    "delete it, or name the key after the cluster that the kubeconfig leads to",
		Source: kubeconfig.SecretController,
		Bad:    "stringData: {east: …}   # in the cluster whose clusterName is east",
		Good:   "stringData: {west: …}",
	}
	remoteSecretTwice = &diag.Rule{
		Code: "remote-secret-twice", Severity: diag.Error, Symptom: true,
		Title:  "two remote Secrets for one cluster",
		Why:    `istiod takes whichever it sees first and ignores the other ("cluster has already been registered"), perhaps another one after each restart`,
		Fix:    "delete one of them, or name its key after the cluster that it leads to",
		Source: kubeconfig.SecretController,
		Bad:    "kind: Secret   # and another with the key west\nstringData: {west: …}",
		Good:   "kind: Secret\nstringData: {west: …}",
	}
)

var remoteSecretGroup = group{rules: append([]*diag.Rule{remoteSecretOwn, remoteSecretTwice}, remotesecret.Rules...), check: (*cluster).checkRemoteSecrets}

func (c *cluster) addRemoteSecret(o *manifest.Object, found *diag.List) {
	remotesecret.CheckLabel(o, found)
	items := o.Items()
	if len(items) == 0 {
		found.Add(o.At("stringData"), kubeconfig.Empty, "%s has no kubeconfig", o)
		c.countSecret(o)
	}
	for _, item := range items {
		r := c.readKubeconfig(o, item, found)
		r.reported, r.capital = remotesecret.CheckKey(o, item, found)
		c.remoteSecrets = append(c.remoteSecrets, r)
	}
}

func (c *cluster) addExternalKubeconfig(o *manifest.Object, found *diag.List) {
	for _, item := range o.Items() {
		if item.Key == "config" {
			c.kubeconfigs = append(c.kubeconfigs, c.readKubeconfig(o, item, found))
			return
		}
	}
	found.Add(o.At("stringData"), kubeconfig.Empty, "%s has no key config, under which istiod reads it", o)
}

// readKubeconfig checks a kubeconfig by itself and gives what clusters are compared by.
func (c *cluster) readKubeconfig(o *manifest.Object, item manifest.Item, found *diag.List) *remoteSecret {
	r := &remoteSecret{cluster: value{item.Key, item.KeyPos}, namespace: o.Namespace, namePos: o.At("metadata", "name"), place: placeOf(o)}
	if r.elsewhere = placeholder.Whole(item.Raw()) || item.Bad && placeholder.In(item.Raw()); r.elsewhere || item.Bad {
		return r
	}
	if k := kubeconfig.Read(o.String(), item, c.now, found); k != nil {
		f := k.Facts()
		r.calls, r.where = value{f.Cluster.Text, f.Cluster.Pos}, f.Where
		r.server, r.token = value{f.Server.Text, f.Server.Pos}, value{f.Token.Text, f.Token.Pos}
		r.serverName, r.ca, r.caPos = value{f.ServerName.Text, f.ServerName.Pos}, f.CA, f.CAPos
		r.roots, r.ofAccount = f.Roots, f.OfAccount
		r.proxy = value{f.Proxy.Text, f.Proxy.Pos}
		r.proxies = []string{o.Root.StringAt("metadata", "annotations", kubeconfig.ProxyAnnotation)}
		if c.topology != nil {
			if of := c.topology.Cluster(r.cluster.text); of != nil && of.APIServer != nil {
				r.proxies = append(r.proxies, of.APIServer.ProxyURL)
			}
		}
		r.check = k.CheckReader
	}
	return r
}

// checkRemoteSecrets compares the remote Secrets with each other and with the control plane that reads them.
func (c *cluster) checkRemoteSecrets(found *diag.List) {
	c.checkKubeconfigs(slices.Concat(c.remoteSecrets, c.kubeconfigs), found)
	type place struct { // each namespace has control planes of its own
		namespace, cluster string
		mounted            bool
	}
	seen := map[place]*remoteSecret{}
	for _, r := range c.remoteSecrets {
		key := place{r.namespace, r.cluster.text, r.mounted}
		earlier := seen[key]
		if earlier == nil || earlier.misnamed() && !r.misnamed() {
			seen[key] = r
		}
		if earlier == nil {
			continue
		}
		if earlier.misnamed() && !r.misnamed() {
			earlier, r = r, earlier
		}
		r.reported = true
		d := found.Add(r.cluster.pos, remoteSecretTwice, "%s is for the cluster %q, as is %s", r.place.what, r.cluster.text, earlier.place.what)
		d.Relate(earlier.cluster.pos, "the other one")
	}
}

// checkKubeconfigs checks what depends on the control plane that reads the kubeconfigs, and then drops their texts.
func (c *cluster) checkKubeconfigs(all []*remoteSecret, found *diag.List) {
	domain := ""
	if i := c.install(); i != nil {
		domain = i.clusterDomain.text
	}
	var checked diag.Pos // the Secret whose namespace has been checked
	for _, r := range all {
		if r.namePos != checked {
			checked = r.namePos
			c.checkNamespace(r.place, found)
		}
		if r.check != nil {
			r.check(kubeconfig.Reader{Domain: domain, Allowed: c.kubeconfigOptions(), Proxies: r.proxies}, found)
			r.check = nil // drops the text of the kubeconfig, too
		}
	}
}
