package conformance

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// TestGitLabNames runs both jobs of the template.
func TestGitLabNames(t *testing.T) {
	jobs, variables := gitlabJobs(t)
	checkNames(t, func(t *testing.T, dir, topology string) (string, bool) {
		variables := maps.Clone(variables)
		variables["MESHTOPO_TOPOLOGY"] = topology
		log, one := runGitLab(t, dir, jobs["meshtopo-validate"], variables, 1, 1)
		more, two := runGitLab(t, dir, jobs["meshtopo-diff"], variables, 1, 1)
		return log + more, one || two
	})
}

// gitlabJob is a job of a GitLab pipeline, as far as the template and docs/ci.md use one.
type gitlabJob struct {
	Stage    string
	Script   []string
	Parallel struct {
		Matrix []map[string][]string
	}
	Artifacts struct {
		When    string
		Reports map[string]string
	}
}

// gitlabJobs reads the template as docs/ci.md includes it: the variables there win.
func gitlabJobs(t *testing.T) (jobs map[string]gitlabJob, variables map[string]string) {
	t.Helper()
	var user struct {
		Include   []struct{ Project, Ref, File string }
		Default   struct{ Image string }
		Variables map[string]string
	}
	strictYAML(t, blocks(t, "docs/ci.md", "yaml", "# .gitlab-ci.yml")[0], &user)
	equal(t, "include", len(user.Include), 1)
	template := map[string]any{}
	strictYAML(t, read(t, "../../"+user.Include[0].File), &template)
	var declared struct {
		Variables map[string]struct{ Value, Description string }
	}
	if err := yaml.Unmarshal(read(t, "../../"+user.Include[0].File), &declared); err != nil {
		t.Fatal(err)
	}
	variables = map[string]string{}
	for name, v := range declared.Variables {
		variables[name] = v.Value
	}
	for name, value := range user.Variables {
		if _, known := variables[name]; !known {
			t.Errorf("the template has no variable %s", name)
		}
		variables[name] = value
	}
	delete(template, "variables")
	jobs = map[string]gitlabJob{}
	strictYAML(t, []byte(text(t, template)), &jobs)
	return jobs, variables
}

// runGitLab runs a job in a checkout as a GitLab runner does, and gives its log and whether it failed.
func runGitLab(t *testing.T, dir string, job gitlabJob, variables map[string]string, index, total int) (log string, failed bool) {
	t.Helper()
	shell := exec.Command("sh", "-e", "-c", strings.Join(job.Script, "\n"))
	shell.Dir = dir
	shell.Env = append(withMeshtopo(os.Environ()), "CI=true", "GITLAB_CI=true", fmt.Sprintf("CI_NODE_TOTAL=%d", total))
	if total > 1 {
		shell.Env = append(shell.Env, fmt.Sprintf("CI_NODE_INDEX=%d", index))
	}
	for name, value := range variables {
		shell.Env = append(shell.Env, name+"="+value)
	}
	out, err := shell.CombinedOutput()
	return string(out), err != nil
}

// TestPageGitLab runs the jobs of the template in every state, with the variables of docs/ci.md. The finding is in the
// code quality report, on its line.
func TestPageGitLab(t *testing.T) {
	jobs, variables := gitlabJobs(t)
	for _, s := range states {
		t.Run(s.name, func(t *testing.T) {
			dir := checkout(t, "two-clusters")
			if s.file != "" {
				replaceIn(t, dir, s.file, s.old, s.new)
			}
			var failed, quality string
			for _, name := range slices.Sorted(maps.Keys(jobs)) {
				job := jobs[name]
				log, fails := runGitLab(t, dir, job, variables, 1, 1)
				if fails {
					failed += name + "\n" + log
				}
				equal(t, "artifacts", job.Artifacts.When, "always")
				report := read(t, filepath.Join(dir, job.Artifacts.Reports["codequality"]))
				checkGitLab(t, report)
				checkJUnit(t, read(t, filepath.Join(dir, job.Artifacts.Reports["junit"])))
				quality += string(report)
			}
			if (failed != "") != (s.code != "") {
				t.Errorf("failed: %s", failed)
			}
			if s.code == "" {
				return
			}
			file, line, _ := strings.Cut(s.place, ":")
			issue := regexp.MustCompile(`"check_name": "` + s.code + `",(\n.*){3}\n +"path": "` + regexp.QuoteMeta(file) + `",\n.*\n +"begin": ` + line + "\n")
			if !issue.MatchString(quality) {
				t.Errorf("no issue at %s says %s:\n%s", s.place, s.code, quality)
			}
		})
	}
}

// TestPageGitLabParallel runs the jobs of the parallel block on a fleet with drift everywhere. Each file is
// found by exactly one of them.
func TestPageGitLabParallel(t *testing.T) {
	jobs, variables := gitlabJobs(t)
	found := blocks(t, "docs/ci.md", "yaml", "# .gitlab-ci.yml")
	var more map[string]gitlabJob
	strictYAML(t, found[len(found)-1], &more)
	dir, want := driftedFleet(t)
	var got []string
	for name, extended := range more {
		nodes := matrix(t, extended, variables)
		for i, node := range nodes {
			log, _ := runGitLab(t, dir, jobs[name], node, i+1, len(nodes))
			got = append(got, drifted(log)...)
		}
	}
	slices.Sort(got)
	equal(t, "files", got, want)
}

// matrix gives the variables of each job of a parallel:matrix (https://docs.gitlab.com/ci/yaml/#parallelmatrix) of one
// variable, which the template must have.
func matrix(t *testing.T, job gitlabJob, variables map[string]string) []map[string]string {
	t.Helper()
	var nodes []map[string]string
	for _, list := range job.Parallel.Matrix {
		equal(t, "variables of the matrix", len(list), 1)
		for name, values := range list {
			if _, known := variables[name]; !known {
				t.Errorf("the template has no variable %s", name)
			}
			for _, value := range values {
				node := maps.Clone(variables)
				node[name] = value
				nodes = append(nodes, node)
			}
		}
	}
	return nodes
}

// TestGitLabMatrix has a matrix of somebody else's: two topologies, of which each job compares all clusters. GitLab
// counts such jobs as it counts those of parallel: N.
func TestGitLabMatrix(t *testing.T) {
	jobs, variables := gitlabJobs(t)
	dir, want := driftedFleet(t)
	var got []string
	job := gitlabJob{}
	job.Parallel.Matrix = []map[string][]string{{"MESHTOPO_TOPOLOGY": {"other/topology.yaml", "topology.yaml"}}}
	if err := os.CopyFS(filepath.Join(dir, "other"), os.DirFS(checkout(t, "two-clusters"))); err != nil {
		t.Fatal(err)
	}
	for i, node := range matrix(t, job, variables) {
		log, _ := runGitLab(t, dir, jobs["meshtopo-diff"], node, i+1, 2)
		got = append(got, drifted(log)...)
	}
	equal(t, "files", sorted(got), want)
}
