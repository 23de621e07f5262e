package conformance

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	kubegateway "istio.io/istio/pilot/pkg/config/kube/gateway"
	"istio.io/istio/pilot/pkg/config/kube/gatewaycommon"
	"istio.io/istio/pilot/pkg/config/memory"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/config/schema/collections"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/inject"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/revisions"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/test/util/retry"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
	clienttesting "k8s.io/client-go/testing"
	topology "meshtopo.dev/meshtopo/schema"
)

// TestGatewayKinds has istiod judge the trees of examples with each kind of gateway: what is to be seen in the mesh is
// what the topology means, whatever a gateway is made from.
func TestGatewayKinds(t *testing.T) {
	eachExample(t, func(t *testing.T, e *example) {
		if !e.plain() || len(e.topology.Patches()) > 0 || e.file() == "." {
			return
		}
		for _, kind := range gatewayKinds[1:] { // the first is that of the examples as they are
			t.Run(string(kind.kind), func(t *testing.T) {
				v := e.with(t, kind, "")
				w := newWorld(t, v.example, v.tree)
				for _, line := range changes(w.expected(), w.observe(t)) {
					t.Error(line)
				}
			})
		}
	})
}

// TestServiceTellsNothing has istiod find a gateway by its addresses alone: the Service of kind deployment has a load
// balancer, and no label by which its address would count as well. That of the kind operator does.
func TestServiceTellsNothing(t *testing.T) {
	for kind, told := range map[topology.GatewayKind]bool{topology.DeploymentGateway: false, topology.OperatorGateway: true} {
		t.Run(string(kind), func(t *testing.T) {
			dir := copyTree(t, exampleNamed(t, "gateway-addresses").dir)
			file := filepath.Join(dir, "topology.yaml")
			text := string(read(t, file))
			balanced := strings.ReplaceAll(text, "serviceType: ClusterIP\n", "kind: "+string(kind)+"\n")
			if balanced == text {
				t.Fatal("no gateway of the example is without a load balancer")
			}
			put(t, file, balanced)
			e, err := loadExample(dir)
			if err != nil {
				t.Fatal(err)
			}
			meshtopo(t, e, "render", "-o", "out", e.file())
			w := newWorld(t, e, filepath.Join(dir, "out", "clusters"))
			if found := changes(w.expected(), w.observe(t)); (len(found) > 0) != told {
				t.Errorf("more is told: %t; what is to be seen differs by %q", told, found)
			}
		})
	}
}

// manageGateways adds what the cluster's istiod makes of Gateways of class istio.
func (p *place) manageGateways(t *testing.T) {
	t.Helper()
	managed := p.managedGateways()
	if len(managed) == 0 || p.istiodDeployment(t) == nil {
		return
	}
	made := p.deploy(t)
	for _, o := range made.kind("Service") {
		s := as[corev1.Service](t, o)
		for i := range s.Spec.Ports { // as the API server does
			s.Spec.Ports[i].TargetPort = intstr.FromInt32(s.Spec.Ports[i].Port)
		}
		p.service[s.Namespace+"/"+s.Name] = s
	}
	p.objects = p.objects.with(made)
}

// managedGateways gives the Gateways of the cluster that an istiod makes Deployments for.
func (p *place) managedGateways() objects {
	var all objects
	for _, o := range p.objects.kind("Gateway") {
		class, _, _ := unstructured.NestedString(o.Object, "spec", "gatewayClassName")
		if o.GroupVersionKind().Group == "gateway.networking.k8s.io" && class == "istio" {
			all = append(all, o)
		}
	}
	return all
}

// deploy runs the controller of the cluster's istiod that makes Deployments of Gateways, and gives what it applies.
func (p *place) deploy(t *testing.T) objects {
	t.Helper()
	env, namespace, settings := p.istiodEnv(t), p.istiodDeployment(t).Namespace, p.settings(t, "istio-sidecar-injector")
	config, err := inject.UnmarshalConfig([]byte(settings.Data["config"]))
	if err != nil {
		t.Fatal(err)
	}
	templates, err := inject.ParseTemplates(config.RawTemplates)
	if err != nil {
		t.Fatal(err)
	}
	values, err := inject.NewValuesConfig(settings.Data["values"])
	if err != nil {
		t.Fatal(err)
	}
	client, stop := p.client(t), test.NewStop(t)
	applied := make(chan *unstructured.Unstructured, 20)
	client.Dynamic().(interface {
		PrependReactor(verb, resource string, reaction clienttesting.ReactionFunc)
	}).PrependReactor("patch", "*", func(a clienttesting.Action) (bool, runtime.Object, error) {
		o := &unstructured.Unstructured{}
		if err := o.UnmarshalJSON(a.(clienttesting.PatchAction).GetPatch()); err != nil {
			return true, nil, err
		}
		applied <- o
		return true, o, nil
	})
	istiod := model.NewEnvironment()
	istiod.Watcher = meshwatcher.NewTestWatcher(p.meshConfig(t))
	push := model.NewPushContext()
	push.ProxyConfigs = model.GetProxyConfigs(memory.Make(collections.Pilot), istiod.Mesh())
	push.InitDone.Store(true)
	istiod.SetPushContext(push)
	tags := revisions.NewTagWatcher(client, orDefault(env["REVISION"]), namespace)
	webhook := func() inject.WebhookConfig {
		return inject.WebhookConfig{Templates: templates, Values: values, MeshConfig: istiod.Mesh()}
	}
	deployer := gatewaycommon.NewDeploymentController(client, idOf(env["CLUSTER_ID"]), istiod, webhook, func(func()) {}, tags, env["REVISION"], namespace)
	client.RunAndWait(stop)
	go tags.Run(stop)
	go deployer.Run(stop)
	var all objects
	last := time.Now()
	retry.UntilOrFail(t, func() bool {
		for len(applied) > 0 {
			if o := <-applied; o.GetKind() != "Gateway" {
				all, last = append(all, o), time.Now()
			}
		}
		const quiet = time.Second // an autoscaler and a budget come after the Service
		return len(all.kind("Service")) >= len(p.managedGateways()) && time.Since(last) > quiet
	}, retry.Timeout(30*time.Second))
	return all
}

// readsGateways gives what turns Gateways of the Gateway API into Istio's, or nil where there are none that istiod
// manages.
func (p *place) readsGateways(t *testing.T, client kube.Client) *kubegateway.Controller {
	t.Helper()
	if len(p.managedGateways()) == 0 {
		return nil
	}
	env := p.istiodEnv(t)
	return kubegateway.NewController(client, func(schema.GroupVersionResource, <-chan struct{}) bool { return true }, controller.Options{
		DomainSuffix: p.domain(t), ClusterID: idOf(env["CLUSTER_ID"]), Revision: orDefault(env["REVISION"]),
		SystemNamespace: p.istiodDeployment(t).Namespace, KrtDebugger: new(krt.DebugHandler),
	}, model.NewEndpointIndexUpdater(model.NewEndpointIndex(model.DisabledCache{})))
}

// podName is that of the one pod of a Deployment. A Gateway's Deployment has its class at the end of its name.
func podName(deployment string) string { return strings.TrimSuffix(deployment, "-istio") }
