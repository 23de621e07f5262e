package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
)

const (
	clusterAnnotation = "networking.istio.io/cluster"
)

var (
	remoteSecretUnread = &diag.Rule{
		Code: "remote-secret-unlabelled", Severity: diag.Error, Symptom: true,
		Title:  "a remote Secret without the label that istiod looks for",
		Why:    "istiod watches Secrets with exactly that label and does not see this one: the cluster's endpoints never appear",
		Fix:    `add the label istio/multiCluster: "true"`,
		Source: kubeconfig.SecretController,
		Bad:    "kind: Secret\nmetadata: {name: istio-remote-secret-west}",
		Good:   "kind: Secret\nmetadata: {name: istio-remote-secret-west, labels: {istio/multiCluster: \"true\"}}",
	}
	remoteSecretOwn = &diag.Rule{
		Code: "remote-secret-of-itself", Severity: diag.Warning, Symptom: true,
		Title:  "a remote Secret for the cluster that it is in",
		Why:    "istiod ignores it, and if it was meant for another cluster, that cluster's endpoints never appear",
		Fix:    "delete it, or name the key after the cluster that the kubeconfig leads to",
		Source: kubeconfig.SecretController,
		Bad:    "stringData: {east: …}   # in the cluster whose clusterName is east",
		Good:   "stringData: {west: …}",
	}
	remoteSecretKey = &diag.Rule{
		Code: "remote-secret-key", Severity: diag.Error, Symptom: true,
		Title:  "a key of a remote Secret that cannot be the name of a cluster",
		Why:    "the key is the name under which istiod knows the cluster: it has to be that cluster's clusterName, which is an RFC 1123 label",
		Fix:    "use the cluster's values.global.multiCluster.clusterName: lower-case letters, digits and \"-\", at most 63",
		Source: "pkg/config/labels/instance.go; " + kubeconfig.SecretController,
		Bad:    "stringData: {west.yaml: …}",
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

var remoteSecretGroup = group{rules: []*diag.Rule{remoteSecretUnread, remoteSecretOwn, remoteSecretKey, remoteSecretTwice}, check: (*cluster).checkRemoteSecrets}

// looksRemote reports whether a Secret holds kubeconfigs for istiod: by its label, its name, or istioctl's annotation.
func looksRemote(o *manifest.Object) bool {
	return o.Root.At("metadata", "labels", remoteLabel) != nil || isRemoteSecretName(o.Name) ||
		o.Root.At("metadata", "annotations", clusterAnnotation) != nil
}

func isRemoteSecretName(name string) bool {
	return len(name) > len(remoteSecretName) && strings.HasPrefix(name, remoteSecretName)
}

func (c *cluster) addRemoteSecret(o *manifest.Object, found *diag.List) {
	checkRemoteLabel(o, found)
	items := o.Items()
	if len(items) == 0 {
		found.Add(o.At("stringData"), kubeconfig.Empty, "%s has no kubeconfig", o)
		c.countSecret(o)
	}
	for _, item := range items {
		r := c.readKubeconfig(o, item, found)
		r.reported, r.capital = checkClusterKey(o, item, found)
		c.remoteSecrets = append(c.remoteSecrets, r)
	}
}

// checkRemoteLabel reports a label that istiod does not look for, or that Kubernetes refuses.
func checkRemoteLabel(o *manifest.Object, found *diag.List) {
	label := o.Root.At("metadata", "labels", remoteLabel)
	switch {
	case label == nil || label.Text != "true":
		found.Add(o.At("metadata", "labels", remoteLabel), remoteSecretUnread, "%s lacks the label %s: \"true\"", o, remoteLabel)
	case label.Kind != document.String:
		d := found.Add(label.Pos, remoteSecretUnread, "%s has the label %s as a boolean", o, remoteLabel)
		d.Why = "labels are strings: the API server refuses the Secret"
		d.Fix = "write \"true\" in quotes"
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

// checkClusterKey reports a key that cannot be the name of a cluster. Istio's own expression accepts upper case, too.
func checkClusterKey(o *manifest.Object, item manifest.Item, found *diag.List) (reported bool, capital *diag.Diagnostic) {
	if fields.IsLabel(item.Key) {
		return false, nil
	}
	d := found.Add(item.KeyPos, remoteSecretKey, "a key of %s is not an RFC 1123 label", o)
	if fields.IsLabel(strings.ToLower(item.Key)) {
		d.Severity = diag.Warning
		d.Reword("a key of %s has capital letters, which names of clusters should not have", o)
		capital = d
	}
	return true, capital
}

// checkRemoteSecrets compares the remote Secrets with each other and with the control plane that reads them.
func (c *cluster) checkRemoteSecrets(found *diag.List) {
	c.checkKubeconfigs(slices.Concat(c.remoteSecrets, c.kubeconfigs), found)
	seen := map[string]*remoteSecret{}
	for _, r := range c.remoteSecrets {
		key := r.namespace + "/" + r.cluster.text // each namespace has control planes of its own
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
