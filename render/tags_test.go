package render

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
)

// TestTagsAreDeleted wants each README to delete the webhooks of tags that the tree does not have, wherever there may
// be some, and to leave those that it has.
func TestTagsAreDeleted(t *testing.T) {
	name := regexp.MustCompile(`(?m)^  name: "(istio-revision-tag-[a-z]+)"$`)
	for _, installer := range []schema.Installer{schema.Istioctl, schema.Helm, schema.Sail} {
		topology, store := load(t, "../testdata/upgrade")
		installWith(topology, installer)
		files, seen := contents(render(t, topology, store)), 0
		for file, text := range files {
			if !strings.HasSuffix(file, "/revision-tags.yaml") || !strings.Contains(text, "kind: MutatingWebhookConfiguration") {
				continue
			}
			seen++
			cluster := strings.Split(file, "/")[1]
			readme := files["clusters/"+cluster+"/README.md"]
			at := slices.IndexFunc(commands(readme), func(c string) bool { return strings.Contains(c, " delete mutatingwebhookconfigurations ") })
			if at < 0 {
				t.Errorf("%s: the README of %s deletes no webhooks of tags", installer, cluster)
				continue
			}
			for _, m := range name.FindAllStringSubmatch(text, -1) {
				if !strings.Contains(commands(readme)[at], "metadata.name!="+m[1]) {
					t.Errorf("%s: the README of %s deletes %s, which the tree has", installer, cluster, m[1])
				}
			}
		}
		if want := map[schema.Installer]int{schema.Istioctl: 2, schema.Helm: 2, schema.Sail: 1}[installer]; seen != want {
			t.Errorf("%s: %d clusters have webhooks of tags, want %d", installer, seen, want)
		}
	}
}
