package render

import (
	"strings"
	"testing"
)

// TestTokenPower checks that a cluster's README says what its token is good for, and no more.
func TestTokenPower(t *testing.T) {
	const version, remote = `version: "1.31.1"`, "primary-remote-one-network"
	const off = version + `, values: {pilot: {env: {PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER: "false"}}}`
	const secrets, without, maps, every, injectors, any = "read every Secret", "that away", "make ConfigMaps", "read every ConfigMap",
		"change the webhooks that inject", "change every mutating webhook"
	const sail = `version: "1.30.3", installer: sail, updateStrategy: RevisionBased`
	for _, test := range []struct {
		example, cluster, istio string
		want                    []string
	}{
		{"two-clusters", "cluster-a", version, []string{secrets, without}},
		{"two-clusters", "cluster-a", `version: "1.30.1"`, []string{secrets}},
		{"two-clusters", "cluster-a", `version: "1.26.1"`, []string{secrets, every}},
		{remote, "cluster-b", version, []string{secrets, without, maps, injectors}},
		{remote, "cluster-b", `version: "1.26.1"`, []string{secrets, maps, every, injectors}},
		{remote, "cluster-b", version + ", revision: canary, values: {revisionTags: []}", []string{secrets, without, maps, injectors}},
		{remote, "cluster-b", off, []string{"but no Secret", maps, injectors}},
		{remote, "cluster-b", version + ", revision: canary", []string{secrets, without, maps, any, "has the tags of the revision, or an empty list"}},
		{remote, "cluster-b", sail, []string{secrets, maps, any, "`istio.values.revisionTags` is an empty list"}},
		{remote, "cluster-b", sail + ", values: {revisionTags: []}", []string{secrets, maps, injectors}},
	} {
		readme := variantFiles(t, test.example, version, test.istio)["clusters/"+test.cluster+"/README.md"]
		got := map[string]bool{}
		for _, said := range []string{secrets, without, maps, every, injectors, any, "but no Secret", "change every ConfigMap",
			"has the tags of the revision, or an empty list", "`istio.values.revisionTags` is an empty list"} {
			got[said] = strings.Contains(readme, said)
		}
		for _, want := range test.want {
			if !got[want] {
				t.Errorf("%s with %s does not say %q", test.cluster, test.istio, want)
			}
			delete(got, want)
		}
		for said, is := range got {
			if is {
				t.Errorf("%s with %s says %q", test.cluster, test.istio, said)
			}
		}
	}
}
