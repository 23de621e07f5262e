package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// preCommitConfigs gives the configurations of docs/pre-commit.md as they are printed there: the hooks that pre-commit
// builds, those of the command on the PATH, the one for manifests written by hand, and the one for what is private.
func preCommitConfigs(t *testing.T) (golang, system, lint, secrets string) {
	t.Helper()
	found := blocks(t, "docs/pre-commit.md", "yaml", "# .pre-commit-config.yaml\n")
	if len(found) != 4 {
		t.Fatalf("docs/pre-commit.md has %d blocks for .pre-commit-config.yaml, want 4", len(found))
	}
	return string(found[0]), string(found[1]), string(found[2]), string(found[3])
}

// preCommitEnv gives the environment of somebody who uses meshtopo's hooks: what that page calls its repository is this
// one as it stands, uncommitted changes included, at the revision that it names.
func preCommitEnv(t *testing.T, config string) []string {
	t.Helper()
	home := t.TempDir()
	repository := filepath.Join(home, "meshtopo")
	copyRepository(t, repository)
	env := append(os.Environ(), "HOME="+home, "PRE_COMMIT_HOME="+filepath.Join(home, "pre-commit"), "GIT_CONFIG_COUNT=",
		"PATH="+filepath.Dir(built)+string(os.PathListSeparator)+os.Getenv("PATH"))
	// which would be below HOME, or below the hook's GOPATH
	for _, name := range []string{"GOENV", "GOCACHE", "GOMODCACHE"} {
		env = append(env, name+"="+strings.TrimSpace(output(t, exec.Command("go", "env", name))))
	}
	address := regexp.MustCompile(`(?m)^- repo: (\S+)\n  rev: (\S+)$`).FindStringSubmatch(config)
	if address == nil {
		t.Fatalf("no repo and rev in %q", config)
	}
	writeFile(t, filepath.Join(home, ".gitconfig"), "[user]\n\tname = Test\n\temail = test@example.com\n[init]\n\tdefaultBranch = main\n"+
		"[url \"file://"+repository+"\"]\n\tinsteadOf = "+address[1]+"\n")
	r := &workTree{dir: repository, env: env}
	r.git(t, "init", "--quiet")
	r.git(t, "add", "--all")
	r.git(t, "commit", "--quiet", "--message", "as it stands")
	r.git(t, "tag", address[2])
	return env
}

// workTree is a git repository of somebody who uses the hooks.
type workTree struct {
	dir string
	env []string
}

// newWorkTree has an example with its tree below dir, everything committed, and the hooks installed.
func newWorkTree(t *testing.T, env []string, config, example, dir string) *workTree {
	t.Helper()
	w := &workTree{dir: t.TempDir(), env: env}
	for from, to := range map[string]string{
		"topology.yaml": "topology.yaml", "topology.cue": "topology.cue", "clusters.cue": "clusters.cue", "cue.mod": "cue.mod",
		"certs": "certs", "tokens": "tokens", "patches": "patches", "want/clusters": "clusters",
	} {
		from, to = filepath.Join("..", example, from), filepath.Join(w.dir, dir, to)
		info, err := os.Stat(from)
		switch {
		case err != nil:
		case info.IsDir():
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
		default:
			writeFile(t, to, string(read(t, from)))
		}
	}
	writeFile(t, filepath.Join(w.dir, ".pre-commit-config.yaml"), config)
	w.git(t, "init", "--quiet")
	w.git(t, "add", "--all")
	install := w.command("pre-commit", "install")
	output(t, install)
	return w
}

func (w *workTree) command(name string, args ...string) *exec.Cmd {
	c := exec.Command(name, args...)
	c.Dir, c.Env = w.dir, w.env
	return c
}

func (w *workTree) git(t *testing.T, args ...string) string {
	t.Helper()
	return output(t, w.command("git", args...))
}

func (w *workTree) edit(t *testing.T, name, old, new string) {
	t.Helper()
	path := filepath.Join(w.dir, name)
	text := string(read(t, path))
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", name, old)
	}
	writeFile(t, path, strings.Replace(text, old, new, 1))
}

// commit tries to commit what is staged, wants it to be possible or not, and wants texts in what is printed.
func (w *workTree) commit(t *testing.T, possible bool, texts ...string) {
	t.Helper()
	w.tryCommit(t, possible, nil, texts...)
}

// commitAll is commit with what has changed in the files that git tracks.
func (w *workTree) commitAll(t *testing.T, possible bool, texts ...string) {
	t.Helper()
	w.tryCommit(t, possible, []string{"--all"}, texts...)
}

func (w *workTree) tryCommit(t *testing.T, possible bool, args []string, texts ...string) {
	t.Helper()
	before, _ := w.command("git", "rev-parse", "--verify", "--quiet", "HEAD").Output()
	out, err := w.command("git", append([]string{"commit", "--message", "change"}, args...)...).CombinedOutput()
	after, _ := w.command("git", "rev-parse", "--verify", "--quiet", "HEAD").Output()
	if (err == nil) != possible || (string(before) != string(after)) != possible {
		t.Errorf("git commit: %v, want it to be possible: %v\n%s", err, possible, out)
	}
	for _, text := range texts {
		if !strings.Contains(string(out), text) {
			t.Errorf("git commit prints no %q:\n%s", text, out)
		}
	}
}

// What pre-commit prints of a hook, with as many dots as make 79 columns.
func result(hook, word string) string {
	return hook + strings.Repeat(".", 79-len(hook)-len(word)) + word
}

const (
	validateHook = "meshtopo validate"
	diffHook     = "meshtopo diff"
	lintHook     = "meshtopo lint"
	secretsHook  = "meshtopo secrets"
	skipped      = "(no files to check)Skipped"
)

// TestPreCommit commits to repositories that have the hooks of docs/pre-commit.md.
func TestPreCommit(t *testing.T) {
	golang, system, lint, secrets := preCommitConfigs(t)
	env := preCommitEnv(t, golang)

	t.Run("good", func(t *testing.T) {
		w := newWorkTree(t, env, golang, "two-clusters", "")
		w.commit(t, true, result(validateHook, "Passed"), result(diffHook, "Passed"))
	})

	t.Run("another commit", func(t *testing.T) {
		w := firstCommit(t, env, golang, "two-clusters", "")
		writeFile(t, filepath.Join(w.dir, "notes.md"), "about something else\n")
		w.git(t, "add", "notes.md")
		w.commit(t, true, result(validateHook, skipped), result(diffHook, skipped))
	})

	t.Run("wrong", func(t *testing.T) {
		w := firstCommit(t, env, golang, "two-clusters", "")
		w.edit(t, "topology.yaml", "network: network2", "network: netwrok2")
		w.git(t, "add", "topology.yaml")
		w.commit(t, false, result(validateHook, "Failed"), "exit code: 1", result(diffHook, "Failed"),
			`topology.yaml:26:16: error: cluster "cluster-b" is on network "netwrok2", which is not declared [unknown-network]`)
	})

	t.Run("stale", func(t *testing.T) {
		w := firstCommit(t, env, golang, "two-clusters", "")
		w.edit(t, "topology.yaml", `["*.local"]`, `["*.cluster.local"]`)
		w.git(t, "add", "topology.yaml")
		w.commit(t, false, result(validateHook, "Passed"), result(diffHook, "Failed"), "exit code: 1",
			"changed  clusters/cluster-a/5-expose/cross-network-gateway.yaml\n",
			"meshtopo: 4 files are not as topology.yaml says: meshtopo render writes what it should be")
		output(t, w.command(built, "render"))
		w.git(t, "add", "--update")
		w.commit(t, true, result(diffHook, "Passed"))
	})

	t.Run("a patch", func(t *testing.T) {
		w := firstCommit(t, env, golang, "patches", "")
		w.edit(t, "patches/namespace.yaml", "privileged", "baseline")
		w.git(t, "add", "patches")
		w.commit(t, false, result(validateHook, "Passed"), result(diffHook, "Failed"),
			"changed  clusters/cluster-b/1-prepare/namespace.yaml\n")
	})

	t.Run("edited by hand", func(t *testing.T) {
		w := firstCommit(t, env, golang, "two-clusters", "")
		w.edit(t, "clusters/cluster-a/1-prepare/namespace.yaml", "network1", "network9")
		w.git(t, "add", "clusters")
		w.commit(t, false, result(validateHook, "Passed"), result(diffHook, "Failed"),
			"hand-edited  clusters/cluster-a/1-prepare/namespace.yaml\n")
	})

	t.Run("wrong and not staged", func(t *testing.T) {
		w := firstCommit(t, env, golang, "two-clusters", "")
		w.edit(t, "topology.yaml", "# Two clusters", "# Two whole clusters")
		w.git(t, "add", "topology.yaml")
		w.edit(t, "topology.yaml", "network: network2", "network: netwrok2")
		w.commit(t, true, result(validateHook, "Passed"), result(diffHook, "Passed"), "Unstaged files detected")
		equal(t, "git status", w.git(t, "status", "--porcelain"), " M topology.yaml\n")
		w.edit(t, "topology.yaml", "netwrok2", "network2") // it is still there
	})

	t.Run("mended and not staged", func(t *testing.T) {
		w := firstCommit(t, env, golang, "two-clusters", "")
		w.edit(t, "topology.yaml", `["*.local"]`, `["*.cluster.local"]`)
		w.git(t, "add", "topology.yaml")
		output(t, w.command(built, "render"))
		w.commit(t, false, result(diffHook, "Failed"), "Unstaged files detected")
		equal(t, "diff", output(t, w.command(built, "diff")), "") // the rendered files are still there
	})

	t.Run("without keys and tokens", func(t *testing.T) {
		w := newWorkTree(t, env, golang, "two-clusters", "")
		w.ignorePrivate(t)
		if listed := w.git(t, "ls-files"); strings.Contains(listed, "key") || strings.Contains(listed, "token") || strings.Contains(listed, "cacerts") {
			t.Fatalf("private files are committed:\n%s", listed)
		}
		w.commit(t, true, result(validateHook, "Passed"), result(diffHook, "Passed"))
		clone := w.clone(t)
		output(t, clone.command("pre-commit", "install"))
		clone.edit(t, "topology.yaml", "# Two clusters", "# Two whole clusters")
		clone.git(t, "add", "topology.yaml")
		clone.commit(t, true, result(validateHook, "Passed"), result(diffHook, "Passed"))
		clone.edit(t, "topology.yaml", `["*.local"]`, `["*.cluster.local"]`)
		clone.git(t, "add", "topology.yaml")
		clone.commit(t, false, result(diffHook, "Failed"), "changed  clusters/cluster-a/5-expose/cross-network-gateway.yaml\n")
	})

	t.Run("of the PATH and not in the root", func(t *testing.T) {
		w := newWorkTree(t, env, system, "two-clusters", "mesh")
		w.commit(t, true, result(validateHook, "Passed"), result(diffHook, "Passed"))
		w.edit(t, "mesh/topology.yaml", "network: network2", "network: netwrok2")
		w.git(t, "add", "mesh/topology.yaml")
		w.commit(t, false, result(validateHook, "Failed"), "mesh/topology.yaml:26:16: error: ")
		w.edit(t, "mesh/topology.yaml", "network: netwrok2", "network: network1")
		w.git(t, "add", "mesh/topology.yaml")
		w.commit(t, false, result(diffHook, "Failed"), "changed  mesh/clusters/cluster-b/1-prepare/namespace.yaml\n")
	})

	t.Run("CUE", func(t *testing.T) {
		config := strings.ReplaceAll(golang, "- id: meshtopo-validate\n", "- id: meshtopo-validate\n    args: [mesh]\n")
		config = strings.ReplaceAll(config, "- id: meshtopo-diff\n", "- id: meshtopo-diff\n    args: [mesh]\n")
		w := newWorkTree(t, env, config, "two-clusters-cue", "mesh")
		w.commit(t, true, result(validateHook, "Passed"), result(diffHook, "Passed"))
		w.edit(t, "mesh/topology.cue", `["*.local"]`, `["*.cluster.local"]`)
		w.git(t, "add", "mesh/topology.cue")
		w.commit(t, false, result(validateHook, "Passed"), result(diffHook, "Failed"))
		w.edit(t, "mesh/topology.cue", `"1.31.1"`, `"1.3.1"`)
		w.git(t, "add", "mesh/topology.cue")
		w.commit(t, false, result(validateHook, "Failed"), "mesh/topology.cue:16:12: error: ")
	})

	for name, config := range map[string]string{"golang": lint, "system": strings.ReplaceAll(lint, "meshtopo-lint", "meshtopo-lint-system")} {
		t.Run("manifests written by hand, "+name, func(t *testing.T) {
			w := &workTree{dir: t.TempDir(), env: env}
			const operator = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  meshConfig: {trustDomain: example.com}\n"
			writeFile(t, filepath.Join(w.dir, "deploy/east/istio.yaml"), operator)
			writeFile(t, filepath.Join(w.dir, "deploy/west/istio.yaml"), operator)
			writeFile(t, filepath.Join(w.dir, ".pre-commit-config.yaml"), config)
			w.git(t, "init", "--quiet")
			w.git(t, "add", "--all")
			output(t, w.command("pre-commit", "install"))
			w.commit(t, true, result(lintHook, "Passed"))
			w.edit(t, "deploy/west/istio.yaml", "example.com", "example.org")
			w.git(t, "add", "deploy")
			w.commit(t, false, result(lintHook, "Failed"), "exit code: 1", "deploy/west/istio.yaml:4:29: error: the trust domain of cluster")
			w.edit(t, "deploy/west/istio.yaml", "example.org", "example.com")
			w.git(t, "add", "deploy")
			writeFile(t, filepath.Join(w.dir, "notes.md"), "about something else\n")
			w.git(t, "add", "notes.md")
			w.commit(t, true, result(lintHook, skipped))
		})
	}

	for name, config := range map[string]string{"golang": secrets, "system": strings.ReplaceAll(secrets, "meshtopo-secrets", "meshtopo-secrets-system")} {
		t.Run("nothing private in clear, "+name, func(t *testing.T) {
			w := firstCommit(t, env, config, "two-clusters", "") // its keys and tokens are known as those of tests
			key := filepath.Join(w.dir, "certs/cluster-a/ca-key.pem")
			_, bare, _ := strings.Cut(string(read(t, key)), "\n")
			writeFile(t, filepath.Join(w.dir, "notes/how to.md"), "Put this into a file:\n\n    "+strings.ReplaceAll(bare, "\n", "\n    ")+"\n")
			w.git(t, "add", "--all")
			w.commit(t, false, result(secretsHook, "Failed"), "exit code: 1",
				"notes/how to.md:3:5: error: this is a private key in PEM: it is not encrypted [plaintext-key]\n")
			w.git(t, "rm", "--quiet", "-r", "--force", "notes")
			writeFile(t, filepath.Join(w.dir, "picture.png"), "\x89PNG\r\n\x1a\n\x00\x01\x02\xff")
			w.git(t, "add", "--all")
			w.commit(t, true, result(secretsHook, "Passed"))
		})
	}

	t.Run("nothing but a deletion", func(t *testing.T) {
		const file = "clusters/cluster-a/5-expose/cross-network-gateway.yaml"
		w := firstCommit(t, env, system, "two-clusters", "mesh")
		w.git(t, "rm", "--quiet", "mesh/"+file)
		w.commit(t, false, result(validateHook, skipped), result(diffHook, "Failed"), "added  mesh/"+file)
		w = firstCommit(t, env, golang, "two-clusters", "")
		w.git(t, "rm", "--quiet", file)
		w.commit(t, true, result(validateHook, skipped), result(diffHook, skipped)) // as docs/pre-commit.md says
	})
}

// otherToken gives a token with the claims of another one, signed by somebody else.
func otherToken(token string) string {
	at := strings.LastIndex(token, ".") + 10
	other := "A"
	if token[at] == 'A' {
		other = "B"
	}
	return token[:at] + other + token[at+1:]
}

// What the pages say of a cluster that joins and one that leaves, with what git does not track at each step. The hooks
// are those of the PATH: they are built no other way.
func TestPreCommitJoining(t *testing.T) {
	golang, _, _, _ := preCommitConfigs(t)
	env := preCommitEnv(t, golang)
	config := strings.NewReplacer("meshtopo-validate", "meshtopo-validate-system", "meshtopo-diff", "meshtopo-diff-system").Replace(golang)
	const member = "    cluster-c: {network: network1, state: joining, primary: cluster-a}\n"

	// joining has a cluster-c in the topology and in the tree, but not in the index.
	joining := func(t *testing.T) *workTree {
		w := newWorkTree(t, env, config, "multi-primary-one-network", "")
		w.ignorePrivate(t)
		w.commit(t, true)
		w.edit(t, "topology.yaml", "  clusters:\n", "  clusters:\n"+member)
		output(t, w.command(built, "render"))
		return w
	}

	t.Run("joins", func(t *testing.T) {
		w := joining(t)
		w.commitAll(t, false, result(validateHook, "Passed"), result(diffHook, "Failed"),
			"clusters/cluster-c/1-prepare/remote-reader.yaml: error: git does not track this file [untracked-file]\n",
			"  fix: git add clusters/cluster-c/1-prepare/remote-reader.yaml\n")
		w.git(t, "add", "clusters")
		w.commitAll(t, true, result(validateHook, "Passed"), result(diffHook, "Passed"))
		w.clone(t).current(t)

		writeFile(t, filepath.Join(w.dir, "tokens/cluster-c"), otherToken(string(read(t, filepath.Join(w.dir, "tokens/cluster-b")))))
		writeFile(t, filepath.Join(w.dir, "certs/cluster-c/api.pem"), string(read(t, filepath.Join(w.dir, "certs/cluster-b/api.pem"))))
		w.edit(t, "topology.yaml", member, "    cluster-c:\n      network: network1\n      primary: cluster-a\n"+
			"      apiServer: {url: \"https://192.0.2.3:6443\", ca: certs/cluster-c/api.pem}\n      credential: {token: {file: tokens/cluster-c}}\n")
		w.edit(t, "topology.yaml", "    cluster-a:\n", "    cluster-a:\n      eastWestGateway: {addresses: [203.0.113.10]}\n")
		output(t, w.command(built, "render"))
		w.commitAll(t, false, result(validateHook, "Failed"), result(diffHook, "Failed"),
			"certs/cluster-c/api.pem: error: git does not track this file [untracked-file]\n",
			"clusters/cluster-c/3-control-plane/istio-operator.yaml: error: git does not track this file [untracked-file]\n")
		w.git(t, "add", "certs", "clusters")
		w.commitAll(t, true, result(validateHook, "Passed"), result(diffHook, "Passed"))
		w.clone(t).current(t)
	})

	t.Run("joins in a part of what is staged", func(t *testing.T) {
		w := joining(t)
		w.git(t, "add", "--all")
		w.tryCommit(t, false, []string{"topology.yaml"}, result(diffHook, "Failed"), "clusters/cluster-c/README.md: error: git does not track this file")
		w.commit(t, true)
		w.clone(t).current(t)
	})

	t.Run("joins in a linked work tree", func(t *testing.T) {
		main := newWorkTree(t, env, config, "multi-primary-one-network", "")
		main.ignorePrivate(t)
		main.commit(t, true)
		w := &workTree{dir: filepath.Join(t.TempDir(), "linked"), env: env}
		main.git(t, "worktree", "add", "--quiet", w.dir)
		w.edit(t, "topology.yaml", "  clusters:\n", "  clusters:\n"+member)
		if err := os.CopyFS(filepath.Join(w.dir, "tokens"), os.DirFS(filepath.Join(main.dir, "tokens"))); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"certs/cluster-a/ca-key.pem", "certs/cluster-b/ca-key.pem"} {
			writeFile(t, filepath.Join(w.dir, key), string(read(t, filepath.Join(main.dir, key))))
		}
		output(t, w.command(built, "render"))
		w.commitAll(t, false, result(validateHook, "Passed"), result(diffHook, "Failed"),
			"clusters/cluster-c/README.md: error: git does not track this file [untracked-file]\n")
		w.git(t, "add", "clusters")
		w.commitAll(t, true)
		w.clone(t).current(t)
	})

	t.Run("leaves", func(t *testing.T) {
		w := joining(t)
		w.git(t, "add", "--all")
		w.commit(t, true)
		w.edit(t, "topology.yaml", member, "")
		output(t, w.command(built, "render"))
		w.git(t, "add", "topology.yaml", "clusters/README.md", "clusters/cluster-a", "clusters/cluster-b")
		w.commit(t, false, result(validateHook, "Passed"), result(diffHook, "Failed"), "removed  clusters/cluster-c/1-prepare/namespace.yaml\n")
		w.commitAll(t, true, result(diffHook, "Passed"))
		w.clone(t).current(t)
	})

	t.Run("deleted and not staged", func(t *testing.T) {
		w := firstCommit(t, env, config, "multi-primary-one-network", "")
		const file = "clusters/cluster-a/1-prepare/namespace.yaml"
		if err := os.Remove(filepath.Join(w.dir, file)); err != nil {
			t.Fatal(err)
		}
		w.edit(t, "topology.yaml", "apiVersion:", "# the mesh of the shop\napiVersion:")
		w.git(t, "add", "topology.yaml")
		w.commit(t, true, result(validateHook, "Passed"), result(diffHook, "Passed")) // it is in the commit
		equal(t, "git status", w.git(t, "status", "--porcelain"), " D "+file+"\n")
		w.clone(t).current(t)
		w.edit(t, "topology.yaml", "# the mesh", "# the whole mesh")
		w.commitAll(t, false, result(validateHook, "Passed"), result(diffHook, "Failed"), "added  "+file+"\n")
	})
}

// ignorePrivate has git ignore keys and tokens, and the private files of the tree as render/README.md says, and adds
// the rest.
func (w *workTree) ignorePrivate(t *testing.T) {
	t.Helper()
	ignored := blocks(t, "render/README.md", "gitignore", "certs/**/*-key.pem")[0]
	writeFile(t, filepath.Join(w.dir, ".gitignore"), string(ignored))
	w.git(t, "rm", "-r", "--quiet", "--cached", ".")
	w.git(t, "add", "--all")
}

// clone is what others have of the commits.
func (w *workTree) clone(t *testing.T) *workTree {
	t.Helper()
	clone := &workTree{dir: filepath.Join(t.TempDir(), "clone"), env: w.env}
	output(t, w.command("git", "clone", "--quiet", w.dir, clone.dir))
	return clone
}

// current wants a topology without errors and the tree that it gives.
func (w *workTree) current(t *testing.T) {
	t.Helper()
	output(t, w.command(built, "validate", "--quiet"))
	output(t, w.command(built, "diff", "--quiet"))
}

// firstCommit is newWorkTree after its first commit.
func firstCommit(t *testing.T, env []string, config, example, dir string) *workTree {
	t.Helper()
	w := newWorkTree(t, env, config, example, dir)
	w.commit(t, true)
	return w
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
