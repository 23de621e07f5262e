package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"meshtopo.dev/meshtopo/cmd/internal/console"
)

func TestMain(m *testing.M) {
	testscript.Main(m, programs)
}

// programs are what tests can run as processes of their own.
var programs = map[string]func(){"meshtopo": main, "sops": fakeSops}

// TestScripts runs testdata/script: what the command does, seen from outside. UPDATE=1 rewrites what is expected.
func TestScripts(t *testing.T) {
	examples, err := filepath.Abs("../../testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("EXAMPLES", examples)
			env.Setenv("GORACE", os.Getenv("GORACE"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"example":    example,
			"exits":      exits,
			"kubeconfig": kubeconfigCommand, "shorttoken": shortTokenCommand,
			"clientcertificate": clientCertificateCommand,
			"decoded":           decodedCommand,
			"newroot":           newRootCommand,
			"replace":           replace,
			"sametree":          sameTree,
		},
	})
}

// A panic would exit with 2, which means a wrong command line.
func TestRunSurvivesPanic(t *testing.T) {
	var out, talk bytes.Buffer
	if got := run([]string{"validate", "-"}, console.IO{In: nil, Out: &out, Err: &talk, Talk: console.NewTalk(&talk)}); got != exitBroke {
		t.Errorf("run with a nil stdin = %d, want %d", got, exitBroke)
	}
	if !strings.HasPrefix(talk.String(), "meshtopo: internal error at io.") || strings.Contains(talk.String(), "goroutine") {
		t.Errorf("run with a nil stdin says %q", talk.String())
	}
}

// example NAME copies an example into the current directory: its topology, certificates and tokens, without the
// tree that it gives.
func example(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: example NAME")
	}
	from := filepath.Join(ts.Getenv("EXAMPLES"), args[0])
	ts.Check(filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if rel == "want" {
				return fs.SkipDir
			}
			return os.MkdirAll(ts.MkAbs(rel), 0o777)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(ts.MkAbs(rel), data, 0o666)
	}))
}

// exits CODE COMMAND... runs a command and checks its exit code; exec tells only zero from the rest.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if exit := new(exec.ExitError); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s exits with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// replace OLD NEW FILE edits a file as a person would, in its first place.
func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace OLD NEW FILE")
	}
	text := ts.ReadFile(args[2])
	if !strings.Contains(text, args[0]) {
		ts.Fatalf("%s does not hold %q", args[2], args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.Replace(text, args[0], args[1], 1)), 0o666))
}

// sametree A B checks that two directories hold the same files.
func sameTree(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: [!] sametree A B")
	}
	a, b := filesBelow(ts, args[0]), filesBelow(ts, args[1])
	var differing []string
	for name := range b {
		if _, ok := a[name]; !ok {
			differing = append(differing, name)
		}
	}
	for name, data := range a {
		if other, ok := b[name]; !ok || !bytes.Equal(data, other) {
			differing = append(differing, name)
		}
	}
	if same := len(differing) == 0; same == neg {
		ts.Fatalf("%s and %s differ in %q", args[0], args[1], differing)
	}
}

func filesBelow(ts *testscript.TestScript, dir string) map[string][]byte {
	found := map[string][]byte{}
	root := os.DirFS(ts.MkAbs(dir))
	ts.Check(fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		found[path], err = fs.ReadFile(root, path)
		return err
	}))
	return found
}
