package conformance

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"istio.io/istio/pilot/pkg/config/memory"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/kube/inject"
	admissionv1 "k8s.io/api/admission/v1"
	registrationv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

// inject gives the pod as the webhooks of its cluster make it. One that nobody injects stays as it is.
func (w *world) inject(t *testing.T, p *place, pod *corev1.Pod) *corev1.Pod {
	t.Helper()
	for _, hook := range p.calls(t, pod) {
		istiod := w.serves(t, p, hook.Namespace, hook.Name)
		if istiod == nil {
			continue // the API server cannot call it
		}
		pod = istiod.review(t, *hook.Path, pod)
	}
	return pod
}

// calls gives the Services that the API server of a cluster calls for a pod.
func (p *place) calls(t *testing.T, pod *corev1.Pod) []*registrationv1.ServiceReference {
	t.Helper()
	var all []*registrationv1.ServiceReference
	for _, o := range p.objects.kind("MutatingWebhookConfiguration") {
		for _, hook := range as[registrationv1.MutatingWebhookConfiguration](t, o).Webhooks {
			service := hook.ClientConfig.Service
			if service != nil && service.Path != nil && matches(t, hook.NamespaceSelector, p.namespaceLabels(pod.Namespace)) &&
				matches(t, hook.ObjectSelector, pod.Labels) {
				all = append(all, service)
			}
		}
	}
	return all
}

// waitsForPlugin reports whether a pod's container that looks for what a CNI plugin does will look in vain.
func (p *place) waitsForPlugin(pod *corev1.Pod) bool {
	return slices.ContainsFunc(pod.Spec.InitContainers, func(c corev1.Container) bool { return c.Name == "istio-validation" }) &&
		!slices.ContainsFunc(p.objects.kind("DaemonSet"), func(o *unstructured.Unstructured) bool { return o.GetName() == "istio-cni-node" })
}

func (p *place) namespaceLabels(name string) map[string]string {
	for _, o := range p.objects.kind("Namespace") {
		if o.GetName() == name {
			labels := map[string]string{"kubernetes.io/metadata.name": name}
			for key, value := range o.GetLabels() {
				labels[key] = value
			}
			return labels
		}
	}
	return nil
}

// review has the istiod of a cluster look at a pod, as an API server asks it to, and makes its patch.
func (p *place) review(t *testing.T, path string, pod *corev1.Pod) *corev1.Pod {
	t.Helper()
	before, err := json.Marshal(pod)
	if err != nil {
		t.Fatal(err)
	}
	ask := admissionv1.AdmissionReview{Request: &admissionv1.AdmissionRequest{
		UID: "1", Namespace: pod.Namespace, Operation: admissionv1.Create, Object: runtime.RawExtension{Raw: before},
	}}
	ask.APIVersion, ask.Kind = "admission.k8s.io/v1", "AdmissionReview"
	body, err := json.Marshal(ask)
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, path, bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	answer := httptest.NewRecorder()
	p.injector(t).ServeHTTP(answer, request)
	var review admissionv1.AdmissionReview
	if err := json.Unmarshal(answer.Body.Bytes(), &review); err != nil {
		t.Fatalf("%v: %s", err, answer.Body)
	}
	if review.Response == nil || !review.Response.Allowed {
		t.Fatalf("istiod of %s does not inject %s: %s", p.Name, pod.Name, answer.Body)
	}
	if len(review.Response.Patch) == 0 {
		return pod
	}
	patch, err := jsonpatch.DecodePatch(review.Response.Patch)
	if err != nil {
		t.Fatal(err)
	}
	text, err := patch.Apply(before)
	if err != nil {
		t.Fatal(err)
	}
	after := &corev1.Pod{}
	if err := json.Unmarshal(text, after); err != nil {
		t.Fatal(err)
	}
	return after
}

// injector is the webhook of the cluster's istiod.
func (p *place) injector(t *testing.T) http.Handler {
	t.Helper()
	// Or the webhook asks for the version of every node.
	features.EnableNativeSidecars = features.NativeSidecarModeDisabled
	settings := p.settings(t, "istio-sidecar-injector")
	env := model.NewEnvironment()
	env.Watcher = meshwatcher.NewTestWatcher(p.meshConfig(t))
	push := model.NewPushContext()
	push.ProxyConfigs = model.GetProxyConfigs(memory.Make(collections.Pilot), env.Mesh())
	env.SetPushContext(push)
	mux := http.NewServeMux()
	_, err := inject.NewWebhook(inject.WebhookParameters{
		Watcher: fixed{settings}, Env: env, Mux: mux, Revision: orDefault(p.istiodEnv(t)["REVISION"]),
	})
	if err != nil {
		t.Fatal(err)
	}
	return mux
}

// fixed is a configuration of injection that does not change.
type fixed struct{ settings *corev1.ConfigMap }

func (f fixed) SetHandler(func(*inject.Config, string) error) {}
func (f fixed) Run(<-chan struct{})                           {}
func (f fixed) Get() (*inject.Config, string, error) {
	config, err := inject.UnmarshalConfig([]byte(f.settings.Data["config"]))
	return &config, f.settings.Data["values"], err
}

// proxy is what a pod's proxy tells istiod of itself, or nil for a pod without one. That of a gateway has no image
// before it is injected.
func (p *place) proxy(pod *corev1.Pod) *model.Proxy {
	for _, c := range append(pod.Spec.InitContainers, pod.Spec.Containers...) {
		if c.Name != "istio-proxy" || c.Image == "auto" {
			continue
		}
		env := environment(&c)
		labels := map[string]string{}
		for key, value := range pod.Labels {
			labels[key] = value
		}
		proxy := &model.Proxy{
			ID: pod.Name + "." + pod.Namespace, Type: model.SidecarProxy, IPAddresses: []string{pod.Status.PodIP},
			ConfigNamespace: pod.Namespace, Labels: labels, DNSDomain: pod.Namespace + ".svc." + p.mesh.Mesh.ClusterDomain,
			Metadata: &model.NodeMetadata{
				ClusterID: idOf(env["ISTIO_META_CLUSTER_ID"]), Namespace: pod.Namespace, Labels: labels,
				Network: networkOf(env["ISTIO_META_NETWORK"]), MeshID: env["ISTIO_META_MESH_ID"],
				IstioVersion: "1.31.1",
			},
		}
		proxy.Metadata.DNSCapture = env["ISTIO_META_DNS_CAPTURE"] == "true"
		if view := env["ISTIO_META_REQUESTED_NETWORK_VIEW"]; view != "" {
			proxy.Metadata.RequestedNetworkView = []string{view}
		}
		for i := range c.Args {
			if c.Args[i] == "router" {
				proxy.Type = model.Router
			}
		}
		return proxy
	}
	return nil
}
