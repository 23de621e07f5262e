package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"go.yaml.in/yaml/v3"
)

// The programs, as their users build them: meshtopo with the dependencies of the product's module.
var bin, meshtopo string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if filepath.Base(os.Args[0]) == "ksops" {
		if err := ksops(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return 0
	}
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	bin, meshtopo = filepath.Join(dir, "bin"), filepath.Join(dir, "meshtopo")
	for _, build := range [][]string{
		{"build", "-o", filepath.Join(bin, "sops"), "github.com/getsops/sops/v3/cmd/sops"},
		{"-C", "../conformance", "build", "-o", filepath.Join(bin, "kustomize"), "sigs.k8s.io/kustomize/kustomize/v5"},
		{"-C", "../..", "build", "-o", meshtopo, "./cmd/meshtopo"},
	} {
		if out, err := exec.Command("go", build...).CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "go %s: %v\n%s", strings.Join(build, " "), err, out)
			return 1
		}
	}
	self, err := os.Executable()
	if err == nil {
		err = os.Symlink(self, filepath.Join(bin, "ksops"))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return m.Run()
}

// mesh is a copy of the example, in which other people can decrypt.
type mesh struct {
	t   *testing.T
	dir string
	key *age.X25519Identity
}

func newMesh(t *testing.T, protection, rule string) *mesh {
	t.Helper()
	m := &mesh{t: t, dir: t.TempDir(), key: identity(t)}
	if err := os.CopyFS(m.dir, os.DirFS("../protections/sops")); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(m.dir, "want")); err != nil {
		t.Fatal(err)
	}
	m.edit("topology.yaml", "protection: sops", "protection: "+protection)
	m.write(".sops.yaml", "creation_rules:\n- path_regex: /2-secrets/\n  age: "+m.key.Recipient().String()+"\n"+rule)
	return m
}

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (m *mesh) read(file string) string {
	m.t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, file))
	if err != nil {
		m.t.Fatal(err)
	}
	return string(text)
}

func (m *mesh) write(file, text string) {
	m.t.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, file), []byte(text), 0o666); err != nil {
		m.t.Fatal(err)
	}
}

func (m *mesh) edit(file, old, new string) {
	m.t.Helper()
	text := m.read(file)
	if !strings.Contains(text, old) {
		m.t.Fatalf("%s has no %q", file, old)
	}
	m.write(file, strings.Replace(text, old, new, 1))
}

// run runs a program in the directory of the mesh, where sops is on the PATH, and gives all that it says.
func (m *mesh) run(code int, name string, args ...string) string {
	m.t.Helper()
	out, said := m.output(code, name, args...)
	return out + said
}

// output gives what a program writes, and what it says besides.
func (m *mesh) output(code int, name string, args ...string) (out, said string) {
	m.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = m.dir, append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "SOPS_AGE_KEY="+m.key.String())
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) || cmd.ProcessState.ExitCode() != code {
		m.t.Fatalf("%s %s: %v, want exit code %d\n%s", filepath.Base(name), strings.Join(args, " "), err, code, stdout.String()+stderr.String())
	}
	return stdout.String(), stderr.String()
}

// secrets gives the paths of the Secrets that go to clusters.
func (m *mesh) secrets() []string {
	m.t.Helper()
	var files []string
	err := filepath.WalkDir(filepath.Join(m.dir, "clusters"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && strings.Contains(path, "2-secrets") && d.Type().IsRegular() && d.Name() != "kustomization.yaml" {
			rel, _ := filepath.Rel(m.dir, path)
			files = append(files, rel)
		}
		return err
	})
	if err != nil || len(files) != 4 {
		m.t.Fatal(files, err)
	}
	return files
}

func (m *mesh) tree() map[string]string {
	m.t.Helper()
	texts := map[string]string{}
	for _, file := range m.secrets() {
		texts[file] = m.read(file)
	}
	return texts
}

// secret is a Secret without the annotations that say what it was made of.
func secret(t *testing.T, text string) map[string]any {
	t.Helper()
	var object map[string]any
	if err := yaml.Unmarshal([]byte(text), &object); err != nil {
		t.Fatal(err)
	}
	metadata := object["metadata"].(map[string]any)
	annotations, _ := metadata["annotations"].(map[string]any)
	maps.DeleteFunc(annotations, func(name string, _ any) bool {
		return strings.HasPrefix(name, "meshtopo.dev/") && strings.HasSuffix(name, "-digest") || name == "meshtopo.dev/public-parts"
	})
	if len(annotations) == 0 {
		delete(metadata, "annotations")
	}
	return object
}

// TestDecrypted has sops give back the Secrets that plaintext gives, with the rules that people write.
func TestDecrypted(t *testing.T) {
	plain := newMesh(t, "plaintext", "")
	plain.run(0, meshtopo, "render")
	for name, rule := range map[string]string{
		"no selection": "", "the usual selection": "  encrypted_regex: ^(data|stringData)$\n", "a MAC of what is encrypted": "  mac_only_encrypted: true\n",
		"what stays in clear": "  unencrypted_regex: ^(apiVersion|kind|metadata|type)$\n",
	} {
		t.Run(name, func(t *testing.T) {
			m := newMesh(t, "sops", rule)
			m.run(0, meshtopo, "render", "--verify")
			for _, file := range m.secrets() {
				if !strings.HasPrefix(m.read(file), "# Generated by meshtopo from Topology/shop. Do not edit.\napiVersion: v1\nkind: Secret\nmetadata:\n") {
					t.Errorf("%s does not say in clear what it is", file)
				}
				want := fmt.Sprint(secret(t, plain.read(file)))
				out, _ := m.output(0, filepath.Join(bin, "sops"), "decrypt", file)
				if got := fmt.Sprint(secret(t, out)); got != want {
					t.Errorf("%s decrypts to another Secret than plaintext gives", file)
				}
			}
			before := m.tree()
			if said := m.run(0, meshtopo, "render") + m.run(0, meshtopo, "diff"); strings.Contains(said, "encrypted anew") || !maps.Equal(before, m.tree()) {
				t.Errorf("rendered again it says %s", said)
			}
		})
	}
}

// TestRecipients adds a recipient: everything is encrypted anew, for both.
func TestRecipients(t *testing.T) {
	m := newMesh(t, "sops", "")
	m.run(0, meshtopo, "render")
	before, first, second := m.tree(), m.key, identity(t)
	m.edit(".sops.yaml", first.Recipient().String(), first.Recipient().String()+","+second.Recipient().String())
	if said := m.run(1, meshtopo, "diff"); strings.Count(said, "recipients-changed") != 4 {
		t.Errorf("diff says %s", said)
	}
	if said := m.run(0, meshtopo, "render"); !strings.Contains(said, "encrypted anew, recipients-changed: 4 files") {
		t.Errorf("render says %s", said)
	}
	for _, file := range m.secrets() {
		if m.read(file) == before[file] {
			t.Errorf("%s was not encrypted anew", file)
		}
		for _, key := range []*age.X25519Identity{first, second} {
			m.key = key
			m.run(0, filepath.Join(bin, "sops"), "decrypt", file)
		}
	}
}

// TestUpdatedKeys has sops itself change the recipients of a file: what it wrote is compared with the rule.
func TestUpdatedKeys(t *testing.T) {
	m := newMesh(t, "sops", "")
	m.run(0, meshtopo, "render")
	first, second := m.key, identity(t)
	rules := m.read(".sops.yaml")
	m.edit(".sops.yaml", first.Recipient().String(), first.Recipient().String()+","+second.Recipient().String())
	file := m.secrets()[0]
	m.run(0, filepath.Join(bin, "sops"), "--config", filepath.Join(m.dir, ".sops.yaml"), "updatekeys", "--yes", file)
	m.write(".sops.yaml", rules)
	if said := m.run(1, meshtopo, "diff"); !strings.Contains(said, "recipients-changed  "+file) {
		t.Errorf("diff says %s", said)
	}
}

// TestFailure writes nothing where sops cannot encrypt.
func TestFailure(t *testing.T) {
	m := newMesh(t, "sops", "")
	m.edit(".sops.yaml", m.key.Recipient().String(), "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq")
	if said := m.run(3, meshtopo, "render"); !strings.Contains(said, "sops for clusters/cluster-a/2-secrets/cacerts.yaml: it failed") {
		t.Errorf("render says %s", said)
	}
	if entries, err := os.ReadDir(m.dir); err != nil || slices.ContainsFunc(entries, func(e os.DirEntry) bool { return e.Name() == "clusters" }) {
		t.Errorf("it left %v, %v", entries, err)
	}
}
