package istio

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// TestVersions tries settings around the minor version that brought them, as the text of values_types.proto of Istio's
// branches, mesh/v1alpha1 of istio.io/api and the release notes say: the tables are made from descriptors.
func TestVersions(t *testing.T) {
	for _, tt := range []struct {
		of    Type
		text  string
		since int
	}{
		{Values(), "cni: {ambient: {reconcileIptablesOnStartup: true}}", 26},
		{Values(), "pilot: {envVarFrom: [{name: A}]}", 26},
		{Values(), "gatewayClasses: {istio: {}}", 26},
		{Values(), "cni: {env: {A: b}}", 27},
		{Values(), "cni: {istioOwnedCNIConfig: true}", 27},
		{Values(), "cni: {istioOwnedCNIConfigFileName: a.conf}", 27},
		{Values(), "global: {trustBundleName: a}", 27},
		{Values(), "global: {nativeNftables: true}", 27},
		{Values(), "istiodRemote: {enabledLocalInjectorIstiod: true}", 27},
		{Values(), "cni: {daemonSetLabels: {a: b}}", 28},
		{Values(), "cni: {podLabels: {a: b}}", 28},
		{Values(), "global: {networkPolicy: {enabled: true}}", 28},
		{Values(), "global: {resourceScope: all}", 28},
		{Values(), "global: {agentgateway: {image: a}}", 29},
		{Values(), "pilot: {crlConfigMapName: a}", 29},
		{Values(), "global: {proxy: {seccompProfile: {type: RuntimeDefault}}}", 29},
		{Values(), "pilot: {volumes: [{name: a, emptyDir: {}}]}", 29},
		{Values(), "global: {proxy: {lifecycle: {preStop: {httpGet: {path: /, port: 15021}}}}}", 29},
		{Values(), "cni: {useAppArmorAnnotation: true}", 30},
		{Values(), "global: {enableReaderRBAC: true}", 30},
		{Values(), "pilot: {taint: {name: a}}", 30},
		{Values(), "global: {readerServiceAccount: {name: a}}", 31},
		{MeshConfig(), "defaultConfig: {tracing: {enableIstioTags: true}}", 25},
		{MeshConfig(), "defaultConfig: {proxyHeaders: {preserveHttp1HeaderCase: true}}", 25},
		{MeshConfig(), "extensionProviders: [{name: a, envoyExtAuthzGrpc: {service: a, port: 1, clearRouteCache: true}}]", 25},
		{MeshConfig(), "extensionProviders: [{name: a, envoyExtAuthzHttp: {service: a, port: 1, clearRouteCache: true}}]", 25},
		{MeshConfig(), "defaultHttpRetryPolicy: {backoff: 1s}", 26},
		{MeshConfig(), "defaultHttpRetryPolicy: {retryIgnorePreviousHosts: true}", 26},
		{MeshConfig(), "extensionProviders: [{name: a, envoyFileAccessLog: {path: a, omitEmptyValues: true}}]", 26},
		{MeshConfig(), "serviceScopeConfigs: []", 27},
		{MeshConfig(), "defaultConfig: {proxyHeaders: {xForwardedHost: {}}}", 28},
		{MeshConfig(), "extensionProviders: [{name: a, zipkin: {service: a, port: 1, traceContextOption: USE_B3}}]", 28},
		{MeshConfig(), "hboneIdleTimeout: 1s", 29},
		{MeshConfig(), "defaultConfig: {fileFlushInterval: 1s}", 29},
		{MeshConfig(), "defaultConfig: {statsCompression: true}", 29},
		{MeshConfig(), "extensionProviders: [{name: a, zipkin: {service: a, port: 1, timeout: 1s}}]", 29},
		{MeshConfig(), "outboundTrafficPolicy: {mode: ALLOW_ANY_DYNAMIC_DNS}", 30},
		{MeshConfig(), "outboundTrafficPolicy: {tls: {}}", 30},
		{MeshConfig(), "defaultConfig: {connectionSettings: {}}", 31},
		{MeshConfig(), "zoneAwareLbSetting: {}", 31},
		{MeshConfig(), "serviceEntryVisibility: {}", 31},
	} {
		for minor := FirstMinor; minor <= LastMinor; minor++ {
			problems := Check(document.ReadYAML("", []byte(tt.text), &diag.List{}), tt.of.In(minor))
			if known := len(problems) == 0; known != (minor >= tt.since) {
				t.Errorf("%s, which came with 1.%d: %d problems in 1.%d", tt.text, tt.since, len(problems), minor)
			}
			for _, p := range problems {
				if p.Kind == UnknownField && p.Since != tt.since && !strings.Contains(tt.text, "emptyDir") && !strings.Contains(tt.text, "httpGet") {
					t.Errorf("%s: %s came with 1.%d, not 1.%d", tt.text, Place(p.Path), tt.since, p.Since)
				}
			}
		}
	}
}

// TestVariablesOfVersions does the same with variables.
func TestVariablesOfVersions(t *testing.T) {
	for _, tt := range []struct {
		program Program
		name    string
		since   int
	}{
		{Pilot, "AMBIENT_ENABLE_MULTI_NETWORK", 25},
		{Pilot, "PILOT_MX_ADDITIONAL_LABELS", 25},
		{Pilot, "ENABLE_CLUSTER_TRUST_BUNDLE_API", 26},
		{Pilot, "PILOT_ENABLE_CA_CRL", 27},
		{Pilot, "PILOT_IP_AUTOALLOCATE_IPV4_PREFIX", 27},
		{Agent, "DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES", 27},
		{Pilot, "BLOCKED_CIDRS_IN_JWKS_URIS", 28},
		{Pilot, "PILOT_CRL_CONFIGMAP", 29},
		{Pilot, "PILOT_MULTICLUSTER_KUBECONFIG_PATH", 30},
		{Pilot, "PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER", 31},
	} {
		for minor := FirstMinor; minor <= LastMinor; minor++ {
			if tt.program.Reads(tt.name, minor) != (minor >= tt.since) {
				t.Errorf("%s, which came with 1.%d: read in 1.%d is %v", tt.name, tt.since, minor, minor < tt.since)
			}
		}
		if since, until := tt.program.Around(tt.name, FirstMinor); since != tt.since || until != 0 {
			t.Errorf("%s came with 1.%d, not 1.%d", tt.name, tt.since, since)
		}
	}
	if since, until := Pilot.Around("ENABLE_AUTO_SNI", LastMinor); since != 0 || until != 25 {
		t.Errorf("ENABLE_AUTO_SNI: %d, %d", since, until)
	}
}

// TestRemovedFields has a field that a later version no longer has.
func TestRemovedFields(t *testing.T) {
	node := document.ReadYAML("", []byte("gateways: {istio-ingressgateway: {zvpn: {enabled: true}}}"), &diag.List{})
	if problems := Check(node, Values().In(25)); len(problems) != 0 {
		t.Errorf("%d problems in 1.25", len(problems))
	}
	for _, minor := range []int{26, LastMinor, 0} {
		if problems := Check(node, Values().In(minor)); len(problems) != 1 || problems[0].Until != 25 || problems[0].Since != 0 {
			t.Errorf("in 1.%d: %+v", minor, problems)
		}
	}
}

// TestEveryVersionIsThere proves that each type that a version names is in the tables, as that version has it.
func TestEveryVersionIsThere(t *testing.T) {
	for line := range strings.Lines(versionsText) {
		name := strings.Fields(line)[0]
		if line[0] == '\t' || name == "#" {
			continue
		}
		for _, d := range differences(name) {
			if _, expression, ok := strings.Cut(d.line, " "); ok {
				of, _, _ := strings.Cut(expression, " ")
				checkVersionExpression(t, of, d.from)
			}
			if d.from < FirstMinor || d.to > LastMinor || d.from > d.to {
				t.Errorf("%s: %+v", name, d)
			}
		}
	}
}

func checkVersionExpression(t *testing.T, expression string, minor int) {
	t.Helper()
	name := strings.TrimLeft(expression, "[]{}uint32")
	if strings.HasPrefix(name, "@") && len((Type{expression: name}).In(minor).message().fields) == 0 && !strings.HasSuffix(name, ".Time") {
		t.Errorf("%s has no fields in 1.%d", name, minor)
	}
}
