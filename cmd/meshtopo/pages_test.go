package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aymanbagabas/go-udiff"
	"github.com/spf13/cobra"

	"meshtopo.dev/meshtopo/cmd/internal/console"
	"meshtopo.dev/meshtopo/cmd/internal/explain"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/fnconfig"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// generatedParts are the parts of pages between BEGIN and END marks: what each says, by the page that has it.
func generatedParts(t *testing.T) map[string]map[string]string {
	return map[string]map[string]string{
		"schema/README.md":       {"example": "```yaml\n" + read(t, "../../testdata/two-clusters/topology.yaml") + "```\n", "fields": fieldTable()},
		"schema/lint/README.md":  {"rules": ruleTable()},
		"render/README.md":       {"tree": treeBlock(t)},
		"cmd/meshtopo/README.md": {"flags": flagList()},
		"docs/kustomize.md":      {"function": functionTable(fnconfig.RenderCluster), "linter": functionTable(fnconfig.LintManifests)},
		"docs/invariants.md":     {"invariants": invariantTable()},
		"ARCHITECTURE.md":        {"packages": packageTable(t)},
		"CONTRIBUTING.md":        {"rule": ruleExcerpt(t)},
	}
}

// TestPages keeps what the pages say about the program true: the generated parts, and what console blocks print. Those
// of README.md run in the directory of its first mesh, the others in the repository. UPDATE=1 writes them.
func TestPages(t *testing.T) {
	parts := generatedParts(t)
	for _, page := range pages(t) {
		t.Run(page, func(t *testing.T) {
			before := read(t, "../../"+page)
			text := before
			for name, want := range parts[page] {
				text = fill(t, text, "<!-- BEGIN "+name+" -->\n", want, "<!-- END "+name+" -->\n")
			}
			if marks := strings.Count(text, "\n<!-- BEGIN "); marks != len(parts[page]) {
				t.Errorf("%d parts are generated, want %d", len(parts[page]), marks)
			}
			dir := "../.."
			if page == "README.md" {
				dir = firstMesh(t, text)
			}
			if text = consoleBlocks(t, dir, text); text == before {
				return
			}
			if os.Getenv("UPDATE") == "" {
				t.Fatalf("%s is behind the program; UPDATE=1 go test ./cmd/meshtopo writes it:\n%s", page, udiff.Unified(page, page, before, text))
			}
			write(t, "../../"+page, text)
		})
	}
}

// fill replaces what is between two lines.
func fill(t *testing.T, text, begin, content, end string) string {
	t.Helper()
	head, rest, ok := strings.Cut(text, begin)
	_, tail, ended := strings.Cut(rest, end)
	if !ok || !ended {
		t.Fatalf("there is no %q followed by %q", begin, end)
	}
	return head + begin + content + end + tail
}

// consoleBlocks runs the command of each console block and puts its output there.
func consoleBlocks(t *testing.T, dir, text string) string {
	return regexp.MustCompile("(?s)```console\n\\$ (.+?)\n.*?```\n").ReplaceAllStringFunc(text, func(block string) string {
		_, command, _ := strings.Cut(block, "$ ")
		command, _, _ = strings.Cut(command, "\n")
		output := ""
		switch {
		case command == "make demo":
			output = demo(t)
		case command == "make test":
			output = packages(t)
		case dir == "":
			return block
		default:
			output = shell(t, dir, command)
		}
		return "```console\n$ " + command + "\n" + output + "```\n"
	})
}

// firstMesh makes the first mesh of README.md in an empty directory: its topology, and its CAs by the commands there.
func firstMesh(t *testing.T, text string) string {
	t.Helper()
	_, section, _ := strings.Cut(text, "\n## A first mesh\n")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "topology.yaml"), fencedBlock(t, section, "yaml"))
	c := exec.Command("sh", "-eu", "-c", fencedBlock(t, section, "sh"))
	c.Dir, c.Env = dir, append(os.Environ(), "MESHTOPO_CA_PASSPHRASE=one that nobody guesses")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

// fencedBlock gives the first block of a language in a part of a page.
func fencedBlock(t *testing.T, text, language string) string {
	t.Helper()
	_, block, _ := strings.Cut(text, "```"+language+"\n")
	block, _, ok := strings.Cut(block, "```\n")
	if !ok {
		t.Fatalf("there is no %s block", language)
	}
	return block
}

// TestReadmeBlocks wants each block to paste of README.md in the page that its section names, where it is run.
func TestReadmeBlocks(t *testing.T) {
	_, text, _ := strings.Cut(read(t, "../../README.md"), "\n## In CI\n")
	sections := strings.Split(text, "\n## ")[:4]
	for _, section := range sections {
		link := regexp.MustCompile(`\]\((docs/[a-z-]+\.md)\)`).FindStringSubmatch(section)
		blocks := regexp.MustCompile("(?ms)^```(?:sh|yaml)\n.*?^```$").FindAllString(section, -1)
		if link == nil || len(blocks) == 0 {
			t.Fatalf("no page or no block in\n%s", section)
		}
		for _, block := range blocks {
			if !strings.Contains(read(t, "../../"+link[1]), block) {
				t.Errorf("%s has no\n%s", link[1], block)
			}
		}
	}
}

// demo does what make demo does on a fresh clone, but builds nothing: the commands that make says it would run.
func demo(t *testing.T) string {
	dir := t.TempDir()
	binary, err := exec.LookPath("meshtopo") // this test, under another name
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range []error{
		os.Mkdir(filepath.Join(dir, ".git"), 0o777),
		os.Mkdir(filepath.Join(dir, "bin"), 0o777),
		os.Symlink(binary, filepath.Join(dir, "bin/meshtopo")),
		os.CopyFS(filepath.Join(dir, "testdata/two-clusters"), os.DirFS("../../testdata/two-clusters")),
	} {
		if made != nil {
			t.Fatal(made)
		}
	}
	var out strings.Builder
	for command := range strings.Lines(shell(t, "../..", "make -n demo")) {
		if strings.Contains(command, "go build") {
			out.WriteString(regexp.MustCompile(`".*"`).ReplaceAllString(command, `"…"`))
			continue
		}
		out.WriteString(command + shell(t, dir, command))
	}
	return out.String()
}

// packages is the end of what go test ./... prints, which has a line for each package with the time that it took.
func packages(t *testing.T) string {
	const format = "ok  \t{{.ImportPath}}\t…"
	return "go test ./...\n…\n" + shell(t, "../..", "go list -f '"+format+"' ./schema/trust ./templates")
}

// shell runs a command line and gives all that it prints. The exit code does not matter: diagnostics are shown, too.
func shell(t *testing.T, dir, command string) string {
	t.Helper()
	c := exec.Command("sh", "-c", command)
	c.Dir = dir
	c.Env = append(os.Environ(), "LC_ALL=C", "MAKEFLAGS=", "MAKELEVEL=", "PWD=")
	out, err := c.CombinedOutput()
	if c.ProcessState == nil {
		t.Fatalf("%s: %v", command, err)
	}
	return string(out)
}

func fieldTable() string { return tableOf(schema.Fields()) }

// functionTable leaves out what is the same in every resource of Kubernetes.
func functionTable(kind string) string {
	return tableOf(slices.DeleteFunc(fnconfig.Fields(kind), func(f grammar.Field) bool {
		return f.Path == "apiVersion" || f.Path == "kind" || f.Path == "metadata"
	}))
}

func tableOf(fields []grammar.Field) string {
	var out strings.Builder
	out.WriteString("| field | value | default | meaning |\n|---|---|---|---|\n")
	for _, f := range fields {
		preset, kind := "", f.Type
		if strings.HasPrefix(kind, "a map with ") {
			kind = "a map" // its fields follow
		}
		switch {
		case f.Default != "":
			preset = "`" + f.Default + "`"
		case f.Required:
			preset = "*needed*"
		}
		fmt.Fprintf(&out, "| `%s` | %s | %s | %s |\n", f.Path, cell(kind), preset, cell(f.Doc))
	}
	return out.String()
}

// packageTable lists the packages by the first sentence of their comments.
func packageTable(t *testing.T) string {
	var out strings.Builder
	out.WriteString("| package | in one line |\n|---|---|\n")
	for line := range strings.Lines(shell(t, "../..", "go list -f '{{.ImportPath}} {{.Doc}}' ./...")) {
		name, doc, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "meshtopo.dev/meshtopo/")), " ")
		words := strings.SplitN(doc, " ", 3) // Package NAME …
		if len(words) < 3 {
			t.Fatalf("%s has no comment", name)
		}
		fmt.Fprintf(&out, "| [%s](%s) | %s |\n", name, name, cell(words[2]))
	}
	return out.String()
}

// ruleExcerpt gives the rule unused-network and its check, which CONTRIBUTING.md shows.
func ruleExcerpt(t *testing.T) string {
	text := shell(t, "../../schema", "cat $(grep -rl '^var unusedNetwork = ' --include='*.go' .)")
	rule := regexp.MustCompile(`(?ms)^var unusedNetwork = .*?^}\n`).FindString(text)
	check := regexp.MustCompile(`(?m)^(//.*\n)+func .*checkUnusedNetworks\((.*\n)+?}\n`).FindString(text)
	if rule == "" || check == "" {
		t.Fatal("the rule unused-network is not there as it was")
	}
	return "```go\n" + rule + "\n" + check + "```\n"
}

func invariantTable() string {
	var out strings.Builder
	out.WriteString("| what has to hold | codes | where a topology cannot break it, or no rule sees it |\n|---|---|---|\n")
	for _, i := range invariants() {
		var codes []string
		for code := range strings.FieldsSeq(i.codes) {
			codes = append(codes, "`"+code+"`")
		}
		fmt.Fprintf(&out, "| %s | %s | %s |\n", cell(i.what), strings.Join(codes, " "), cell(i.why))
	}
	return out.String()
}

func ruleTable() string {
	var out strings.Builder
	out.WriteString("| code | severity | what is wrong |\n|---|---|---|\n")
	for _, r := range allRules() {
		fmt.Fprintf(&out, "| `%s` | %s | %s |\n", r.Code, explain.Severity(r), cell(r.Title))
	}
	return out.String()
}

// cell puts a text into a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "<", "&lt;").Replace(strings.Join(strings.Fields(text), " "))
}

func flagList() string {
	root := newRoot(console.IO{In: nil, Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Talk: console.NewTalk(nil)}, nil)
	var out strings.Builder
	fmt.Fprintf(&out, "With every command:\n\n```text\n%s```\n\n", root.PersistentFlags().FlagUsages())
	for _, c := range root.Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		for _, c := range append([]*cobra.Command{c}, c.Commands()...) {
			fmt.Fprintf(&out, "`%s`: %s%s.\n\n", strings.TrimSuffix(c.UseLine(), " [flags]"), strings.ToLower(c.Short[:1]), c.Short[1:])
			if usages := c.LocalNonPersistentFlags().FlagUsages(); usages != "" {
				fmt.Fprintf(&out, "```text\n%s```\n\n", usages)
			}
		}
	}
	return out.String() + "`meshtopo completion bash|zsh|fish|powershell`: print a completion script; `--help` says how to load it.\n"
}

// treeNotes say what each file of a cluster's directory is for. A remote has fewer, a primary with remotes more.
func treeNotes() map[string]string {
	return map[string]string{
		"README.md":                                         "the order across clusters; joining and leaving",
		"cluster-a/README.md":                               "the commands for this cluster",
		"cluster-a/meshtopo.sum":                            "digests, by which diff knows an edit by hand; sha256sum -c reads them",
		"cluster-a/1-prepare/kustomization.yaml":            "kubectl apply --server-side -k",
		"cluster-a/1-prepare/namespace.yaml":                "istio-system, labelled with its network",
		"cluster-a/1-prepare/remote-reader.yaml":            "the account with which others read this cluster, and its token",
		"cluster-a/2-secrets/kustomization.yaml":            "kubectl apply --server-side -k",
		"cluster-a/2-secrets/cacerts.yaml":                  "the intermediate CA",
		"cluster-a/2-secrets/remote-secrets/cluster-b.yaml": "how to read cluster-b",
		"cluster-a/3-control-plane/istio-operator.yaml":     "istioctl install -f",
		"cluster-a/4-gateway/istio-operator.yaml":           "istioctl install -f: the east-west gateway",
		"cluster-a/5-expose/kustomization.yaml":             "kubectl apply --server-side -k",
		"cluster-a/5-expose/cross-network-gateway.yaml":     "lets other networks in",
	}
}

// treeBlock lists the files that the two-cluster example gives cluster-a, each with its note.
func treeBlock(t *testing.T) string {
	notes := treeNotes()
	var out strings.Builder
	for _, name := range applyOrder(t, "../../testdata/two-clusters/want/clusters") {
		if strings.HasPrefix(name, "cluster-b/") {
			continue
		}
		note, ok := notes[name]
		if !ok {
			t.Errorf("treeNotes has no note about %s", name)
		}
		fmt.Fprintf(&out, "clusters/%-51s %s\n", name, note)
		delete(notes, name)
	}
	for name := range notes {
		t.Errorf("treeNotes has a note about %s, which is not rendered", name)
	}
	return "```text\n" + out.String() + "```\n"
}

// applyOrder lists files with the README files before the directories beside them, and kustomizations before what
// they list.
func applyOrder(t *testing.T, dir string) []string {
	var names []string
	root := os.DirFS(dir)
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(filepath.Dir(a), filepath.Dir(b)), cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	return names
}

func rank(name string) int {
	switch filepath.Base(name) {
	case "README.md":
		return 0
	case "meshtopo.sum", "kustomization.yaml":
		return 1
	}
	return 2
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
