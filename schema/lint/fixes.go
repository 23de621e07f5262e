package lint

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"sort"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/edit"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// menders are what mends the findings of a rule where that needs no judgement, by code. A finding that says which word belongs in the
// marked place needs none of them. None gives an edit where a person would have to decide.
var menders = map[string]func(*fix) []diag.Edit{
	operatorUnnamed.Code:         (*fix).nameOperator,
	eastWestProfile.Code:         (*fix).addEmptyProfile,
	remoteSecretUnread.Code:      (*fix).labelRemoteSecret,
	document.UnquotedScalar.Code: (*fix).quote,
}

// fix is a finding, and what it is about.
type fix struct {
	*edit.Document
	finding *diag.Diagnostic
	cluster *cluster
	object  *manifest.Object
}

// addEdits gives the findings the edits that mend them. The files that they are in are read again; one that is read for several
// clusters, or twice, is left alone, since an edit would be about all of them.
func addEdits(in Input, clusters []*cluster, found *diag.List) error {
	wanted := map[string][]*diag.Diagnostic{}
	found.Each(func(d *diag.Diagnostic) {
		if d.Instead != "" || menders[d.Code] != nil {
			wanted[d.Pos.File] = append(wanted[d.Pos.File], d)
		}
	})
	readers := map[string]int{}
	for _, s := range in.Clusters {
		for _, file := range s.Files {
			readers[file.Name]++
		}
	}
	for i, s := range in.Clusters {
		for _, file := range s.Files {
			if len(wanted[file.Name]) == 0 || readers[file.Name] > 1 || path.Ext(file.Name) == ".json" {
				continue
			}
			text, err := file.Read()
			if err != nil {
				return fmt.Errorf("%s: %w", file.Name, err)
			}
			editFile(file.Name, text, clusters[i], wanted[file.Name])
		}
	}
	return nil
}

// editFile gives the findings of a file their edits.
func editFile(file string, text []byte, c *cluster, findings []*diag.Diagnostic) {
	objects := manifest.Read(file, text, &diag.List{})
	parts := slices.Collect(document.Parts(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	documents := map[int]*edit.Document{} // by the index of their part
	for _, d := range findings {
		part := last(parts, func(p document.Part) bool { return p.Line <= d.Pos.Line })
		object := last(objects, func(o *manifest.Object) bool { return o.Root.Pos.Compare(d.Pos) <= 0 })
		if part < 0 || object < 0 {
			continue
		}
		if _, opened := documents[part]; !opened {
			documents[part] = edit.Open(file, parts[part])
		}
		if documents[part] != nil {
			f := &fix{Document: documents[part], finding: d, cluster: c, object: objects[object]}
			d.Edits = f.edits()
		}
	}
}

// last gives the index of the last of sorted items that begins at or before a place, or -1.
func last[T any](items []T, begun func(T) bool) int {
	return sort.Search(len(items), func(i int) bool { return !begun(items[i]) }) - 1
}

func (f *fix) edits() []diag.Edit {
	if f.finding.Instead != "" {
		return f.Replace(f.finding.Pos, f.finding.Instead)
	}
	return menders[f.finding.Code](f)
}

// quote makes a scalar the string that it looks like.
func (f *fix) quote() []diag.Edit { return f.Quote(f.finding.Pos) }

// set makes the string at a path of the object what text says.
func (f *fix) set(text string, path ...string) []diag.Edit {
	return f.Set(f.object.Root.Pos, text, path...)
}

// nameOperator names an IstioOperator as render does, if no other of the cluster is called so. One is named at a time: two could
// have the same name otherwise.
func (f *fix) nameOperator() []diag.Edit {
	name := "eastwest"
	if installsControlPlane(f.object) {
		name = "control-plane"
	}
	for _, op := range f.cluster.operators {
		if op.name == name {
			return nil
		}
	}
	for _, op := range f.cluster.operators {
		if op.name == "" {
			if op.namePos != f.finding.Pos {
				return nil
			}
			break
		}
	}
	return f.set(name, "metadata", "name")
}

func (f *fix) addEmptyProfile() []diag.Edit { return f.set("empty", "spec", "profile") }

// labelRemoteSecret adds the label, or makes true a string. Another value may have been meant.
func (f *fix) labelRemoteSecret() []diag.Edit {
	if label := f.object.Root.At("metadata", "labels", remoteLabel); label != nil && !strings.EqualFold(label.Text, "true") {
		return nil
	}
	return f.set("true", "metadata", "labels", remoteLabel)
}

// Redacted gives the text of a file of manifests without what must not be shown of it: the data of Secrets, and whatever looks like
// private material.
func Redacted(file string, text []byte) string {
	found := &diag.List{}
	manifest.Read(file, text, found)
	return found.Redacted(file)
}
