package render

import (
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// What a reader may do, as group/resource or group/resource/NAME, "in NAMESPACE" and the verb. The core group has no
// name.
var (
	reads = grants("list watch", "/namespaces", "/nodes", "/pods", "/services", "/secrets",
		"discovery.k8s.io/endpointslices", "apiextensions.k8s.io/customresourcedefinitions",
		"networking.istio.io/workloadentries", "gateway.networking.k8s.io/gateways")
	settings = grants("list watch", "/configmaps/istio in istio-system")
	leads    = grants("get", "/namespaces/istio-system")
	runs     = slices.Concat(leads,
		grants("get update", "/configmaps/istio-namespace-controller-election in istio-system"),
		grants("create", "/configmaps", "authentication.k8s.io/tokenreviews", "authorization.k8s.io/subjectaccessreviews"),
		grants("list watch update", "/configmaps/istio-ca-root-cert"),
		grants("list watch", injectorsOf("")))
	revokes = grants("list watch update", "/configmaps/istio-ca-crl")
	injects = grants("update", injectorsOf("/istio-sidecar-injector"), injectorsOf("/istio-revision-tag-default"))
)

func injectorsOf(name string) string {
	return "admissionregistration.k8s.io/mutatingwebhookconfigurations" + name
}

func grants(verbs string, resources ...string) []string {
	var all []string
	for _, resource := range resources {
		for _, verb := range strings.Fields(verbs) {
			all = append(all, resource+" "+verb)
		}
	}
	return all
}

func without(all []string, some ...string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(some, s) })
}

func TestReaderRole(t *testing.T) {
	const version = `version: "1.31.1"`
	block := func(settings string) []string { return []string{version, version + "\n    " + settings} }
	flow := func(settings string) []string { return []string{version, version + ", " + settings} }
	pilot := func(variables string) string { return "values: {pilot: {env: {" + variables + "}}}" }
	at := func(minor string) []string { return []string{version, `version: "1.` + minor + `"`} }
	patch := func(text string) string {
		return "patches: [{target: {kind: IstioOperator, name: control-plane}, patch: '" + text + "'}]"
	}
	const remote = "primary-remote-one-network"
	whole := slices.Concat(reads, settings, runs, revokes, injects)
	noSecrets := append(grants("list watch", "/secrets"), grants("create", "authorization.k8s.io/subjectaccessreviews")...)
	const credentials = "PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER"
	wide := grants("list watch", "/configmaps")
	for _, test := range []struct {
		name         string
		example      string // or two-clusters
		cluster      string // or cluster-a
		replacements []string
		want         []string // nil for no reader
	}{
		{name: "a primary read by 1.31", want: slices.Concat(reads, settings)},
		{name: "a primary read by 1.29", replacements: at("29.0"), want: slices.Concat(reads, settings)},
		{name: "a primary read by 1.28", replacements: at("28.7"), want: reads},
		{name: "a primary read by 1.27", replacements: at("27.3"), want: reads},
		{name: "a primary read by 1.26", replacements: at("26.1"), want: slices.Concat(reads, wide)},
		{name: "a primary read by 1.25", replacements: at("25.5"), want: reads},
		{name: "a primary read by 1.24", replacements: at("24.0"), want: reads},
		{
			name: "1.29 read by 1.28", cluster: "cluster-b",
			replacements: append(at("28.7"), "cluster-b:\n", "cluster-b:\n      istio: {version: 1.29.0}\n"),
			want:         reads,
		},
		{
			name:         "1.28 read by 1.29",
			replacements: append(at("28.7"), "cluster-b:\n", "cluster-b:\n      istio: {version: 1.29.0}\n"),
			want:         slices.Concat(reads, settings),
		},
		{
			name: "read by a revision", replacements: []string{"cluster-b:\n", "cluster-b:\n      istio: {revision: canary}\n"},
			want: slices.Concat(reads, grants("list watch", "/configmaps/istio-canary in istio-system")),
		},
		{
			name: "with a revision that its reader does not have", cluster: "cluster-b",
			replacements: []string{"cluster-b:\n", "cluster-b:\n      istio: {revision: canary}\n"},
			want:         slices.Concat(reads, settings),
		},
		{
			name:         "read from a namespace that it does not have",
			replacements: []string{"cluster-b:\n", "cluster-b:\n      istio: {namespace: mesh}\n"},
			want:         slices.Concat(reads, grants("list watch", "/configmaps/istio")),
		},
		{
			name: "read by three primaries", example: "multi-primary-multi-network", cluster: "west-1",
			replacements: []string{"east-1:\n", "east-1:\n      istio: {revision: canary}\n"},
			want:         slices.Concat(reads, settings, grants("list watch", "/configmaps/istio-canary in istio-system")),
		},
		{
			name: "read by an image of another version", replacements: append(at("28.7"), "cluster-b:\n", "cluster-b:\n      istio: {tag: 1.26.3-distroless}\n"),
			want: slices.Concat(reads, wide),
		},
		{name: "without credentials", replacements: block(pilot(credentials + `: "false"`)), want: slices.Concat(without(reads, noSecrets...), settings)},
		{name: "with credentials", replacements: block(pilot(credentials + `: "true"`)), want: slices.Concat(reads, settings)},
		{
			name:         "without credentials, in the list of the component",
			replacements: block("components: {pilot: {k8s: {env: [{name: " + credentials + `, value: "false"}]}}}`),
			want:         slices.Concat(without(reads, noSecrets...), settings),
		},
		{
			name:         "without credentials, but for a patch that may change it",
			replacements: block(pilot(credentials+`: "false"`) + "\n    " + patch(`[{op: remove, path: /spec/values/pilot/env}]`)),
			want:         slices.Concat(reads, settings),
		},
		{
			name: "MCS", replacements: block(pilot(`ENABLE_MCS_HOST: "true", ENABLE_MCS_SERVICE_DISCOVERY: "true"`)),
			want: slices.Concat(reads, settings, grants("list watch", "multicluster.x-k8s.io/serviceexports", "multicluster.x-k8s.io/serviceimports")),
		},
		{name: "a remote", example: remote, cluster: "cluster-b", want: whole},
		{
			name: "a remote of 1.24", example: remote, cluster: "cluster-b", replacements: at("24.0"),
			want: slices.Concat(reads, runs, injects),
		},
		{
			name: "a remote of 1.26", example: remote, cluster: "cluster-b", replacements: at("26.0"),
			want: slices.Concat(reads, without(runs, grants("list watch", "/configmaps/istio-ca-root-cert")...), injects, wide),
		},
		{
			name: "a remote of 1.28", example: remote, cluster: "cluster-b", replacements: at("28.0"),
			want: slices.Concat(reads, runs, revokes, injects),
		},
		{
			name: "a remote without credentials", example: remote, cluster: "cluster-b", replacements: flow(pilot(credentials + `: "false"`)),
			want: without(whole, noSecrets...),
		},
		{
			name: "a remote whose root has another name", example: remote, cluster: "cluster-b", replacements: flow("values: {global: {trustBundleName: roots}}"),
			want: append(without(whole, grants("list watch update", "/configmaps/istio-ca-root-cert")...), grants("list watch update", "/configmaps/roots")...),
		},
		{
			name: "a remote whose root a patch names", example: remote, cluster: "cluster-b",
			replacements: flow(patch(`[{op: add, path: /spec/values/global/trustBundleName, value: roots}]`)),
			want: append(without(whole, append(grants("list watch update", "/configmaps/istio-ca-root-cert", "/configmaps/istio-ca-crl"),
				"/configmaps/istio in istio-system list", "/configmaps/istio in istio-system watch",
				"/configmaps/istio-namespace-controller-election in istio-system update")...),
				grants("list watch update", "/configmaps")...),
		},
		{
			name: "a remote with a revision, whose tags are not known", example: remote, cluster: "cluster-b",
			replacements: flow("revision: canary"),
			want: slices.Concat(reads, grants("list watch", "/configmaps/istio-canary in istio-system"), runs, revokes,
				grants("update", injectorsOf(""))),
		},
		{
			name: "a remote with a revision and its tags", example: remote, cluster: "cluster-b",
			replacements: flow("revision: canary, values: {revisionTags: [prod]}"),
			want: slices.Concat(reads, grants("list watch", "/configmaps/istio-canary in istio-system"), runs, revokes,
				grants("update", injectorsOf("/istio-sidecar-injector-canary"), injectorsOf("/istio-revision-tag-default"),
					injectorsOf("/istio-revision-tag-prod"))),
		},
		{name: "a joining remote", example: "joining", cluster: "cluster-b", want: whole},
		{name: "the only primary, with remotes", example: remote},
		{name: "the only cluster", example: "single-cluster"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.example == "" {
				test.example = "two-clusters"
			}
			if test.cluster == "" {
				test.cluster = "cluster-a"
			}
			files := variantFiles(t, test.example, test.replacements...)
			got := granted(t, files["clusters/"+test.cluster+"/1-prepare/remote-reader.yaml"])
			want := slices.Sorted(slices.Values(test.want))
			if !slices.Equal(got, want) {
				t.Errorf("too much: %q\nmissing: %q", without(got, want...), without(want, got...))
			}
		})
	}
}

// granted gives the rights of the roles in a file, sorted.
func granted(t *testing.T, text string) []string {
	t.Helper()
	var all []string
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var object struct {
			Metadata struct{ Namespace string }
			Rules    []struct {
				APIGroups     []string `yaml:"apiGroups"`
				ResourceNames []string `yaml:"resourceNames"`
				Resources     []string
				Verbs         []string
			}
		}
		switch err := decoder.Decode(&object); {
		case errors.Is(err, io.EOF):
			slices.Sort(all)
			return all
		case err != nil:
			t.Fatal(err)
		}
		place := ""
		if object.Metadata.Namespace != "" {
			place = " in " + object.Metadata.Namespace
		}
		for _, rule := range object.Rules {
			names := []string{""}
			if len(rule.ResourceNames) > 0 {
				names = nil
				for _, name := range rule.ResourceNames {
					names = append(names, "/"+name)
				}
			}
			for _, group := range rule.APIGroups {
				for _, resource := range rule.Resources {
					for _, name := range names {
						all = append(all, grants(strings.Join(rule.Verbs, " "), group+"/"+resource+name+place)...)
					}
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
	files = variantFiles(t, "two-clusters", `version: "1.31.1"`, "version: \"1.31.1\"\n    reader: {tokenSecret: second}",
		"cluster-b:\n", "cluster-b:\n      istio: {reader: {tokenSecret: third}}\n")
	for cluster, name := range map[string]string{"cluster-a": "second", "cluster-b": "third"} {
		if reader := files["clusters/"+cluster+"/1-prepare/remote-reader.yaml"]; !strings.Contains(reader, `name: "`+name+`"`) {
			t.Errorf("%s has no Secret %s:\n%s", cluster, name, reader)
		}
	}
}
