package render

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"meshtopo.dev/meshtopo/render/secret"
	"meshtopo.dev/meshtopo/schema"
)

// BenchmarkRender renders full meshes: every cluster is a primary on a network of its own and reads all others.
func BenchmarkRender(b *testing.B) {
	for _, n := range []int{3, 100, 300} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			topology, fsys := fullMesh(n)
			b.ReportAllocs()
			for b.Loop() {
				store := secret.NewStore(fsys, func(string) (string, bool) { return "", false })
				if _, err := NewPlan(topology, store).Render(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// fullMesh gives a mesh of n primaries and its material, of a realistic size.
func fullMesh(n int) (*schema.Topology, fstest.MapFS) {
	material := func(size int) *fstest.MapFile { return &fstest.MapFile{Data: []byte(strings.Repeat("x", size))} }
	fsys := fstest.MapFS{"root.pem": material(1200), "api.pem": material(1200), "ca.pem": material(1200)}
	t := &schema.Topology{
		Name: "shop",
		Mesh: schema.Mesh{
			ID: "shop", TrustDomain: "cluster.local", ClusterDomain: "cluster.local", DNSCapture: true,
			ExposedHosts: []string{"*.local"},
		},
		Trust: &schema.Trust{Roots: []string{"root.pem"}},
	}
	istio := schema.Istio{
		Version: "1.31.1", Namespace: "istio-system", Profile: "default",
		MeshConfig: map[string]any{"accessLogFile": "/dev/stdout"},
		Reader:     schema.Reader{ServiceAccount: "istio-remote-reader"},
	}
	for i := range n {
		name := fmt.Sprintf("cluster-%04d", i)
		fsys["tokens/"+name], fsys["keys/"+name] = material(1000), material(1700)
		t.Clusters = append(t.Clusters, &schema.Cluster{
			Name: name, Role: schema.Primary, Network: "network-" + name, State: schema.Active, Istio: istio,
			APIServer:       &schema.APIServer{URL: "https://" + name + ".example.com:6443", CA: "api.pem"},
			Credential:      &schema.Credential{Way: schema.ByToken, Private: schema.Private{File: "tokens/" + name}},
			EastWestGateway: schema.EastWestGateway{Enabled: true, ServiceType: "LoadBalancer"},
			Intermediate:    &schema.Intermediate{Cert: "ca.pem", Chain: "ca.pem", Key: schema.Private{File: "keys/" + name}},
		})
	}
	return t, fsys
}
