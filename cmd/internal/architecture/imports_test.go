package architecture

import (
	"slices"
	"strings"
	"testing"
)

// layers are the packages of the product, each with those that it may import. They have to stand above it in the list.
var layers = []struct{ name, imports string }{
	{"schema/private", ""},
	{"schema/target", ""},
	{"schema/hosts", ""},
	{"schema/diag", "schema/private"},
	{"schema/document", "schema/diag schema/private"},
	{"schema/istio", "schema/diag schema/document schema/private"},
	{"schema/shown", "schema/diag schema/document schema/istio schema/private"},
	{"schema/placeholder", "schema/diag schema/document"},
	{"schema/trust", "schema/diag schema/placeholder schema/private"},
	{"schema/plaintext", "schema/diag schema/document schema/placeholder"},
	{"schema/manifest", "schema/diag schema/document schema/placeholder schema/private schema/shown"},
	{"schema/external", "schema/diag schema/document schema/manifest"},
	{"schema/kinds", "schema/diag schema/document schema/istio schema/manifest"},
	{"schema/patched", "schema/diag schema/document schema/manifest schema/target"},
	{"schema/carrier", "schema/diag schema/document schema/manifest schema/placeholder"},
	{"schema/kustomization", "schema/diag schema/document schema/manifest"},
	{"schema/edit", "schema/diag schema/document"},
	{"schema/grammar", "schema/diag schema/document schema/private"},
	{"schema/evaluator", "schema/diag schema/document schema/grammar schema/private"},
	{"schema", "schema/diag schema/document schema/grammar schema/trust"},
	{"schema/owned", "schema schema/diag schema/document"},
	{"schema/settings", "schema schema/diag schema/document schema/grammar schema/istio schema/private"},
	{"schema/handed", "schema schema/diag schema/document schema/settings"},
	{"schema/protection", "schema schema/diag schema/grammar"},
	{"schema/stores", "schema schema/diag"},
	{"schema/authority", "schema schema/diag schema/grammar"},
	{"schema/gitops", "schema schema/diag schema/private"},
	{"schema/sail", "schema/diag schema/manifest schema/placeholder"},
	{"schema/installing", "schema schema/diag schema/document schema/istio schema/sail schema/settings"},
	{"schema/rotation", "schema schema/diag schema/trust"},
	{"schema/upgrade", "schema schema/diag schema/grammar"},
	{"schema/rules", "schema schema/authority schema/diag schema/document schema/gitops schema/handed schema/hosts schema/installing schema/istio schema/owned schema/private schema/protection schema/settings schema/stores schema/upgrade"},
	{"schema/kubeconfig", "schema/diag schema/document schema/manifest schema/placeholder schema/rules schema/trust"},
	{"schema/material", "schema schema/diag schema/document schema/kubeconfig schema/private schema/trust"},
	{"schema/fnconfig", "schema schema/diag schema/document schema/grammar"},
	{"schema/loader", "schema schema/diag schema/document schema/evaluator schema/grammar schema/istio schema/kubeconfig schema/material schema/private schema/rules schema/shown"},
	{"schema/rbac", "schema/diag schema/document schema/manifest"},
	{"schema/networkgateway", "schema/diag schema/document schema/manifest schema/placeholder schema/rules"},
	{"schema/cacerts", "schema/diag schema/manifest schema/placeholder schema/trust"},
	{"schema/fields", "schema/carrier schema/diag schema/document schema/grammar schema/istio schema/manifest schema/placeholder schema/rules schema/settings"},
	{"schema/remotesecret", "schema schema/diag schema/document schema/fields schema/kubeconfig schema/manifest schema/settings"},
	{"schema/lint", "schema schema/cacerts schema/carrier schema/diag schema/document schema/edit schema/external schema/fields schema/grammar schema/hosts schema/istio schema/kinds schema/kubeconfig schema/kustomization schema/manifest schema/material schema/networkgateway schema/owned schema/patched schema/placeholder schema/rbac schema/remotesecret schema/rules schema/sail schema/settings schema/trust"},

	{"authority", "schema/trust"},

	{"templates", ""},
	{"render/layout", "schema/private"},
	{"render/secret", "schema/kubeconfig schema/trust"},
	{"render/reader", "schema schema/diag"},
	{"render/patch", "schema schema/diag schema/document schema/shown"},
	{"render/shell", "render/layout schema schema/diag"},
	{"render/sample", "render/patch schema"},
	{"render/tree", "render/layout"},
	{"render/protect", "render/secret render/tree"},
	{"render/sops", "render/layout render/protect"},
	{"render/sealed", "render/protect"},
	{"render/login", "render/protect render/shell schema schema/kubeconfig schema/trust"},
	{"render/guards", "render/protect render/sealed render/secret render/sops schema"},
	{"render/text", "render/patch render/reader schema/diag templates"},
	{"render/mounted", "schema"},
	{"render/external", "render/layout render/mounted render/patch render/reader render/shell render/text schema"},
	{"render/change", "render/layout render/tree schema/diag schema/document schema/manifest"},
	{"render/contract", "schema schema/diag"},
	{"render/authority", "render/layout render/patch render/shell render/text schema"},
	{"render/installer", "render/layout render/login render/mounted render/patch render/reader render/shell render/text schema schema/owned"},

	{"render/progress", "render/shell schema schema/diag schema/trust"},
	{"render/gitops", "render/installer render/layout render/patch render/shell render/text schema schema/diag"},

	{"render", "render/authority render/contract render/external render/gitops render/guards render/installer render/layout render/login render/mounted render/patch render/progress render/protect render/reader render/sample render/sealed render/secret render/shell render/text render/tree schema schema/diag schema/handed schema/owned schema/private schema/rotation schema/shown schema/trust schema/upgrade"},

	{"cmd/internal/hermetic", ""},
	{"cmd/internal/usage", ""},
	{"cmd/internal/flags", "schema/diag"},
	{"cmd/internal/habits", "render/layout"},
	{"cmd/internal/explain", "cmd/internal/usage schema schema/diag schema/grammar schema/istio schema/owned"},
	{"cmd/internal/report", "render/change render/tree schema schema/diag"},
	{"cmd/internal/console", "cmd/internal/report cmd/internal/usage schema/private"},
	{"cmd/internal/drift", "render/protect render/tree schema/diag"},
	{"cmd/internal/guess", "schema/diag schema/placeholder"},
	{"cmd/internal/files", "cmd/internal/guess cmd/internal/usage render/layout render/secret schema/diag schema/document schema/lint schema/manifest schema/plaintext"},
	{"cmd/internal/encrypted", "cmd/internal/files cmd/internal/report cmd/internal/usage render render/guards render/protect render/sealed render/sops render/tree schema schema/diag schema/trust"},
	{"cmd/internal/git", "cmd/internal/files schema/diag"},
	{"cmd/internal/steps", "cmd/internal/git render/tree schema schema/diag schema/rotation schema/upgrade"},
	{"cmd/internal/krm", "cmd/internal/report render/layout render/tree schema/diag schema/fnconfig schema/istio schema/lint schema/private schema/shown"},
	{"cmd/internal/patched", "render/layout render/patch render/sample schema/diag schema/lint"},
	{"cmd/internal/ca", "authority cmd/internal/console cmd/internal/files cmd/internal/flags cmd/internal/report cmd/internal/usage render/layout schema schema/diag schema/loader schema/trust"},
	{"cmd/meshtopo", "cmd/internal/ca cmd/internal/console cmd/internal/drift cmd/internal/encrypted cmd/internal/explain cmd/internal/files cmd/internal/flags cmd/internal/git cmd/internal/guess cmd/internal/habits cmd/internal/hermetic cmd/internal/krm cmd/internal/patched cmd/internal/report cmd/internal/steps cmd/internal/usage " +
		"render render/change render/layout render/patch render/sample render/tree schema schema/diag schema/fnconfig schema/lint schema/loader schema/manifest schema/plaintext"},
}

// TestImports compares what each package imports with what it may import.
func TestImports(t *testing.T) {
	var below []string
	may := map[string][]string{}
	for _, r := range layers {
		may[r.name] = strings.Fields(r.imports)
		for _, name := range may[r.name] {
			if !slices.Contains(below, name) {
				t.Errorf("%s may import %s, which does not stand above it", r.name, name)
			}
		}
		below = append(below, r.name)
	}
	used := map[string]bool{}
	for _, p := range product(t) {
		if _, ok := may[p.name()]; !ok {
			t.Errorf("%s is not in the list of packages", p.name())
			continue
		}
		used[p.name()] = true
		for _, path := range p.Imports {
			name, ours := strings.CutPrefix(path, module)
			if ours && !slices.Contains(may[p.name()], name) {
				t.Errorf("%s imports %s", p.name(), name)
			}
			used[p.name()+" "+name] = true
		}
	}
	for _, r := range layers {
		for _, name := range strings.Fields(r.imports) {
			if !used[r.name+" "+name] {
				t.Logf("%s may import %s and does not", r.name, name)
			}
		}
		if !used[r.name] {
			t.Logf("%s is not there", r.name)
		}
	}
}

// confined are modules that only some packages may import, because of what they cost or could do.
var confined = []struct{ path, packages string }{
	{"cuelang.org/go/", "schema schema/evaluator schema/grammar"},
	{"filippo.io/age", "authority"},
	{"github.com/gofrs/flock", "render/tree"},
	{"github.com/spf13/", "cmd/internal/ca cmd/internal/console cmd/meshtopo"},
	{"gopkg.in/evanphx/json-patch.v4", "render/patch"},
	{"sigs.k8s.io/kustomize/api/", "render/patch"},
	{"sigs.k8s.io/kustomize/kyaml/kio", "cmd/internal/krm"},
}

// TestConfinedModules finds packages that import one of those modules and may not.
func TestConfinedModules(t *testing.T) {
	for _, p := range product(t) {
		for _, path := range p.Imports {
			for _, g := range confined {
				if strings.HasPrefix(path+"/", g.path) && !slices.Contains(strings.Fields(g.packages), p.name()) {
					t.Errorf("%s imports %s", p.name(), path)
				}
			}
		}
	}
}
