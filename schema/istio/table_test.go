package istio

import (
	"strings"
	"testing"
)

// TestEveryTypeIsThere proves that each type and enum that the tables name is in them, is found, and can be read.
func TestEveryTypeIsThere(t *testing.T) {
	types := 0
	for line := range strings.Lines(fieldsText) {
		words := strings.Fields(line)
		switch {
		case words[0] == "#":
		case line[0] != '\t':
			if _, ok := lookUp(fieldsText, words[0]); !ok {
				t.Errorf("lookUp does not find %s", words[0])
			}
			if words[1] != "enum" {
				types++
				for _, f := range messageOf(words[0]).fields {
					checkExpression(t, f.value.expression)
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
	_, inTable := lookUp(fieldsText, name)
	if _, isScalar := scalars[of]; !isScalar && (name == of || !inTable) {
		t.Errorf("%s is no type", expression)
	}
}

func TestLookUp(t *testing.T) {
	const text = "# mark\na x\n\t1\nab\n\t2\n\t3\nab.c y\nb z\n\t4\n"
	for key, want := range map[string]string{
		"a": "a x\n\t1\n", "ab": "ab\n\t2\n\t3\n", "ab.c": "ab.c y\n", "b": "b z\n\t4\n", "a x": "a x\n\t1\n",
		"": "", "c": "", "aa": "", "1": "", "ab.": "", "B": "",
	} {
		if got, ok := lookUp(text, key); got != want || ok != (want != "") {
			t.Errorf("lookUp(%q) = %q, %v, want %q", key, got, ok, want)
		}
	}
	if got, ok := lookUp("", "a"); ok {
		t.Errorf("lookUp in nothing = %q", got)
	}
}

// TestNothingIsReadInVain proves that a check reads the types that the document needs, and no other one.
func TestNothingIsReadInVain(t *testing.T) {
	known.messages = nil
	Check(nil, Values())
	if len(known.messages) > 0 {
		t.Errorf("%d types were read for no document", len(known.messages))
	}
	Check(read(t, `{accessLogFile: /dev/stdout, outboundTrafficPolicy: {mode: REGISTRY_ONLY}}`), MeshConfig())
	if len(known.messages) != 2 {
		t.Errorf("%d types were read, want those of the mesh config and its policy", len(known.messages))
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
		if got := tt.program.Reads(tt.name); got != tt.reads {
			t.Errorf("%s.Reads(%q) = %v, want %v", tt.program, tt.name, got, tt.reads)
		}
		if got := tt.program.Nearest(tt.name); tt.near != "" && got != tt.near {
			t.Errorf("%s.Nearest(%q) = %q, want %q", tt.program, tt.name, got, tt.near)
		}
	}
	for name := range obsolete {
		if Agent.Reads(name) || Pilot.Reads(name) || Obsolete(name) == "" {
			t.Errorf("%s is not obsolete", name)
		}
	}
}

// BenchmarkFirst checks the settings of the two-clusters example with nothing read before.
func BenchmarkFirst(b *testing.B) {
	n := read(b, `{accessLogFile: /dev/stdout}`)
	b.ReportAllocs()
	for b.Loop() {
		known.messages = nil
		if Check(n, MeshConfig()) != nil {
			b.Fatal("a problem")
		}
	}
}

// BenchmarkAll reads every type.
func BenchmarkAll(b *testing.B) {
	var names []string
	for line := range strings.Lines(fieldsText) {
		if words := strings.Fields(line); line[0] != '\t' && words[0] != "#" && words[1] != "enum" {
			names = append(names, words[0])
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		known.messages = nil
		for _, name := range names {
			messageOf(name)
		}
	}
}
