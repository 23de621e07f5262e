package loader

import (
	"strings"
	"testing"
)

// TestReasonsOfVersions proves that the symptom of a mistake is that of the Istio that is installed.
func TestReasonsOfVersions(t *testing.T) {
	noRoots := edit{"roots: [root.pem]", "‹roots›: []"}
	elsewhere := edit{"{token: {file: tokens/west}}", "{token: {file: tokens/west}}\n      istio: {namespace: ‹istio-west›}"}
	for _, tt := range []struct {
		version, says string
		edit          edit
	}{
		{"1.26.2", "signs with a root that it makes itself", noRoots},
		{"1.26.3", "refuses to start with it", noRoots},
		{"1.27.0", "refuses to start with it", noRoots},
		{"1.28.5", "network label in a namespace", elsewhere},
		{"1.29.0", "network label and mesh config", elsewhere},
	} {
		text, _ := marked(t, []edit{{`"1.31.1"`, `"` + tt.version + `"`}, tt.edit})
		found := loadText(t, "t.yaml", text)
		if len(found) != 1 || !strings.Contains(found[0].Why, tt.says) {
			t.Errorf("with %s: found %s\nwant as its why %q", tt.version, describe(found), tt.says)
		}
	}
}
