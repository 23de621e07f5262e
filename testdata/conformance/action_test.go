package conformance

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPageWorkflow runs the workflow of docs/ci.md in every state. The finding is an annotation on its line, in the
// summary and in the log for code scanning.
func TestPageWorkflow(t *testing.T) {
	w := readWorkflow(t, "# .github/workflows/mesh.yml")
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			r := newRunner(t, checkout(t, "two-clusters"))
			if s.file != "" {
				replaceIn(t, r.dir, s.file, s.old, s.new)
			}
			r.steps(w.Jobs["mesh"].Steps)
			equal(t, "failed", r.failed, s.code != "")
			summary := string(read(t, r.summaryFile()))
			if s.code == "" {
				equal(t, "annotations", strings.Contains(r.log, "::error"), false)
				equal(t, "summary", summary, "### meshtopo validate\n\nNothing to report.\n"+notChecked+"### meshtopo diff\n\nNothing to report.\n"+notChecked)
				return
			}
			file, line, _ := strings.Cut(s.place, ":")
			annotation := regexp.MustCompile(`(?m)^::(error|warning) file=` + regexp.QuoteMeta(file) + `,line=` + line + `,.*title=` + s.code + `::`)
			if !annotation.MatchString(r.log) {
				t.Errorf("no annotation at %s says %s:\n%s", s.place, s.code, r.log)
			}
			if !strings.Contains(summary, file) {
				t.Errorf("the summary does not name %s:\n%s", file, summary)
			}
			if logs := allText(t, filepath.Join(r.dir, "sarif")); !strings.Contains(logs, `"ruleId": "`+s.code+`"`) {
				t.Errorf("no log says %s", s.code)
			}
		})
	}
}

func allText(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	for _, file := range files(t, dir) {
		all.Write(read(t, filepath.Join(dir, file)))
	}
	return all.String()
}

// TestActionBuilds runs the action on a machine without meshtopo, on a topology below the root of the repository, with
// the tree elsewhere.
func TestActionBuilds(t *testing.T) {
	r := newRunner(t, t.TempDir())
	if err := errors.Join(
		os.Rename(checkout(t, "two-clusters"), filepath.Join(r.dir, "mesh")),
		os.Mkdir(filepath.Join(r.dir, "my tree"), 0o777),
		os.Rename(filepath.Join(r.dir, "mesh", "clusters"), filepath.Join(r.dir, "my tree", "clusters")),
	); err != nil {
		t.Fatal(err)
	}
	r.path = strings.Join(slices.DeleteFunc(filepath.SplitList(os.Getenv("PATH")), func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, "meshtopo"))
		return err == nil
	}), ":")
	with := map[string]string{"topology": "mesh/topology.yaml", "output": "my tree"}
	r.action(with)
	if r.failed {
		t.Fatalf("the action fails:\n%s", r.log)
	}
	if _, err := os.Stat(filepath.Join(r.temp, "meshtopo", "meshtopo")); err != nil {
		t.Error(err)
	}
	replaceIn(t, r.dir, "my tree/clusters/cluster-a/README.md", "cluster-a", "cluster-x")
	r.action(with)
	if !r.failed || !strings.Contains(r.log, "::error file=my tree/clusters/cluster-a/README.md,line=") {
		t.Errorf("failed: %v\n%s", r.failed, r.log)
	}
}

// TestActionTellsAll has a warning that fails and drift in one checkout: the second is told although the first fails,
// as the warning does not keep anybody from comparing.
func TestActionTellsAll(t *testing.T) {
	r := newRunner(t, checkout(t, "two-clusters"))
	replaceIn(t, r.dir, "topology.yaml", "https://198.51.100.1", "https://10.0.0.1")
	replaceIn(t, r.dir, "clusters/cluster-a/README.md", "cluster-a", "cluster-x")
	r.action(map[string]string{"topology": "topology.yaml", "fail-on": "warning"})
	for _, want := range []string{"::warning file=topology.yaml,", "::error file=clusters/cluster-a/README.md,"} {
		if !r.failed || !strings.Contains(r.log, want) {
			t.Errorf("failed: %v, want %q in\n%s", r.failed, want, r.log)
		}
	}
}

// TestActionWithoutBuild has a machine that can build nothing: no other step runs.
func TestActionWithoutBuild(t *testing.T) {
	r := newRunner(t, checkout(t, "two-clusters"))
	bin := t.TempDir()
	for _, name := range []string{"bash", "mkdir"} {
		path, err := exec.LookPath(name)
		if err == nil {
			err = os.Symlink(path, filepath.Join(bin, name))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	r.path = bin
	r.action(map[string]string{"topology": "topology.yaml"})
	if !r.failed || strings.Contains(r.log, "meshtopo: command not found") {
		t.Errorf("failed: %v\n%s", r.failed, r.log)
	}
}

// spacedCheckout has a topology of two files in a directory with a space in its name.
func spacedCheckout(t *testing.T, drift bool) string {
	t.Helper()
	dir := t.TempDir()
	mesh := filepath.Join(dir, "my mesh")
	if err := os.Rename(checkout(t, "two-clusters"), mesh); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(mesh, "more *.yaml"), "metadata: {name: shop}\n")
	if drift {
		replaceIn(t, mesh, "clusters/cluster-a/README.md", "cluster-a", "cluster-x")
	}
	return dir
}

// checkNames runs a check of a topology by every name.
func checkNames(t *testing.T, run func(t *testing.T, dir, topology string) (log string, failed bool)) {
	for _, n := range names {
		t.Run(n.name, func(t *testing.T) {
			dir := spacedCheckout(t, strings.Contains(n.name, "drift"))
			log, failed := run(t, dir, n.topology)
			if failed != (n.log != "") || !strings.Contains(log, n.log) {
				t.Errorf("failed: %v, want %q in\n%s", failed, n.log, log)
			}
			if _, err := os.Stat(filepath.Join(dir, "evil.json")); err == nil {
				t.Error("a name has written a file")
			}
		})
	}
}

// TestActionNames runs both steps of the action.
func TestActionNames(t *testing.T) {
	checkNames(t, func(t *testing.T, dir, topology string) (string, bool) {
		r := newRunner(t, dir)
		r.action(map[string]string{"topology": topology, "sarif": "my logs"})
		if !r.failed {
			equal(t, "logs", files(t, filepath.Join(dir, "my logs")), []string{"diff.sarif", "validate.sarif"})
		}
		return r.log, r.failed
	})
}

// TestPageMatrix runs every job of the matrix on a fleet with drift in each cluster and in the fleet's README. Each
// file is found by exactly one of them.
func TestPageMatrix(t *testing.T) {
	job := readWorkflow(t, "# .github/workflows/fleet.yml").Jobs["fleet"]
	dir, want := driftedFleet(t)
	var got []string
	for _, shard := range job.Strategy.Matrix["shard"] {
		r := newRunner(t, dir)
		r.context["matrix.shard"] = fmt.Sprint(shard)
		r.steps(job.Steps)
		for _, m := range regexp.MustCompile(`(?m)^::error file=(.*?),`).FindAllStringSubmatch(r.log, -1) {
			got = append(got, m[1])
		}
	}
	slices.Sort(got)
	equal(t, "files", got, want)
}
