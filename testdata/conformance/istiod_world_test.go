package conformance

import (
	"fmt"
	"net"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"istio.io/istio/pkg/kube"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// A world is a mesh once every file of a tree is applied where it belongs: what each cluster's API server holds. What
// no file says is the same in every world: the addresses that clouds give, the sample workload, and what Kubernetes'
// own controllers make of Deployments and Services.
type world struct {
	example *example
	places  []*place // sorted by name
}

// A place is one cluster of a world, as one of its control planes has it.
type place struct {
	*cluster
	*holding
}

// holding is what a cluster holds.
type holding struct {
	number  int
	objects objects                    // as they were applied
	pods    []*corev1.Pod              // injected
	made    []runtime.Object           // by Kubernetes' controllers: EndpointSlices
	service map[string]*corev1.Service // by namespace/name, as the cluster's cloud filled them in
	notes   []string                   // of what its API server has seen
	planes  []*place                   // one for each control plane
}

// newWorld applies a tree, the directory that has one directory for each cluster.
func newWorld(t *testing.T, e *example, tree string) *world {
	t.Helper()
	w := &world{example: e}
	for i, c := range e.topology.Clusters {
		at := e.cluster(c)
		at.dir = filepath.Join(tree, c.Name)
		p := &place{cluster: at, holding: &holding{number: i + 1, service: map[string]*corev1.Service{}}}
		p.addPlanes()
		p.apply(t)
		p.manageGateways(t)
		w.places = append(w.places, p)
	}
	for _, p := range w.places {
		p.startPods(t, w)
		p.fillServices(t)
		p.fillGateways(t)
	}
	return w
}

// apply reads the layers in their order. What istioctl makes of an IstioOperator counts as applied.
func (p *place) apply(t *testing.T) {
	t.Helper()
	for _, file := range files(t, p.dir) {
		switch {
		case path.Ext(file) != ".yaml" || path.Base(file) == "kustomization.yaml":
		case path.Base(file) == path.Base(controlPlane):
			made, _, err := generate(t, p.path(file))
			if err != nil {
				t.Fatalf("istioctl refuses %s: %v", file, err)
			}
			p.objects = p.objects.with(made)
		case path.Base(file) == "istio-csr.values.yaml": // of a chart that is not Istio's
		case strings.HasSuffix(file, ".values.yaml"):
			namespace := p.Istio.Namespace
			if strings.HasPrefix(file, "4-gateway/") {
				namespace = p.EastWestGateway.Namespace
			}
			chart := strings.TrimSuffix(path.Base(file), ".values.yaml")
			p.objects = p.objects.with(chartObjects(t, chart, namespace, valuesOf(t, read(t, p.path(file)))))
		case strings.HasPrefix(file, "3-control-plane/") && path.Base(file) != tagWebhooks:
			p.objects = p.objects.with(sailObjects(t, readAll(t, p.path("3-control-plane")), strings.TrimPrefix(file, "3-control-plane/")))
		default:
			p.objects = p.objects.with(load(t, p.path(file)))
		}
	}
	var samples objects
	for _, o := range slices.Concat([]runtime.Object{p.shop()}, sample("echo"), sample("plain")) {
		raw, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
		if err != nil {
			t.Fatal(err)
		}
		samples = append(samples, &unstructured.Unstructured{Object: raw})
	}
	p.objects = samples.with(p.objects) // which may have a sample of its own
	for _, o := range p.objects.kind("Service") {
		s := as[corev1.Service](t, o)
		p.service[s.Namespace+"/"+s.Name] = s
	}
}

// with gives the objects once others are applied after them: of two with one kind and name, the later is there.
func (list objects) with(others objects) objects {
	at := map[string]int{}
	var all objects
	for _, o := range slices.Concat(list, others) {
		name := strings.Join([]string{o.GroupVersionKind().GroupKind().String(), o.GetNamespace(), o.GetName()}, "/")
		if i, ok := at[name]; ok {
			all[i] = o
			continue
		}
		at[name] = len(all)
		all = append(all, o)
	}
	return all
}

// place gives the cluster of that name.
func (w *world) place(name string) *place {
	for _, p := range w.places {
		if p.Name == name {
			return p
		}
	}
	return nil
}

// held are the kinds that istiod reads from a cluster's API server. All else is Istio's own configuration, or for
// others.
var held = []string{
	"Namespace", "ServiceAccount", "Secret", "ConfigMap", "MutatingWebhookConfiguration", "EndpointSlice", "Node",
	"Deployment",
}

// typed gives everything that istiod reads from the cluster, fresh for each reader.
func (p *place) typed(t *testing.T) []runtime.Object {
	t.Helper()
	var all []runtime.Object
	for _, o := range p.objects {
		if o.GroupVersionKind().Group == "gateway.networking.k8s.io" { // as the API server does: istiod goes by it
			o.SetUID(types.UID(o.GetNamespace() + "/" + o.GetName()))
			all = append(all, decodeObject(t, o))
		} else if slices.Contains(held, o.GetKind()) {
			all = append(all, decodeObject(t, o))
		}
	}
	for _, pod := range p.pods {
		all = append(all, pod.DeepCopy())
	}
	for _, s := range p.service {
		all = append(all, s.DeepCopy())
	}
	for _, o := range p.made {
		all = append(all, o.DeepCopyObject())
	}
	return append(all, p.node())
}

func decodeObject(t *testing.T, o *unstructured.Unstructured) runtime.Object {
	t.Helper()
	raw, err := o.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	typed, _, err := kube.IstioCodec.UniversalDeserializer().Decode(raw, nil, nil)
	if err != nil {
		t.Fatalf("%s %s: %v", o.GetKind(), o.GetName(), err)
	}
	if secret, ok := typed.(*corev1.Secret); ok { // as the API server does
		for key, value := range secret.StringData {
			if secret.Data == nil {
				secret.Data = map[string][]byte{}
			}
			secret.Data[key] = []byte(value)
		}
		secret.StringData = nil
	}
	return typed
}

// shop is the namespace of a user. Istio injects sidecars there.
func (p *place) shop() *corev1.Namespace {
	labels := map[string]string{"istio-injection": "enabled"}
	if p.Istio.Revision != "" {
		labels = map[string]string{"istio.io/rev": p.Istio.Revision}
	}
	return &corev1.Namespace{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: "shop", Labels: labels},
	}
}

// sample is a workload that a user has in every cluster: echo with a sidecar, plain without.
func sample(name string) []runtime.Object {
	meta := metav1.ObjectMeta{Name: name, Namespace: "shop", Labels: map[string]string{"app": name}}
	pod := map[string]string{"app": name}
	if name == "plain" {
		pod["sidecar.istio.io/inject"] = "false"
	}
	return []runtime.Object{
		&corev1.ServiceAccount{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"}, ObjectMeta: meta},
		&corev1.Service{
			TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Service"}, ObjectMeta: meta,
			Spec: corev1.ServiceSpec{
				Selector: map[string]string{"app": name},
				Ports:    []corev1.ServicePort{{Name: "http", Port: 7070, Protocol: corev1.ProtocolTCP}},
			},
		},
		&appsv1.Deployment{
			TypeMeta: metav1.TypeMeta{APIVersion: "apps/v1", Kind: "Deployment"}, ObjectMeta: meta,
			Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{
				ObjectMeta: metav1.ObjectMeta{Labels: pod},
				Spec:       corev1.PodSpec{ServiceAccountName: name, Containers: []corev1.Container{{Name: name}}},
			}},
		},
	}
}

// gatewayAddresses are those at which the cloud of a cluster makes its gateway reachable: what the topology knows of
// them already, or others. Of a host name it is what that resolves to.
func (p *place) gatewayAddresses() []string {
	made := fmt.Sprintf("203.0.113.%d", 100+p.number)
	if len(p.EastWestGateway.Addresses) == 0 {
		return []string{made}
	}
	var all []string
	for _, known := range p.EastWestGateway.Addresses {
		if net.ParseIP(known) == nil {
			known = made
		}
		all = append(all, known)
	}
	return all
}

// nodeAddress is that at which a node is reached from elsewhere.
func (p *place) nodeAddress() string { return fmt.Sprintf("198.51.100.%d", 100+p.number) }

// nodePort is what the cluster gives to a port of a Service of type NodePort.
func (p *place) nodePort(port int32) int32 { return 30000 + int32(p.number)*100 + port%100 }

func (p *place) node() *corev1.Node {
	return &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: "node", Labels: map[string]string{"kubernetes.io/os": "linux"}},
		Status:     corev1.NodeStatus{Addresses: []corev1.NodeAddress{{Type: corev1.NodeExternalIP, Address: p.nodeAddress()}}},
	}
}
