package lint

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

var patchSkipped = &diag.Rule{
	Code: "patch-skipped", Severity: diag.Info,
	Title:  "an object that kustomize puts together is not checked",
	Why:    "a patch is a part of an object, and an object that is patched is not applied as it stands: what either lacks, the other may have",
	Fix:    "check what kustomize makes of them: kustomize build DIR | meshtopo lint -",
	Source: "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/",
	Bad:    "patches: [{path: network.yaml}] # of a kustomization beside it",
	Good:   "kind: Namespace\nmetadata: {name: istio-system, labels: {topology.istio.io/network: network1}}",
}

// skip reports whether an object is a patch, or one that a patch changes, and says that it is not checked. Of workloads no more
// counts than labels, which patches rarely change.
func (c *cluster) skip(o *manifest.Object, found *diag.List) bool {
	read := readers[o.Group()+"/"+o.Kind] != nil
	note := func(format string, args ...any) bool {
		if read {
			found.Add(o.Pos(), patchSkipped, format, args...)
		}
		return true
	}
	if c.patches.files[o.Pos().File] {
		return note("%s is a patch and is not checked", o)
	}
	i := slices.IndexFunc(c.patches.targets, func(t target) bool { return t.matches(o) })
	if i < 0 || o.Kind == "Kustomization" || o.Is("apps", o.Kind) {
		return false
	}
	c.countSecret(o)
	return note("%s is changed by a patch of %s and is not checked", o, c.patches.targets[i].by)
}
