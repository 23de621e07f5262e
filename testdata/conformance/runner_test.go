package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// withMeshtopo puts the command on the PATH.
func withMeshtopo(env []string) []string {
	return append(env, "PATH="+filepath.Dir(built)+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// workflow is a GitHub workflow, as far as docs/ci.md uses one.
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

// runs decides on the condition of a step
// (https://docs.github.com/actions/reference/evaluate-expressions-in-workflows-and-actions): without a function such as
// always() in it, success() is part of it.
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
	strictYAML(t, blocks(t, "docs/ci.md", "yaml", first+"\n")[0], &w)
	return w
}
