package conformance

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/loader"
	"sigs.k8s.io/yaml"
)

// gatewayFields are all that a topology can say of a gateway's Service and pods.
const gatewayFields = `
  namespace: istio-gateways
  port: 16443
  loadBalancerClass: example.com/nlb
  loadBalancerSourceRanges: [198.51.100.0/24]
  externalIPs: [203.0.113.77]
  externalTrafficPolicy: Local
  autoscaling: {minReplicas: 2, maxReplicas: 6, targetCPUUtilizationPercentage: 70}
  podDisruptionBudget: {maxUnavailable: 1}
  nodeSelector: {node.example.com/edge: "true"}
  tolerations: [{key: edge, operator: Exists, effect: NoSchedule}]
  affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {istio: eastwestgateway}}}]}}
  topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: ScheduleAnyway}]
  priorityClassName: system-cluster-critical
  imagePullSecrets: [{name: registry}]
  resources: {requests: {cpu: 500m}}
`

// TestGatewayFields has a gateway of each kind made with all fields that there are, and looks for each in what comes of
// it. istiod has to find the gateway at its port, in its namespace.
func TestGatewayFields(t *testing.T) {
	for _, kind := range gatewayKinds {
		t.Run(string(kind.kind), func(t *testing.T) {
			e := exampleNamed(t, "two-clusters").with(t, kind, gatewayFields)
			w := newWorld(t, e.example, e.tree)
			for _, line := range changes(w.expected(), w.observe(t)) {
				t.Error(line)
			}
			checkGatewayFields(t, w.places[0].objects)
		})
	}
}

// checkGatewayFields looks for the fields in the objects of the one gateway that has them.
func checkGatewayFields(t *testing.T, all objects) {
	t.Helper()
	var made objects
	for _, o := range all {
		if o.GetNamespace() == "istio-gateways" {
			made = append(made, o)
		}
	}
	service := only[corev1.Service](t, made, "Service").Spec
	equal(t, "loadBalancerClass", *service.LoadBalancerClass, "example.com/nlb")
	equal(t, "loadBalancerSourceRanges", service.LoadBalancerSourceRanges, []string{"198.51.100.0/24"})
	equal(t, "externalIPs", service.ExternalIPs, []string{"203.0.113.77"})
	equal(t, "externalTrafficPolicy", string(service.ExternalTrafficPolicy), "Local")
	deployment := only[appsv1.Deployment](t, made, "Deployment").Spec
	pod := deployment.Template.Spec
	equal(t, "nodeSelector", pod.NodeSelector["node.example.com/edge"], "true")
	equal(t, "tolerations", len(pod.Tolerations), 1)
	equal(t, "affinity", len(pod.Affinity.PodAntiAffinity.RequiredDuringSchedulingIgnoredDuringExecution), 1)
	equal(t, "topologySpreadConstraints", len(pod.TopologySpreadConstraints), 1)
	for key, want := range pod.TopologySpreadConstraints[0].LabelSelector.MatchLabels {
		equal(t, "a label of the pods that are spread", deployment.Template.Labels[key], want)
	}
	equal(t, "priorityClassName", pod.PriorityClassName, "system-cluster-critical")
	account := only[corev1.ServiceAccount](t, made, "ServiceAccount")
	if secrets := append(pod.ImagePullSecrets, account.ImagePullSecrets...); len(secrets) == 0 || secrets[0].Name != "registry" {
		t.Errorf("imagePullSecrets are %v", secrets)
	}
	equal(t, "requested CPU", container(t, &pod, "istio-proxy").Resources.Requests.Cpu().String(), "500m")
	autoscaler := only[autoscalingv2.HorizontalPodAutoscaler](t, made, "HorizontalPodAutoscaler").Spec
	equal(t, "minReplicas", *autoscaler.MinReplicas, 2)
	equal(t, "maxReplicas", autoscaler.MaxReplicas, 6)
	equal(t, "averageUtilization", *autoscaler.Metrics[0].Resource.Target.AverageUtilization, 70)
	budget := only[policyv1.PodDisruptionBudget](t, made, "PodDisruptionBudget").Spec
	equal(t, "maxUnavailable", budget.MaxUnavailable.String(), "1")
	if budget.MinAvailable != nil {
		t.Errorf("minAvailable is %s beside maxUnavailable", budget.MinAvailable)
	}
	for key, want := range budget.Selector.MatchLabels {
		equal(t, "a label of the pods of the budget", deployment.Template.Labels[key], want)
	}
}

// TestGatewayReplicas has a fixed number of gateways: no kind may have an autoscaler beside it.
func TestGatewayReplicas(t *testing.T) {
	for _, kind := range gatewayKinds {
		t.Run(string(kind.kind), func(t *testing.T) {
			e := exampleNamed(t, "two-clusters").with(t, kind, "\n  namespace: istio-gateways\n  replicas: 3\n")
			var made objects
			for _, o := range newWorld(t, e.example, e.tree).places[0].objects {
				if o.GetNamespace() == "istio-gateways" {
					made = append(made, o)
				}
			}
			equal(t, "replicas", *only[appsv1.Deployment](t, made, "Deployment").Spec.Replicas, 3)
			equal(t, "autoscalers", len(made.kind("HorizontalPodAutoscaler")), 0)
		})
	}
}

// gatewayKind is a kind of gateway, and what installs a cluster that has it.
type gatewayKind struct {
	kind      schema.GatewayKind
	installer schema.Installer
}

var gatewayKinds = []gatewayKind{
	{schema.OperatorGateway, schema.Istioctl}, {schema.ChartGateway, schema.Helm},
	{schema.DeploymentGateway, schema.Istioctl}, {schema.GatewayAPI, schema.Sail},
}

// variant is an example with something else in its topology, and the directory of the clusters that it gives.
type variant struct {
	*example
	tree string
}

// with renders an example with gateways of one kind, and more of their fields, but for those whose kind it says. A
// remote, where no istiod reads Gateways, has a Deployment in the place of a Gateway.
func (e *example) with(t *testing.T, kind gatewayKind, fields string) variant {
	t.Helper()
	clusters := map[string]any{}
	for _, c := range e.topology.Clusters {
		if c.EastWestGateway.Kind != schema.OperatorGateway {
			continue // the example says what it is
		}
		gateway := map[string]any{}
		if err := yaml.Unmarshal([]byte(fields), &gateway); err != nil {
			t.Fatal(err)
		}
		if gateway["kind"] = kind.kind; c.ServedByPrimary() && kind.kind == schema.GatewayAPI {
			gateway["kind"] = schema.DeploymentGateway
		}
		clusters[c.Name] = map[string]any{"eastWestGateway": gateway}
	}
	text, err := yaml.Marshal(map[string]any{"spec": map[string]any{
		"istio": map[string]any{"installer": kind.installer}, "clusters": clusters,
	}})
	if err != nil {
		t.Fatal(err)
	}
	other := *e
	other.dir = t.TempDir()
	if err := os.CopyFS(other.dir, os.DirFS(e.dir)); err != nil {
		t.Fatal(err)
	}
	fitted(t, filepath.Join(other.dir, "topology.yaml"), kind.installer)
	put(t, filepath.Join(other.dir, "own.yaml"), string(text))
	root, err := os.OpenRoot(other.dir)
	if err != nil {
		t.Fatal(err)
	}
	topology, problems, err := loader.Load(loader.Input{
		FS: root.FS(), Files: []string{e.file(), "own.yaml"}, Material: e.material, RequireMaterial: true, Now: time.Now(),
	})
	if err != nil || topology == nil {
		t.Fatalf("Load: %v %v", problems, err)
	}
	other.topology = topology
	meshtopo(t, &other, "render", "-o", "out", e.file(), "own.yaml")
	return variant{&other, filepath.Join(other.dir, "out", "clusters")}
}
