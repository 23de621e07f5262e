package conformance

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"sigs.k8s.io/yaml"
)

// TestCRDs checks every object of External Secrets in the bundled example, and in the mesh of these tests, as an API
// server with its custom resource definitions would.
func TestCRDs(t *testing.T) {
	known := definitions(t, externalSecrets)
	seen := map[string]int{}
	trees := []string{"../external-secrets/want/clusters"}
	dir := material(t)
	for _, fill := range []string{"none", "push-secret"} {
		trees = append(trees, rendered(t, dir, strings.Replace(vault, "FILL", fill, 1), behindProxy))
	}
	trees = append(trees, rendered(t, dir, strings.NewReplacer("FILL", "kubernetes", `remoteSecretKey: "mesh/{cluster}/{reader}", `, "").Replace(vault), ""))
	for _, tree := range trees {
		err := filepath.WalkDir(tree, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".yaml" {
				return err
			}
			for _, document := range objects(t, path) {
				if strings.Contains(document, "\napiVersion: external-secrets.io/") || strings.HasPrefix(document, "apiVersion: external-secrets.io/") {
					kind, problems := check(t, known, document)
					seen[kind]++
					for _, problem := range problems {
						t.Errorf("%s: %s: %s", path, kind, problem)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []string{"external-secrets.io/v1 ExternalSecret", "external-secrets.io/v1 SecretStore", "external-secrets.io/v1alpha1 PushSecret"} {
		if seen[kind] == 0 {
			t.Errorf("no %s was checked: %v", kind, seen)
		}
	}
}

// TestCRDsRefuse proves that the check finds what an API server would refuse.
func TestCRDsRefuse(t *testing.T) {
	known := definitions(t, externalSecrets)
	document := read(t, "../external-secrets/want/clusters/cluster-a/2-secrets/cacerts.yaml")
	for old, broken := range map[string]string{
		"creationPolicy: Owner": "creationPolicy: Mine", "refreshInterval:": "refreshIntervall:", "- secretKey: key": "- secretKey: 1",
	} {
		if _, problems := check(t, known, strings.Replace(document, old, broken, 1)); len(problems) == 0 {
			t.Errorf("%q is taken", broken)
		}
	}
}

// definition is one version of a custom resource as the API server serves it.
type definition struct {
	structural *schema.Structural
	openAPI    validation.SchemaValidator
}

// Where the custom resource definitions are: a module, and the files in it.
var (
	externalSecrets = [2]string{"github.com/external-secrets/external-secrets", "config/crds/bases/external-secrets.io_*.yaml"}
	sealedSecrets   = [2]string{"github.com/bitnami-labs/sealed-secrets", "helm/sealed-secrets/crds/*.yaml"}
)

// definitions reads custom resource definitions, by "apiVersion kind".
func definitions(t *testing.T, of [2]string) map[string]*definition {
	t.Helper()
	module := strings.TrimSpace(output(t, exec.Command("go", "list", "-m", "-f", "{{.Dir}}", of[0])))
	found, err := filepath.Glob(filepath.Join(module, of[1]))
	if err != nil || len(found) == 0 {
		t.Fatalf("Glob = %q, %v", found, err)
	}
	known := map[string]*definition{}
	for _, file := range found {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		crd := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.Unmarshal(text, crd); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, version := range crd.Spec.Versions {
			if version.Served {
				known[crd.Spec.Group+"/"+version.Name+" "+crd.Spec.Names.Kind] = newDefinition(t, version.Schema)
			}
		}
	}
	return known
}

func newDefinition(t *testing.T, v1 *apiextensionsv1.CustomResourceValidation) *definition {
	t.Helper()
	internal := &apiextensions.CustomResourceValidation{}
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(v1, internal, nil); err != nil {
		t.Fatal(err)
	}
	structural, err := schema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		t.Fatal(err)
	}
	openAPI, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		t.Fatal(err)
	}
	return &definition{structural, openAPI}
}

// check gives what an API server finds wrong with an object.
func check(t *testing.T, known map[string]*definition, document string) (kind string, problems []string) {
	t.Helper()
	var object map[string]any
	if err := yaml.UnmarshalStrict([]byte(document), &object); err != nil {
		t.Fatal(err)
	}
	kind = fmt.Sprint(object["apiVersion"], " ", object["kind"])
	d := known[kind]
	if d == nil {
		return kind, []string{"no definition serves it"}
	}
	for _, unknown := range pruning.PruneWithOptions(object, d.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}) {
		problems = append(problems, "unknown field "+unknown)
	}
	defaulting.Default(object, d.structural)
	for _, err := range validation.ValidateCustomResource(nil, object, d.openAPI) {
		problems = append(problems, err.Error())
	}
	return kind, problems
}
