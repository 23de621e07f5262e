package conformance

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// inline gives a piece of code that cmd/meshtopo/README.md has in a sentence.
func inline(t *testing.T, pattern string) string {
	t.Helper()
	code := regexp.MustCompile("`(" + pattern + ")`").FindSubmatch(read(t, "../../cmd/meshtopo/README.md"))
	if code == nil {
		t.Fatalf("cmd/meshtopo/README.md has nothing like %q in a sentence", pattern)
	}
	return string(code[1])
}

// bash runs a script with the command on the PATH, and gives what it prints and whether it fails.
func bash(t *testing.T, dir, script string) (log string, failed bool) {
	t.Helper()
	shell := exec.Command("bash", "-e", "-c", script)
	shell.Dir, shell.Env = dir, withMeshtopo(os.Environ())
	out, err := shell.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return string(out), err != nil
}

// TestPageLint runs the block about manifests written by hand, in which the manifests of two clusters stand for them.
func TestPageLint(t *testing.T) {
	script := blocks(t, "schema/lint/README.md", "sh", "meshtopo lint ")[0]
	for _, s := range []struct{ name, file, old, new, place string }{
		{"good", "", "", "", ""},
		{"clusters that differ", "deploy/west/3-control-plane/istio-operator.yaml", `trustDomain: "cluster.local"`, `trustDomain: "example.org"`,
			"deploy/west/3-control-plane/istio-operator.yaml:"},
		{"not what the topology says", "topology.yaml", "trustDomain: cluster.local", "trustDomain: example.org",
			"clusters/cluster-a/3-control-plane/istio-operator.yaml:"},
	} {
		t.Run(s.name, func(t *testing.T) {
			dir := t.TempDir()
			for from, to := range map[string]string{
				"": "", "want/clusters": "clusters", "want/clusters/cluster-a": "deploy/east", "want/clusters/cluster-b": "deploy/west",
			} {
				if err := os.CopyFS(filepath.Join(dir, to), os.DirFS(filepath.Join("../two-clusters", from))); err != nil {
					t.Fatal(err)
				}
			}
			if s.file != "" {
				replaceIn(t, dir, s.file, s.old, s.new)
			}
			log, failed := bash(t, dir, string(script))
			if failed != (s.place != "") || !strings.Contains("\n"+log, "\n"+s.place) {
				t.Errorf("failed: %v, want %q in\n%s", failed, s.place, log)
			}
		})
	}
}

// TestPageSeveralReports has text for people and SARIF for a program from one run.
func TestPageSeveralReports(t *testing.T) {
	flags := inline(t, `--format text --format sarif=drift\.sarif`)
	dir := checkout(t, "two-clusters")
	const file = "clusters/cluster-a/1-prepare/namespace.yaml"
	replaceIn(t, dir, file, "network1", "network9")
	log, failed := bash(t, dir, "meshtopo diff "+flags)
	if !failed || !strings.Contains(log, "hand-edited  "+file+"\n") {
		t.Errorf("failed: %v\n%s", failed, log)
	}
	sarif := read(t, filepath.Join(dir, "drift.sarif"))
	checkSARIF(t, compileSchema(t, decodeJSON(t, sarifSchema(t))), sarif)
	if !strings.Contains(string(sarif), `"uri": "`+file+`"`) {
		t.Errorf("drift.sarif does not name %s:\n%s", file, sarif)
	}
}

// TestPagePipe reads a topology that cue exports, by a pipe of the shell: its paths begin in the working directory.
func TestPagePipe(t *testing.T) {
	command := inline(t, `meshtopo validate <\(cue export \./mesh\)`)
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("../two-clusters-cue")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"topology.cue", "clusters.cue"} {
		writeFile(t, filepath.Join(dir, "mesh", name), string(read(t, filepath.Join(dir, name))))
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	bin := t.TempDir()
	if err := os.Symlink(tool(t, "cue"), filepath.Join(bin, "cue")); err != nil {
		t.Fatal(err)
	}
	command = "PATH=" + bin + ":$PATH; " + command
	if log, failed := bash(t, dir, command); failed || !strings.Contains(log, "meshtopo: <stdin> is valid: 2 clusters on 2 networks\n") {
		t.Errorf("failed: %v\n%s", failed, log)
	}
	replaceIn(t, dir, "mesh/clusters.cue", "192.0.2.1", "127.0.0.1")
	if log, failed := bash(t, dir, command); !failed || !strings.Contains(log, "[api-url-unreachable]\n") {
		t.Errorf("failed: %v\n%s", failed, log)
	}
}
