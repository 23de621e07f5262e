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
	items := f.object.Items()
	b := newBundle(f.object, items, &diag.List{})
	missing := b.missing()
	at, meant := -1, ""
	for i, item := range items {
		if item.KeyPos == f.finding.Pos {
			at, meant = i, meantKey(item.Key, missing)
		}
	}
	if meant == "" || len(missing) > 1 && meant != b.form.key {
		return nil
	}
	for i, item := range items {
		if i != at && !readKey(item.Key) && meantKey(item.Key, missing) == meant {
			return nil
		}
	}
	renamed := slices.Clone(items)
	renamed[at].Key = meant
	before := findingsOf(f.object, items, f.cluster.now)
	if slices.ContainsFunc(findingsOf(f.object, renamed, f.cluster.now), func(place string) bool { return !slices.Contains(before, place) }) {
		return nil
	}
	return f.Replace(f.finding.Pos, meant)
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
