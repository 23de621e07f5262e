package conformance

import (
	"os/exec"
	"strings"
	"testing"
)

// moduleDir gives the directory of a module's source.
func moduleDir(t *testing.T, module string) string {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", module).Output()
	if err != nil || len(strings.TrimSpace(string(dir))) == 0 {
		t.Fatalf("go list -m %s: %q, %v", module, dir, stderr(err))
	}
	return strings.TrimSpace(string(dir))
}
