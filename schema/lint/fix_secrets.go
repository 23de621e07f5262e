package lint

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// labelRemoteSecret adds the label, or puts quotes around true. It changes no other value: that may be intended.
func (f *fix) labelRemoteSecret() []diag.Edit {
	if label := f.object.Root.At("metadata", "labels", remoteLabel); label != nil && !strings.EqualFold(label.Text, "true") {
		return nil
	}
	return f.set("true", "metadata", "labels", remoteLabel)
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
	k := &misnamedKeys{o.Items(), map[diag.Pos]string{}}
	b := newBundle(o, k.items, &diag.List{})
	missing, count := b.missing(), map[string]int{}
	for _, item := range k.items {
		if meant := meantKey(item.Key, missing); !readKey(item.Key) && (len(missing) == 1 || meant == b.form.key) {
			k.meant[item.KeyPos] = meant
			count[meant]++
		}
	}
	maps.DeleteFunc(k.meant, func(_ diag.Pos, meant string) bool { return count[meant] > 1 })
	return k
}

// findingsOf gives the places and codes of what is wrong with a Secret cacerts that has these items.
func findingsOf(o *manifest.Object, items []manifest.Item, now time.Time) []string {
	b := newBundle(o, items, &diag.List{})
	b.checkKeys()
	(&cacerts{}).read(b, now)
	var places []string
	b.found.Each(func(d *diag.Diagnostic) { places = append(places, fmt.Sprint(d.Pos, d.Code)) })
	return places
}
