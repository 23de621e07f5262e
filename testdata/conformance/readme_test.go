package conformance

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// invocation is one command of a README as the shell called it.
type invocation struct {
	name string
	args []string
}

// TestReadmeCommands runs the shell blocks of every rendered README with commands that only write down how they are
// called, and shows each call to the real command, which must know its verbs and flags.
func TestReadmeCommands(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		for _, name := range files(t, filepath.Join(e.dir, "want", "clusters")) {
			if path.Base(name) != "README.md" {
				continue
			}
			t.Run(name, func(t *testing.T) {
				calls, dir := invocations(t, e, name)
				for _, call := range calls {
					checkCall(t, e, call)
				}
				equal(t, "applied", applied(calls), layers(t, e, path.Dir(name)))
				if name == "README.md" {
					checkTokens(t, e, dir)
				}
			})
		}
	})
}

// checkTokens checks that the fleet's README fetched every token to where the topology looks for it, and that
// nobody else can read it.
func checkTokens(t *testing.T, e *example, dir string) {
	t.Helper()
	for _, c := range e.topology.Clusters {
		if c.Credential == nil || c.Credential.Private.File == "" {
			continue
		}
		info, err := os.Stat(filepath.Join(dir, c.Credential.Private.File))
		if err != nil {
			t.Error(err)
			continue
		}
		if info.Size() == 0 || info.Mode() != 0o600 {
			t.Errorf("%s has %d bytes and mode %v, want some and -rw-------", info.Name(), info.Size(), info.Mode())
		}
	}
}

// checkCall checks one call: the real command accepts verb and flags, it names its cluster, and the files exist.
func checkCall(t *testing.T, e *example, call invocation) {
	t.Helper()
	real := built
	switch call.name {
	case "openssl":
		show := exec.Command(call.name, call.args...)
		show.Stdin = bytes.NewReader(read(t, "../two-clusters/certs/root-cert.pem"))
		if out := output(t, show); !strings.Contains(out, "ingerprint=") {
			t.Errorf("openssl %q shows no fingerprint: %s", call.args, out)
		}
		return
	case "helm": // is not here; what it makes of values is in installers_test.go
		if i := slices.Index(call.args, "--kube-context"); i < 0 || i+1 == len(call.args) || call.args[i+1] == "" {
			t.Errorf("helm %q names no cluster", call.args)
		}
		return
	}
	if call.name != "meshtopo" {
		real = tool(t, call.name)
		if i := slices.Index(call.args, "--context"); i < 0 || i+1 == len(call.args) || call.args[i+1] == "" {
			t.Errorf("%s %q names no cluster", call.name, call.args)
		}
	}
	// Flags are parsed before --help is obeyed.
	help, err := exec.Command(real, append(slices.Clone(call.args), "--help")...).CombinedOutput()
	if err != nil || call.name == "meshtopo" && !bytes.Contains(help, []byte("meshtopo "+call.args[0])) {
		t.Errorf("%s does not accept %q: %v\n%s", call.name, call.args, err, help)
	}
	for _, arg := range call.args {
		if strings.HasPrefix(arg, "clusters/") {
			if _, err := os.Stat(filepath.Join(e.dir, "want", arg)); err != nil {
				t.Error(err)
			}
		}
	}
}

// applied gives the files and layers that the calls apply, sorted, each once.
func applied(calls []invocation) []string {
	var names []string
	for _, call := range calls {
		for _, arg := range call.args {
			if strings.HasPrefix(arg, "clusters/") {
				names = append(names, strings.TrimSuffix(arg, "/push-secret.yaml")) // of a layer that is applied later
			}
		}
	}
	sort.Strings(names)
	return slices.Compact(names)
}

// layers gives what is to be applied from a directory of the tree: kustomizations, IstioOperators and values of charts.
func layers(t *testing.T, e *example, dir string) []string {
	t.Helper()
	var names []string
	for _, file := range files(t, filepath.Join(e.dir, "want", "clusters", dir)) {
		file = path.Join("clusters", dir, file)
		switch name := path.Base(file); {
		case name == "kustomization.yaml":
			names = append(names, path.Dir(file))
		case name == "istio-operator.yaml", isValues(name):
			names = append(names, file)
		}
	}
	sort.Strings(names)
	return names
}

// ofVersion matches where READMEs have the istioctl of a version.
var ofVersion = regexp.MustCompile(`istio-[0-9.]+/bin/istioctl`)

var shellBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")

// TestPageJoining shows the command of docs/joining-and-leaving.md to kubectl.
func TestPageJoining(t *testing.T) {
	dir, bin := t.TempDir(), t.TempDir()
	writeFile(t, filepath.Join(dir, "certs/cluster-a/api.pem"), "")
	if err := os.WriteFile(filepath.Join(bin, "kubectl"), []byte(recorder), 0o700); err != nil {
		t.Fatal(err)
	}
	shell := exec.Command("sh", "-eu", "-c", string(blocks(t, "docs/joining-and-leaving.md", "sh", "kubectl ")[0]))
	shell.Dir = dir
	shell.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "CALLS="+filepath.Join(bin, "calls"), "CTX_CLUSTER_A=a")
	output(t, shell)
	for _, call := range decodeCalls(t, read(t, filepath.Join(bin, "calls"))) {
		checkCall(t, nil, call)
	}
}

// recorder stands in for a command. It appends the number of its arguments, its name and the arguments to a file,
// and prints something.
const recorder = `#!/bin/sh
printf '%s\0' "$#" "${0##*/}" "$@" >> "$CALLS"
echo "${0##*/}"
`

// invocations runs a README's shell blocks, one after the other in one shell that stops at the first failure. It
// gives the calls and the directory in which they were made.
func invocations(t *testing.T, e *example, readme string) ([]invocation, string) {
	t.Helper()
	bin := t.TempDir()
	for _, name := range []string{"kubectl", "istioctl", "meshtopo", "helm", "openssl"} {
		if err := os.WriteFile(filepath.Join(bin, name), []byte(recorder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	var script strings.Builder
	for _, block := range shellBlock.FindAllSubmatch(read(t, filepath.Join(e.dir, "want", "clusters", readme)), -1) {
		script.Write(block[1])
	}
	calls := filepath.Join(bin, "calls")
	shell := exec.Command("sh", "-eu", "-c", script.String())
	shell.Dir = t.TempDir()
	for _, m := range ofVersion.FindAllString(script.String(), -1) { // those of a version
		tool := filepath.Join(shell.Dir, m)
		if err := errors.Join(os.MkdirAll(filepath.Dir(tool), 0o700), os.WriteFile(tool, []byte(recorder), 0o700)); err != nil {
			t.Fatal(err)
		}
	}
	shell.Env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "CALLS="+calls, "REMOVED_CTX=removed", "CHANGED_CTX=changed", "OLD_REVISION=old")
	output(t, shell)
	return decodeCalls(t, read(t, calls)), shell.Dir
}

func decodeCalls(t *testing.T, text []byte) []invocation {
	t.Helper()
	var calls []invocation
	fields := strings.Split(string(bytes.TrimSuffix(text, []byte{0})), "\x00")
	for len(fields) > 0 {
		n, err := strconv.Atoi(fields[0])
		if err != nil || len(fields) < n+2 {
			t.Fatalf("bad record %q", fields)
		}
		calls = append(calls, invocation{fields[1], fields[2 : n+2]})
		fields = fields[n+2:]
	}
	return calls
}
