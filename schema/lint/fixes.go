package lint

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"sort"

	"meshtopo.dev/meshtopo/schema/cacerts"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/edit"
	"meshtopo.dev/meshtopo/schema/fields"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/networkgateway"
	"meshtopo.dev/meshtopo/schema/remotesecret"
	"meshtopo.dev/meshtopo/schema/settings"
)

// fixers give the edits that fix the findings of a rule, by code. They give none where a person has to decide.
var fixers = map[string]func(*fix) []diag.Edit{
	operatorUnnamed.Code:               (*fix).nameOperator,
	remotesecret.Unread.Code:           (*fix).labelRemoteSecret,
	networkgateway.Unlabelled.Code:     (*fix).labelGateway,
	networkgateway.WithoutNetwork.Code: (*fix).labelGatewayNetwork,
	namespaceWithoutNetwork.Code:       (*fix).labelNamespace,
}

// correctors are the fixers that correct a misspelt word. They come first: what seems to be missing may only be
// misspelt. A finding that has the right word for the marked place needs no corrector.
var correctors = map[string]func(*fix) []diag.Edit{
	fields.MisspeltOperator.Code:    (*fix).correctOperator,
	cacerts.UnreadKey.Code:          (*fix).renameKey,
	spacedClusters.Code:             (*fix).joinControlPlanes,
	oldVersion.Code:                 (*fix).raiseVersion,
	document.UnquotedScalar.Code:    (*fix).quote,
	settings.UnknownIstioField.Code: (*fix).correctField,
	settings.IgnoredIstioField.Code: (*fix).correctField,
	settings.WrongIstioValue.Code:   (*fix).correctField,
	fields.UnknownField.Code:        (*fix).correctField,
	fields.WrongValue.Code:          (*fix).correctField,
}

// addEdits adds to the findings the edits that fix them. It reads their files again. A file that was read for several
// clusters, or twice, is left alone: an edit would change all of them. Where a word in a cluster's manifests can be
// corrected, only that is done; other edits wait for the next run.
func addEdits(in Input, clusters []*cluster, found *diag.List) error {
	readers := map[string]int{}
	for _, s := range in.Clusters {
		for _, file := range s.Files {
			readers[file.Name]++
		}
	}
	words, rest := map[string][]*diag.Diagnostic{}, map[string][]*diag.Diagnostic{}
	found.Each(func(d *diag.Diagnostic) {
		switch {
		case readers[d.Pos.File] != 1 || path.Ext(d.Pos.File) == ".json":
		case d.Instead != "" || correctors[d.Code] != nil:
			words[d.Pos.File] = append(words[d.Pos.File], d)
		case fixers[d.Code] != nil:
			rest[d.Pos.File] = append(rest[d.Pos.File], d)
		}
	})
	for i, s := range in.Clusters {
		corrected := false
		for _, wanted := range []map[string][]*diag.Diagnostic{words, rest} {
			if corrected {
				break
			}
			for _, file := range s.Files {
				edited, err := editFile(file, clusters[i], wanted[file.Name])
				if err != nil {
					return err
				}
				corrected = corrected || edited
			}
		}
	}
	return nil
}

// editFile adds edits to the findings of a file, and reports whether there are any.
func editFile(file File, c *cluster, findings []*diag.Diagnostic) (edited bool, err error) {
	if len(findings) == 0 {
		return false, nil
	}
	text, err := file.Read()
	if err != nil {
		return false, fmt.Errorf("%s: %w", file.Name, err)
	}
	var objects []*fixedObject
	for _, o := range manifest.Read(file.Name, text, &diag.List{}) {
		objects = append(objects, newFixedObject(o))
	}
	parts := slices.Collect(document.Parts(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	documents := map[int]*edit.Document{}   // by the index of the document
	offered := map[int][]*diag.Diagnostic{} // by that, those with edits
	for _, d := range findings {
		part := last(parts, func(p document.Part) bool { return p.Line <= d.Pos.Line })
		object := last(objects, func(o *fixedObject) bool { return o.object.Root.Pos.Compare(d.Pos) <= 0 })
		if part < 0 || object < 0 || objects[object].object.Kind == "Kustomization" {
			continue // what is there belongs to other objects
		}
		if _, opened := documents[part]; !opened {
			documents[part] = edit.Open(file.Name, parts[part])
		}
		if documents[part] != nil {
			f := &fix{Document: documents[part], finding: d, cluster: c, fixedObject: objects[object]}
			if d.Edits = f.edits(); len(d.Edits) > 0 {
				offered[part] = append(offered[part], d)
			}
		}
	}
	for part, findings := range offered {
		for i, kept := range documents[part].Keep() {
			if !kept {
				findings[i].Edits = nil
			}
			edited = edited || kept
		}
	}
	return edited, nil
}

// last gives the index of the last of the sorted items that begins at or before a position, or -1.
func last[T any](items []T, begun func(T) bool) int {
	return sort.Search(len(items), func(i int) bool { return !begun(items[i]) }) - 1
}

func (f *fix) edits() []diag.Edit {
	if f.finding.Instead != "" {
		return f.Replace(f.finding.Pos, f.finding.Instead)
	}
	if correct := correctors[f.finding.Code]; correct != nil {
		return correct(f)
	}
	return fixers[f.finding.Code](f)
}

// Redacted gives the text of a manifest file without its secrets: without the data of Secrets, and without whatever
// looks like private material.
func Redacted(file string, text []byte) string {
	found := &diag.List{}
	manifest.Read(file, text, found)
	return found.Redacted(file)
}
