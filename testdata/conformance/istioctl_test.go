package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestAnalyze runs `istioctl analyze` over everything that a cluster holds in the end. An info is too much.
func TestAnalyze(t *testing.T) {
	istioctl := tool(t, "istioctl")
	eachCluster(t, func(t *testing.T, c *cluster) {
		args := []string{"analyze", "--use-kube=false", "--namespace", c.Istio.Namespace, "--failure-threshold", "Info"}
		for _, layer := range []string{"1-prepare", "5-expose"} {
			if c.has(layer) {
				args = append(args, c.path(layer))
			}
		}
		for _, file := range []string{controlPlane, gateway} {
			if c.has(file) {
				args = append(args, written(t, c.manifests(t, file)))
			}
		}
		output(t, exec.Command(istioctl, args...))
	})
}

// written gives a file that holds the objects.
func written(t *testing.T, list objects) string {
	t.Helper()
	var all []byte
	for _, o := range list {
		all = append(all, "---\n"+text(t, o.Object)...)
	}
	file := filepath.Join(t.TempDir(), "objects.yaml")
	if err := os.WriteFile(file, all, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
