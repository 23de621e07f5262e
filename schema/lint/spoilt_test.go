package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/loader"
)

// unseen are files of the rendered trees that may be gone without a finding, with the reason.
var unseen = map[string]string{
	"single-cluster/cluster-a/1-prepare/kustomization.yaml":        "no other says that the tree is one for kustomize",
	"single-cluster/cluster-a/3-control-plane/istio-operator.yaml": "what is left may be all that was given",
	"external-secrets/cluster-c/2-secrets/kustomization.yaml":      "it lists a PushSecret alone, which is not read",
	"upgrade/cluster-a/3-control-plane/base/istio-operator.yaml":   "nothing in the mesh goes by it",
	"upgrade/cluster-b/3-control-plane/base/istio-operator.yaml":   "nothing in the mesh goes by it",
	"upgrade/cluster-a/3-control-plane/tags/kustomization.yaml":    "the layer has files that kustomize does not read",
	"upgrade/cluster-b/3-control-plane/tags/kustomization.yaml":    "the layer has files that kustomize does not read",
	"istio-csr/cluster-a/2-secrets/istio-csr.values.yaml":          "it is for a chart that is not Istio's",
	"istio-csr/cluster-b/2-secrets/istio-csr.values.yaml":          "it is for a chart that is not Istio's",
	"istio-csr/cluster-c/2-secrets/istio-csr.values.yaml":          "it is for a chart that is not Istio's",
}

// TestFileGone takes each file out of the rendered tree of each example: the comparison with the topology says so once.
func TestFileGone(t *testing.T) {
	dirs, err := filepath.Glob("../../testdata/*/topology.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range dirs {
		dir := filepath.Dir(file)
		if _, err := os.Stat(filepath.Join(dir, "want/clusters")); err != nil {
			continue
		}
		top := exampleTopology(t, dir)
		for _, gone := range manifestsBelow(t, filepath.Join(dir, "want/clusters")) {
			name := filepath.Base(dir) + "/" + strings.TrimPrefix(gone.Name, filepath.ToSlash(dir)+"/want/clusters/")
			found := run(t, withoutFile(t, dir, gone.Name), top)
			switch {
			case unseen[name] != "" && len(found) > 0:
				t.Errorf("%s: it is said after all: %s", name, found[0].Message)
			case unseen[name] == "" && len(found) != 1:
				t.Errorf("%s: %d findings, want one: %q", name, len(found), messages(found))
			}
		}
	}
}

// TestSpoilt changes one text of a rendered tree: that is one finding, in the file that has the mistake.
func TestSpoilt(t *testing.T) {
	const (
		reader  = "two-clusters/cluster-a/1-prepare/remote-reader.yaml"
		expose  = "mixed/us-1/5-expose/"
		gateway = "mixed/us-1/4-gateway/istio-operator.yaml"
	)
	account, kind := `name: "istio-remote-reader"`, func(kind string) string { return "\nkind: " + kind + "\n" }
	for _, c := range []struct{ file, after, old, text, code string }{
		{reader, kind("ServiceAccount"), account, "name: other", deviates.Code},
		{reader, kind("ServiceAccount"), account, "name: istio-remote-reder", deviates.Code},
		{reader, kind("ServiceAccount"), "istio-system", "elsewhere", deviates.Code},
		{reader, kind("ClusterRoleBinding") + "…subjects:", account, "name: other", "reader-lacks-rights"},
		{reader, kind("RoleBinding") + "…subjects:", account, "name: other", "reader-lacks-rights"},
		{reader, kind("ClusterRoleBinding") + "…subjects:", "istio-system", "elsewhere", "reader-lacks-rights"},
		{reader, kind("RoleBinding") + "…subjects:", "istio-system", "elsewhere", "reader-lacks-rights"},
		{reader, kind("ClusterRoleBinding") + "…roleRef:", "istio-remote-reader-istio-system", "other", "reader-lacks-rights"},
		{reader, kind("RoleBinding") + "…roleRef:", "istio-remote-reader-istio-system", "other", "reader-lacks-rights"},
		{reader, kind("Secret"), `service-account.name: "istio-remote-reader"`, "service-account.name: other", tokenSecretUnknown.Code},
		{reader, kind("Secret"), `name: "istio-remote-reader-istio-remote-secret-token"`, "name: other", deviates.Code},
		{expose + "cross-network-gateway.yaml", "hosts", "*.local", "*", deviates.Code},
		{expose + "cross-network-gateway.yaml", "hosts", `["*.local"]`, `["*.local", "*.shop.svc.cluster.local"]`, deviates.Code},
		{expose + "kustomization.yaml", "resources", "cross-network-gateway.yaml", "gone.yaml", unlisted.Code},
		{expose + "kustomization.yaml", "resources", "\n- \"cross", "\n- \"gone.yaml\"\n- \"cross", deviates.Code},
		{expose + "kustomization.yaml", "resources", "\n- \"expose-istiod.yaml\"", "", unlisted.Code},
		{gateway, "label:", `network: "us"`, `network: "eu"`, networkMismatch.Code},
		{gateway, "env:", `value: "us"`, `value: "eu"`, networkMismatch.Code},
		{"mixed/us-1/1-prepare/namespace.yaml", "", `network: "us"`, `network: "eu"`, networkMismatch.Code},
		{"two-clusters/cluster-a/1-prepare/namespace.yaml", "", `"istio-system"`, "elsewhere", namespaceWithoutNetwork.Code},
		{"mixed/ap-1/1-prepare/namespace.yaml", "", `Clusters: "us-1"`, `Clusters: "eu-1"`, deviates.Code},
	} {
		example, path, _ := strings.Cut(c.file, "/")
		dir := filepath.Join("../../testdata", example)
		file := filepath.Join(dir, "want/clusters", path)
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		before, rest := "", string(raw)
		for _, after := range strings.Split(c.after, "…") {
			head, tail, ok := strings.Cut(rest, after)
			if !ok {
				t.Fatalf("%s has no %q", c.file, after)
			}
			before, rest = before+head+after, tail
		}
		if !strings.Contains(rest, c.old) {
			t.Fatalf("%s has no %q", c.file, c.old)
		}
		found := run(t, withFile(t, dir, file, before+strings.Replace(rest, c.old, c.text, 1)), exampleTopology(t, dir))
		name := fmt.Sprintf("%s, %q for %q", c.file, c.text, c.old)
		switch {
		case len(found) != 1:
			t.Errorf("%s: %d findings: %q", name, len(found), messages(found))
		case found[0].Code != c.code:
			t.Errorf("%s: %q, want %s", name, messages(found), c.code)
		}
		for _, d := range found {
			if d.Pos.File != filepath.ToSlash(file) {
				t.Errorf("%s is reported in %s: %s", name, d.Pos.File, d.Message)
			}
		}
	}
}

func messages(found []*diag.Diagnostic) []string {
	var all []string
	for _, d := range found {
		all = append(all, fmt.Sprintf("%s:%d: %s [%s]", d.Pos.File, d.Pos.Line, d.Message, d.Code))
	}
	return all
}

func exampleTopology(t *testing.T, dir string) *schema.Topology {
	t.Helper()
	top, found, err := loader.Load(loader.Input{FS: os.DirFS(dir), Files: []string{"topology.yaml"}, Now: now})
	if err != nil || top == nil {
		t.Fatal(err, found.Sorted())
	}
	return top
}

// withoutFile gives the clusters of an example without one file.
func withoutFile(t *testing.T, dir, file string) []Source {
	t.Helper()
	all := withFile(t, dir, "", "")
	for i := range all {
		all[i].Files = slices.DeleteFunc(all[i].Files, func(f File) bool { return f.Name == file })
	}
	return all
}
