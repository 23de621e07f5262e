package conformance

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"istio.io/istio/pkg/config/schema/collections"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"meshtopo.dev/meshtopo/schema/istio"
)

// TestStrictCustomKinds proves that package istio says of every field of Istio's resources what an API server says that
// has their CRDs, and whether they are known in every version that is served.
func TestStrictCustomKinds(t *testing.T) {
	served, err := resources()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range collections.All.All() {
		if !strings.HasSuffix(kind.Group(), ".istio.io") || !strings.HasPrefix(kind.Proto(), "istio.") {
			continue
		}
		r, ok := served[kind.APIVersion()+" "+kind.Kind()]
		if !ok {
			continue // MeshConfig and its like
		}
		t.Run(kind.Kind(), func(t *testing.T) {
			of, ok := istio.Object(kind.APIVersion(), kind.Kind())
			if !ok || !istio.KnowsGroup(kind.Group()) {
				t.Fatal("package istio does not know it")
			}
			s := &sampler{t: t, done: map[string]bool{}}
			spec := reflect.New(reflect.TypeOf(kind.MustNewInstance()).Elem()).Interface().(proto.Message)
			s.message(spec.ProtoReflect().Descriptor(), wrap(itself).field("spec"))
			for _, d := range s.documents {
				d["apiVersion"], d["kind"], d["metadata"] = kind.APIVersion(), kind.Kind(), map[string]any{"name": "x"}
				check := func() {
					if !holdsNull(d) {
						sameResult(t, d, of, func(t *testing.T, d map[string]any) error { return r.refusesType(t, d, spec) })
					}
				}
				check()
				mutate(d["spec"], true, check)
			}
		})
	}
}

// aboutTypes are parts of what an API server says of fields that are unknown, of values of a wrong type, and of two
// members of a oneof.
var aboutTypes = []string{
	"unknown field", "must be of type", "Unsupported value", "must validate one and only one schema (oneOf)", "must not validate the schema (not)",
}

// holdsNull reports whether null stands anywhere. The API server refuses it in most places; package istio takes it for
// a value that is not given, as the decoders of Istio do.
func holdsNull(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return slices.ContainsFunc(slices.Collect(maps.Values(value)), holdsNull)
	case []any:
		return slices.ContainsFunc(value, holdsNull)
	}
	return value == nil
}

// refusesType gives what an API server says of these, not of what is missing, or what decoding strictly says: not every
// CRD has a rule for durations, oneofs and numbers without a sign. That the API server refuses bytes that are none is
// left out.
func (r *resource) refusesType(t *testing.T, d map[string]any, spec proto.Message) error {
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if err := json.Unmarshal(text, &object); err != nil {
		t.Fatal(err)
	}
	for _, err := range r.check(object) {
		m := err.Error()
		if !strings.Contains(m, `must be of type byte: ""`) && slices.ContainsFunc(aboutTypes, func(part string) bool { return strings.Contains(m, part) }) {
			return err
		}
	}
	if of, ok := d["spec"].(map[string]any); ok {
		return strictMessage(of, proto.Clone(spec))
	}
	return nil
}

// TestStrictKubernetes proves the same of Kubernetes' own kinds and the strict decoder of its API server.
func TestStrictKubernetes(t *testing.T) {
	for apiVersion, kinds := range map[string][]any{
		"v1":                              {corev1.Namespace{}, corev1.Service{}, corev1.Secret{}, corev1.ServiceAccount{}, corev1.ConfigMap{}},
		"admissionregistration.k8s.io/v1": {admissionv1.MutatingWebhookConfiguration{}},
		"rbac.authorization.k8s.io/v1":    {rbacv1.Role{}, rbacv1.ClusterRole{}, rbacv1.RoleBinding{}, rbacv1.ClusterRoleBinding{}},
		"discovery.k8s.io/v1":             {discoveryv1.EndpointSlice{}},
	} {
		for _, kind := range kinds {
			of := reflect.TypeOf(kind)
			t.Run(of.Name(), func(t *testing.T) {
				known, ok := istio.Object(apiVersion, of.Name())
				if !ok {
					t.Fatal("package istio does not know it")
				}
				s := &sampler{t: t, done: map[string]bool{}}
				s.goStruct(of, itself)
				for _, d := range s.documents {
					if d["kind"] != nil || d["apiVersion"] != nil {
						continue
					}
					check := func() { sameResult(t, typed(d, apiVersion, of.Name()), known, strictKubernetes) }
					check()
					mutate(d, true, check)
				}
			})
		}
	}
}

// typed gives an object with its kind.
func typed(d map[string]any, apiVersion, kind string) map[string]any {
	object := map[string]any{"apiVersion": apiVersion, "kind": kind}
	for key, value := range d {
		object[key] = value
	}
	return object
}

func strictKubernetes(t *testing.T, d map[string]any) error {
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = strict().Decode(text, nil, nil)
	return err
}
