package lint

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/remotesecret"
	"meshtopo.dev/meshtopo/schema/settings"
)

// readUnlabelled reads the Secrets without the label of remote Secrets, once it is known which of them istiod has in a
// volume.
func (c *cluster) readUnlabelled(found *diag.List) {
	in, sure := c.mounts()
	for _, o := range c.otherSecrets {
		switch {
		case in.Has(o.Name) || remotesecret.ForVolume(o):
			c.addMounted(o, in, sure, found)
		case remotesecret.Looks(o):
			fields.CheckSecret(o, found)
			c.addRemoteSecret(o, found)
		}
	}
	c.otherSecrets = nil
	c.otherRemotes = c.otherRemotes || in.Others(c.hasMounted) || in == nil && slices.ContainsFunc(c.installs, func(i *install) bool { return i.given.ReadsFiles() })
}

// hasMounted reports whether the manifests have, or should have, a Secret for the volume.
func (c *cluster) hasMounted(name string) bool {
	return strings.HasPrefix(name, schema.MountedName) || slices.ContainsFunc(c.remoteSecrets, func(r *remoteSecret) bool { return r.mounted && r.secret == name })
}

// mounts gives the kubeconfigs that the control planes of the cluster have in a volume. It is certain that they have no
// others where there is one control plane, and all of its settings are known.
func (c *cluster) mounts() (in *settings.Kubeconfigs, sure bool) {
	for _, i := range c.installs {
		if k := i.given.Kubeconfigs(); k != nil {
			in = k
		}
	}
	return in, len(c.installs) == 1 && !c.installs[0].partial && !c.unread && (in != nil || !c.installs[0].given.ReadsFiles())
}

// addMounted reads a Secret whose kubeconfigs istiod is to read as files.
func (c *cluster) addMounted(o *manifest.Object, in *settings.Kubeconfigs, sure bool, found *diag.List) {
	fields.CheckSecret(o, found)
	for _, item := range o.Items() {
		file := in.File(o.Name, item.Key)
		if file == "" || !remotesecret.IsKubeconfig(item, file) {
			continue
		}
		r := c.readKubeconfig(o, item, found)
		r.secret, r.mounted, r.cluster = o.Name, true, first(r.calls, value{remotesecret.Cluster(file), item.KeyPos})
		r.reported = remotesecret.CheckFile(o, item, in, sure, found)
		c.remoteSecrets = append(c.remoteSecrets, r)
	}
}
