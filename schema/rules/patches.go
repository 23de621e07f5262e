package rules

import "meshtopo.dev/meshtopo/schema/diag"

var patchRules = group{[]*diag.Rule{patchSource}, mesh.checkPatches}

var patchSource = &diag.Rule{
	Code: "patch-source", Severity: diag.Error, Fixed: true,
	Title:  "a patch that is given twice, or not at all",
	Why:    "an entry of patches is one change: its text stands in the topology, or in a file that it names; with both it would be left to chance which one is made",
	Fix:    "write either patch or path",
	Source: "https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/patches/",
	Bad:    "istio: {patches: [{target: {kind: Namespace}}]}",
	Good:   "istio: {patches: [{target: {kind: Namespace}, patch: '[{op: add, path: /metadata/labels/team, value: mesh}]'}]}",
}

// checkPatches checks that each patch is given once. What they do is for package render to say, which has the objects.
func (t mesh) checkPatches(found *diag.List) {
	for _, p := range t.Patches() {
		path, text := append(p.At[:len(p.At):len(p.At)], "path"), append(p.At[:len(p.At):len(p.At)], "patch")
		if t.Unsure(path...) || t.Unsure(text...) {
			continue
		}
		switch {
		case p.Path != "" && p.Text != "":
			d := found.Add(t.Pos(path...), patchSource, "the patch is given by patch and by path")
			d.Relate(t.Pos(text...), "the patch")
		case p.Path == "" && p.Text == "":
			found.Add(t.Pos(p.At...), patchSource, "nothing says what the patch changes")
		}
	}
}
