package settings

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// Kubeconfigs are the files in the directory from which istiod reads kubeconfigs: those of Secrets, as far as values of
// its chart say it.
type Kubeconfigs struct {
	At      diag.Pos // of the directory's name
	sources []*document.Node
}

// ReadsFiles reports whether istiod reads a directory and no remote Secret.
func (i Installation) ReadsFiles() bool {
	s, ok := i.variable(schema.KubeconfigPath)
	return ok && s.Text != "" && (i.Minor == 0 || i.Minor >= schema.MountedSince)
}

// Kubeconfigs gives the files of the directory, or nil where it has others than those of Secrets, or comes from
// elsewhere.
func (i Installation) Kubeconfigs() *Kubeconfigs {
	if !i.ReadsFiles() {
		return nil
	}
	dir, _ := i.variable(schema.KubeconfigPath)
	mount := i.item("volumeMounts", "mountPath", func(p string) bool { return path.Clean(p) == path.Clean(dir.Text) })
	if mount == nil || mount.At("subPath") != nil || mount.At("subPathExpr") != nil {
		return nil
	}
	volume := i.item("volumes", "name", func(name string) bool { return name == mount.StringAt("name") })
	if volume == nil {
		return nil
	}
	k := &Kubeconfigs{At: dir.at}
	if secret := volume.At("secret"); secret != nil {
		k.sources = append(k.sources, secret)
	}
	for _, source := range volume.ItemsAt("projected", "sources") {
		k.sources = append(k.sources, source.At("secret"))
	}
	if len(k.sources) == 0 || slices.Contains(k.sources, nil) {
		return nil
	}
	return k
}

// item gives the item of a list of istiod's pod whose field has a text that fits, or nil.
func (i Installation) item(list, field string, fits func(string) bool) *document.Node {
	lists := slices.Clone(i.Pilot)
	for _, components := range i.Components {
		lists = append(lists, components.At("pilot", "k8s"))
	}
	for _, n := range lists {
		if n == nil {
			continue
		}
		for _, item := range n.ItemsAt(list) {
			if fits(item.StringAt(field)) {
				return item
			}
		}
	}
	return nil
}

// Has reports whether the directory has files of a Secret.
func (k *Kubeconfigs) Has(secret string) bool { return k != nil && k.source(secret) != nil }

func (k *Kubeconfigs) source(secret string) *document.Node {
	at := slices.IndexFunc(k.sources, func(n *document.Node) bool {
		return secret != "" && (n.StringAt("name") == secret || n.StringAt("secretName") == secret)
	})
	if at < 0 {
		return nil
	}
	return k.sources[at]
}

// Others reports whether the directory has files of Secrets that are not known.
func (k *Kubeconfigs) Others(known func(secret string) bool) bool {
	return k != nil && slices.ContainsFunc(k.sources, func(n *document.Node) bool {
		return !known(n.StringAt("name") + n.StringAt("secretName"))
	})
}

// File gives the file that a key of a Secret is in the directory, or "". Of a Secret that is not there it gives the
// key.
func (k *Kubeconfigs) File(secret, key string) string {
	if k == nil {
		return key
	}
	source := k.source(secret)
	if source == nil || source.At("items") == nil {
		return key
	}
	for _, item := range source.ItemsAt("items") {
		if item.StringAt("key") == key {
			return item.StringAt("path")
		}
	}
	return ""
}

// IsKubeconfigFile reports whether istiod reads a file of the directory.
func IsKubeconfigFile(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}
