package shown

import (
	"path"
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
	if strings.TrimSuffix(strings.ToLower(path.Base(file)), path.Ext(file)) == "kustomization" {
		p.plain(root) // which needs no kind
	} else {
		p.Object(root)
	}
	return p.Shown()
}
