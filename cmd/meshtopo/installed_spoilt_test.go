package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// spoilt is a mistake that somebody makes in a file for Helm or the Sail operator, and what lint says of it.
type spoilt struct {
	file, old, new string
	want           string // PLACE=CODE for each finding
}

// revised has the Sail operator install more than it needs, below istio.
const revised = `{meshConfig: null, updateStrategy: RevisionBased, values: {revisionTags: [stable], ztunnel: {logLevel: debug}},
  components: {cni: {enabled: true}, ztunnel: {enabled: true}}}`

// TestInstalledSpoilt makes mistakes in what Helm and the Sail operator are given. Each is found, at its place.
func TestInstalledSpoilt(t *testing.T) {
	tables := []struct {
		example, installer string
		mistakes           []spoilt
		istio              string // what is set below istio besides
	}{
		{"two-clusters", "sail", []spoilt{
			{"cluster-a/3-control-plane/istio-revision-tags.yaml", "  targetRef:\n", "  target:\n", "cluster-a/3-control-plane/istio-revision-tags.yaml:10:3=unknown-object-field"},
			{"cluster-a/3-control-plane/istio-revision-tags.yaml", "kind: Istio\n", "kind: IstioCNI\n", "cluster-a/3-control-plane/istio-revision-tags.yaml:11:11=wrong-object-value"},
			{"cluster-a/3-control-plane/istio-revision-tags.yaml", "    name: \"default\"", "    name: \"stable\"", "cluster-a/3-control-plane/istio-revision-tags.yaml:12:11=revision-tag"},
			{"cluster-a/3-control-plane/istio-revision-tags.yaml", "name: \"stable\"", "name: \"default-v1-30-3\"", "cluster-a/3-control-plane/istio-revision-tags.yaml:5:9=revision-tag"},
			{"cluster-a/3-control-plane/istio.yaml", "name: \"default\"", "name: \"prod\"", "cluster-a/3-control-plane/istio-revision-tags.yaml:12:11=revision-tag"},
			{"cluster-a/3-control-plane/ztunnel.yaml", "spec:\n", "spec:\n  profile: ambient\n", "cluster-a/3-control-plane/ztunnel.yaml:10:3=unknown-object-field"},
			{"cluster-a/3-control-plane/ztunnel.yaml", "  version: \"v1.30.3\"", "  version: \"1.30.3\"", "cluster-a/3-control-plane/ztunnel.yaml:10:12=wrong-object-value"},
			{"cluster-a/3-control-plane/ztunnel.yaml", "network: \"network1\"", "network: \"network2\"", "cluster-a/3-control-plane/ztunnel.yaml:19:16=network-mismatch"},
			{"cluster-a/3-control-plane/ztunnel.yaml", "clusterName: \"cluster-a\"", "clusterName: \"cluster-b\"", "cluster-a/3-control-plane/ztunnel.yaml:18:22=ztunnel-differs"},
			{"cluster-a/3-control-plane/ztunnel.yaml", "      network: \"network1\"\n", "", "cluster-a/3-control-plane/ztunnel.yaml:3:7=ztunnel-differs"},
			{"cluster-a/3-control-plane/ztunnel.yaml", "name: default", "name: ztunnel", "cluster-a/3-control-plane/ztunnel.yaml:5:9=wrong-object-value"},
			{"cluster-a/3-control-plane/ztunnel.yaml", "  values:\n", "  values:\n    meshConfig: {}\n", "cluster-a/3-control-plane/ztunnel.yaml:13:5=unknown-object-field"},
			{"cluster-a/3-control-plane/istio-cni.yaml", "name: default", "name: istio-cni", "cluster-a/3-control-plane/istio-cni.yaml:5:9=wrong-object-value"},
		}, revised},
		{"two-clusters", "helm", []spoilt{
			{"cluster-a/3-control-plane/istiod.values.yaml", "network: \"network1\"", "network: \"network9\"", "cluster-a/3-control-plane/istiod.values.yaml:13:12=network-mismatch"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "  network: \"network1\"\n", "", "cluster-a/3-control-plane/istiod.values.yaml:2:1=no-network-name"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "clusterName: \"cluster-a\"", "clusterName: \"cluster-z\"", "cluster-a/3-control-plane/istiod.values.yaml:12:18=unknown-remote-cluster"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "clusterName: \"cluster-a\"", "clusterName: \"cluster-b\"", "cluster-b/3-control-plane/istiod.values.yaml:12:18=cluster-name-twice"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "  multiCluster:\n    clusterName: \"cluster-a\"\n", "", "cluster-a/3-control-plane/istiod.values.yaml:2:1=no-cluster-name"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "  meshID: \"shop\"\n", "", "cluster-a/3-control-plane/istiod.values.yaml:2:1=no-mesh-id"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "meshID: \"shop\"", "meshID: \"other\"", "cluster-b/3-control-plane/istiod.values.yaml:10:11=different-mesh-ids"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "trustDomain: \"cluster.local\"", "trustDomain: \"other.example.com\"", "cluster-b/3-control-plane/istiod.values.yaml:3:16=different-trust-domains"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "  network:", "  netwrok:", "cluster-a/3-control-plane/istiod.values.yaml:2:1=no-network-name cluster-a/3-control-plane/istiod.values.yaml:13:3=unknown-istio-field"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "network: \"network1\"", "network: 12", "cluster-a/3-control-plane/istiod.values.yaml:13:12=network-mismatch"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "istioNamespace: \"istio-system\"", "istioNamespace: \"istio\"", "cluster-a/1-prepare/namespace.yaml:5:9=namespace-without-network cluster-a/2-secrets/cacerts.yaml:6:14=secret-namespace cluster-a/2-secrets/remote-secrets/cluster-b.yaml:6:14=secret-namespace cluster-b/3-control-plane/istiod.values.yaml:2:1=several-namespaces"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "accessLogFile:", "accessLogFiles:", "cluster-a/3-control-plane/istiod.values.yaml:7:3=ignored-istio-field"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "ISTIO_META_DNS_CAPTURE: \"true\"", "ISTIO_META_DNS_CAPTURE: true", "cluster-a/3-control-plane/istiod.values.yaml:6:31=wrong-istio-value"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "global:\n", "pilot:\n  env: {PILOT_ENABLE_XDS_IDENTITY_CHEK: \"true\"}\nglobal:\n", "cluster-a/3-control-plane/istiod.values.yaml:9:9=unread-variable"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "  accessLogFile: /dev/stdout\n", "  enableAutoMtls: false\n", "cluster-a/3-control-plane/istiod.values.yaml:7:19=auto-mtls-off"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "global:\n", "global:\n  multiclster: {}\n", "cluster-a/3-control-plane/istiod.values.yaml:9:3=unknown-istio-field"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "  istioNamespace", "  externalIstiod: true\n  istioNamespace", "cluster-a/3-control-plane/istiod.values.yaml:9:19=external-istiod-without-remotes"},
			{"cluster-a/4-gateway/gateway.values.yaml", "networkGateway: \"network1\"", "networkGateway: \"network2\"", "cluster-a/1-prepare/namespace.yaml:9:32=network-mismatch cluster-a/3-control-plane/istiod.values.yaml:13:12=network-mismatch"},
			{"cluster-a/4-gateway/gateway.values.yaml", "networkGateway: \"network1\"\n", "", "cluster-a/3-control-plane/istiod.values.yaml:13:12=network-without-gateway"},
			{"cluster-a/4-gateway/gateway.values.yaml", "networkGateway", "networkGatway", "cluster-a/3-control-plane/istiod.values.yaml:13:12=network-without-gateway"},
			{"cluster-a/4-gateway/gateway.values.yaml", "type: \"LoadBalancer\"", "type: \"ClusterIP\"", "cluster-a/4-gateway/gateway.values.yaml:5:9=undiscoverable-gateway"},
			{"cluster-a/4-gateway/gateway.values.yaml", "name: istio-eastwestgateway", "name: istio-gateway", "cluster-a/5-expose/cross-network-gateway.yaml:11:3=gateway-selects-nothing"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "labels: {istio: ingress}\nservice:\n", "cluster-a/5-expose/cross-network-gateway.yaml:11:3=gateway-selects-nothing"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "env: {ISTIO_META_REQUESTED_NETWORK_VIEW: network2}\nservice:\n", "cluster-a/4-gateway/gateway.values.yaml:4:42=network-mismatch"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "service:\n  annotations: {service.beta.kubernetes.io/aws-load-balancer-proxy-protocol: \"*\"}\n", "cluster-a/4-gateway/gateway.values.yaml:5:78=gateway-proxy-protocol"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "networkGatewayPorts: {tls: {port: 16443}}\nservice:\n", "cluster-a/4-gateway/gateway.values.yaml:3:17=no-gateway-port"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "networkGatewayPorts: {tsl: {port: 16443}}\nservice:\n", "cluster-a/4-gateway/gateway.values.yaml:4:23=unknown-istio-field"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "labels: {networking.istio.io/gatewayPort: \"16443\"}\nservice:\n", "cluster-a/4-gateway/gateway.values.yaml:3:17=no-gateway-port"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "labels: {networking.istio.io/gatewayPort: \"16443\"}\nnetworkGatewayPorts: {tls: {port: 16443}}\nservice:\n", ""},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "nodeSelectors: {a: b}\nservice:\n", "cluster-a/4-gateway/gateway.values.yaml:4:1=unknown-istio-field"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "replicacount: 2\nservice:\n", "cluster-a/4-gateway/gateway.values.yaml:4:1=unknown-istio-field"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "service:\n  externalIP: [203.0.113.9]\n", "cluster-a/4-gateway/gateway.values.yaml:5:3=unknown-istio-field"},
			{"cluster-a/4-gateway/gateway.values.yaml", "service:\n", "autoscaling: {minReplica: 2}\nservice:\n", "cluster-a/4-gateway/gateway.values.yaml:4:15=unknown-istio-field"},
		}, ""},
		{"primary-remote-multi-network", "helm", []spoilt{
			{"cluster-b/3-control-plane/istiod.values.yaml", "  remotePilotAddress: \"203.0.113.10\"\n", "", "cluster-b/3-control-plane/istiod.values.yaml:2:1=remote-without-address"},
			{"cluster-b/3-control-plane/istiod.values.yaml", "/cluster/cluster-b/", "/cluster/cluster-c/", "cluster-b/3-control-plane/istiod.values.yaml:10:18=injection-cluster"},
			{"cluster-b/3-control-plane/istiod.values.yaml", "/net/network2", "/net/network1", "cluster-b/3-control-plane/istiod.values.yaml:10:18=network-mismatch"},
			{"cluster-a/3-control-plane/istiod.values.yaml", "  externalIstiod: true\n", "", "cluster-a/3-control-plane/istiod.values.yaml:2:1=primary-not-external"},
			{"cluster-b/3-control-plane/istiod.values.yaml", "network: \"network2\"", "network: \"network1\"", "cluster-b/3-control-plane/istiod.values.yaml:7:12=network-mismatch"},
		}, ""},
		{"two-clusters", "sail", []spoilt{
			{"cluster-a/3-control-plane/istio.yaml", "network: \"network1\"", "network: \"network9\"", "cluster-a/3-control-plane/istio.yaml:27:16=network-mismatch"},
			{"cluster-a/3-control-plane/istio.yaml", "      network: \"network1\"\n", "", "cluster-a/3-control-plane/istio.yaml:3:7=no-network-name"},
			{"cluster-a/3-control-plane/istio.yaml", "clusterName: \"cluster-a\"", "clusterName: \"cluster-z\"", "cluster-a/3-control-plane/istio.yaml:26:22=unknown-remote-cluster"},
			{"cluster-a/3-control-plane/istio.yaml", "      meshID: \"shop\"\n", "", "cluster-a/3-control-plane/istio.yaml:3:7=no-mesh-id"},
			{"cluster-a/3-control-plane/istio.yaml", "meshID: \"shop\"", "meshID: \"other\"", "cluster-b/3-control-plane/istio.yaml:24:15=different-mesh-ids"},
			{"cluster-a/3-control-plane/istio.yaml", "trustDomain: \"cluster.local\"", "trustDomain: \"other.example.com\"", "cluster-b/3-control-plane/istio.yaml:17:20=different-trust-domains"},
			{"cluster-a/3-control-plane/istio.yaml", "meshID:", "meshid:", "cluster-a/3-control-plane/istio.yaml:3:7=no-mesh-id cluster-a/3-control-plane/istio.yaml:24:7=unknown-istio-field"},
			{"cluster-a/3-control-plane/istio.yaml", "version: \"v1.30.3\"", "version: \"1.30.3\"", "cluster-a/3-control-plane/istio.yaml:10:12=wrong-object-value"},
			{"cluster-a/3-control-plane/istio.yaml", "namespace: \"istio-system\"\n  upd", "namespace: \"istio\"\n  upd", "cluster-a/3-control-plane/istio.yaml:23:23=wrong-object-value"},
			{"cluster-a/3-control-plane/istio.yaml", "profile: \"default\"", "profile: \"minimal\"", "cluster-a/3-control-plane/istio.yaml:14:12=wrong-object-value"},
			{"cluster-a/3-control-plane/istio.yaml", "type: InPlace", "type: Inplace", "cluster-a/3-control-plane/istio.yaml:13:11=wrong-object-value"},
			{"cluster-a/3-control-plane/istio.yaml", "spec:\n", "spec:\n  components: {pilot: {enabled: true}}\n", "cluster-a/3-control-plane/istio.yaml:10:3=unknown-object-field"},
			{"cluster-a/3-control-plane/istio.yaml", "  values:\n", "  meshConfig: {}\n  values:\n", "cluster-a/3-control-plane/istio.yaml:15:3=unknown-object-field"},
			{"cluster-a/3-control-plane/istio.yaml", "istioNamespace: \"istio-system\"", "istioNamespace: \"istio\"", "cluster-a/1-prepare/namespace.yaml:5:9=namespace-without-network cluster-a/2-secrets/cacerts.yaml:6:14=secret-namespace cluster-a/2-secrets/remote-secrets/cluster-b.yaml:6:14=secret-namespace cluster-a/3-control-plane/istio.yaml:23:23=wrong-object-value cluster-b/3-control-plane/istio.yaml:3:7=several-namespaces"},
			{"cluster-a/3-control-plane/istio.yaml", "updateStrategy", "updateStratgy", "cluster-a/3-control-plane/istio.yaml:12:3=unknown-object-field"},
		}, ""},
		{"primary-remote-multi-network", "sail", []spoilt{
			{"cluster-b/3-control-plane/istio.yaml", "  profile: remote\n", "", "cluster-b/3-control-plane/istio.yaml:3:7=remote-without-profile"},
			{"cluster-b/3-control-plane/istio.yaml", "/net/network2", "/net/network1", "cluster-b/3-control-plane/istio.yaml:23:22=network-mismatch"},
			{"cluster-b/3-control-plane/istio.yaml", "/cluster/cluster-b/", "/cluster/cluster-c/", "cluster-b/3-control-plane/istio.yaml:23:22=injection-cluster"},
			{"cluster-a/3-control-plane/istio.yaml", "      externalIstiod: true\n", "", "cluster-a/3-control-plane/istio.yaml:3:7=primary-not-external"},
		}, ""},
	}
	for _, table := range tables {
		dir := copyExample(t, table.example)
		way{table.installer, ""}.write(t, dir, "{}")
		topology := filepath.Join(dir, "topology.yaml")
		write(t, topology, strings.ReplaceAll(read(t, topology), "1.31.1", "1.30.3"))
		if table.istio != "" {
			setIstio(t, topology, table.istio)
		}
		if got := inProcess(t, dir, "", "render"); got.code != exitOK {
			t.Fatalf("meshtopo render exits with %d:\n%s", got.code, got.out)
		}
		for _, m := range table.mistakes {
			t.Run(table.installer+"/"+m.new, func(t *testing.T) { m.check(t, dir) })
		}
	}
}

func (m spoilt) check(t *testing.T, dir string) {
	file := filepath.Join(dir, "clusters", filepath.FromSlash(m.file))
	right := read(t, file)
	if strings.Count(right, m.old) != 1 {
		t.Fatalf("%s does not have %q once:\n%s", m.file, m.old, right)
	}
	defer os.WriteFile(file, []byte(right), 0o600)
	if err := os.WriteFile(file, []byte(strings.Replace(right, m.old, m.new, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range inProcess(t, dir, "", "lint", "clusters").findings() {
		found = append(found, strings.TrimPrefix(strings.Replace(f, " ", "=", 1), "clusters/"))
	}
	if got := strings.Join(found, " "); got != m.want {
		t.Errorf("lint finds\n  %s\nwant\n  %s", got, m.want)
	}
}
