package lint

import (
	"fmt"
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
	at, meant := keys.meant(f.finding.Pos)
	if meant == "" {
		return nil
	}
	renamed := slices.Clone(keys.items)
	renamed[at].Key = meant
	before := map[string]bool{}
	for _, place := range findingsOf(f.object, keys.items, f.cluster.now) {
		before[place] = true
	}
	if slices.ContainsFunc(findingsOf(f.object, renamed, f.cluster.now), func(place string) bool { return !before[place] }) {
		return nil
	}
	return f.Replace(f.finding.Pos, meant)
}

// misnamedKeys are the keys of a Secret cacerts that istiod does not read. There may be very many.
type misnamedKeys struct {
	items []manifest.Item
	at    map[diag.Pos]int // the indexes of the items by their places
	names map[int]string   // what the key of an item is meant for
	count map[string]int   // how many are meant for a file
}

func newMisnamedKeys(o *manifest.Object) *misnamedKeys {
	k := &misnamedKeys{o.Items(), map[diag.Pos]int{}, map[int]string{}, map[string]int{}}
	b := newBundle(o, k.items, &diag.List{})
	missing := b.missing()
	for i, item := range k.items {
		k.at[item.KeyPos] = i
		if readKey(item.Key) {
			continue
		}
		if meant := meantKey(item.Key, missing); meant != "" && (len(missing) == 1 || meant == b.form.key) {
			k.names[i] = meant
			k.count[meant]++
		}
	}
	return k
}

// meant gives the item with a key at a place and the file that it alone is meant for, or "".
func (k *misnamedKeys) meant(pos diag.Pos) (at int, name string) {
	at, ok := k.at[pos]
	if name = k.names[at]; !ok || k.count[name] > 1 {
		return at, ""
	}
	return at, name
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
