package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	"sigs.k8s.io/yaml"
)

// block gives the blocks of the README that begin with these words, as they are printed there.
func block(t *testing.T, language, first string) [][]byte {
	t.Helper()
	var found [][]byte
	fence := regexp.MustCompile("(?ms)^```" + language + "\n(" + regexp.QuoteMeta(first) + "\n.*?)^```$")
	for _, m := range fence.FindAllSubmatch(read(t, "../../README.md"), -1) {
		found = append(found, m[1])
	}
	if len(found) == 0 {
		t.Fatalf("README.md has no %s block that begins with %q", language, first)
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

// TestReadmePipeline runs the shell block of the README in every state.
func TestReadmePipeline(t *testing.T) {
	script := block(t, "sh", "set -eu")[0]
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

// withMeshtopo puts the command on the PATH.
func withMeshtopo(env []string) []string {
	return append(env, "PATH="+filepath.Dir(built)+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// workflow is a GitHub workflow, as far as the README uses one.
type workflow struct {
	Name        string
	On          any `json:"true"` // which on is to a reader of YAML 1.1
	Permissions map[string]string
	Jobs        map[string]struct {
		RunsOn   string `json:"runs-on"`
		Strategy struct {
			FailFast bool `json:"fail-fast"`
			Matrix   map[string][]any
		}
		Steps []step
	}
}

type step struct {
	ID, Name, Uses, Run, If, Shell string
	With, Env                      map[string]string
}

// action is action.yml.
type action struct {
	Name, Description string
	Branding          map[string]string
	Inputs            map[string]struct{ Description, Default string }
	Runs              struct {
		Using string
		Steps []step
	}
}

// runner stands in for a GitHub runner with one job.
type runner struct {
	t       *testing.T
	dir     string // the repository
	temp    string
	path    string
	context map[string]string // what ${{ … }} means
	log     string
	failed  bool
}

func newRunner(t *testing.T, dir string) *runner {
	return &runner{t: t, dir: dir, temp: t.TempDir(), path: filepath.Dir(built) + ":" + os.Getenv("PATH"), context: map[string]string{}}
}

// steps runs the steps of a job.
func (r *runner) steps(all []step) {
	r.t.Helper()
	for _, s := range all {
		switch {
		case !r.runs(s.If):
		case s.Run != "":
			r.run(s)
		case strings.HasPrefix(s.Uses, "actions/checkout@"):
		case s.Uses == "OWNER/meshtopo@REF":
			r.action(s.With)
		case strings.HasPrefix(s.Uses, "github/codeql-action/upload-sarif@"):
			r.upload(s.With["sarif_file"])
		default:
			r.t.Fatalf("there is no stand-in for the step %+v", s)
		}
	}
}

// runs decides on the condition of a step (https://docs.github.com/actions/reference/evaluate-expressions-in-workflows-and-actions):
// without a function such as always() in it, success() is part of it.
func (r *runner) runs(condition string) bool {
	r.t.Helper()
	switch outcome := r.context["steps.build.outcome"]; condition {
	case "":
		return !r.failed
	case "always()":
		return true
	case "${{ !cancelled() && steps.build.outcome == 'success' }}":
		return outcome == "success"
	}
	r.t.Fatalf("there is no stand-in for the condition %s", condition)
	return false
}

// action runs action.yml with inputs.
func (r *runner) action(with map[string]string) {
	r.t.Helper()
	var a action
	strictYAML(r.t, read(r.t, "../../action.yml"), &a)
	equal(r.t, "using", a.Runs.Using, "composite")
	inner := *r
	inner.context = map[string]string{}
	for name, input := range a.Inputs {
		inner.context["inputs."+name] = input.Default
	}
	for name, value := range with {
		if _, known := a.Inputs[name]; !known {
			r.t.Fatalf("action.yml has no input %s", name)
		}
		inner.context["inputs."+name] = r.expand(value)
	}
	inner.steps(a.Runs.Steps)
	r.log, r.failed, r.path = inner.log, inner.failed, inner.path
}

// run runs a step as a runner does with shell: bash
// (https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#jobsjob_idstepsshell).
func (r *runner) run(s step) {
	r.t.Helper()
	equal(r.t, "shell", s.Shell, "bash")
	if strings.Contains(s.Run, "${{") {
		r.t.Errorf("an expression in a script is run as a part of it: %s", s.Run)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		r.t.Fatal(err)
	}
	added := filepath.Join(r.temp, "path")
	bash := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	bash.Dir = r.dir
	bash.Env = append(os.Environ(), "PATH="+r.path, "CI=true", "GITHUB_ACTIONS=true", "GITHUB_ACTION_PATH="+root,
		"RUNNER_TEMP="+r.temp, "GITHUB_PATH="+added, "GITHUB_STEP_SUMMARY="+r.summaryFile())
	for name, value := range s.Env {
		bash.Env = append(bash.Env, name+"="+r.expand(value))
	}
	out, err := bash.CombinedOutput()
	r.log += string(out)
	r.failed = r.failed || err != nil
	if s.ID != "" {
		r.context["steps."+s.ID+".outcome"] = map[bool]string{true: "success", false: "failure"}[err == nil]
	}
	if lines, err := os.ReadFile(added); err == nil {
		r.path = strings.TrimSpace(string(lines)) + ":" + r.path
		if err := os.Remove(added); err != nil { // each step has its own
			r.t.Error(err)
		}
	}
}

func (r *runner) summaryFile() string { return filepath.Join(r.temp, "summary.md") }

var expression = regexp.MustCompile(`\$\{\{ *(.*?) *\}\}`)

// expand replaces expressions, which must be known.
func (r *runner) expand(text string) string {
	return expression.ReplaceAllStringFunc(text, func(e string) string {
		name := expression.FindStringSubmatch(e)[1]
		value, ok := r.context[name]
		if !ok {
			r.t.Fatalf("%s is not known", e)
		}
		return value
	})
}

// upload takes the logs of a directory, or one, for code scanning.
func (r *runner) upload(path string) {
	r.t.Helper()
	schema := compileSchema(r.t, decodeJSON(r.t, sarifSchema(r.t)))
	logs := files(r.t, filepath.Join(r.dir, path))
	if len(logs) == 0 {
		r.t.Errorf("there is nothing to upload in %s", path)
	}
	for _, log := range logs {
		checkSARIF(r.t, schema, read(r.t, filepath.Join(r.dir, path, log)))
	}
}

func strictYAML(t *testing.T, text []byte, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		t.Fatal(err)
	}
}

func readWorkflow(t *testing.T, first string) workflow {
	t.Helper()
	var w workflow
	strictYAML(t, block(t, "yaml", first)[0], &w)
	return w
}

// TestReadmeWorkflow runs the workflow of the README in every state. The finding is an annotation on its line, in the
// summary and in the log for code scanning.
func TestReadmeWorkflow(t *testing.T) {
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

const notChecked = "\n4 places of keys and tokens not checked: they are not here.\n"

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

// TestActionTellsAll has a warning that fails and drift in one checkout: the second is told although the first fails, as
// the warning does not keep anybody from comparing.
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

// TestReadmeMatrix runs every job of the matrix on a fleet with drift in each cluster and in the fleet's README. Each
// file is found by exactly one of them.
func TestReadmeMatrix(t *testing.T) {
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

// gitlabJob is a job of a GitLab pipeline, as far as the template and the README use one.
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

// gitlabJobs reads the template as the README includes it: the variables of the README's block win.
func gitlabJobs(t *testing.T) (jobs map[string]gitlabJob, variables map[string]string) {
	t.Helper()
	var user struct {
		Include   []struct{ Project, Ref, File string }
		Default   struct{ Image string }
		Variables map[string]string
	}
	strictYAML(t, block(t, "yaml", "# .gitlab-ci.yml")[0], &user)
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

// TestReadmeGitLab runs the jobs of the template in every state, with the README's variables. The finding is in the
// code quality report, on its line.
func TestReadmeGitLab(t *testing.T) {
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

// TestReadmeGitLabParallel runs the jobs of the README's parallel block on a fleet with drift everywhere. Each file is
// found by exactly one of them.
func TestReadmeGitLabParallel(t *testing.T) {
	jobs, variables := gitlabJobs(t)
	blocks := block(t, "yaml", "# .gitlab-ci.yml")
	var more map[string]gitlabJob
	strictYAML(t, blocks[len(blocks)-1], &more)
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

// matrix gives the variables of each job of a parallel:matrix (https://docs.gitlab.com/ci/yaml/#parallelmatrix) of one variable,
// which the template must have.
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

// TestGitLabMatrix has a matrix of somebody else's: two topologies, of which each job compares all clusters. GitLab counts
// such jobs as it counts those of parallel: N.
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
	strictYAML(t, block(t, "yaml", "# render-fleet.yaml")[0], &job)
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
