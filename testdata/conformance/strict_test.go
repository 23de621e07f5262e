package conformance

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"istio.io/api/mesh/v1alpha1"
	"istio.io/istio/operator/pkg/apis"
	"istio.io/istio/operator/pkg/apis/validation"
	"istio.io/istio/operator/pkg/values"
	"istio.io/istio/pkg/log"
	"istio.io/istio/pkg/util/protomarshal"
	"sigs.k8s.io/yaml"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
)

// TestStrictOperators proves that package istio says of an IstioOperator what istioctl says, and of the mesh config in
// it what decoding strictly says: for those of every example, with each field misspelt and each scalar of another kind.
func TestStrictOperators(t *testing.T) {
	of, _ := istio.Object("install.istio.io/v1alpha1", "IstioOperator")
	eachCluster(t, func(t *testing.T, c *cluster) {
		for _, file := range c.operators(t) {
			var whole map[string]any
			if err := yaml.Unmarshal(read(t, c.path(file)), &whole); err != nil {
				t.Fatal(err)
			}
			sameResult(t, whole, of, istioctlAndStrict)
			mutate(whole, false, func() { sameResult(t, whole, of, istioctlAndStrict) })
		}
	})
}

// TestStrictFields proves the same of every field that istioctl, istiod and the CRDs of Istio have.
func TestStrictFields(t *testing.T) {
	for name, c := range map[string]struct {
		of      istio.Type
		sample  func(*sampler)
		refuses func(*testing.T, map[string]any) error
	}{
		"meshConfig": {istio.MeshConfig(), (*sampler).meshConfig, strictMeshConfig},
		"values":     {istio.Values(), (*sampler).values, within("values")},
		"components": {istio.Components(), (*sampler).components, within("components")},
	} {
		t.Run(name, func(t *testing.T) {
			log.FindScope("validation").SetOutputLevel(log.NoneLevel) // it warns of half an extension provider
			s := &sampler{t: t, done: map[string]bool{}}
			c.sample(s)
			if len(s.documents) < 200 {
				t.Fatalf("only %d fields", len(s.documents))
			}
			for _, d := range s.documents {
				sameResult(t, d, c.of, c.refuses)
				mutate(d, true, func() { sameResult(t, d, c.of, c.refuses) })
			}
		})
	}
}

// sameResult compares what package istio reports of a document with what a decoder does.
func sameResult(t *testing.T, d map[string]any, of istio.Type, refuses func(*testing.T, map[string]any) error) {
	t.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	found := &diag.List{}
	problems := istio.Check(document.ReadJSON("d.json", text, found), of)
	if found.HasErrors() {
		t.Fatalf("ReadJSON(%s) fails", text)
	}
	problem := ""
	if len(problems) > 0 {
		problem = problems[0].Message("it")
	}
	if err := refuses(t, d); (err != nil) != (problem != "") && !differs(t, problem, err) {
		t.Errorf("%.300s:\n\tpackage istio says %q,\n\tthe decoder %v", text, problem, err)
	}
}

// differs has the differences that are meant: encoding/json reads a list of numbers as bytes; and where istioctl
// decodes a part of the values as a type of Kubernetes, it lets pass a number or a boolean for a string, which the API
// server refuses once the chart has put it into a manifest.
func differs(t *testing.T, problem string, err error) bool {
	if strings.HasSuffix(problem, " must be a text in base64, not a list") {
		return err == nil
	}
	path, _, ok := strings.Cut(problem, " must be a string, not ")
	return ok && err == nil && slices.ContainsFunc(strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' }), func(name string) bool {
		for field := range linkedStructs(t) {
			if name == string(field.Name()) {
				return true
			}
		}
		return false
	})
}

// istioctlAndStrict is what istioctl refuses, and what is unknown in the mesh config, which istioctl and istiod ignore.
func istioctlAndStrict(t *testing.T, d map[string]any) error {
	if err := istioctl(d); err != nil {
		return err
	}
	spec, _ := d["spec"].(map[string]any)
	if mesh, ok := spec["meshConfig"].(map[string]any); ok {
		return strictMeshConfig(t, mesh)
	}
	return nil
}

// istioctl decodes an IstioOperator as istioctl does, and gives what it says of its types.
func istioctl(d map[string]any) error {
	_, errs := validation.ParseAndValidateIstioOperator(values.Map(d), nil)
	for _, err := range errs {
		if err != nil && slices.ContainsFunc([]string{"unmarshal", "invalid schema", "convert to proto"}, func(part string) bool { return strings.Contains(err.Error(), part) }) {
			return err
		}
	}
	return nil
}

// within decodes a part of the spec of an IstioOperator.
func within(part string) func(*testing.T, map[string]any) error {
	return func(t *testing.T, d map[string]any) error {
		if err := istioctl(map[string]any{"spec": map[string]any{part: d}}); err != nil || part != "values" {
			return err
		}
		return strictParts(t, d)
	}
}

// strictParts decodes what istioctl decodes loosely: the mesh config and the networks among the values, which go to
// ConfigMaps.
func strictParts(t *testing.T, d map[string]any) error {
	if mesh, ok := d["meshConfig"].(map[string]any); ok {
		return strictMeshConfig(t, mesh)
	}
	if d["meshConfig"] != nil {
		return fmt.Errorf("meshConfig is a %T", d["meshConfig"])
	}
	global, _ := d["global"].(map[string]any)
	if networks, ok := global["meshNetworks"].(map[string]any); ok {
		return strictMessage(map[string]any{"networks": networks}, &v1alpha1.MeshNetworks{})
	}
	return nil
}

func strictMeshConfig(_ *testing.T, d map[string]any) error {
	return strictMessage(d, &v1alpha1.MeshConfig{})
}

// strictMessage decodes as Istio does, but strictly. Istio's decoder lets pass, and protobuf's own does not, two
// members of a oneof and one field under both names.
func strictMessage(d map[string]any, m proto.Message) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	if err := protomarshal.ApplyJSONStrict(string(text), m); err != nil {
		return err
	}
	proto.Reset(m)
	if err := protojson.Unmarshal(text, m); err != nil && (strings.Contains(err.Error(), "oneof") || strings.Contains(err.Error(), "duplicate field")) {
		return err
	}
	return nil
}

// others are values of all kinds.
var others = []any{true, 7, 1.5, -1, 4294967296, "word", "7", "-7", "true", "1.5", "", []any{}, []any{"x"}, []any{7}, map[string]any{}, map[string]any{"a": "b"}, nil}

// mutate runs f with every field of a document misspelt and every value of every other kind, one at a time. With ends
// it leaves what holds fields or objects alone: there is another document for it.
func mutate(d any, ends bool, f func()) {
	switch d := d.(type) {
	case map[string]any:
		for _, key := range sortedKeys(d) {
			value := d[key]
			if !ends || isEnd(value) {
				delete(d, key)
				d[key+"x"] = value
				f()
				delete(d, key+"x")
				for _, other := range others {
					d[key] = other
					f()
				}
				d[key] = value
			}
			mutate(value, ends, f)
		}
	case []any:
		for i, value := range d {
			if !ends || isEnd(value) {
				for _, other := range others {
					d[i] = other
					f()
				}
				d[i] = value
			}
			mutate(value, ends, f)
		}
	}
}

func isEnd(value any) bool {
	switch value := value.(type) {
	case map[string]any:
		return len(value) == 0
	case []any:
		return len(value) == 0 || isEnd(value[0])
	}
	return true
}

// sampler makes a document for every field of a type: one with that field alone. Each type is gone into once.
type sampler struct {
	t         *testing.T
	done      map[string]bool
	documents []map[string]any
}

func (s *sampler) meshConfig() {
	s.message((&v1alpha1.MeshConfig{}).ProtoReflect().Descriptor(), itself)
}
func (s *sampler) values()     { s.message((&apis.Values{}).ProtoReflect().Descriptor(), itself) }
func (s *sampler) components() { s.goStruct(reflect.TypeFor[apis.IstioComponentSpec](), itself) }

// wrap puts a value where it belongs in a document.
type wrap func(any) map[string]any

func itself(v any) map[string]any { return v.(map[string]any) }

func (w wrap) field(name string) wrap {
	return func(v any) map[string]any { return w(map[string]any{name: v}) }
}

func (w wrap) item() wrap {
	return func(v any) map[string]any { return w([]any{v}) }
}

func (s *sampler) message(d protoreflect.MessageDescriptor, in wrap) {
	if s.done[string(d.FullName())] {
		return
	}
	s.done[string(d.FullName())] = true
	for i := range d.Fields().Len() {
		f := d.Fields().Get(i)
		s.protoField(f, in.field(f.JSONName()))
		s.add(in.field(string(f.Name()))(nil))
		s.oneof(f, in)
	}
}

// oneof adds a document with the field and another member of its oneof.
func (s *sampler) oneof(f protoreflect.FieldDescriptor, in wrap) {
	o := f.ContainingOneof()
	if o == nil || o.Fields().Len() < 2 {
		return
	}
	other := o.Fields().Get((f.Index() + 1) % o.Fields().Len())
	if other != f {
		s.add(in(map[string]any{f.JSONName(): protoSample(f), other.JSONName(): protoSample(other)}))
	}
}

func (s *sampler) protoField(f protoreflect.FieldDescriptor, in wrap) {
	element := f
	switch {
	case f.IsMap():
		in, element = in.field("7"), f.MapValue()
	case f.IsList():
		in = in.item()
	}
	s.add(in(protoSample(element)))
	if special, ok := linkedStructs(s.t)[f.FullName()]; ok {
		s.goValue(special, in)
	} else if element.Message() != nil && wellKnown[element.Message().FullName()] == "" {
		s.message(element.Message(), in)
	}
	switch f.FullName() {
	case "istio.operator.v1alpha1.Values.meshConfig":
		s.message((&v1alpha1.MeshConfig{}).ProtoReflect().Descriptor(), in)
	case "istio.operator.v1alpha1.GlobalConfig.meshNetworks":
		s.message((&v1alpha1.Network{}).ProtoReflect().Descriptor(), in.field("net"))
	}
}

// protoSample gives a value of a field, or of an item of it.
func protoSample(f protoreflect.FieldDescriptor) any {
	switch f.Kind() {
	case protoreflect.BoolKind:
		return true
	case protoreflect.StringKind:
		return "x"
	case protoreflect.BytesKind:
		return "eA=="
	case protoreflect.EnumKind:
		return string(f.Enum().Values().Get(0).Name())
	case protoreflect.MessageKind:
		return wellKnownSamples[wellKnown[f.Message().FullName()]]
	}
	return 7
}

// wellKnownSamples has a value for each of the words of the table that stand for a message, and for a message.
var wellKnownSamples = map[string]any{
	"": map[string]any{}, "bool": true, "string": "x", "bytes": "eA==", "int32": 7, "int64": 7, "uint32": 7, "uint64": 7,
	"float": 1.5, "double": 1.5, "duration": "10s", "timestamp": "2026-01-02T15:04:05Z", "object": map[string]any{}, "any": map[string]any{},
	"[]any": []any{}, "intorstring": 7, "quantity": "500m", "plain-int64": 7,
}

func (s *sampler) goValue(of reflect.Type, in wrap) {
	if known, ok := ownJSON[of]; ok {
		s.add(in(wellKnownSamples[known]))
		return
	}
	switch of.Kind() {
	case reflect.Pointer:
		s.goValue(of.Elem(), in)
	case reflect.Slice:
		s.goValue(of.Elem(), in.item())
	case reflect.Map:
		s.goValue(of.Elem(), in.field("a"))
	case reflect.Struct:
		s.goStruct(of, in)
	case reflect.Interface:
		s.add(in(map[string]any{}))
	case reflect.String:
		s.add(in("x"))
	case reflect.Bool:
		s.add(in(true))
	default:
		s.add(in(7))
	}
}

func (s *sampler) goStruct(of reflect.Type, in wrap) {
	if s.done[of.String()] {
		s.add(in(map[string]any{}))
		return
	}
	s.done[of.String()] = true
	for i := range of.NumField() {
		f := of.Field(i)
		switch name, _, _ := strings.Cut(f.Tag.Get("json"), ","); {
		case name == "-" || !f.IsExported():
		case f.Anonymous && name == "":
			s.goStruct(f.Type, in)
		default:
			s.goValue(f.Type, in.field(name))
		}
	}
}

// add keeps a document of its own: mutating it must not change another one's samples.
func (s *sampler) add(d map[string]any) {
	text, err := json.Marshal(d)
	if err != nil {
		s.t.Fatal(err)
	}
	var fresh map[string]any
	if err := json.Unmarshal(text, &fresh); err != nil {
		s.t.Fatal(err)
	}
	s.documents = append(s.documents, fresh)
}

// TestStrictObjects proves that package istio knows every kind in the examples, and finds nothing in them.
func TestStrictObjects(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		tree := filepath.Join(e.dir, "want", "clusters")
		for _, name := range files(t, tree) {
			if filepath.Ext(name) != ".yaml" || filepath.Base(name) == "kustomization.yaml" || isValues(name) {
				continue
			}
			for _, o := range load(t, filepath.Join(tree, name)) {
				of, ok := istio.Object(o.GetAPIVersion(), o.GetKind())
				if elsewhere(o) {
					continue
				}
				if !ok {
					t.Errorf("%s: package istio does not know %s %s", name, o.GetAPIVersion(), o.GetKind())
					continue
				}
				sameResult(t, o.Object, of, func(*testing.T, map[string]any) error { return nil })
			}
		}
	})
}
