package render

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What a reader may do, as group/resource verb. The core group has no name.
var (
	reads = grants("get list watch", "/namespaces", "/nodes", "/pods", "/services", "/secrets",
		"discovery.k8s.io/endpointslices", "apiextensions.k8s.io/customresourcedefinitions",
		"networking.istio.io/workloadentries", "gateway.networking.k8s.io/gateways")
	settings = grants("get list watch", "/configmaps")
	runs     = slices.Concat(
		grants("create update", "/configmaps"),
		grants("get list watch update", "admissionregistration.k8s.io/mutatingwebhookconfigurations"),
		grants("create", "authentication.k8s.io/tokenreviews", "authorization.k8s.io/subjectaccessreviews"))
)

func grants(verbs string, resources ...string) []string {
	var all []string
	for _, resource := range resources {
		for _, verb := range strings.Fields(verbs) {
			all = append(all, resource+" "+verb)
		}
	}
	return all
}

func TestReaderRole(t *testing.T) {
	const version = `version: "1.31.1"`
	for _, test := range []struct {
		name         string
		example      string
		replacements []string
		cluster      string
		want         []string // nil for no reader
	}{
		{
			name:    "a primary read by 1.31",
			example: "two-clusters", cluster: "cluster-a",
			want: slices.Concat(reads, settings),
		},
		{
			name:    "a primary read by 1.29",
			example: "two-clusters", cluster: "cluster-a",
			replacements: []string{version, `version: "1.29.0"`},
			want:         slices.Concat(reads, settings),
		},
		{
			name:    "a primary read by 1.28",
			example: "two-clusters", cluster: "cluster-a",
			replacements: []string{version, `version: "1.28.7"`},
			want:         reads,
		},
		{
			name:    "a primary read by 1.27",
			example: "two-clusters", cluster: "cluster-a",
			replacements: []string{version, `version: "1.27.3"`},
			want:         reads,
		},
		{
			name:    "a primary read by 1.26",
			example: "two-clusters", cluster: "cluster-a",
			replacements: []string{version, `version: "1.26.1"`},
			want:         slices.Concat(reads, settings),
		},
		{
			name:    "a primary read by 1.25",
			example: "two-clusters", cluster: "cluster-a",
			replacements: []string{version, `version: "1.25.5"`},
			want:         reads,
		},
		{
			name:    "1.29 read by 1.28",
			example: "two-clusters", cluster: "cluster-b",
			replacements: []string{version, `version: "1.28.7"`, "cluster-b:\n", "cluster-b:\n      istio: {version: 1.29.0}\n"},
			want:         reads,
		},
		{
			name:    "1.28 read by 1.29",
			example: "two-clusters", cluster: "cluster-a",
			replacements: []string{version, `version: "1.28.7"`, "cluster-b:\n", "cluster-b:\n      istio: {version: 1.29.0}\n"},
			want:         slices.Concat(reads, settings),
		},
		{
			name:    "a remote",
			example: "primary-remote-one-network", cluster: "cluster-b",
			want: slices.Concat(reads, settings, runs),
		},
		{
			name:    "a remote of 1.24",
			example: "primary-remote-one-network", cluster: "cluster-b",
			replacements: []string{version, `version: "1.24.0"`},
			want:         slices.Concat(reads, settings, runs),
		},
		{
			name:    "a joining remote",
			example: "joining", cluster: "cluster-b",
			want: slices.Concat(reads, settings, runs),
		},
		{
			name:    "the only primary, with remotes",
			example: "primary-remote-one-network", cluster: "cluster-a",
		},
		{
			name:    "the only cluster",
			example: "single-cluster", cluster: "cluster-a",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := variantFiles(t, test.example, test.replacements...)
			got := granted(t, files["clusters/"+test.cluster+"/1-prepare/remote-reader.yaml"])
			want := slices.Sorted(slices.Values(test.want))
			if !slices.Equal(got, want) {
				t.Errorf("granted %q\nwant    %q", got, want)
			}
		})
	}
}

// granted gives the rights of the ClusterRole in a file, sorted.
func granted(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var object struct {
			Rules []struct {
				APIGroups []string `yaml:"apiGroups"`
				Resources []string
				Verbs     []string
			}
		}
		switch err := decoder.Decode(&object); {
		case errors.Is(err, io.EOF):
			slices.Sort(all)
			return all
		case err != nil:
			t.Fatal(err)
		}
		for _, rule := range object.Rules {
			for _, group := range rule.APIGroups {
				for _, resource := range rule.Resources {
					all = append(all, grants(strings.Join(rule.Verbs, " "), group+"/"+resource)...)
				}
			}
		}
	}
}

// TestReaderNames checks that the account can have a name of the user's, wherever it is mentioned.
func TestReaderNames(t *testing.T) {
	files := variantFiles(t, "two-clusters", "cluster-b:\n",
		"cluster-b:\n      istio: {namespace: mesh, reader: {serviceAccount: auditor}}\n")
	reader := files["clusters/cluster-b/1-prepare/remote-reader.yaml"]
	for _, want := range []string{
		`name: "auditor"`, `name: "auditor-istio-remote-secret-token"`, `name: "istio-remote-reader-mesh"`,
		`kubernetes.io/service-account.name: "auditor"`, `namespace: "mesh"`,
	} {
		if !strings.Contains(reader, want) {
			t.Errorf("remote-reader.yaml has no %s:\n%s", want, reader)
		}
	}
	if strings.Contains(reader, "istio-system") {
		t.Error("remote-reader.yaml mentions a namespace that cluster-b does not have")
	}
}
