package lint

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// labelRemoteSecret adds the label, or makes true a string. Another value may have been meant.
func (f *fix) labelRemoteSecret() []diag.Edit {
	if label := f.object.Root.At("metadata", "labels", remoteLabel); label != nil && !strings.EqualFold(label.Text, "true") {
		return nil
	}
	return f.set("true", "metadata", "labels", remoteLabel)
}

// renameKey gives a key of cacerts the name of the only file that is missing, or of the private key, if it is the only key that could
// be meant and what stands under it is what istiod looks for there.
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
	before := judged(f.object, items, f.cluster.now)
	if slices.ContainsFunc(judged(f.object, renamed, f.cluster.now), func(place string) bool { return !slices.Contains(before, place) }) {
		return nil
	}
	return f.Replace(f.finding.Pos, meant)
}

// judged gives the places and codes of what is wrong with a Secret cacerts that has these items.
func judged(o *manifest.Object, items []manifest.Item, now time.Time) []string {
	b := newBundle(o, items, &diag.List{})
	b.checkKeys()
	(&cacerts{}).read(b, now)
	var places []string
	b.found.Each(func(d *diag.Diagnostic) { places = append(places, fmt.Sprint(d.Pos, d.Code)) })
	return places
}
