package conformance

import (
	"slices"
	"testing"
	"time"

	"istio.io/api/mesh/v1alpha1"
	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pilot/pkg/keycertbundle"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/pkg/networking/core"
	"istio.io/istio/pilot/pkg/server"
	"istio.io/istio/pilot/pkg/serviceregistry/aggregate"
	"istio.io/istio/pilot/pkg/serviceregistry/ambient"
	"istio.io/istio/pilot/pkg/serviceregistry/kube/controller"
	"istio.io/istio/pkg/activenotifier"
	clusters "istio.io/istio/pkg/cluster"
	"istio.io/istio/pkg/config/mesh"
	"istio.io/istio/pkg/config/mesh/kubemesh"
	"istio.io/istio/pkg/config/mesh/meshwatcher"
	"istio.io/istio/pkg/kube"
	"istio.io/istio/pkg/kube/kclient"
	"istio.io/istio/pkg/kube/krt"
	"istio.io/istio/pkg/kube/multicluster"
	discovery "istio.io/istio/pkg/kube/namespace"
	"istio.io/istio/pkg/network"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/test/util/retry"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// An istiod is Istio's control plane in one cluster: its registries, its reader of remote Secrets and its generators
// of configuration, put together as pilot/pkg/bootstrap does. Only its own cluster is a fake client; the others are
// what it reaches with its remote Secrets.
type istiod struct {
	*core.ConfigGenTest
	id      clusters.ID
	client  kube.Client
	refused []string // objects that its webhook does not take
	remotes *multicluster.Controller
	ambient ambient.Index // or nil
	ready   bool          // or it waits for a cluster for ever
}

func idOf(name string) clusters.ID     { return clusters.ID(name) }
func networkOf(name string) network.ID { return network.ID(name) }

// istiodDeployment gives the cluster's control plane, or nil. With a list of revisions it is that of the place.
func (p *place) istiodDeployment(t *testing.T) *appsv1.Deployment {
	t.Helper()
	for _, o := range p.objects.kind("Deployment") {
		if o.GetLabels()["app"] == "istiod" && (p.Istio.Listed.Revisions == nil || o.GetLabels()["istio.io/rev"] == p.Istio.RevisionName()) {
			return as[appsv1.Deployment](t, o)
		}
	}
	return nil
}

// start runs the istiod of a cluster until the test ends, once it has read every cluster that it can.
func (w *world) start(t *testing.T, p *place, root []byte) *istiod {
	t.Helper()
	env, namespace := p.istiodEnv(t), p.istiodDeployment(t).Namespace
	setFeatures(t, env)
	p.mountKubeconfigs(t, env["PILOT_MULTICLUSTER_KUBECONFIG_PATH"])
	id := clusters.ID(env["CLUSTER_ID"])
	client, stop := p.client(t), test.NewStop(t)
	taken, refused := p.configuration(t)
	networks := meshwatcher.NewFixedNetworksWatcher(p.meshNetworks(t))
	options := core.TestOptions{
		Configs: taken, MeshConfig: p.meshConfig(t), NetworksWatcher: networks, ClusterID: id, SkipRun: true,
	}
	gateways := p.readsGateways(t, client)
	if gateways != nil {
		options.ConfigStoreCaches = []model.ConfigStoreController{gateways}
	}
	i := &istiod{id: id, client: client, refused: refused, ConfigGenTest: core.NewConfigGenTest(t, options)}
	if gateways != nil {
		i.Env().GatewayAPIController = gateways
		gateways.Reconcile(i.Env().PushContext()) // it waits for one, as each new one tells it
	}
	kube.SetObjectFilter(client, discovery.NewDiscoveryNamespacesFilter(kclient.New[*corev1.Namespace](client), i.Env().Watcher, stop))
	i.remotes = multicluster.NewController(multicluster.ControllerOptions{
		Client: client, ClusterID: id, SystemNamespace: namespace, MeshConfig: i.Env().Watcher, ClientBuilder: w.connect(t),
		Debugger: new(krt.DebugHandler),
	})
	updater := model.NewEndpointIndexUpdater(i.Env().EndpointIndex)
	components := server.New()
	roots := keycertbundle.NewWatcher()
	roots.SetAndNotify(nil, nil, root)
	controller.NewMulticluster("istiod", controller.Options{
		SystemNamespace: namespace, MeshServiceController: i.Registry.(*aggregate.Controller),
		DomainSuffix: p.domain(t), ClusterID: id, Metrics: i.Env(), XDSUpdater: updater,
		MeshNetworksWatcher: networks, MeshWatcher: i.Env().Watcher, Revision: env["REVISION"],
		StatusWritingEnabled: activenotifier.New(false), KrtDebugger: new(krt.DebugHandler),
	}, i.ServiceEntryRegistry, roots, env["REVISION"], true, i.Env().ClusterLocal(), components, i.remotes)
	if features.EnableAmbient {
		i.startAmbient(namespace, p.domain(t), updater, stop)
	}
	if err := i.remotes.Run(stop); err != nil {
		t.Fatal(err)
	}
	if err := components.Start(stop); err != nil {
		t.Fatal(err)
	}
	client.RunAndWait(stop)
	i.Run()
	i.ready = features.RemoteClusterTimeout > 0 || retry.Until(i.synced, retry.Delay(time.Millisecond), retry.Timeout(5*time.Second)) == nil
	if i.ready {
		retry.UntilOrFail(t, i.synced, retry.Delay(time.Millisecond), retry.Timeout(time.Minute))
	}
	if err := i.Env().InitNetworksManager(updater); err != nil {
		t.Fatal(err)
	}
	i.Env().PushContext().InitContext(i.Env(), nil, nil)
	return i
}

// synced reports whether an istiod has read what it wants to, before it says that it is ready.
func (i *istiod) synced() bool {
	return i.remotes.HasSynced() && i.Registry.HasSynced() && (i.ambient == nil || i.ambient.HasSynced())
}

// meshConfig is what istiod of the cluster takes for the mesh config.
func (p *place) meshConfig(t *testing.T) *v1alpha1.MeshConfig {
	t.Helper()
	config, err := mesh.ApplyMeshConfigDefaults(p.settings(t, "istio").Data[kubemesh.MeshConfigKey])
	if err != nil {
		t.Fatal(err)
	}
	return config
}

// meshNetworks is what istiod of the cluster takes for the networks. It goes on without them where it cannot read them.
func (p *place) meshNetworks(t *testing.T) *v1alpha1.MeshNetworks {
	t.Helper()
	networks, err := mesh.ParseMeshNetworks(p.settings(t, "istio").Data["meshNetworks"])
	if err != nil {
		p.notes = append(p.notes, "istiod goes on without meshNetworks: "+reproducible(err))
		return mesh.DefaultMeshNetworks()
	}
	return networks
}

// istiodEnv gives the variables of the cluster's istiod.
func (p *place) istiodEnv(t *testing.T) map[string]string {
	t.Helper()
	return environment(container(t, &p.istiodDeployment(t).Spec.Template.Spec, "discovery"))
}

// domain is what the cluster's istiod takes for the domain of all clusters.
func (p *place) domain(t *testing.T) string {
	t.Helper()
	args := container(t, &p.istiodDeployment(t).Spec.Template.Spec, "discovery").Args
	return args[slices.Index(args, "--domain")+1]
}

// settings gives a ConfigMap of the revision of the cluster's istiod.
func (p *place) settings(t *testing.T, name string) *corev1.ConfigMap {
	t.Helper()
	if revision := p.istiodEnv(t)["REVISION"]; revision != "" && revision != "default" {
		name += "-" + revision
	}
	return get[corev1.ConfigMap](t, p.objects, "ConfigMap", name)
}
