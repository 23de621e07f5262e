package owned

import "testing"

// TestOverlays has overlays of a gateway's Service and Deployment, and whether they could change what is owned.
func TestOverlays(t *testing.T) {
	const why = "refused"
	refuse := RefuseOverlay([]Overlaid{
		{"", "metadata.name", why},
		{"Service", `metadata.labels.topology\.istio\.io/network`, why},
		{"Service", "spec.ports.[port=15443|name=tls]", why},
		{"Deployment", "args.[=--domain]", why},
		{"Hook", "webhooks.[*].clientConfig", why},
	})
	for _, tt := range []struct {
		kind, path string
		value      any
		refused    bool
	}{
		{"Service", "metadata.name", "x", true},
		{"Any", "metadata.name", "x", true},
		{"Any", "metadata", map[string]any{}, true},
		{"Service", "metadata.namespace", "x", false},
		{"Service", `metadata.labels.topology\.istio\.io/network`, "x", true},
		{"Service", `.metadata.labels.topology\.istio\.io/network.`, nil, true},
		{"Service", "metadata.labels.topology.istio.io/network", "x", false},
		{"Deployment", `metadata.labels.topology\.istio\.io/network`, "x", false},
		{"Service", "metadata.labels", map[string]any{"a": "b"}, true},
		{"Service", "metadata.labels.team", "x", false},
		{"Service", "spec.ports", nil, true},
		{"Service", "spec.ports", []any{}, true},
		{"Service", "spec.ports", map[string]any{"port": int64(443)}, false},
		{"Service", "spec.ports", map[string]any{"port": int64(15443)}, true},
		{"Service", "spec.ports", map[string]any{"port": float64(15443)}, true},
		{"Service", "spec.ports", map[string]any{"name": "tls"}, true},
		{"Service", "spec.ports.[-1]", map[string]any{"name": "https"}, false},
		{"Service", "spec.ports.[-1]", map[string]any{"name": "tls"}, true},
		{"Service", "spec.ports[0].targetPort", int64(1), true},
		{"Service", "spec.ports.[name:tls].targetPort", int64(1), true},
		{"Service", "spec.ports[port:15443]", nil, true},
		{"Service", "spec.ports.[name:https].targetPort", int64(1), false},
		{"Service", "spec.ports.[name:https]", map[string]any{"name": "tls"}, true},
		{"Service", "spec.ports.[nodePort:30443].port", int64(1), true},
		{"Deployment", "args", "--domain=x", true},
		{"Deployment", "args", "--log_as_json", false},
		{"Deployment", "args", []any{"--log_as_json"}, true},
		{"Deployment", "args.[:--domain]", "x", true},
		{"Hook", "webhooks.[name:a].clientConfig.url", "x", true},
		{"Hook", "webhooks.[name:a].failurePolicy", "Ignore", false},
		{"Hook", "webhooks", map[string]any{}, true},
	} {
		item := map[string]any{"kind": tt.kind, "name": "x", "patches": []any{
			map[string]any{"path": "spec.other", "value": "x"}, map[string]any{"path": tt.path, "value": tt.value},
		}}
		if got := refuse(item) != ""; got != tt.refused {
			t.Errorf("%s %s: %v is refused: %v, want %v", tt.kind, tt.path, tt.value, got, tt.refused)
		}
	}
	for _, item := range []any{nil, "x", map[string]any{}, map[string]any{"patches": "x"}, map[string]any{"patches": []any{nil, map[string]any{"path": int64(1)}}}} {
		if why := refuse(item); why != "" {
			t.Errorf("%v is refused: %s", item, why)
		}
	}
}
