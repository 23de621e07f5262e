package loader

import (
	"slices"
	"strings"
	"testing"
)

// TestForeignCA gives clusters the CAs of others, by mistake and on purpose.
func TestForeignCA(t *testing.T) {
	const a, b, shared = "certs/cluster-a/api.pem", "certs/cluster-b/api.pem", "certs/api.pem"
	tests := []struct {
		name    string
		example string
		edit    func(t *testing.T, l *loading)
		want    []string
	}{
		{"copied entry", "two-clusters", func(t *testing.T, l *loading) { l.replace(t, b, a) },
			[]string{`@certs/cluster-a/api.pem: the API server CA of cluster "cluster-b" (certs/cluster-a/api.pem) is that of cluster "cluster-a" by its name`}},
		{"copied entry, and no file of its own", "two-clusters", func(t *testing.T, l *loading) {
			l.replace(t, b, a)
			delete(l.files, b)
		}, []string{`@certs/cluster-a/api.pem: the API server CA of cluster "cluster-b" (certs/cluster-a/api.pem) is that of cluster "cluster-a" by its name`}},
		{"name of the file", "two-clusters", func(t *testing.T, l *loading) {
			l.rename(t, a, "certs/api-cluster-a.pem")
			l.replace(t, b, "certs/api-cluster-a.pem")
		}, []string{`@certs/api-cluster-a.pem: the API server CA of cluster "cluster-b" (certs/api-cluster-a.pem) is that of cluster "cluster-a" by its name`}},
		{"swapped", "two-clusters", func(t *testing.T, l *loading) {
			l.replace(t, a, "certs/cluster-x/api.pem")
			l.replace(t, b, a)
			l.replace(t, "certs/cluster-x/api.pem", b)
		}, []string{`@certs/cluster-b/api.pem: the API server CA of cluster "cluster-a" (certs/cluster-b/api.pem) is that of cluster "cluster-b" by its name`,
			`@certs/cluster-a/api.pem: the API server CA of cluster "cluster-b" (certs/cluster-a/api.pem) is that of cluster "cluster-a" by its name`}},
		{"another file of its directory", "two-clusters", func(t *testing.T, l *loading) {
			l.copy(a, "certs/cluster-a/server.pem")
			l.replace(t, b, "certs/cluster-a/server.pem")
		}, []string{`@certs/cluster-a/server.pem: the API server CA of cluster "cluster-b" (certs/cluster-a/server.pem) is that of cluster "cluster-a" by its name`}},
		{"one of several", "mixed", func(t *testing.T, l *loading) { l.replace(t, "certs/us-2/api.pem", "certs/us-1/api.pem") },
			[]string{`@certs/us-1/api.pem: the API server CA of cluster "us-2" (certs/us-1/api.pem) is that of cluster "us-1" by its name`}},

		{"each its own", "mixed", func(*testing.T, *loading) {}, nil},
		{"one file for both", "two-clusters", func(t *testing.T, l *loading) {
			l.copy(a, shared)
			l.replace(t, a, shared)
			l.replace(t, b, shared)
		}, nil},
		{"one CA in two files", "two-clusters", func(_ *testing.T, l *loading) { l.copy(a, b) }, nil},
		{"the other file, which is the same", "two-clusters", func(t *testing.T, l *loading) {
			l.copy(a, b)
			l.replace(t, b, a)
		}, nil},
		{"one CA for all, kept with the first", "mixed", func(t *testing.T, l *loading) {
			for _, name := range []string{"eu-2", "us-1", "us-2", "ap-1"} {
				l.replace(t, "certs/"+name+"/api.pem", "certs/eu-1/api.pem")
				delete(l.files, "certs/"+name+"/api.pem")
			}
		}, nil},
		{"behind one server", "two-clusters", func(t *testing.T, l *loading) {
			l.replace(t, "https://192.0.2.1:6443", "https://rancher.example.com/k8s/clusters/c-a")
			l.replace(t, "https://198.51.100.1:6443", "https://rancher.example.com/k8s/clusters/c-b")
			l.replace(t, b, a)
		}, nil},
		{"directory of another, which does not keep its own there", "two-clusters", func(t *testing.T, l *loading) {
			l.rename(t, a, "kept/a.pem")
			l.rename(t, b, "certs/cluster-a/of-the-other.pem")
		}, nil},
		{"name of another within its own", "mixed", func(t *testing.T, l *loading) {
			l.rename(t, "certs/us-1/api.pem", "certs/us-1.pem")
			l.rename(t, "certs/us-2/api.pem", "certs/us-1-and-us-2.pem")
		}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := &loading{files: example(t, tt.example)}
			tt.edit(t, l)
			_, found := l.load(t)
			var got []string
			for _, d := range found.Sorted() {
				got = append(got, strings.TrimPrefix(finding(l, d), "ca-of-another-cluster "))
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("Load found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// rename gives a file another name, in the topology as well.
func (l *loading) rename(t *testing.T, from, to string) {
	t.Helper()
	l.copy(from, to)
	delete(l.files, from)
	l.replace(t, from, to)
}
