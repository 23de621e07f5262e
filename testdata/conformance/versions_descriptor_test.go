package conformance

import (
	"bytes"
	"compress/gzip"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

type protoFile = protoreflect.FileDescriptor

// descriptors reads the descriptors of one release from the Go files that protoc wrote, without linking them.
type descriptors struct {
	t     *testing.T
	r     release
	files map[string]protoFile
}

// FindFileByPath gives the descriptor of a file that another one imports. Google's own are the linked ones.
func (d *descriptors) FindFileByPath(name string) (protoreflect.FileDescriptor, error) {
	switch {
	case strings.HasPrefix(name, "github.com/gogo/"): // options that nothing here asks for
		return nil, protoregistry.NotFound
	case strings.HasPrefix(name, "google/"):
		return protoregistry.GlobalFiles.FindFileByPath(name)
	}
	if file, ok := d.files[name]; ok {
		return file, nil
	}
	description := rawDescriptor(d.t, d.generated(name))
	file, err := protodesc.FileOptions{AllowUnresolvable: true}.New(description, d)
	if err != nil {
		return nil, err
	}
	d.files[name] = file
	return file, nil
}

// FindDescriptorByName is asked only for names in the files above.
func (d *descriptors) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	for _, file := range d.files {
		if found := file.Messages().ByName(name.Name()); found != nil && found.FullName() == name {
			return found, nil
		}
		if found := file.Enums().ByName(name.Name()); found != nil && found.FullName() == name {
			return found, nil
		}
	}
	return protoregistry.GlobalFiles.FindDescriptorByName(name)
}

// generated gives the Go file with the descriptor of a file.
func (d *descriptors) generated(name string) string {
	generated := strings.TrimSuffix(name, ".proto") + ".pb.go"
	for _, module := range []string{"k8s.io/api", "k8s.io/apimachinery"} {
		if below, ok := strings.CutPrefix(generated, module+"/"); ok {
			return filepath.Join(downloaded(d.t, module, d.r.kubernetes), below)
		}
	}
	if name == valuesProto {
		return filepath.Join(d.r.source, "operator", generated)
	}
	return filepath.Join(downloaded(d.t, "istio.io/api", d.r.api), generated)
}

// message gives the descriptor of a message at the top of a file.
func (d *descriptors) message(file string, name protoreflect.Name) protoreflect.MessageDescriptor {
	d.t.Helper()
	found, err := d.FindFileByPath(file)
	if err != nil {
		d.t.Fatalf("%s of Istio 1.%d: %v", file, d.r.minor, err)
	}
	return found.Messages().ByName(name)
}

// rawDescriptor finds the bytes of a descriptor in a Go file: protoc-gen-go writes them as bytes or, since 2025, as a
// string, gogo as compressed bytes.
func rawDescriptor(t *testing.T, file string) *descriptorpb.FileDescriptorProto {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var raw []byte
	ast.Inspect(syntax, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || raw != nil {
			return true
		}
		switch name := spec.Names[0].Name; {
		case strings.HasSuffix(name, "_rawDesc"):
			raw = constantBytes(t, spec.Values[0])
		case strings.HasPrefix(name, "fileDescriptor_"):
			raw = unzipped(t, constantBytes(t, spec.Values[0]))
		}
		return false
	})
	description := &descriptorpb.FileDescriptorProto{}
	if err := proto.Unmarshal(raw, description); err != nil || len(raw) == 0 {
		t.Fatalf("%s has no descriptor: %v", filepath.Base(file), err)
	}
	return description
}

// constantBytes gives the value of []byte{0x0a, …} or of "…" + "…".
func constantBytes(t *testing.T, e ast.Expr) []byte {
	switch e := e.(type) {
	case *ast.CompositeLit:
		all := make([]byte, 0, len(e.Elts))
		for _, element := range e.Elts {
			b, err := strconv.ParseUint(element.(*ast.BasicLit).Value, 0, 8)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, byte(b))
		}
		return all
	case *ast.BinaryExpr:
		return append(constantBytes(t, e.X), constantBytes(t, e.Y)...)
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(text)
	}
	t.Fatalf("a descriptor is written as %T", e)
	return nil
}

func unzipped(t *testing.T, compressed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
