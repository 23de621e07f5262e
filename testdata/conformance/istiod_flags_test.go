package conformance

import (
	"strconv"
	"testing"
	"time"

	"istio.io/istio/pilot/pkg/features"
	"istio.io/istio/pkg/test"
)

// flags are the variables of istiod that the examples and mistakes set. Istio reads them once, when a process starts.
var flags = map[string]any{
	"EXTERNAL_ISTIOD":                          &features.ExternalIstiod,
	"INJECTION_WEBHOOK_CONFIG_NAME":            &features.InjectionWebhookConfigName,
	"ISTIO_WATCH_NAMESPACE":                    &features.InformerWatchNamespace,
	"PILOT_FILTER_GATEWAY_CLUSTER_CONFIG":      &features.FilterGatewayClusterConfig,
	"PILOT_MULTICLUSTER_KUBECONFIG_PATH":       &features.MulticlusterKubeconfigPath,
	"PILOT_MULTI_NETWORK_DISCOVER_GATEWAY_API": &features.MultiNetworkGatewayAPI,
	"PILOT_REMOTE_CLUSTER_TIMEOUT":             &features.RemoteClusterTimeout,
	"RESOLVE_HOSTNAME_GATEWAYS":                &features.ResolveHostnameGateways,
}

// ofAmbient are those that count only with PILOT_ENABLE_AMBIENT, and what they are then if nobody sets them.
var ofAmbient = map[string]struct {
	flag    *bool
	without string
}{
	"AMBIENT_ENABLE_MULTI_NETWORK":         {&features.EnableAmbientMultiNetwork, "false"},
	"PILOT_ENABLE_AMBIENT":                 {&features.EnableAmbient, "true"},
	"PILOT_ENABLE_AMBIENT_WAYPOINTS":       {&features.EnableAmbientWaypoints, "true"},
	"PILOT_ENABLE_SENDING_HBONE":           {&features.EnableHBONESend, "true"},
	"PILOT_ENABLE_SIDECAR_LISTENING_HBONE": {&features.EnableSidecarHBONEListening, "true"},
}

// setFeatures has Istio's code behave as with these variables, until the test ends.
func setFeatures(t *testing.T, env map[string]string) {
	t.Helper()
	test.SetForTest(t, &features.RemoteClusterTimeout, 2*time.Second)
	for name, flag := range flags {
		if value, ok := env[name]; ok {
			setFeature(t, flag, value)
		}
	}
	if env["PILOT_ENABLE_AMBIENT"] != "true" {
		return
	}
	for name, ambient := range ofAmbient {
		value, ok := env[name]
		if !ok {
			value = ambient.without
		}
		setFeature(t, ambient.flag, value)
	}
}

func setFeature(t *testing.T, flag any, value string) {
	t.Helper()
	var err error
	switch flag := flag.(type) {
	case *bool:
		var set bool
		set, err = strconv.ParseBool(value)
		test.SetForTest(t, flag, set)
	case *string:
		test.SetForTest(t, flag, value)
	case *time.Duration:
		var set time.Duration
		set, err = time.ParseDuration(value)
		test.SetForTest(t, flag, set)
	default:
		t.Fatalf("a flag of type %T", flag)
	}
	if err != nil {
		t.Fatal(err)
	}
}
