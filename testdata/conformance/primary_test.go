package conformance

import (
	"encoding/json"
	"strings"
	"testing"

	"istio.io/istio/operator/pkg/apis"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

// eachPrimary runs f for every primary with what istioctl would install there.
func eachPrimary(t *testing.T, f func(t *testing.T, c *cluster, installed objects)) {
	t.Helper()
	eachControlPlane(t, func(t *testing.T, c *cluster) {
		if c.RunsControlPlane() {
			f(t, c, c.manifests(t, c.controlPlane()))
		}
	})
}

// TestPrimaryIstiod checks what istiod of a primary is told about its cluster.
func TestPrimaryIstiod(t *testing.T) {
	eachPrimary(t, func(t *testing.T, c *cluster, installed objects) {
		istiod := get[appsv1.Deployment](t, installed, "Deployment", c.revisioned("istiod"))
		equal(t, "namespace", istiod.Namespace, c.Istio.Namespace)
		discovery := container(t, &istiod.Spec.Template.Spec, "discovery")
		env := environment(discovery)
		equal(t, "CLUSTER_ID", env["CLUSTER_ID"], c.Name)
		equal(t, "REVISION", env["REVISION"], orDefault(c.Istio.Revision))
		equal(t, "EXTERNAL_ISTIOD is true", env["EXTERNAL_ISTIOD"] == "true", c.serves())
		equal(t, "label istio.io/rev", istiod.Spec.Template.Labels["istio.io/rev"], orDefault(c.Istio.Revision))
		args := strings.Join(discovery.Args, " ")
		if want := "--domain " + c.mesh.Mesh.ClusterDomain; !strings.Contains(args, want) {
			t.Errorf("args = %q, want %q among them", args, want)
		}
		if c.Istio.Hub != "" && !strings.HasPrefix(discovery.Image, c.Istio.Hub+"/") {
			t.Errorf("image = %q, want it from %q", discovery.Image, c.Istio.Hub)
		}
		if c.Istio.Tag != "" && !strings.HasSuffix(discovery.Image, ":"+c.Istio.Tag) {
			t.Errorf("image = %q, want tag %q", discovery.Image, c.Istio.Tag)
		}
	})
}

// TestPrimaryMeshConfig checks the mesh config that istiod of a primary reads.
func TestPrimaryMeshConfig(t *testing.T) {
	eachPrimary(t, func(t *testing.T, c *cluster, installed objects) {
		settings := get[corev1.ConfigMap](t, installed, "ConfigMap", c.revisioned("istio"))
		var mesh map[string]any
		if err := yaml.Unmarshal([]byte(settings.Data["mesh"]), &mesh); err != nil {
			t.Fatal(err)
		}
		want := map[string]any{
			"trustDomain":   c.mesh.Mesh.TrustDomain,
			"defaultConfig": map[string]any{"meshId": c.mesh.Mesh.ID},
		}
		if aliases := c.mesh.Mesh.TrustDomainAliases; len(aliases) > 0 {
			want["trustDomainAliases"] = aliases
		}
		if c.mesh.Mesh.DNSCapture {
			want["defaultConfig"].(map[string]any)["proxyMetadata"] = map[string]any{"ISTIO_META_DNS_CAPTURE": "true"}
		}
		contains(t, "mesh", mesh, want)
		contains(t, "mesh", mesh, c.Istio.MeshConfig)
	})
}

// TestPrimaryInjection checks what the primary's injector gives its sidecars.
func TestPrimaryInjection(t *testing.T) {
	eachPrimary(t, func(t *testing.T, c *cluster, installed objects) {
		injector := get[corev1.ConfigMap](t, installed, "ConfigMap", c.revisioned("istio-sidecar-injector"))
		var values map[string]any
		if err := json.Unmarshal([]byte(injector.Data["values"]), &values); err != nil {
			t.Fatal(err)
		}
		contains(t, "values", values, map[string]any{"global": map[string]any{
			"meshID":         c.mesh.Mesh.ID,
			"network":        c.Network,
			"multiCluster":   map[string]any{"clusterName": c.Name},
			"istioNamespace": c.Istio.Namespace,
			"proxy":          map[string]any{"clusterDomain": c.mesh.Mesh.ClusterDomain},
		}})
	})
}

// TestPrimaryUserSettings checks that the user's own settings are in the IstioOperator, and those that end in
// istiod's Deployment there too.
func TestPrimaryUserSettings(t *testing.T) {
	eachPrimary(t, func(t *testing.T, c *cluster, installed objects) {
		operator := load(t, c.path(c.controlPlane()))[0]
		spec := operator.Object["spec"].(map[string]any)
		equal(t, "profile", spec["profile"], any(c.Istio.Profile))
		for key, want := range map[string]map[string]any{
			"meshConfig": c.Istio.MeshConfig, "values": c.Istio.Values, "components": c.Istio.Components,
		} {
			if len(want) > 0 {
				contains(t, key, spec[key], want)
			}
		}
		typed := as[apis.IstioOperator](t, operator)
		istiod := get[appsv1.Deployment](t, installed, "Deployment", c.revisioned("istiod"))
		discovery := container(t, &istiod.Spec.Template.Spec, "discovery")
		if pilot, ok := c.Istio.Values["pilot"].(map[string]any); ok {
			env, _ := pilot["env"].(map[string]any)
			for name, want := range env {
				equal(t, name, any(environment(discovery)[name]), want)
			}
		}
		if parts := typed.Spec.Components; parts != nil && parts.Pilot != nil && parts.Pilot.Kubernetes != nil {
			if resources := parts.Pilot.Kubernetes.Resources; resources != nil {
				equal(t, "resources", normal(t, discovery.Resources.Requests), normal(t, resources.Requests))
			}
		}
	})
}

// container gives the container of that name.
func container(t *testing.T, pod *corev1.PodSpec, name string) *corev1.Container {
	t.Helper()
	for i := range pod.Containers {
		if pod.Containers[i].Name == name {
			return &pod.Containers[i]
		}
	}
	t.Fatalf("no container is named %q", name)
	return nil
}

// environment gives the variables of a container that have a literal value. Of two with one name the last holds,
// as in the kubelet.
func environment(c *corev1.Container) map[string]string {
	env := map[string]string{}
	for _, v := range c.Env {
		env[v.Name] = v.Value
	}
	return env
}

// orDefault gives the name that Istio has for a revision without one.
func orDefault(revision string) string {
	if revision == "" {
		return "default"
	}
	return revision
}
