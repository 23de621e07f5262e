package render

import (
	"slices"
	"strings"
	"testing"
)

// patchedStored gives the codes for a patch of objects of that kind where External Secrets makes all Secrets.
func patchedStored(t *testing.T, fill, kind, operations string) []string {
	t.Helper()
	text := string(read(t, "../testdata/two-clusters/topology.yaml"))
	text = strings.Replace(text, "protection: plaintext", `protection: external-secrets, externalSecrets: {store: {name: vault}, cacertsKey: "ca/{cluster}", `+fill+`}`, 1)
	text = strings.Replace(text, "    version: \"1.31.1\"\n", "    version: \"1.31.1\"\n    patches: [{target: {kind: "+kind+"}, patch: '"+operations+"'}]\n", 1)
	_, _, found := checked(t, text)
	return codes(found)
}

const (
	byPush = `remoteSecretKey: "mesh/{cluster}", fill: push-secret`
	byPull = `fill: kubernetes`
)

// TestPatchesOfExternalSecrets proves that they may be changed but for what follows from the topology.
func TestPatchesOfExternalSecrets(t *testing.T) {
	for name, tt := range map[string]struct{ fill, kind, operation string }{
		"another store":      {byPush, "ExternalSecret", `{op: replace, path: /spec/secretStoreRef/name, value: other}`},
		"another key":        {byPush, "ExternalSecret", `{op: replace, path: /spec/data/0/remoteRef/key, value: other}`},
		"more from a store":  {byPush, "ExternalSecret", `{op: add, path: /spec/dataFrom, value: [{extract: {key: other}}]}`},
		"merged keys":        {byPush, "ExternalSecret", `{op: add, path: /spec/target/template/mergePolicy, value: Merge}`},
		"no owner":           {byPush, "ExternalSecret", `{op: replace, path: /spec/target/deletionPolicy, value: Delete}`},
		"a label less":       {byPush, "ExternalSecret", `{op: remove, path: /spec/target/template/metadata/labels/app.kubernetes.io~1managed-by}`},
		"another token":      {byPush, "PushSecret", `{op: replace, path: /spec/selector/secret/name, value: other}`},
		"another API server": {byPull, "SecretStore", `{op: replace, path: /spec/provider/kubernetes/server/url, value: "https://192.0.2.9:6443"}`},
		"more rights":        {byPull, "Role", `{op: replace, path: /rules/0/verbs/0, value: list}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got, want := patchedStored(t, tt.fill, tt.kind, "["+tt.operation+"]"), []string{"patch-owned"}; !slices.Equal(got, want) {
				t.Errorf("found %q, want %q", got, want)
			}
		})
	}
	for name, tt := range map[string]struct{ fill, kind, operation string }{
		"a label":                {byPush, "ExternalSecret", `{op: add, path: /metadata/labels/team, value: mesh}`},
		"a label of the Secret":  {byPush, "ExternalSecret", `{op: add, path: /spec/target/template/metadata/labels/team, value: mesh}`},
		"another refresh policy": {byPush, "ExternalSecret", `{op: add, path: /spec/refreshPolicy, value: OnChange}`},
		"what stays behind":      {byPush, "PushSecret", `{op: replace, path: /spec/deletionPolicy, value: None}`},
		"a label of the store":   {byPull, "SecretStore", `{op: add, path: /metadata/labels/team, value: mesh}`},
		"another controller":     {byPull, "SecretStore", `{op: add, path: /spec/controller, value: mesh}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := patchedStored(t, tt.fill, tt.kind, "["+tt.operation+"]"); len(got) > 0 {
				t.Errorf("found %q", got)
			}
		})
	}
}

// TestExternalVerbatim proves that nothing but the holes is taken for a template.
func TestExternalVerbatim(t *testing.T) {
	files := contents(renderExample(t, "../testdata/external-secrets"))
	for path, text := range files {
		if !strings.Contains(path, "/2-secrets/") {
			continue
		}
		for _, hole := range strings.Split(text, "{{")[1:] {
			if inner, _, _ := strings.Cut(hole, "}}"); inner != " .key " && inner != " .token | trim " {
				t.Errorf("%s has the hole {{%s}}", path, inner)
			}
		}
	}
}
