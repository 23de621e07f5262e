package conformance

import (
	"bytes"
	"meshtopo.dev/meshtopo/schema"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestRenderAgain renders every example with the command and compares the result with the golden tree.
func TestRenderAgain(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		out := t.TempDir()
		meshtopo(t, e, "render", "-o", out, e.file())
		got, want := filepath.Join(out, "clusters"), filepath.Join(e.dir, "want", "clusters")
		names := files(t, want)
		equal(t, "files", files(t, got), names)
		for _, name := range names {
			if !bytes.Equal(read(t, filepath.Join(got, name)), read(t, filepath.Join(want, name))) {
				t.Errorf("%s differs from the golden tree", name)
			}
		}
		meshtopo(t, e, "diff", "--require-material", "-o", out, e.file())
	})
}

// TestDiff checks that meshtopo has nothing to say about the golden trees.
func TestDiff(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		if out := meshtopo(t, e, "diff", "--require-material", "-o", "want", e.file()); out != "" {
			t.Errorf("diff prints %q, want nothing", out)
		}
	})
}

// TestSums checks the digests of each cluster's directory with sha256sum: every public file has one.
func TestSums(t *testing.T) {
	eachCluster(t, func(t *testing.T, c *cluster) {
		check := exec.Command("sha256sum", "--check", "--strict", "--quiet", "meshtopo.sum")
		check.Dir = c.dir
		if out, err := check.CombinedOutput(); err != nil {
			t.Errorf("sha256sum: %v\n%s", err, out)
		}
		var listed, want []string
		for _, line := range strings.Split(string(read(t, c.path("meshtopo.sum"))), "\n") {
			if _, name, ok := strings.Cut(line, "  "); ok && !strings.HasPrefix(line, "#") {
				listed = append(listed, name)
			}
		}
		for _, name := range files(t, c.dir) {
			private := c.plain() && strings.HasPrefix(name, "2-secrets/") && path.Base(name) != "kustomization.yaml" && !isValues(name) && !(c.mesh.TrustFrom(schema.CertManager) && name == "2-secrets/cacerts.yaml")
			if !private && name != "meshtopo.sum" {
				want = append(want, name)
			}
		}
		equal(t, "listed files", listed, want)
		if !slices.IsSorted(listed) {
			t.Error("the files are not sorted")
		}
	})
}
