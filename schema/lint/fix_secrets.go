package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema/cacerts"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/remotesecret"
)

// labelRemoteSecret adds the label, or puts quotes around true. It changes no other value: that may be intended.
func (f *fix) labelRemoteSecret() []diag.Edit {
	if label := f.object.Root.At("metadata", "labels", remotesecret.Label); label != nil && !strings.EqualFold(label.Text, "true") {
		return nil
	}
	return f.set("true", "metadata", "labels", remotesecret.Label)
}

// renameKey renames a key of cacerts to the only missing file, or to the private key. It does so only if no other key
// could be meant, and if the value is what istiod reads there.
func (f *fix) renameKey() []diag.Edit {
	keys := f.keys()
	meant := keys.meant[f.finding.Pos]
	if meant == "" {
		return nil
	}
	renamed := slices.Clone(keys.items)
	renamed[slices.IndexFunc(renamed, func(i manifest.Item) bool { return i.KeyPos == f.finding.Pos })].Key = meant
	before := map[string]bool{}
	for _, place := range findingsOf(f.object, keys.items, f.cluster.now) {
		before[place] = true
	}
	if slices.ContainsFunc(findingsOf(f.object, renamed, f.cluster.now), func(place string) bool { return !before[place] }) {
		return nil
	}
	return f.Replace(f.finding.Pos, meant)
}

// misnamedKeys are the items of a Secret cacerts, and which files their keys alone are meant for.
type misnamedKeys struct {
	items []manifest.Item
	meant map[diag.Pos]string
}

func newMisnamedKeys(o *manifest.Object) *misnamedKeys {
	items := o.Items()
	return &misnamedKeys{items, cacerts.New(o, items, &diag.List{}).Meant()}
}

// findingsOf gives the places and codes of what is wrong with a Secret cacerts that has these items.
func findingsOf(o *manifest.Object, items []manifest.Item, now time.Time) []string {
	found := &diag.List{}
	cacerts.New(o, items, found).Check(now)
	var places []string
	found.Each(func(d *diag.Diagnostic) { places = append(places, fmt.Sprint(d.Pos, d.Code)) })
	return places
}
