package conformance

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/test"
	corev1 "k8s.io/api/core/v1"
)

// mountKubeconfigs lays out the volume from which istiod of the cluster reads kubeconfigs, as kubelet does: the files
// are links into a directory that is replaced as a whole. Without a volume there, istiod finds what its variable names.
func (p *place) mountKubeconfigs(t *testing.T, dir string) {
	t.Helper()
	if dir == "" {
		return
	}
	pod := p.istiodDeployment(t).Spec.Template.Spec
	for _, mount := range container(t, &pod, "discovery").VolumeMounts {
		for _, volume := range pod.Volumes {
			if mount.MountPath == dir && volume.Name == mount.Name && volume.Projected != nil {
				test.SetForTest(t, &features.MulticlusterKubeconfigPath, p.layOut(t, volume.Projected.Sources))
			}
		}
	}
}

// layOut writes the Secrets of a projected volume, and gives its directory.
func (p *place) layOut(t *testing.T, sources []corev1.VolumeProjection) string {
	t.Helper()
	const now, data = "..2026_01_02_03_04_05.678", "..data"
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, now), 0o700); err != nil {
		t.Fatal(err)
	}
	link := func(target, name string) {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	link(now, data)
	for _, source := range sources {
		secret := p.secret(t, source.Secret.Name)
		if secret == nil && (source.Secret.Optional == nil || !*source.Secret.Optional) {
			t.Fatalf("the pod of istiod does not start without the Secret %s", source.Secret.Name)
		}
		if secret == nil {
			continue
		}
		for key, value := range contentOf(secret) {
			if err := os.WriteFile(filepath.Join(dir, now, key), value, 0o600); err != nil {
				t.Fatal(err)
			}
			link(filepath.Join(data, key), key)
		}
	}
	return dir
}

// secret gives the Secret of that name beside istiod, or nil.
func (p *place) secret(t *testing.T, name string) *corev1.Secret {
	t.Helper()
	for _, o := range p.objects.kind("Secret") {
		if o.GetName() == name && o.GetNamespace() == p.istiodDeployment(t).Namespace {
			return as[corev1.Secret](t, o)
		}
	}
	return nil
}

// contentOf gives the data of a Secret as the API server keeps it.
func contentOf(secret *corev1.Secret) map[string][]byte {
	all := map[string][]byte{}
	for key, value := range secret.Data {
		all[key] = value
	}
	for key, value := range secret.StringData {
		all[key] = []byte(value)
	}
	return all
}

// TestIstiodMounted has istiod read the kubeconfigs of an example as files: it sees the same mesh. Its volume is in the
// Deployment that istioctl makes of what is rendered. It runs in a process of its own: for files istiod makes clients
// that go on calling addresses which nobody has here, and log that in other tests. So logs are not compared.
func TestIstiodMounted(t *testing.T) {
	if os.Getenv(alone) == "" {
		command := exec.Command(os.Args[0], "-test.run=^TestIstiodMounted$", "-test.v")
		command.Env = append(os.Environ(), alone+"=1")
		if out, err := command.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("--- PASS: TestIstiodMounted/two-clusters")) {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	for _, name := range []string{"two-clusters", "multi-primary-multi-network"} {
		t.Run(name, func(t *testing.T) {
			e := mountedExample(t, name)
			w := newWorld(t, e, filepath.Join(e.dir, "want", "clusters"))
			for _, p := range w.places {
				if dir := p.istiodEnv(t)["PILOT_MULTICLUSTER_KUBECONFIG_PATH"]; dir != "/etc/istio/remote-kubeconfigs" {
					t.Errorf("istiod of %s reads kubeconfigs in %q", p.Name, dir)
				}
				for _, o := range p.objects.kind("Secret") {
					if o.GetLabels()["istio/multiCluster"] != "" {
						t.Errorf("%s has a remote Secret, %s", p.Name, o.GetName())
					}
				}
			}
			for _, line := range changes(w.expected(), w.observe(t)) {
				if !strings.Contains(line, ": logs ") {
					t.Error(line)
				}
			}
		})
	}
}

// alone is set for the process of a test that is by itself.
const alone = "MESHTOPO_TEST_ALONE"

// mountedExample gives a copy of an example whose kubeconfigs are mounted, rendered.
func mountedExample(t *testing.T, name string) *example {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.CopyFS(dir, os.DirFS(exampleNamed(t, name).dir)); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(filepath.Join(dir, "want")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "topology.yaml")
	text := string(read(t, file))
	const way = "{protection: plaintext"
	if !strings.Contains(text, way) {
		t.Fatalf("%s has no %s", file, way)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(text, way, way+", remote: mounted", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	e, err := loadExample(dir)
	if err != nil {
		t.Fatal(err)
	}
	meshtopo(t, e, "render", "-o", "want")
	return e
}
