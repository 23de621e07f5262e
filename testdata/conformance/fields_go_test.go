package conformance

import (
	"encoding/json"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"

	"istio.io/api/mesh/v1alpha1"
	"istio.io/istio/operator/pkg/apis"
	apiresource "k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"

	"google.golang.org/protobuf/proto"
)

// ownJSON has the Go types that read their JSON themselves.
var ownJSON = map[reflect.Type]string{
	reflect.TypeFor[apis.BoolValue]():       "bool",
	reflect.TypeFor[intstr.IntOrString]():   "intorstring",
	reflect.TypeFor[apiresource.Quantity](): "quantity",
	reflect.TypeFor[metav1.Time]():          "timestamp",
	reflect.TypeFor[metav1.MicroTime]():     "timestamp",
	reflect.TypeFor[metav1.Duration]():      "duration",
	reflect.TypeFor[metav1.FieldsV1]():      "any",
	reflect.TypeFor[runtime.RawExtension](): "any",
	reflect.TypeFor[json.RawMessage]():      "any",
	reflect.TypeFor[[]byte]():               "bytes",
	reflect.TypeFor[time.Duration]():        "plain-int64",
}

// goExpression gives the expression for a Go type as encoding/json reads it, and adds the structs in it.
func (b *tableBuilder) goExpression(of reflect.Type) string {
	if known, ok := ownJSON[of]; ok {
		return known
	}
	if reflect.PointerTo(of).Implements(reflect.TypeFor[proto.Message]()) {
		return b.message(reflect.New(of).Interface().(proto.Message).ProtoReflect().Descriptor())
	}
	switch of.Kind() {
	case reflect.Pointer:
		return b.goExpression(of.Elem())
	case reflect.Slice:
		return "[]" + b.goExpression(of.Elem())
	case reflect.Map:
		if of.Key().Kind() != reflect.String {
			b.t.Fatalf("%s has keys that are no strings", of)
		}
		return "{}" + b.goExpression(of.Elem())
	case reflect.Struct:
		return b.goStruct(of)
	case reflect.Interface:
		return "any"
	case reflect.String, reflect.Bool:
		return of.Kind().String()
	case reflect.Int32, reflect.Int64, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return "plain-" + of.Kind().String()
	case reflect.Int:
		return "plain-int64"
	case reflect.Float64:
		return "plain-double"
	}
	b.t.Fatalf("%s is a Go type that the table cannot say", of)
	return ""
}

func (b *tableBuilder) goStruct(of reflect.Type) string {
	if reflect.PointerTo(of).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		b.t.Fatalf("%s reads its JSON itself, and ownJSON does not have it", of)
	}
	name := path.Base(path.Dir(of.PkgPath())) + "/" + path.Base(of.PkgPath()) + "." + of.Name()
	b.add(name, name+" go", func() []string { return b.goFields(of) })
	return "@" + name
}

func (b *tableBuilder) goFields(of reflect.Type) []string {
	var lines []string
	for i := range of.NumField() {
		f := of.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported():
		case f.Anonymous && name == "":
			lines = append(lines, b.goFields(f.Type)...)
		case name == "":
			lines = append(lines, f.Name+" "+b.goExpression(f.Type))
		case of == reflect.TypeFor[apis.IstioOperatorSpec]() && name == "meshConfig":
			lines = append(lines, name+" "+b.message((&v1alpha1.MeshConfig{}).ProtoReflect().Descriptor())+" by=istiod")
		case of == reflect.TypeFor[apis.IstioOperatorSpec]() && name == "values":
			lines = append(lines, name+" "+b.message((&apis.Values{}).ProtoReflect().Descriptor()))
		default:
			lines = append(lines, name+" "+b.goExpression(f.Type))
		}
	}
	slices.Sort(lines)
	return lines
}
