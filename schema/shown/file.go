package shown

import (
	"path"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// File says what may be shown of a file of manifests or patches, read anew: most files have no finding.
func File(file string, text []byte) diag.Open {
	var all diag.Open
	for part := range document.PartsOf(file, text) {
		shown := ofPart(file, part)
		all.Always = append(all.Always, shown.Always...)
		all.Marked = append(all.Marked, shown.Marked...)
	}
	return all
}

func ofPart(file string, part document.Part) diag.Open {
	read := document.ReadPart
	if path.Ext(file) == ".json" {
		read = document.ReadJSONPart
	}
	root := read(file, part, &diag.List{})
	if root == nil {
		return Unread(file, part.Line, part.Text, func(string) bool { return false })
	}
	p := &Places{}
	if strings.TrimSuffix(strings.ToLower(path.Base(file)), path.Ext(file)) == "kustomization" && isKustomization(root) {
		p.plainObject(root) // which needs no kind
	} else {
		p.Object(root)
	}
	return p.Shown()
}

// isKustomization reports whether a document without a kind has the fields of a kustomization, and no others.
func isKustomization(root *document.Node) bool {
	return root.Entry("kind") == nil && root.Kind == document.Map &&
		!slices.ContainsFunc(root.Fields, func(e *document.Entry) bool { return !slices.Contains(kustomizationFields, e.Key) })
}

// kustomizationFields are those that kustomize reads at the top of a kustomization.
var kustomizationFields = []string{"apiVersion", "kind", "metadata", "resources", "components", "bases", "configurations", "crds", "generators", "transformers", "validators",
	"patches", "patchesStrategicMerge", "patchesJson6902", "replacements", "images", "replicas", "namespace", "namePrefix", "nameSuffix", "labels", "commonLabels", "commonAnnotations",
	"configMapGenerator", "secretGenerator", "generatorOptions", "helmCharts", "helmGlobals", "openapi", "vars", "sortOptions", "buildMetadata"}
