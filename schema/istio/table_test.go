package istio

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/private"
)

// TestEveryTypeIsThere proves that each type and enum that the tables name is in them, is found, and can be read.
func TestEveryTypeIsThere(t *testing.T) {
	types := 0
	for line := range strings.Lines(fieldsText) {
		words := strings.Fields(line)
		switch {
		case words[0] == "#":
		case line[0] != '\t':
			if words[1] != "enum" {
				types++
				for _, f := range (Type{expression: "@" + words[0]}).message().fields {
					checkExpression(t, f.value.expression)
					if f.alias != "" && private.IsClosed(f.alias) != private.IsClosed(f.name) {
						t.Errorf("%s and %s of %s are not equally private", f.name, f.alias, words[0])
					}
				}
			}
		}
	}
	if types < 300 {
		t.Errorf("fields.txt has %d types", types)
	}
	for line := range strings.Lines(kindsText) {
		if words := strings.Fields(line); words[0] != "#" {
			checkExpression(t, object(words[0], words[1]).expression)
		}
	}
	for _, of := range []Type{MeshConfig(), Values(), Components()} {
		checkExpression(t, of.expression)
	}
}

func checkExpression(t *testing.T, expression string) {
	t.Helper()
	of := expression
	for strings.HasPrefix(of, "[]") || strings.HasPrefix(of, "{}") || strings.HasPrefix(of, "{uint32}") {
		_, of, _ = strings.Cut(strings.Replace(of, "}", "]", 1), "]")
	}
	name := strings.TrimLeft(of, "@%")
	if _, isScalar := scalars[of]; !isScalar && (name == of || block(fieldsText, name) == nil) {
		t.Errorf("%s is no type", expression)
	}
}

func TestEnvironment(t *testing.T) {
	for _, tt := range []struct {
		program Program
		name    string
		reads   bool
		near    string
	}{
		{Agent, "ISTIO_META_DNS_CAPTURE", true, ""},
		{Agent, "ISTIO_META_DNS_AUTO_ALLOCATE", true, ""},
		{Agent, "ISTIO_META_REQUESTED_NETWORK_VIEW", true, ""},
		{Agent, "ISTIO_META_IDLE_TIMEOUT", true, ""},
		{Agent, "PROXY_CONFIG_XDS_AGENT", true, ""},
		{Agent, "EXIT_ON_ZERO_ACTIVE_CONNECTIONS", true, ""},
		{Agent, "CA_ROOT_CA", true, ""},
		{Agent, "XDS_ROOT_CA", true, ""},
		{Agent, "GOMEMLIMIT", true, ""},
		{Agent, "https_proxy", true, ""},
		{Agent, "ISTIO_META_DNS_CAPTRE", false, "ISTIO_META_DNS_CAPTURE"},
		{Agent, "ISTIO_META_ROUTER_MODE", false, ""},
		{Agent, "ISTIO_META_DNS_INSECURE", false, ""},
		{Agent, "USE_REMOTE_CERTS", false, ""},
		{Agent, "", false, ""},
		{Pilot, "CLUSTER_ID", true, ""},
		{Pilot, "EXTERNAL_ISTIOD", true, ""},
		{Pilot, "AMBIENT_ENABLE_MULTI_NETWORK", true, ""},
		{Pilot, "PILOT_ENABLE_IP_AUTOALLOCATE", true, ""},
		{Pilot, "USE_REMOTE_CERTS", true, ""},
		{Pilot, "PILOT_ENABLE_IP_AUTOALOCATE", false, "PILOT_ENABLE_IP_AUTOALLOCATE"},
		{Pilot, "EXIT_ON_ZERO_ACTIVE_CONNECTIONS", false, ""},
	} {
		if got := tt.program.Reads(tt.name, 0); got != tt.reads {
			t.Errorf("%s.Reads(%q) = %v, want %v", tt.program, tt.name, got, tt.reads)
		}
		if got := tt.program.Nearest(tt.name); tt.near != "" && got != tt.near {
			t.Errorf("%s.Nearest(%q) = %q, want %q", tt.program, tt.name, got, tt.near)
		}
	}
	for name := range obsolete {
		if Agent.Reads(name, 0) || Pilot.Reads(name, 0) || Obsolete(name) == "" {
			t.Errorf("%s is not obsolete", name)
		}
	}
}
