package settings

import (
	"strings"
	"testing"
)

// TestEffects holds every row to the same form.
func TestEffects(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Effects() {
		switch {
		case seen[e.Setting]:
			t.Errorf("%s is there twice", e.Setting)
		case e.Does == "" || !strings.ContainsAny(e.Source, "/:"):
			t.Errorf("%s says not what it does, or not where Istio says so", e.Setting)
		case (e.Verdict == Warned || e.Verdict == Refused) != (e.Code != "") && e.Verdict != Rendered:
			t.Errorf("%s is %s, and its code is %q", e.Setting, e.Verdict, e.Code)
		case e.Feature != "" && !strings.HasPrefix(e.Setting, "pilot.env."):
			t.Errorf("%s is a variable of istiod and not called so", e.Setting)
		}
		seen[e.Setting] = true
	}
}
