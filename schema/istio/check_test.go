package istio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

// cases are values, the places of their problems between ‹ and ›, and what is said of these, in their order.
var cases = []struct {
	name string
	of   Type
	text string
	says []string
}{
	{"nothing", MeshConfig(), `{}`, nil},
	{"two spellings", MeshConfig(), `{accessLogFile: /dev/stdout, access_log_format: x}`, nil},
	{"a field of protobuf's JSON", MeshConfig(), `{defaultConfig: {concurrency: 2, proxyMetadata: {A: "1"}}}`, nil},
	{"numbers in quotes", MeshConfig(), `{proxyListenPort: "15001", defaultConfig: {concurrency: "2"}}`, nil},
	{"a whole number with a point", MeshConfig(), `{proxyListenPort: 15001.0}`, nil},
	{"an enum by name and by number", MeshConfig(), `{accessLogEncoding: JSON, h2UpgradePolicy: 1}`, nil},
	{"a duration as Istio reads it", MeshConfig(), `{connectTimeout: 1m30s}`, nil},
	{"null anywhere", MeshConfig(), `{accessLogFile: null, defaultConfig: null, trustDomainAliases: [null]}`, nil},
	{"objects of any kind", Values(), `{pilot: {env: {A: 1, B: [x]}}, global: {proxy: {resources: {limits: {cpu: "1"}}}}}`, nil},
	{"a kind of Kubernetes among values", Values(), `{pilot: {tolerations: [{key: a, operator: Exists}]}}`, nil},
	{"components", Components(), `{pilot: {k8s: {replicaCount: 2, resources: {requests: {cpu: 500m, memory: 1Gi}}, overlays: [{kind: Deployment, name: istiod, patches: [{path: a.b, value: [1]}]}]}}}`, nil},
	{"ports of a gateway", Components(), `{ingressGateways: [{name: a, k8s: {service: {ports: [{name: x, port: 80, targetPort: 8080}, {name: y, port: 81, targetPort: y}]}}}]}`, nil},

	{"a misspelt field", MeshConfig(), `{‹accesLogFile›: /dev/stdout}`, []string{`meshConfig has no field "accesLogFile"|did you mean "accessLogFile"?`}},
	{"another case", MeshConfig(), `{‹trustdomain›: x}`, []string{`has no field "trustdomain"|did you mean "trustDomain"?`}},
	{"near to one that is given already", MeshConfig(), `{trustDomain: x, ‹trustDomains›: [y]}`, []string{`has no field "trustDomains"|use one of`}},
	{"far from any", MeshConfig(), `{‹zzzzzzzzzzzz›: {a: b}}`, []string{`has no field "zzzzzzzzzzzz"|use one of accessLogEncoding, `}},
	{"two deep ones", Values(), `{global: {proxy: {‹clusterDomian›: x}, ‹logAsJSONs›: true}}`, []string{
		`global.proxy has no field "clusterDomian"|did you mean "clusterDomain"?`, `global has no field "logAsJSONs"|did you mean "logAsJson"?`}},
	{"in a list", Components(), `{ingressGateways: [{name: a}, {‹nmae›: b}]}`, []string{`ingressGateways[1] has no field "nmae"|did you mean "name"?`}},
	{"of Kubernetes", Components(), `{pilot: {k8s: {resources: {‹request›: {cpu: 1}}}}}`, []string{`pilot.k8s.resources has no field "request"|did you mean "requests"?`}},
	{"of Kubernetes among values", Values(), `{pilot: {affinity: {‹nodeAfinity›: {}}}}`, []string{`pilot.affinity has no field "nodeAfinity"|did you mean "nodeAffinity"?`}},
	{"below the mesh config of values", Values(), `{meshConfig: {‹accesLogFile›: x}}`, []string{`meshConfig has no field "accesLogFile"`}},
	{"a network of values", Values(), `{global: {meshNetworks: {net1: {endpoints: [{‹fromRegistri›: a}]}}}}`, []string{`meshNetworks.net1.endpoints[0] has no field "fromRegistri"|did you mean "fromRegistry"?`}},

	{"a bool for a string", MeshConfig(), `{defaultConfig: {proxyMetadata: {A: ‹true›}}}`, []string{`proxyMetadata.A must be a string, not true|put it in quotes: "true"`}},
	{"a number for a string", Values(), `{global: {multiCluster: {clusterName: ‹123›}}}`, []string{`clusterName must be a string, not the number 123|put it in quotes: "123"`}},
	{"a string for a bool", MeshConfig(), `{enableAutoMtls: ‹"true"›}`, []string{`must be true or false, not the string "true"|write it without quotes: true`}},
	{"a word for a bool", MeshConfig(), `{enableAutoMtls: ‹"always"›}`, []string{`not the string "always"|give it true or false`}},
	{"a fraction", MeshConfig(), `{proxyListenPort: ‹1.5›}`, []string{`must be a whole number, not the number 1.5`}},
	{"too large", MeshConfig(), `{proxyListenPort: ‹4294967296›}`, []string{`must be a whole number`}},
	{"negative", Values(), `{pilot: {autoscaleMin: ‹-1›}}`, []string{`must be a whole number that is not negative, not the number -1`}},
	{"a number in quotes for encoding/json", Components(), `{pilot: {k8s: {replicaCount: ‹"2"›}}}`, []string{`must be a whole number that is not negative|write it without quotes: 2`}},
	{"a duration without unit", MeshConfig(), `{connectTimeout: ‹10›}`, []string{`must be a duration in quotes, such as "10s", not the number 10`}},
	{"no duration", MeshConfig(), `{connectTimeout: ‹soon›}`, []string{`must be a duration in quotes, such as "10s", not "soon"`}},
	{"no quantity", Components(), `{pilot: {k8s: {resources: {requests: {cpu: ‹much›}}}}}`, []string{`requests.cpu must be a quantity`}},
	{"an unknown value", MeshConfig(), `{accessLogEncoding: ‹JSN›}`, []string{`accessLogEncoding "JSN" is not one of TEXT, JSON|did you mean "JSON"?`}},
	{"a map for a list", Components(), `{pilot: {k8s: {‹overlays›: {certs: {kind: Deployment}}}}}`, []string{`overlays must be a list, not a map|write a list: "- " before each of its items`}},
	{"a list for a map", Values(), `{‹pilot›: [a]}`, []string{`pilot must be a map, not a list`}},
	{"a string for a map", Values(), `{pilot: ‹x›}`, []string{`pilot must be a map, not a string`}},
	{"an item", MeshConfig(), `{trustDomainAliases: [a, ‹1›]}`, []string{`trustDomainAliases[1] must be a string, not the number 1`}},
	{"two of one", MeshConfig(), `{extensionProviders: [{name: a, zipkin: {service: z, port: 1}, ‹datadog›: {service: d, port: 2}}]}`, []string{`extensionProviders[0] has both "zipkin" and "datadog"|delete one of the two`}},
	{"one of one", MeshConfig(), `{extensionProviders: [{name: a, zipkin: {service: z, port: 1}, datadog: null}]}`, nil},
	{"one field under two names", MeshConfig(), `{trustDomain: a, ‹trust_domain›: a}`, []string{`has both "trustDomain" and "trust_domain", which are one field`}},
	{"all in one run", MeshConfig(), `{‹one›: 1, enableTracing: ‹x›, defaultConfig: {‹two›: 2, concurrency: ‹y›}}`, []string{`"one"`, `enableTracing`, `"two"`, `concurrency`}},

	{"a Gateway", object("networking.istio.io/v1", "Gateway"), `{apiVersion: networking.istio.io/v1, kind: Gateway, metadata: {name: g}, spec: {servers: [{port: {number: 15443, name: tls, protocol: TLS}, hosts: ["*.local"], tls: {mode: AUTO_PASSTHROUGH}}]}}`, nil},
	{"a Gateway with a second name", object("networking.istio.io/v1", "Gateway"), `{spec: {servers: [{port: {number: 443}, tls: {‹credential_name›: c}}]}}`, []string{`tls has no field "credential_name"|did you mean "credentialName"?`}},
	{"a Gateway with a port in quotes", object("networking.istio.io/v1", "Gateway"), `{spec: {servers: [{port: {number: ‹"443"›}}]}}`, []string{`number must be a whole number that is not negative|write it without quotes: 443`}},
	{"a Gateway with an enum by number", object("networking.istio.io/v1", "Gateway"), `{spec: {servers: [{tls: {mode: ‹1›}}]}}`, []string{`tls.mode must be one of PASSTHROUGH, SIMPLE`}},
	{"ports as keys", object("security.istio.io/v1", "PeerAuthentication"), `{spec: {portLevelMtls: {"8080": {mode: STRICT}, ‹http›: {mode: STRICT}}}}`, []string{`the key "http" in meshConfig.spec.portLevelMtls must be a whole number`}},
	{"a Secret", object("v1", "Secret"), `{data: {a: c2VjcmV0, b: ‹"?"›}, stringData: {c: x}}`, []string{`data.b must be a text in base64`}},
	{"an IstioOperator", object("install.istio.io/v1alpha1", "IstioOperator"), `{metadata: {name: x}, spec: {profile: default, tag: 1, ‹compnents›: {}, meshConfig: {‹foo›: 1}, values: {‹bar›: 1}}}`, []string{`spec has no field "compnents"|did you mean "components"?`, `spec.meshConfig has no field "foo"`, `spec.values has no field "bar"`}},
	{"an Istio of the Sail operator", object("sailoperator.io/v1", "Istio"), `{spec: {version: v1.31.1, namespace: istio-system, values: {pilot: {autoscaleEnabled: true, ‹autoscaleMim›: 1}}}}`, []string{`spec.values.pilot has no field "autoscaleMim"`}},
}

func object(apiVersion, kind string) Type {
	t, ok := Object(apiVersion, kind)
	if !ok {
		panic(apiVersion + " " + kind)
	}
	return t
}

// read gives a value of which no reader of YAML has anything to say.
func read(t testing.TB, text string) *document.Node {
	t.Helper()
	found := &diag.List{}
	n := document.ReadYAML("t.yaml", []byte(text), found)
	if n == nil || found.HasErrors() {
		t.Fatalf("ReadYAML(%s): %v", text, found.Sorted())
	}
	return n
}

func TestCheck(t *testing.T) {
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			text, columns := unmark(tt.text)
			problems := Check(read(t, text), tt.of)
			var got []int
			for _, p := range problems {
				got = append(got, p.Pos.Col)
			}
			if !slices.Equal(got, columns) || len(problems) != len(tt.says) {
				t.Fatalf("Check(%s) finds problems at %v, want %v: %s", text, got, columns, describe(problems))
			}
			for i, want := range tt.says {
				message, fix, _ := strings.Cut(want, "|")
				if said := problems[i].Message("meshConfig"); !strings.Contains(said, message) {
					t.Errorf("Message = %q, want %q in it", said, message)
				}
				if said := problems[i].Fix(); !strings.HasPrefix(said, fix) {
					t.Errorf("Fix = %q, want %q", said, fix)
				}
			}
		})
	}
}

// unmark takes the marks out of a line, and gives the columns of what they mark.
func unmark(marked string) (text string, columns []int) {
	for i, part := range strings.Split(marked, "‹") {
		if i > 0 {
			columns = append(columns, len([]rune(text))+1)
		}
		text += strings.ReplaceAll(part, "›", "")
	}
	return text, columns
}

func describe(problems []*Problem) string {
	var b strings.Builder
	for _, p := range problems {
		fmt.Fprintf(&b, "\n  %d: %s", p.Pos.Col, p.Message("meshConfig"))
	}
	return b.String()
}

// TestReaders proves that each problem says who decodes the value.
func TestReaders(t *testing.T) {
	n := read(t, `{spec: {a: 1, meshConfig: {b: 1}, values: {c: 1, meshConfig: {d: 1}}}}`)
	var got []Reader
	for _, p := range Check(n, object("install.istio.io/v1alpha1", "IstioOperator")) {
		got = append(got, p.Reader)
	}
	if want := []Reader{Istioctl, Istiod, Istioctl, Istiod}; !slices.Equal(got, want) {
		t.Errorf("readers = %v, want %v", got, want)
	}
	for _, p := range Check(read(t, `{spec: {a: 1}}`), object("networking.istio.io/v1", "Gateway")) {
		if p.Reader != APIServer {
			t.Errorf("reader = %v, want that of an API server", p.Reader)
		}
	}
}

// TestPassedOver proves that what was reported before, and what the user did not write, is left alone.
func TestPassedOver(t *testing.T) {
	for _, of := range []func(*document.Node){func(n *document.Node) { n.Broken = true }, func(n *document.Node) { n.Defaulted = true }} {
		n := read(t, `{unknown: 1, defaultConfig: {concurrency: x}}`)
		of(n.At("unknown"))
		of(n.At("defaultConfig", "concurrency"))
		if problems := Check(n, MeshConfig()); len(problems) > 0 {
			t.Errorf("Check finds %s", describe(problems))
		}
	}
}

func TestKinds(t *testing.T) {
	if _, ok := Object("networking.istio.io/v1", "Gatway"); ok {
		t.Error("Object knows a Gatway")
	}
	if _, ok := Object("networking.istio.io/v1", "EnvoyFilter"); ok {
		t.Error("Object knows EnvoyFilter in v1, which no CRD serves")
	}
	for group, want := range map[string]bool{
		"networking.istio.io": true, "security.istio.io": true, "install.istio.io": true, "apps": false, "": false, "istio.io": false, "sailoperator.io": false,
	} {
		if got := KnowsGroup(group); got != want {
			t.Errorf("KnowsGroup(%q) = %v, want %v", group, got, want)
		}
	}
	if got := Kinds("telemetry.istio.io"); !slices.Equal(got, []string{"telemetry.istio.io/v1 Telemetry", "telemetry.istio.io/v1alpha1 Telemetry"}) {
		t.Errorf("Kinds = %q", got)
	}
	if got := Kinds("apps"); len(got) > 0 {
		t.Errorf("Kinds = %q, want none", got)
	}
}

// FuzzCheck proves that no document makes a walk panic, and that every problem has a place and words.
func FuzzCheck(f *testing.F) {
	for _, tt := range cases {
		text, _ := unmark(tt.text)
		f.Add([]byte(text))
	}
	types := []Type{MeshConfig(), Values(), Components()}
	for line := range strings.Lines(kindsText) {
		if words := strings.Fields(line); words[0] != "#" {
			types = append(types, object(words[0], words[1]))
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n := document.ReadYAML("t.yaml", text, &diag.List{})
		for _, of := range types {
			for _, p := range Check(n, of) {
				if p.Pos.Line == 0 || p.Message("x") == "" || p.Fix() == "" {
					t.Errorf("a problem without place or words: %+v", p)
				}
			}
		}
	})
}

// TestInstead gives the word that a wrong one certainly stands for, or "", and whether quotes are all that is
// wrong.
func TestInstead(t *testing.T) {
	for _, tt := range []struct {
		name    string
		of      Type
		text    string
		instead string
		quoted  bool
	}{
		{"a slip", MeshConfig(), `{trustdomain: x}`, "trustDomain", false},
		{"of a value that does not fit", MeshConfig(), `{trustdomain: [x]}`, "", false},
		{"of a value with a slip of its own", MeshConfig(), `{defaultConfg: {concurency: 2}}`, "", false},
		{"without a value", MeshConfig(), `{trustdomain: null}`, "trustDomain", false},
		{"of a field that is given", MeshConfig(), `{trustDomain: x, trustdomain: y}`, "", false},
		{"of a field that is given by its other name", MeshConfig(), `{trust_domain: x, trustdomain: y}`, "", false},
		{"of a field that another is a slip of too", MeshConfig(), `{trustdomain: x, trustDomian: y}`, "", false},
		{"of a field that excludes one that is given", Values(), `{global: {meshNetworks: {a: {endpoints: [{fromCidr: 10.0.0.0/8, fromRegistri: a}]}}}}`, "", false},
		{"of one of several", Values(), `{pilot: {autoscaleMix: 1}}`, "", false},
		{"of a value", MeshConfig(), `{accessLogEncoding: JSN}`, "JSON", false},
		{"far from any value", MeshConfig(), `{accessLogEncoding: XML}`, "", false},
		{"a boolean in quotes", MeshConfig(), `{enableAutoMtls: "true"}`, "", true},
		{"a word in quotes", MeshConfig(), `{enableAutoMtls: "yes"}`, "", false},
		{"a number in quotes", Components(), `{pilot: {k8s: {replicaCount: "2"}}}`, "", true},
		{"a number in quotes that is too large", Components(), `{pilot: {k8s: {replicaCount: "99999999999"}}}`, "", false},
		{"a number without quotes", Values(), `{global: {network: 1}}`, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			root := document.ReadPart("", document.Part{Line: 1, Text: []byte(tt.text)}, &diag.List{})
			problems := Check(root, tt.of)
			if len(problems) == 0 {
				t.Fatal("nothing is wrong")
			}
			if p := problems[0]; p.Instead != tt.instead || p.Quoted != tt.quoted {
				t.Errorf("Instead is %q and Quoted %v, want %q and %v", p.Instead, p.Quoted, tt.instead, tt.quoted)
			}
		})
	}
}
