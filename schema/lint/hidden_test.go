package lint

import (
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"meshtopo.dev/meshtopo/schema/diag"
)

// TestNotHidden tells how bad one finding is that stands for several mistakes: a warning never stands for an error.
func TestNotHidden(t *testing.T) {
	for _, c := range []struct {
		file, code string
		want       diag.Severity
	}{
		{"gateway-revision", "gateway-revision", diag.Warning},
		{"gateway-revision_routed", "gateway-revision", diag.Error},
		{"gateway-revision_remote", "gateway-revision", diag.Error},
		{"remote-revision_both", "remote-revision", diag.Error},
		{"remote-secret-of-itself", "remote-secret-of-itself", diag.Warning},
		{"remote-secret-of-itself_kubeconfig-of-another", "remote-secret-of-itself", diag.Error},
		{"reader-lacks-rights_admin-for-now", "reader-lacks-rights", diag.Warning},
		{"unknown-gateway_none", "unknown-gateway", diag.Error},
		{"istiod-unrouted_mesh", "istiod-unrouted", diag.Error},
	} {
		a, err := txtar.ParseFile("testdata/" + c.file + ".txtar")
		if err != nil {
			t.Fatal(err)
		}
		bad, _ := sources(a, "bad/")
		seen := false
		for _, d := range run(t, bad, nil) {
			if d.Code != c.code {
				continue
			}
			if seen = true; d.Severity != c.want {
				t.Errorf("%s: %s is a %s, want %s", c.file, d.Code, d.Severity, c.want)
			}
		}
		if !seen {
			t.Errorf("%s: no %s", c.file, c.code)
		}
	}
}
