package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
)

// blocks gives the blocks of a page that begin with these words, as they are printed there.
func blocks(t *testing.T, page, language, first string) [][]byte {
	t.Helper()
	var found [][]byte
	fence := regexp.MustCompile("(?ms)^```" + language + "\n(" + regexp.QuoteMeta(first) + ".*?)^```$")
	for _, m := range fence.FindAllSubmatch(read(t, "../../"+page), -1) {
		found = append(found, m[1])
	}
	if len(found) == 0 {
		t.Fatalf("%s has no %s block that begins with %q", page, language, first)
	}
	return found
}

// checkout is a repository with a rendered topology, as a runner has it: without keys and tokens, and without the
// files that hold them.
func checkout(t *testing.T, example string) string {
	t.Helper()
	dir := t.TempDir()
	if err := errors.Join(
		os.CopyFS(dir, os.DirFS("../"+example)),
		os.Rename(filepath.Join(dir, "want", "clusters"), filepath.Join(dir, "clusters")),
		os.RemoveAll(filepath.Join(dir, "want")),
		os.RemoveAll(filepath.Join(dir, "tokens")),
	); err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"certs/*/ca-key.pem", "clusters/*/2-secrets/cacerts.yaml", "clusters/*/2-secrets/remote-secrets"} {
		private, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil || len(private) == 0 {
			t.Fatalf("Glob(%q) = %q, %v", pattern, private, err)
		}
		for _, file := range private {
			if err := os.RemoveAll(file); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

// replaceIn edits a file of a checkout.
func replaceIn(t *testing.T, dir, file, old, new string) {
	t.Helper()
	name := filepath.Join(dir, file)
	text := string(read(t, name))
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(name, []byte(strings.Replace(text, old, new, 1)), 0o666); err != nil {
		t.Fatal(err)
	}
}

// states are what a pipeline can meet: what is edited, and what it finds at which place.
var states = []struct{ name, file, old, new, code, place string }{
	{"good", "", "", "", "", ""},
	{"wrong topology", "topology.yaml", "network: network2", "network: network3", "unknown-network", "topology.yaml:26"},
	{"a warning", "topology.yaml", "https://198.51.100.1", "https://10.0.0.1", "api-url-private", "topology.yaml:27"},
	{"edited by hand", "clusters/cluster-a/5-expose/cross-network-gateway.yaml", "15443", "15444", "drift-hand-edited",
		"clusters/cluster-a/5-expose/cross-network-gateway.yaml:15"},
	{"stale", "topology.yaml", "accessLogFile: /dev/stdout", "accessLogFile: /dev/stderr", "drift-changed",
		"clusters/cluster-b/3-control-plane/istio-operator.yaml:17"},
}

// TestPagePipeline runs the shell block of docs/ci.md in every state.
func TestPagePipeline(t *testing.T) {
	script := blocks(t, "docs/ci.md", "sh", "set -eu")[0]
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			dir := checkout(t, "two-clusters")
			if s.file != "" {
				replaceIn(t, dir, s.file, s.old, s.new)
			}
			shell := exec.Command("sh", "-c", string(script))
			shell.Dir, shell.Env = dir, withMeshtopo(os.Environ())
			out, err := shell.CombinedOutput()
			if (err != nil) != (s.code != "") {
				t.Errorf("the script ends with %v:\n%s", err, out)
			}
			file, _, _ := strings.Cut(s.place, ":")
			if !bytes.Contains(out, []byte(file)) {
				t.Errorf("the script does not name %s:\n%s", file, out)
			}
		})
	}
}

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

const notChecked = "\n4 places of keys and tokens not checked: they are not here.\n"

// names are those of topologies that a shell could take for something else, with what is found: whether any drift, or
// the name itself.
var names = []struct{ name, topology, log string }{
	{"a space", "my mesh/topology.yaml", ""},
	{"a space, and drift", "my mesh/topology.yaml\n", "my mesh/clusters/cluster-a/README.md"},
	{"several files", "\nmy mesh/topology.yaml\n\nmy mesh/more *.yaml\n", ""},
	{"a flag", "--help", "--help: no such file"},
	{"a flag and a file", "--format=json=evil.json my mesh/topology.yaml", "--format=json=evil.json my mesh/topology.yaml: no such file"},
	{"a pattern", "my mesh/*.yaml", "my mesh/*.yaml: no such file"},
	{"a command", "$(touch evil.json)", "$(touch evil.json): no such file"},
}

// driftedFleet is a checkout in which somebody edited every README, and the names of these.
func driftedFleet(t *testing.T) (dir string, edited []string) {
	t.Helper()
	dir = checkout(t, "mixed")
	for _, file := range files(t, filepath.Join(dir, "clusters")) {
		if filepath.Base(file) == "README.md" {
			replaceIn(t, dir, "clusters/"+file, "\n", "\nedited\n")
			edited = append(edited, "clusters/"+file)
		}
	}
	slices.Sort(edited)
	return dir, edited
}

var driftLine = regexp.MustCompile(`(?m)^hand-edited +(.*)$|^changed +(clusters/README.md)$`)

// drifted gives the files that a log of meshtopo diff names.
func drifted(log string) []string {
	var files []string
	for _, m := range driftLine.FindAllStringSubmatch(log, -1) {
		files = append(files, m[1]+m[2])
	}
	return files
}

// TestReadmeIndexedJob runs the pods of the Indexed Job, all at once, on a volume with a topology. Together they render
// the whole fleet.
func TestReadmeIndexedJob(t *testing.T) {
	var job batchv1.Job
	strictYAML(t, blocks(t, "docs/ci.md", "yaml", "# render-fleet.yaml")[0], &job)
	equal(t, "completion mode", *job.Spec.CompletionMode, batchv1.IndexedCompletion)
	container := job.Spec.Template.Spec.Containers[0]
	equal(t, "command", container.Command, []string{"meshtopo"})
	equal(t, "working directory", container.WorkingDir, container.VolumeMounts[0].MountPath)
	volume := t.TempDir()
	if err := errors.Join(os.CopyFS(volume, os.DirFS("../mixed")), os.RemoveAll(filepath.Join(volume, "want"))); err != nil {
		t.Fatal(err)
	}
	var pods sync.WaitGroup
	for index := range *job.Spec.Completions {
		pods.Go(func() {
			var args []string
			for _, arg := range container.Args {
				args = append(args, strings.ReplaceAll(arg, "$(JOB_COMPLETION_INDEX)", fmt.Sprint(index)))
			}
			pod := exec.Command(built, args...)
			pod.Dir = volume
			if out, err := pod.CombinedOutput(); err != nil {
				t.Errorf("%q: %v\n%s", args, err, out)
			}
		})
	}
	pods.Wait()
	equal(t, "files", files(t, filepath.Join(volume, "clusters")), files(t, "../mixed/want/clusters"))
	for _, file := range files(t, "../mixed/want/clusters") {
		if !bytes.Equal(read(t, filepath.Join(volume, "clusters", file)), read(t, filepath.Join("../mixed/want/clusters", file))) {
			t.Errorf("%s is not what a whole render writes", file)
		}
	}
}
