package conformance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// message gives the expression for a message and adds its type.
func (b *tableBuilder) message(d protoreflect.MessageDescriptor) string {
	if known, ok := wellKnown[d.FullName()]; ok {
		return known
	}
	name := string(d.FullName())
	b.add(name, name+" proto", func() []string {
		var lines []string
		for i := range d.Fields().Len() {
			lines = append(lines, b.protoField(d.Fields().Get(i)))
		}
		slices.Sort(lines)
		return lines
	})
	return "@" + name
}

// wellKnown has the messages that protobuf's JSON writes as something else than an object with their fields, and the
// one for which Istio does so.
var wellKnown = map[protoreflect.FullName]string{
	"google.protobuf.BoolValue":           "bool",
	"google.protobuf.StringValue":         "string",
	"google.protobuf.BytesValue":          "bytes",
	"google.protobuf.Int32Value":          "int32",
	"google.protobuf.Int64Value":          "int64",
	"google.protobuf.UInt32Value":         "uint32",
	"google.protobuf.UInt64Value":         "uint64",
	"google.protobuf.FloatValue":          "float",
	"google.protobuf.DoubleValue":         "double",
	"google.protobuf.Duration":            "duration",
	"google.protobuf.Timestamp":           "timestamp",
	"google.protobuf.Struct":              "object",
	"google.protobuf.Value":               "any",
	"google.protobuf.ListValue":           "[]any",
	"istio.operator.v1alpha1.IntOrString": "intorstring",
}

// servedNames are the fields whose other name the CRDs have as well. TestStrictCustomKinds misses one that is not here.
var servedNames = map[protoreflect.FullName]bool{
	"istio.networking.v1alpha3.HTTPRoute.mirror_percent": true,
	"istio.security.v1beta1.JWTRule.jwks_uri":            true,
}

// protoField gives the line of a field: its names, what it holds, and what else is said of it.
func (b *tableBuilder) protoField(f protoreflect.FieldDescriptor) string {
	names := f.JSONName()
	if string(f.Name()) != names {
		names += "," + string(f.Name())
	}
	line := names + " " + b.protoExpression(f)
	if o := f.ContainingOneof(); o != nil && !o.IsSynthetic() {
		line += " oneof=" + string(o.Name())
	}
	if servedNames[f.FullName()] {
		line += " served"
	}
	if options, ok := f.Options().(*descriptorpb.FieldOptions); ok && options.GetDeprecated() {
		line += " deprecated"
	}
	return line
}

func (b *tableBuilder) protoExpression(f protoreflect.FieldDescriptor) string {
	if special := b.special(f); special != "" {
		return special
	}
	switch {
	case f.IsMap() && f.MapKey().Kind() == protoreflect.Uint32Kind:
		return "{uint32}" + b.protoScalar(f.MapValue())
	case f.IsMap() && f.MapKey().Kind() != protoreflect.StringKind:
		b.t.Fatalf("%s is a map with keys of kind %s, which the table cannot say", f.FullName(), f.MapKey().Kind())
		return ""
	case f.IsMap():
		return "{}" + b.protoScalar(f.MapValue())
	case f.IsList():
		return "[]" + b.protoScalar(f)
	}
	return b.protoScalar(f)
}

// special gives the expression of a field that Istio reads more strictly than its descriptor says.
func (b *tableBuilder) special(f protoreflect.FieldDescriptor) string {
	switch f.FullName() {
	case "istio.operator.v1alpha1.Values.meshConfig":
		return b.message(b.mesh) + " by=istiod"
	case "istio.operator.v1alpha1.GlobalConfig.meshNetworks":
		return "{}" + b.message(b.network) + " by=istiod"
	}
	if of, ok := b.structs[f.FullName()]; ok {
		expression := b.goExpression(of)
		if f.IsList() {
			return "[]" + expression
		}
		return expression
	}
	return ""
}

func (b *tableBuilder) protoScalar(f protoreflect.FieldDescriptor) string {
	switch f.Kind() {
	case protoreflect.MessageKind:
		return b.message(f.Message())
	case protoreflect.EnumKind:
		name := string(f.Enum().FullName())
		b.add(name, name+" enum", func() []string {
			var values []string
			for i := range f.Enum().Values().Len() {
				values = append(values, string(f.Enum().Values().Get(i).Name()))
			}
			return values
		})
		return "%" + name
	case protoreflect.Sint32Kind, protoreflect.Sfixed32Kind:
		return "int32"
	case protoreflect.Fixed32Kind:
		return "uint32"
	case protoreflect.Sint64Kind, protoreflect.Sfixed64Kind:
		return "int64"
	case protoreflect.Fixed64Kind:
		return "uint64"
	}
	return f.Kind().String() // bool, int32, int64, uint32, uint64, float, double, string, bytes
}

// kubernetesTypes are the types that istioctl decodes parts of the values as, by their names in its source.
var kubernetesTypes = map[string]reflect.Type{
	"corev1.Affinity":                 reflect.TypeFor[corev1.Affinity](),
	"corev1.Lifecycle":                reflect.TypeFor[corev1.Lifecycle](),
	"corev1.NodeSelector":             reflect.TypeFor[corev1.NodeSelector](),
	"corev1.SeccompProfile":           reflect.TypeFor[corev1.SeccompProfile](),
	"corev1.Toleration":               reflect.TypeFor[corev1.Toleration](),
	"corev1.TopologySpreadConstraint": reflect.TypeFor[corev1.TopologySpreadConstraint](),
	"corev1.Volume":                   reflect.TypeFor[corev1.Volume](),
	"corev1.VolumeMount":              reflect.TypeFor[corev1.VolumeMount](),
	"metav1.LabelSelector":            reflect.TypeFor[metav1.LabelSelector](),
}

// validatedStructs reads from the source of istioctl's validation which parts of the values, objects of any kind by
// their descriptors, it decodes strictly as a type of Kubernetes: runKube(values.GetCni().GetAffinity(),
// &corev1.Affinity{}, …). Before Istio 1.29 their descriptors said so.
func validatedStructs(t *testing.T, source string, values protoreflect.MessageDescriptor) map[protoreflect.FullName]reflect.Type {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), filepath.Join(source, "operator/pkg/apis/validation/validation.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	structs := map[protoreflect.FullName]reflect.Type{}
	ast.Inspect(syntax, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if name, isIdent := callee(call, ok); !isIdent || !strings.HasPrefix(name, "runKube") {
			return true
		}
		literal := call.Args[1].(*ast.UnaryExpr).X.(*ast.CompositeLit).Type.(*ast.SelectorExpr)
		typeName := literal.X.(*ast.Ident).Name + "." + literal.Sel.Name
		of, known := kubernetesTypes[typeName]
		if !known {
			t.Fatalf("istioctl decodes values as a %s, which kubernetesTypes does not have", typeName)
		}
		structs[gotten(t, call.Args[0], values)] = of
		return true
	})
	return structs
}

func callee(call *ast.CallExpr, ok bool) (string, bool) {
	if !ok {
		return "", false
	}
	id, ok := call.Fun.(*ast.Ident)
	if !ok {
		return "", false
	}
	return id.Name, true
}

// gotten gives the field that values.GetCni().GetAffinity() reads.
func gotten(t *testing.T, e ast.Expr, message protoreflect.MessageDescriptor) protoreflect.FullName {
	t.Helper()
	var names []string
	for call, ok := e.(*ast.CallExpr); ok; call, ok = e.(*ast.CallExpr) {
		selector := call.Fun.(*ast.SelectorExpr)
		names = append([]string{strings.TrimPrefix(selector.Sel.Name, "Get")}, names...)
		e = selector.X
	}
	for i, name := range names {
		field := fieldOfGetter(message, name)
		if field == nil {
			t.Fatalf("%s has no field %s", message.FullName(), name)
		}
		if i == len(names)-1 {
			return field.FullName()
		}
		message = field.Message()
	}
	return ""
}

// fieldOfGetter gives the field that GetName reads: Go writes its name without underscores, and in capitals what comes
// after one.
func fieldOfGetter(message protoreflect.MessageDescriptor, name string) protoreflect.FieldDescriptor {
	plain := func(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }
	for i := range message.Fields().Len() {
		if f := message.Fields().Get(i); plain(string(f.Name())) == plain(name) {
			return f
		}
	}
	return nil
}
