package conformance

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// shim is docker as kustomize calls it, played by podman, which takes the same arguments. It keeps images where the
// test can delete them, and lowers limits that podman would otherwise raise, which a sandbox may not allow.
const shim = `#!/bin/sh
verb=$1
shift
[ "$verb" = run ] && set -- --runtime=runc --ulimit=nofile=1024:1024 --ulimit=nproc=1024:1024 "$@"
exec podman --storage-driver=vfs --root='STORE/root' --runroot='STORE/run' "$verb" "$@"
`

// store is the directory of all images.
var store string

// docker writes the shim, once.
func docker(t *testing.T) string {
	t.Helper()
	file := filepath.Join(store, "docker")
	if _, err := os.Stat(file); err == nil {
		return file
	}
	if err := os.WriteFile(file, []byte(strings.ReplaceAll(shim, "STORE", store)), 0o700); err != nil {
		t.Fatal(err)
	}
	return file
}

// imageBuilt makes the image no more than once: it is the same for every test.
var imageBuilt sync.Once

// makeImage makes the image with the command that docs/kustomize.md gives.
func makeImage(t *testing.T, s *site, page string) {
	t.Helper()
	const command = "make image"
	if !strings.Contains(page, "`"+command+"`") {
		t.Fatalf("docs/kustomize.md does not say %q", command)
	}
	imageBuilt.Do(func() {
		c := exec.Command("sh", "-c", command)
		c.Dir = "../.."
		c.Env = append(os.Environ(), "PATH="+s.bin+":"+os.Getenv("PATH"), "MAKEFLAGS=", "MAKELEVEL=",
			"GOOS=darwin") // what go builds for where nobody says anything else, as on a Mac
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", command, err, out)
		}
	})
}

// TestContainer runs the image as kustomize does: as nobody, without a network, with a topology that cannot be written.
func TestContainer(t *testing.T) {
	s := newSite(t, "two-clusters")
	makeImage(t, s, string(read(t, "../../docs/kustomize.md")))
	s.write("deploy/cluster-a/kustomization.yaml", "generators: [meshtopo.yaml]\n")
	config := strings.ReplaceAll(renderCluster("cluster-a", ""), "exec: {path: meshtopo, args: [fn]}", "container: {image: meshtopo}")
	s.write("deploy/cluster-a/meshtopo.yaml", strings.Replace(config, "../../", "", 1))
	const command = `kustomize build --enable-alpha-plugins --mount type=bind,src="$PWD",dst=/mesh deploy/cluster-a`
	want := committed(t, "two-clusters", "cluster-a", forKubectl...)
	if err := os.Chmod(filepath.Dir(s.dir), 0o755); err != nil { // so that nobody finds the way
		t.Fatal(err)
	}
	equal(t, "as nobody", s.built(command), want)

	t.Run("with a private key", func(t *testing.T) {
		if err := os.Chmod(filepath.Join(s.dir, "certs/cluster-a/ca-key.pem"), 0o600); err != nil {
			t.Fatal(err)
		}
		got := s.run(".", command)
		if got.code == 0 || got.out != "" || !strings.Contains(got.err, "topology.yaml:17:20: error: the CA key of cluster \"cluster-a\" (certs/cluster-a/ca-key.pem) cannot be read: permission denied [unreadable-file]") {
			t.Errorf("exit code %d, %q, %s", got.code, got.out, got.err)
		}
		equal(t, "as the user", s.built(strings.Replace(command, "build", "build --as-current-user", 1)), want)
	})
	t.Run("with a mount below the kustomization", func(t *testing.T) {
		s.write("kustomization.yaml", "generators: [meshtopo.yaml]\n")
		mounted := strings.Replace(config, "container: {image: meshtopo}", "container: {image: meshtopo, mounts: [{type: bind, src: ., dst: /mesh}]}", 1)
		s.write("meshtopo.yaml", strings.Replace(mounted, "../../", "", 1))
		equal(t, "mounted", s.built("kustomize build --enable-alpha-plugins --as-current-user ."), want)
	})
	t.Run("with a token in the environment", func(t *testing.T) {
		s.replace("topology.yaml", "{token: {file: tokens/cluster-b}}", "{token: {env: TOKEN_B}}")
		got := s.built(strings.Replace(`TOKEN_B="$(cat tokens/cluster-b)" `+command, "build", "build --as-current-user --env TOKEN_B", 1))
		equal(t, "objects", got, want)
	})
	t.Run("with a wrong topology", func(t *testing.T) {
		s.replace("topology.yaml", "network: network2", "network: netwrok2")
		validate := s.run(".", "meshtopo validate --format json")
		got := s.run(".", command)
		if got.code == 0 || got.out != "" || !strings.Contains(got.err, "topology.yaml:26:16: error:") || !strings.Contains(validate.out, `"line": 26`) {
			t.Errorf("exit code %d, %q, %s", got.code, got.out, got.err)
		}
	})
}
