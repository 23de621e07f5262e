package conformance

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"testing"

	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/xds/endpoints"
	"istio.io/istio/pkg/kube/multicluster"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"
	clienttesting "k8s.io/client-go/testing"
)

// A stage is a mesh in the course of an upgrade, with all of its istiods at work.
type stage struct {
	*world
	istiods  map[string]*istiod // by revision
	sidecars []*sidecar
}

// A sidecar is a pod that was injected because of a label.
type sidecar struct {
	cluster, label, revision string
	pod                      *corev1.Pod
}

func (s *sidecar) String() string {
	return fmt.Sprintf("%s of %s, injected by istio.io/rev: %s", s.pod.Name, s.cluster, s.label)
}

// newStage applies a tree and starts every istiod in it.
func newStage(t *testing.T, e *example, tree string) *stage {
	t.Helper()
	s := &stage{world: newWorld(t, e, tree), istiods: map[string]*istiod{}}
	for _, plane := range s.primary().planes {
		revision := plane.Istio.RevisionName()
		if plane.istiodDeployment(t) == nil {
			t.Fatalf("there is no istiod of revision %s", revision)
		}
		authority, err := plane.authority(t)
		if err != nil {
			t.Fatal(err)
		}
		_, _, _, roots := authority.GetCAKeyCertBundle().GetAllPem()
		s.istiods[revision] = s.start(t, plane, roots)
	}
	return s
}

func (s *stage) primary() *place { return s.place("cluster-a") }

// inject has pods injected in every cluster: for each label one in a namespace that has it, and one that has it itself.
func (s *stage) inject(t *testing.T, c commit) {
	t.Helper()
	for _, p := range s.places {
		for _, label := range slices.Sorted(maps.Keys(c.labels)) {
			asked := map[string]string{"istio.io/rev": label}
			for name, labels := range map[string][2]map[string]string{"by-namespace": {asked, nil}, "by-itself": {nil, asked}} {
				one := &sidecar{cluster: p.Name, label: label, revision: c.labels[label]}
				one.pod = s.injected(t, p, name+"-"+label, labels[0], labels[1])
				s.sidecars = append(s.sidecars, one)
			}
		}
	}
}

// injected gives a pod in a namespace of its own, which one webhook is called for.
func (s *stage) injected(t *testing.T, p *place, name string, ofNamespace, ofPod map[string]string) *corev1.Pod {
	t.Helper()
	namespace := &corev1.Namespace{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: name, Labels: ofNamespace},
	}
	raw, err := toUnstructured(namespace)
	if err != nil {
		t.Fatal(err)
	}
	p.objects = p.objects.with(objects{raw})
	pod := &corev1.Pod{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: name, Labels: maps.Clone(ofPod)},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "caller"}}},
	}
	if n := len(p.calls(t, pod)); n != 1 {
		t.Errorf("%s of %s: %d webhooks are called, want 1", name, p.Name, n)
	}
	pod = s.world.inject(t, p, pod)
	pod.Status.PodIP = fmt.Sprintf("10.%d.1.%d", p.number, 1+len(s.sidecars))
	return pod
}

// serve checks that a sidecar is not cut off: its discovery address leads to an istiod of its revision, which takes it
// and gives it the endpoints of every cluster.
func (s *stage) serve(t *testing.T, one *sidecar) {
	t.Helper()
	p := s.place(one.cluster)
	if !s.controls(t, p, one.pod, one.revision) {
		return
	}
	i, proxy := s.istiods[one.revision], p.proxy(one.pod)
	if _, err := i.admit(t, p, proxy); err != nil {
		t.Errorf("%s: istiod refuses it: %v", one, err)
	}
	var want []string
	for _, other := range s.places {
		if other.Network == p.Network {
			want = append(want, other.address(1))
		} else {
			want = append(want, other.crossNetworkAddresses()...)
		}
	}
	slices.Sort(want)
	equal(t, one.String()+": addresses of echo", i.addresses(i.SetupProxy(proxy), "echo.shop.svc."), want)
}

// controls checks that the istiod of a revision is the one that a pod's proxy reaches, and reports whether it is.
func (s *stage) controls(t *testing.T, p *place, pod *corev1.Pod, revision string) bool {
	t.Helper()
	plane := s.primary().plane(revision)
	if plane == nil {
		t.Errorf("%s of %s: there is no revision %s", pod.Name, p.Name, revision)
		return false
	}
	if p.proxy(pod) == nil {
		t.Errorf("%s of %s: nobody injects it", pod.Name, p.Name)
		return false
	}
	equal(t, pod.Name+" of "+p.Name+": discovery address", addressOf(pod), plane.istiodHost()+":15012")
	at := s.control(t, p, pod)
	if at != plane {
		t.Errorf("%s of %s: %s does not lead to the istiod of %s", pod.Name, p.Name, addressOf(pod), revision)
		return false
	}
	return !p.ServedByPrimary() || s.passes(t, plane)
}

func addressOf(pod *corev1.Pod) string {
	for _, c := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
		if c.Name == "istio-proxy" {
			return discoveryAddress(environment(&c)["PROXY_CONFIG"])
		}
	}
	return ""
}

// passes checks that the primary's gateway leads calls for an istiod to that istiod: those of sidecars, and those
// of API servers for its webhook.
func (s *stage) passes(t *testing.T, plane *place) bool {
	t.Helper()
	p := s.primary()
	at := slices.IndexFunc(p.pods, func(pod *corev1.Pod) bool { return pod.Name == eastWest })
	by := s.control(t, p, p.pods[at])
	if by == nil {
		t.Error("the gateway of the primary has no istiod")
		return false
	}
	i := s.istiods[by.Istio.RevisionName()]
	proxy := i.SetupProxy(p.proxy(p.pods[at]))
	var ways []string
	for _, l := range i.Listeners(proxy) {
		if l.GetInternalListener() == nil {
			ways = append(ways, describeListener("gateway", l)...)
		}
	}
	want := &view{world: s.world}
	want.expectWays("gateway", plane)
	ok := true
	for _, line := range want.lines {
		if !slices.Contains(ways, line) {
			t.Errorf("not so: %s; but %q", line, ways)
			ok = false
		}
	}
	istiods := slices.DeleteFunc(slices.Clone(p.pods), func(pod *corev1.Pod) bool { return pod.Name != plane.revisioned("istiod") })
	for port, target := range map[string]string{"15012": "15012", "443": "15017"} {
		cluster := "outbound|" + port + "||" + plane.istiodHost() + "." + plane.mesh.Mesh.ClusterDomain
		equal(t, "endpoints of "+cluster, i.endpoints(proxy, cluster), []string{net.JoinHostPort(istiods[0].Status.PodIP, target)})
	}
	return ok
}

// endpoints gives the addresses in one of a proxy's clusters.
func (i *istiod) endpoints(proxy *model.Proxy, cluster string) []string {
	builder := endpoints.NewEndpointBuilder(cluster, proxy, i.PushContext())
	var all []string
	for _, locality := range builder.BuildClusterLoadAssignment(i.Env().EndpointIndex).Endpoints {
		for _, e := range locality.LbEndpoints {
			socket := e.GetEndpoint().GetAddress().GetSocketAddress()
			all = append(all, net.JoinHostPort(socket.GetAddress(), strconv.Itoa(int(socket.GetPortValue()))))
		}
	}
	return all
}

// webhooks checks that a cluster has those of its revisions and tags, and that the istiod of each may write its CA into
// them and does.
func (s *stage) webhooks(t *testing.T, p *place, c commit) {
	t.Helper()
	have := map[string]string{}
	for _, o := range p.objects.kind("MutatingWebhookConfiguration") {
		have[o.GetName()] = o.GetLabels()["istio.io/rev"]
		if p.ServedByPrimary() && !p.readerMay(t, clienttesting.NewUpdateAction(admissionv1.SchemeGroupVersion.WithResource("mutatingwebhookconfigurations"), "", o)) {
			t.Errorf("%s: the reader may not update %s", p.Name, o.GetName())
		}
	}
	want := map[string]string{}
	for label, revision := range c.labels {
		if label == revision {
			want["istio-sidecar-injector-"+revision] = revision
		} else {
			want["istio-revision-tag-"+label] = revision
		}
	}
	equal(t, "webhooks of "+p.Name, have, want)
	if !p.ServedByPrimary() {
		return
	}
	for revision, i := range s.istiods {
		for _, remote := range i.remotes.ListRemoteClusters() {
			if string(remote.ID) != p.Name {
				continue
			}
			if remote.SyncStatus != multicluster.SyncStatusSynced {
				t.Errorf("%s is %s in istiod of %s", p.Name, remote.SyncStatus, revision)
				continue
			}
			tracker := i.remotes.GetRemoteKubeClient(remote.ID).(*fake.Clientset).Tracker()
			if !appears(func() bool { return s.primary().plane(revision).patched(tracker) }) {
				t.Errorf("istiod of %s writes its CA not into each of its webhooks in %s", revision, p.Name)
			}
		}
	}
}

func toUnstructured(o any) (*unstructured.Unstructured, error) {
	raw, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	return &unstructured.Unstructured{Object: raw}, err
}
