package conformance

import (
	"fmt"
	"reflect"
	"strings"

	"istio.io/api/mesh/v1alpha1"
	"istio.io/istio/operator/pkg/apis"
	"istio.io/istio/pkg/config/schema/collections"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	gatewayv1 "sigs.k8s.io/gateway-api/apis/v1"
	gatewayv1alpha2 "sigs.k8s.io/gateway-api/apis/v1alpha2"
	gatewayv1alpha3 "sigs.k8s.io/gateway-api/apis/v1alpha3"
	gatewayv1beta1 "sigs.k8s.io/gateway-api/apis/v1beta1"
)

// sail is an object of the Sail operator (sailoperator.io/v1), which is no module of this graph: its top-level fields
// are those of api/v1/istio_types.go, istiocni_types.go, ztunnel_types.go and istiorevisiontags_types.go in
// github.com/istio-ecosystem/sail-operator. The values are Istio's, generated from the same descriptors.
type sail[Spec any] struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata"`
	Spec              Spec `json:"spec"`
	Status            any  `json:"status"`
}

type sailIstioSpec struct {
	Version        string              `json:"version"`
	UpdateStrategy *sailUpdateStrategy `json:"updateStrategy"`
	Profile        string              `json:"profile"`
	Namespace      string              `json:"namespace"`
	Values         *apis.Values        `json:"values"`
}

type sailUpdateStrategy struct {
	Type                                       string `json:"type"`
	InactiveRevisionDeletionGracePeriodSeconds *int64 `json:"inactiveRevisionDeletionGracePeriodSeconds"`
	UpdateWorkloads                            bool   `json:"updateWorkloads"`
}

type sailPartSpec struct {
	Version   string `json:"version"`
	Profile   string `json:"profile"`
	Namespace string `json:"namespace"`
	Values    any    `json:"values"`
}

type sailZTunnelSpec struct { // v1alpha1 has a profile as well
	Version   string      `json:"version"`
	Namespace string      `json:"namespace"`
	Values    any         `json:"values"`
	TargetRef *sailTarget `json:"targetRef"`
}

type sailTagSpec struct {
	TargetRef *sailTarget `json:"targetRef"`
}

type sailTarget struct {
	Kind string `json:"kind"`
	Name string `json:"name"`
}

// kinds gives a line for each kind of object, and adds its type.
func (b *tableBuilder) kinds() []string {
	lines := []string{
		b.kind("install.istio.io/v1alpha1", "IstioOperator", b.goExpression(reflect.TypeFor[apis.IstioOperator]()), "istioctl"),
		b.kind("sailoperator.io/v1", "Istio", b.goStructAs("sailoperator.io/Istio", reflect.TypeFor[sail[sailIstioSpec]]()), "server"),
		b.kind("sailoperator.io/v1", "IstioCNI", b.goStructAs("sailoperator.io/IstioCNI", reflect.TypeFor[sail[sailPartSpec]]()), "server"),
		b.kind("sailoperator.io/v1", "ZTunnel", b.goStructAs("sailoperator.io/ZTunnel", reflect.TypeFor[sail[sailZTunnelSpec]]()), "server"),
		b.kind("sailoperator.io/v1", "IstioRevisionTag", b.goStructAs("sailoperator.io/IstioRevisionTag", reflect.TypeFor[sail[sailTagSpec]]()), "server"),
	}
	for _, o := range []any{corev1.Namespace{}, corev1.Service{}, corev1.Secret{}, corev1.ServiceAccount{}, corev1.ConfigMap{}} {
		lines = append(lines, b.goKind("v1", o))
	}
	for _, o := range []any{rbacv1.Role{}, rbacv1.ClusterRole{}, rbacv1.RoleBinding{}, rbacv1.ClusterRoleBinding{}} {
		lines = append(lines, b.goKind("rbac.authorization.k8s.io/v1", o))
	}
	lines = append(lines,
		b.goKind("admissionregistration.k8s.io/v1", admissionv1.MutatingWebhookConfiguration{}),
		b.goKind("discovery.k8s.io/v1", discoveryv1.EndpointSlice{}),
		b.goKind("gateway.networking.k8s.io/v1", gatewayv1.Gateway{}),
		b.goKind("gateway.networking.k8s.io/v1beta1", gatewayv1beta1.Gateway{}),
		b.goKind("gateway.networking.k8s.io/v1", gatewayv1.TLSRoute{}),
		b.goKind("gateway.networking.k8s.io/v1alpha2", gatewayv1alpha2.TLSRoute{}),
		b.goKind("gateway.networking.k8s.io/v1alpha3", gatewayv1alpha3.TLSRoute{}),
	)
	b.message((&v1alpha1.MeshNetworks{}).ProtoReflect().Descriptor())
	return append(lines, b.customKinds()...)
}

// customKinds gives the kinds for which Istio installs a CRD, in each version that it serves.
func (b *tableBuilder) customKinds() []string {
	specs := map[string]string{}
	for _, s := range collections.All.All() {
		if strings.HasSuffix(s.Group(), ".istio.io") && strings.HasPrefix(s.Proto(), "istio.") {
			specs[s.Group()+"/"+s.Kind()] = b.goExpression(reflect.TypeOf(s.MustNewInstance()).Elem())
		}
	}
	served, err := resources()
	if err != nil {
		b.t.Fatal(err)
	}
	meta := b.goExpression(reflect.TypeFor[metav1.ObjectMeta]())
	var lines []string
	for key := range served {
		apiVersion, kind, _ := strings.Cut(key, " ")
		group, _, _ := strings.Cut(apiVersion, "/")
		spec := specs[group+"/"+kind]
		if spec == "" {
			b.t.Fatalf("no type for %s", key)
		}
		name := group + "/" + kind
		b.add(name, name+" go", func() []string {
			return []string{"apiVersion string", "kind string", "metadata " + meta, "spec " + spec, "status any"}
		})
		lines = append(lines, b.kind(apiVersion, kind, "@"+name, "server"))
	}
	return lines
}

// kind gives the line of a kind: whose object it is, its type, and who decodes it strictly.
func (b *tableBuilder) kind(apiVersion, kind, expression, by string) string {
	return fmt.Sprintf("%s %s %s by=%s", apiVersion, kind, expression, by)
}

func (b *tableBuilder) goKind(apiVersion string, object any) string {
	of := reflect.TypeOf(object)
	return b.kind(apiVersion, of.Name(), b.goExpression(of), "server")
}

// goStructAs adds a struct under a name of its own.
func (b *tableBuilder) goStructAs(name string, of reflect.Type) string {
	b.add(name, name+" go", func() []string { return b.goFields(of) })
	return "@" + name
}
