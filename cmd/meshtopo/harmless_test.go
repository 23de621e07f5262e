package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/settings"
)

// harmlessValues has values of the settings that the tables call harmless or do not judge, as JSON: those that somebody
// would write.
// Of parts of objects, it has objects.
var harmlessValues = map[string][]string{
	"meshConfig.rootNamespace":                  {`"istio-system"`, `"istio-config"`},
	"meshConfig.serviceScopeConfigs":            {`[{"servicesSelector": {"matchLabels": {"istio.io/global": "true"}}, "scope": "GLOBAL"}]`},
	"meshConfig.localityLbSetting":              {`{"enabled": false}`, `{"enabled": true, "failoverPriority": ["topology.istio.io/network", "topology.istio.io/cluster"]}`},
	"meshConfig.zoneAwareLbSetting":             {`{"enabled": true}`},
	"meshConfig.outboundTrafficPolicy":          {`{"mode": "REGISTRY_ONLY"}`, `{"mode": "ALLOW_ANY"}`},
	"meshConfig.caCertificates":                 {`[{"spiffeBundleUrl": "https://bundle.example.com", "trustDomains": ["example.com"]}]`},
	"meshConfig.defaultVirtualServiceExportTo":  {`["."]`, `["*"]`},
	"meshConfig.defaultDestinationRuleExportTo": {`["."]`, `["*"]`},
	"meshConfig.meshMTLS":                       {`{"minProtocolVersion": "TLSV1_3"}`, `{"cipherSuites": ["ECDHE-ECDSA-AES256-GCM-SHA384"]}`},
	"values.global.caAddress":                   {`"cert-manager-istio-csr.cert-manager.svc:443"`},

	"pilot.env.AMBIENT_ENABLE_MULTI_NETWORK_INGRESS":           {`"true"`, `"false"`},
	"pilot.env.AMBIENT_ENABLE_MULTI_NETWORK_WAYPOINT":          {`"true"`, `"false"`},
	"pilot.env.AMBIENT_ENABLE_STATUS":                          {`"true"`, `"false"`},
	"pilot.env.ENABLE_INGRESS_WAYPOINT_ROUTING":                {`"true"`, `"false"`},
	"pilot.env.AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY":    {`"true"`, `"false"`},
	"pilot.env.ENABLE_WILDCARD_HOST_SERVICE_ENTRIES_FOR_TLS":   {`"true"`, `"false"`},
	"pilot.env.PILOT_PREFER_SENDING_HBONE":                     {`"true"`, `"false"`},
	"pilot.env.PILOT_ENABLE_SERVICEENTRY_SELECT_PODS":          {`"true"`, `"false"`},
	"pilot.env.PILOT_ENABLE_K8S_SELECT_WORKLOAD_ENTRIES":       {`"true"`, `"false"`},
	"pilot.env.PILOT_ENABLE_CROSS_CLUSTER_WORKLOAD_ENTRY":      {`"true"`, `"false"`},
	"pilot.env.ISTIO_DUAL_STACK":                               {`"true"`, `"false"`},
	"pilot.env.LOCAL_CLUSTER_SECRET_WATCHER":                   {`"true"`, `"false"`},
	"pilot.env.PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS": {`"gcp"`},
	"pilot.env.PILOT_FILTER_GATEWAY_CLUSTER_CONFIG":            {`"true"`, `"false"`},
	"pilot.env.PILOT_SCOPE_GATEWAY_TO_NAMESPACE":               {`"true"`, `"false"`},
	"pilot.env.PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS":            {`"true"`, `"false"`},
	"pilot.env.PILOT_SEND_UNHEALTHY_ENDPOINTS":                 {`"true"`, `"false"`},
	"pilot.env.ENABLE_PROXY_FIND_POD_BY_IP":                    {`"true"`, `"false"`},
	"pilot.env.PILOT_DRAINING_LABEL":                           {`"example.com/draining"`},
	"pilot.env.PILOT_PERSISTENT_SESSION_LABEL":                 {`"example.com/session"`},

	"Service metadata.annotations (networking.istio.io/exportTo)": {
		`{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web", "namespace": "shop", "annotations": {"networking.istio.io/exportTo": "."}}, "spec": {"ports": [{"name": "http", "port": 80}]}}`,
	},
	"Service spec.clusterIP (None)": {
		`{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "db", "namespace": "shop"}, "spec": {"clusterIP": "None", "ports": [{"name": "tcp", "port": 5432}]}}`,
	},

	"pilot.env.LABEL_CANONICAL_SERVICES_FOR_MESH_EXTERNAL_SERVICE_ENTRIES": {`"true"`, `"false"`},
}

// TestHarmlessSettings gives meshes of two networks, and of a primary and a remote, every setting that the tables call
// harmless or do not judge: validate finds nothing in the topology, and lint nothing in what is rendered.
func TestHarmlessSettings(t *testing.T) {
	known := map[string]bool{}
	for _, e := range settings.Effects() {
		if e.Verdict != settings.Harmless && e.Verdict != settings.Unjudged {
			continue
		}
		known[e.Setting] = true
		if len(harmlessValues[e.Setting]) == 0 {
			t.Errorf("%s is %s, and there is no value of it here", e.Setting, e.Verdict)
		}
	}
	for setting, values := range harmlessValues {
		if !known[setting] {
			t.Errorf("%s is not in the tables, or neither harmless nor unjudged", setting)
		}
		for _, value := range values {
			t.Run(setting+"/"+value, func(t *testing.T) {
				if strings.HasPrefix(value, `{"apiVersion"`) {
					silentObject(t, value)
					return
				}
				written := spec(t, setting, value)
				for _, example := range []string{"two-clusters", "primary-remote-multi-network"} {
					silent(t, example, written)
				}
			})
		}
	}
}

// spec gives a part of a topology that sets a setting for the whole mesh.
func spec(t *testing.T, setting, value string) string {
	t.Helper()
	path := strings.Split(setting, ".")
	if path[0] == "pilot" {
		path = append([]string{"values"}, path...)
	}
	var written any = json.RawMessage(value)
	for i := len(path) - 1; i >= 0; i-- {
		written = map[string]any{path[i]: written}
	}
	text, err := json.Marshal(map[string]any{"spec": map[string]any{"istio": written}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// silent wants nothing found of an example with something more, and nothing in what is rendered.
func silent(t *testing.T, example, more string) {
	t.Helper()
	dir := copyExample(t, example)
	topology := filepath.Join(dir, "topology.yaml")
	write(t, topology, strings.Replace(read(t, topology), "1.28.3", "1.31.1", 1)) // which knows all of them
	write(t, filepath.Join(dir, "more.json"), more)
	for _, args := range [][]string{
		{"validate", "--fail-on", "info", "topology.yaml", "more.json"},
		{"render", "-o", "out", "topology.yaml", "more.json"},
		{"lint", "--fail-on", "info", "out"},
	} {
		if got := inProcess(t, dir, "", args...); got.code != exitOK {
			t.Errorf("%s with %s: %s exits with %d:\n%s%s", example, more, args[0], got.code, got.out, got.err)
			return
		}
	}
}

// silentObject wants nothing found of an object in both clusters of an example.
func silentObject(t *testing.T, object string) {
	t.Helper()
	out := renderedBefore(t, "two-clusters")
	for _, cluster := range []string{"cluster-a", "cluster-b"} {
		write(t, filepath.Join(out, "clusters", cluster, ownFile), object)
	}
	if got := inProcess(t, out, "", "lint", "--fail-on", "info", "."); got.code != exitOK {
		t.Errorf("lint exits with %d:\n%s%s", got.code, got.out, got.err)
	}
}
