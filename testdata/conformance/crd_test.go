package conformance

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"istio.io/istio/pilot/pkg/config/kube/crd"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

// resource is one version of a custom resource as the API server serves it.
type resource struct {
	structural *schema.Structural
	openAPI    validation.SchemaValidator
	rules      *cel.Validator // nil where the schema has none
}

// TestCRDsRefuse proves that the check of Istio's resources finds what an API server with Istio's CRDs, or
// istioctl validate, would refuse.
func TestCRDsRefuse(t *testing.T) {
	for name, c := range map[string]struct{ server, want string }{
		"sound":          {`{port: {number: 15443, name: tls, protocol: TLS}, hosts: ["*.local"], tls: {mode: AUTO_PASSTHROUGH}}`, ""},
		"unknown field":  {`{port: {number: 15443, name: tls, protocol: TLS}, hosts: ["*.local"], tls: {modus: SIMPLE}}`, "modus"},
		"bad enum":       {`{port: {number: 15443, name: tls, protocol: TLS}, hosts: ["*.local"], tls: {mode: PASS}}`, "Unsupported value"},
		"missing field":  {`{port: {number: 15443, protocol: TLS}, hosts: ["*.local"], tls: {mode: PASSTHROUGH}}`, "Required value"},
		"broken CEL":     {`{port: {number: 443, name: tls, protocol: HTTPS}, hosts: [a.example], tls: {mode: SIMPLE, credentialName: a, tlsCertificates: [{serverCertificate: b}]}}`, "only one of"},
		"without tls":    {`{port: {number: 15443, name: tls, protocol: TLS}, hosts: ["*.local"]}`, "must have TLS settings"},
		"two of one key": {`{port: {number: 1, name: tls, protocol: TLS}, hosts: [a.example], hosts: [b.example]}`, "hosts"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, err := range checkIstio(t, []byte("apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: n}\nspec: {servers: ["+c.server+"]}\n")) {
				got = append(got, err.Error())
			}
			text := strings.Join(got, "; ")
			if (text == "") != (c.want == "") || !strings.Contains(text, c.want) {
				t.Errorf("checkIstio = %q, want %q in it", text, c.want)
			}
		})
	}
}

// checkIstio says what an API server with Istio's CRDs, and istioctl validate, refuse in an Istio resource.
func checkIstio(t *testing.T, document []byte) []error {
	t.Helper()
	known, err := resources()
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := yaml.UnmarshalStrict(document, &object); err != nil {
		return []error{err}
	}
	kind := fmt.Sprint(object["apiVersion"], " ", object["kind"])
	r, ok := known[kind]
	if !ok {
		return []error{fmt.Errorf("no CRD serves %s", kind)}
	}
	problems := r.check(object)
	if _, others, err := crd.ParseInputs(string(document)); err != nil || len(others) > 0 {
		problems = append(problems, fmt.Errorf("istioctl validate: %v, unrecognized kinds %v", err, others))
	}
	return problems
}

// check does what the API server does when a resource is created; what it would drop silently is an error here.
func (r *resource) check(object map[string]any) []error {
	var problems []error
	for _, unknown := range pruning.PruneWithOptions(object, r.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}) {
		problems = append(problems, fmt.Errorf("unknown field %s", unknown))
	}
	defaulting.Default(object, r.structural)
	found := validation.ValidateCustomResource(nil, object, r.openAPI)
	found = append(found, listtype.ValidateListSetsAndMaps(nil, r.structural, object)...)
	if r.rules != nil && len(found) == 0 { // the API server too skips CEL where the schema is broken
		broken, _ := r.rules.Validate(context.Background(), nil, r.structural, object, nil, celconfig.RuntimeCELCostBudget)
		found = append(found, broken...)
	}
	for _, err := range found {
		problems = append(problems, err)
	}
	return problems
}

// resources reads the CRDs that Istio installs, as istio.io/api carries them, by "apiVersion kind".
var resources = sync.OnceValues(func() (map[string]*resource, error) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "istio.io/api").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", stderr(err))
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "kubernetes", "customresourcedefinitions.gen.yaml"))
	if err != nil {
		return nil, err
	}
	known := map[string]*resource{}
	for _, document := range strings.Split(string(text), "\n---\n") {
		definition := &apiextensionsv1.CustomResourceDefinition{}
		if err := yaml.Unmarshal([]byte(document), definition); err != nil {
			return nil, err
		}
		for _, version := range definition.Spec.Versions {
			kind := definition.Spec.Group + "/" + version.Name + " " + definition.Spec.Names.Kind
			if known[kind], err = newResource(version.Schema); err != nil {
				return nil, fmt.Errorf("%s: %w", kind, err)
			}
		}
	}
	return known, nil
})

func newResource(v1 *apiextensionsv1.CustomResourceValidation) (*resource, error) {
	internal := &apiextensions.CustomResourceValidation{}
	if err := apiextensionsv1.Convert_v1_CustomResourceValidation_To_apiextensions_CustomResourceValidation(v1, internal, nil); err != nil {
		return nil, err
	}
	structural, err := schema.NewStructural(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	openAPI, _, err := validation.NewSchemaValidator(internal.OpenAPIV3Schema)
	if err != nil {
		return nil, err
	}
	return &resource{structural, openAPI, cel.NewValidator(structural, true, celconfig.PerCallLimit)}, nil
}
