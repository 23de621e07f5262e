package render

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema"
)

// csrValues are the values of istio-csr's chart that a tree may set, with their types
// (deploy/charts/istio-csr/values.schema.json of cert-manager/istio-csr v0.17.0, which refuses all others).
var csrValues = map[string]string{
	"app.certmanager.issuer.group":           "string",
	"app.certmanager.issuer.kind":            "string",
	"app.certmanager.issuer.name":            "string",
	"app.certmanager.namespace":              "string",
	"app.controller.leaderElectionNamespace": "string",
	"app.istio.namespace":                    "string",
	"app.istio.revisions":                    "array",
	"app.server.caTrustedNodeAccounts":       "string",
	"app.server.clusterID":                   "string",
	"app.server.serving.certificateKeySize":  "number",
	"app.server.serving.signatureAlgorithm":  "string",
	"app.tls.certificateDNSNames":            "array",
	"app.tls.istiodCertificateEnable":        "boolean",
	"app.tls.istiodPrivateKeyAlgorithm":      "string",
	"app.tls.istiodPrivateKeySize":           "number",
	"app.tls.rootCAFile":                     "string",
	"app.tls.trustDomain":                    "string",
	"extraObjects":                           "array",
	"nameOverride":                           "string",
	"service.port":                           "number",
	"volumeMounts":                           "array",
	"volumes":                                "array",
}

// csrRelease is the version of the chart that the table is of, and that is installed where a topology names none.
const csrRelease = "v0.17.0"

func TestCSRValues(t *testing.T) {
	set := map[string]bool{}
	for name, files := range map[string]map[string]string{
		"the example": contents(renderExample(t, "../testdata/istio-csr")),
		"ambient":     variantFiles(t, "istio-csr", "istio: {revision: stable}", "istio: {components: {ztunnel: {enabled: true}, cni: {enabled: true}}}"),
		"no roots":    variantFiles(t, "istio-csr", "    roots: [certs/root-cert.pem]\n", ""),
	} {
		for _, cluster := range []string{"cluster-a", "cluster-b", "cluster-c"} {
			text := files["clusters/"+cluster+"/2-secrets/istio-csr.values.yaml"]
			var values map[string]any
			if err := yaml.Unmarshal([]byte(text), &values); err != nil || len(values) == 0 {
				t.Fatalf("%s, %s: %v in\n%s", name, cluster, err, text)
			}
			leaves(values, "", func(path string, value any) {
				set[path] = true
				if want, got := csrValues[path], jsonType(value); want != got {
					t.Errorf("%s, %s: %s is a value of type %s, and the chart has %q", name, cluster, path, got, want)
				}
			})
		}
	}
	for path := range csrValues {
		if !set[path] {
			t.Errorf("nothing sets %s", path)
		}
	}
	if topology, _ := load(t, "../testdata/istio-csr"); topology.Trust.IstioCSR.Chart.Version != csrRelease {
		t.Errorf("the chart that is installed is %s, and the table is that of %s", topology.Trust.IstioCSR.Chart.Version, csrRelease)
	}
}

func leaves(values map[string]any, path string, found func(path string, value any)) {
	for _, key := range slices.Sorted(maps.Keys(values)) {
		at := strings.TrimPrefix(path+"."+key, ".")
		if below, ok := values[key].(map[string]any); ok {
			leaves(below, at, found)
			continue
		}
		found(at, values[key])
	}
}

func jsonType(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case int:
		return "number"
	case []any:
		return "array"
	}
	return fmt.Sprintf("%T", value)
}

// TestCSRRoots proves that istio-csr is given exactly the certificates that the topology names: as an object of its
// chart, where the file is that it reads.
func TestCSRRoots(t *testing.T) {
	topology, store := load(t, "../testdata/istio-csr")
	want, err := store.Public(topology.Trust.Roots[0])
	if err != nil {
		t.Fatal(err)
	}
	var values struct {
		ExtraObjects []string `yaml:"extraObjects"`
		Volumes      []struct {
			ConfigMap struct{ Name string } `yaml:"configMap"`
		}
		VolumeMounts []struct {
			MountPath string `yaml:"mountPath"`
		} `yaml:"volumeMounts"`
		App struct {
			TLS struct {
				RootCAFile string `yaml:"rootCAFile"`
			}
		}
	}
	text := contents(render(t, topology, store))["clusters/cluster-c/2-secrets/istio-csr.values.yaml"]
	if err := yaml.Unmarshal([]byte(text), &values); err != nil {
		t.Fatal(err)
	}
	var object struct {
		Kind     string
		Metadata struct{ Name string }
		Data     map[string]string
	}
	if err := yaml.Unmarshal([]byte(values.ExtraObjects[0]), &object); err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(want)
	got, rest := pem.Decode([]byte(object.Data["ca.pem"]))
	if got == nil || len(rest) > 0 || string(got.Bytes) != string(block.Bytes) || !strings.HasPrefix(object.Data["ca.pem"], "-----BEGIN CERTIFICATE-----\n") {
		t.Errorf("ca.pem is\n%s\nwant the one certificate of\n%s", object.Data["ca.pem"], want)
	}
	if _, err := x509.ParseCertificate(got.Bytes); err != nil {
		t.Error(err)
	}
	if object.Kind != "ConfigMap" || object.Metadata.Name != values.Volumes[0].ConfigMap.Name || values.App.TLS.RootCAFile != values.VolumeMounts[0].MountPath+"/ca.pem" {
		t.Errorf("%s %s is mounted as %v, and %s is read", object.Kind, object.Metadata.Name, values.VolumeMounts, values.App.TLS.RootCAFile)
	}
}

// TestOneCertificate proves that control planes side by side share one CA, whose names are those of all of them, and
// that the issuer is that of the cluster.
func TestOneCertificate(t *testing.T) {
	files := variantFiles(t, "cert-manager", "istio: {revision: stable}",
		"istio: {revisions: [{name: 1-30-3, version: 1.30.3, default: true}, {name: 1-31-1, version: 1.31.1}]}")
	text := files["clusters/cluster-b/2-secrets/cacerts.yaml"]
	for _, want := range []string{
		`dnsNames: ["istiod-1-30-3.istio-system.svc","istiod-1-31-1.istio-system.svc"]`, `name: "mesh-root-cluster-b"`,
		"isCA: true", "secretName: cacerts", "rotationPolicy: Always",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	if strings.Contains(text, "---") || files["clusters/cluster-c/2-secrets/cacerts.yaml"] != "" {
		t.Errorf("there is more than one Certificate, or one of a remote")
	}
}

// TestNothingPrivate proves that a tree has no CA key in it unless its files are named.
func TestNothingPrivate(t *testing.T) {
	for _, example := range []string{"cert-manager", "istio-csr", "existing-ca"} {
		topology, store := load(t, "../testdata/"+example)
		for _, f := range render(t, topology, store).Files {
			if f.Private != strings.Contains(f.Path, "/remote-secrets/") {
				t.Errorf("%s: %s is private: %v", example, f.Path, f.Private)
			}
		}
		if topology.TrustFrom(schema.Files) {
			t.Errorf("%s has files", example)
		}
	}
}

// TestAuthorityByEngines proves that each engine waits for the CA: Flux for Certificates, which it would take for ready
// before cert-manager has seen them, and both install istio-csr before istiod.
func TestAuthorityByEngines(t *testing.T) {
	for _, protection := range []schema.Protection{schema.Plaintext, schema.External} {
		topology, store := load(t, "../testdata/cert-manager")
		appliedBy(topology, "flux")
		for _, c := range topology.Clusters {
			c.Secrets.Protection = protection
		}
		files := contents(render(t, topology, store))
		if text := files["clusters/cluster-a/flux/2-secrets.yaml"]; !strings.Contains(text, "kind: Certificate\n    current: ") {
			t.Errorf("with %s, Flux waits for no Certificate:\n%s", protection, text)
		}
		if text := files["clusters/cluster-c/flux/2-secrets.yaml"]; strings.Contains(text, "kind: Certificate") {
			t.Errorf("with %s, Flux waits for a Certificate that a remote has not:\n%s", protection, text)
		}
	}
	topology, store := load(t, "../testdata/istio-csr")
	appliedBy(topology, "flux-hub")
	files := contents(render(t, topology, store))
	for file, want := range map[string][]string{
		"flux/istio-csr-charts.yaml":                 {`url: "https://charts.jetstack.io"`, `name: "shop-cluster-c-istio-csr-charts"`},
		"flux/2-secrets/cert-manager-istio-csr.yaml": {`name: "shop-cluster-c-istio-csr-charts"`, `targetNamespace: "cert-manager"`, "clusterID: \"cluster-c\"", "rootCAFile:"},
		"flux/2-secrets-charts.yaml":                 {`dependsOn: [{"name":"shop-cluster-c-1-prepare"}]`},
	} {
		for _, text := range want {
			if !strings.Contains(files["clusters/cluster-c/"+file], text) {
				t.Errorf("%s is not in %s:\n%s", text, file, files["clusters/cluster-c/"+file])
			}
		}
	}
	for _, file := range []string{"clusters/cluster-c/2-secrets/istio-csr.values.yaml", "clusters/cluster-c/flux/charts.yaml"} {
		if files[file] != "" {
			t.Errorf("%s is there, and nothing reads it", file)
		}
	}
}
