package remotesecret

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/settings"
)

const filesSource = "pkg/kube/krt/files/files.go; pkg/kube/multicluster/kubeconfig_files.go, from 1.30 on"

// FileName and NotMounted are about kubeconfigs that istiod is to read as files.
var (
	FileName = &diag.Rule{
		Code: "kubeconfig-file-name", Severity: diag.Error, Symptom: true,
		Title:  "a mounted kubeconfig in a file that istiod does not read",
		Why:    "of the directory that PILOT_MULTICLUSTER_KUBECONFIG_PATH names, istiod reads files that end with .yaml or .yml and no others: the endpoints of the cluster never appear",
		Fix:    "let the key of the Secret end with .yaml",
		Source: filesSource,
		Bad:    "stringData: {west: …}   # of a Secret in that directory",
		Good:   "stringData: {west.yaml: …}",
	}
	NotMounted = &diag.Rule{
		Code: "kubeconfig-not-mounted", Severity: diag.Error, Symptom: true,
		Title:  "a Secret with a kubeconfig for a volume that istiod does not have it in",
		Why:    "without the label of remote Secrets istiod sees it as a file only, in the directory that PILOT_MULTICLUSTER_KUBECONFIG_PATH names: the endpoints of the cluster never appear",
		Fix:    "add the Secret to the sources of the volume in values.pilot.volumes",
		Source: filesSource,
		Bad:    "sources: []   # beside a Secret istio-remote-kubeconfig-west",
		Good:   "sources: [{secret: {name: istio-remote-kubeconfig-west, optional: true}}]",
	}
)

// ForVolume reports whether a Secret is one that meshtopo renders for the volume of istiod.
func ForVolume(o *manifest.Object) bool {
	return strings.HasPrefix(o.Name, schema.MountedName) || o.Root.At("metadata", "labels", schema.MountedLabel) != nil
}

// Cluster gives the name of a file without its ending.
func Cluster(file string) string { return strings.TrimSuffix(file, path.Ext(file)) }

// IsKubeconfig reports whether a key of a mounted Secret has a kubeconfig, by the name of its file or its content.
func IsKubeconfig(item manifest.Item, file string) bool {
	if settings.IsKubeconfigFile(file) {
		return true
	}
	root, bad := item.Document()
	return bad == 0 && root != nil && root.Kind == document.Map && root.At("users") != nil && root.At("contexts") != nil
}

// CheckFile reports a kubeconfig that istiod does not find in its directory, which is nil where there is none. It is
// sure where that is all that istiod has.
func CheckFile(o *manifest.Object, item manifest.Item, in *settings.Kubeconfigs, sure bool, found *diag.List) (reported bool) {
	switch {
	case !in.Has(o.Name) && sure:
		d := found.Add(o.At("metadata", "name"), NotMounted, "%s is in no volume from which istiod reads kubeconfigs", o)
		if in != nil {
			d.Relate(in.At, "the directory of the volume")
		}
		return true
	case !settings.IsKubeconfigFile(in.File(o.Name, item.Key)):
		found.Add(item.KeyPos, FileName, "a kubeconfig in %s is in a file that ends with neither .yaml nor .yml", o)
		return true
	}
	return false
}
