package shown

import (
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
)

// redacted gives what is public of a file.
func redacted(file, text string) string {
	found := &diag.List{}
	found.AddSource(file, []byte(text))
	found.Show(File)
	return found.Redacted(file)
}

// TestWhatIsHidden has texts that may be private in places that look public: hidden stands for each of them.
func TestWhatIsHidden(t *testing.T) {
	const operator = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  "
	for name, tt := range map[string]struct{ file, text string }{
		"the other name of a field":       {"a.yaml", operator + "meshConfig: {defaultConfig: {tracing: {custom_tags: {foo: {environment: {name: FOO, default_value: hidden}}}}}}"},
		"proxy_metadata":                  {"a.yaml", operator + "meshConfig: {defaultConfig: {proxy_metadata: {FOO: hidden}}}"},
		"data of a ServiceAccount":        {"a.yaml", "apiVersion: v1\nkind: ServiceAccount\ndata: {hidden: x}"},
		"data of a Service":               {"a.yaml", "apiVersion: v1\nkind: Service\ndata: {hidden: {hidden: x}}"},
		"data, misspelt":                  {"a.yaml", "apiVersion: v1\nkind: Namespace\ndat: {hidden: x}"},
		"Data":                            {"a.yaml", "apiVersion: v1\nkind: Namespace\nData: {hidden: x}"},
		"stringData, misspelt":            {"a.yaml", "apiVersion: v1\nkind: Namespace\nstringDta: {hidden: x}"},
		"data in a list":                  {"a.yaml", "apiVersion: v1\nkind: Namespace\ndata: [{hidden: x}]"},
		"data further in":                 {"a.yaml", "apiVersion: v1\nkind: Service\nspec: {template: {data: {hidden: x}}}"},
		"string_data of a ConfigMap":      {"a.yaml", "apiVersion: v1\nkind: ConfigMap\nstring_data: {hidden: x}"},
		"data in a Deployment":            {"a.yaml", "apiVersion: apps/v1\nkind: Deployment\nspec: {template: {binary_data: {hidden: x}}}"},
		"an access log format":            {"a.yaml", operator + "meshConfig: {accessLogFormat: hidden}"},
		"access_log_format":               {"a.yaml", operator + "meshConfig: {access_log_format: hidden}"},
		"an authority in the values":      {"a.yaml", operator + "values: {pilot: {jwksResolverExtraRootCA: hidden}, base: {validationCABundle: hidden}}"},
		"a variable of istiod":            {"a.yaml", operator + "values: {pilot: {env: {ISTIOD_CUSTOM_HOST: \"hidden value\"}}}"},
		"a variable in a list":            {"a.yaml", operator + "components: {pilot: {k8s: {env: [{name: PILOT_TRACE_SAMPLING, value: \"hidden P4ss\"}]}}}"},
		"a mixed word in a variable":      {"a.yaml", operator + "values: {pilot: {env: {ISTIOD_CUSTOM_HOST: Hidden7Xhidden}}}"},
		"an expression":                   {"a.yaml", "apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nspec: {accessLogging: [{filter: {expression: hidden}}]}"},
		"code":                            {"a.yaml", "apiVersion: extensions.istio.io/v1alpha1\nkind: TrafficExtension\nspec: {lua: {inline_code: hidden}}"},
		"a kubeconfig in a kustomization": {"kustomization.yaml", "resources: [a]\n---\nusers:\n- name: hidden"},
		"another document in it":          {"kustomization.yaml", "version: hidden\npath: hidden"},
		"a foreign field of its kind":     {"kustomization.yaml", "kind: Kustomization\nversion: hidden\nusers: [{name: hidden}]"},
		"another kind in it":              {"kustomization.yaml", "kind: Other\nname: hidden\npath: hidden"},
		"a foreign field of a ConfigMap":  {"a.yaml", "apiVersion: v1\nkind: ConfigMap\nusers: [{name: hidden}]\nversion: hidden"},
		"a long kind":                     {"a.yaml", "kind: HiddenHiddenhiddenhiddenhiddenhiddenhiddenhidden"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(tt.text, "idden") {
				t.Fatal("nothing is hidden")
			}
			if got := redacted(tt.file, tt.text); strings.Contains(strings.ToLower(got), "hidden") {
				t.Errorf("this is shown:\n%s", got)
			}
		})
	}
}

// TestWhatIsShown has texts that are public as a whole.
func TestWhatIsShown(t *testing.T) {
	const operator = "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec:\n  "
	for name, tt := range map[string]struct{ file, text string }{
		"a kustomization without a kind": {"kustomization.yaml", "resources:\n- a.yaml\nnamePrefix: a-"},
		"a kustomization":                {"kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- a.yaml\nimages:\n- name: a"},
		"a component":                    {"kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources:\n- a.yaml"},
		"variables of istiod": {"a.yaml", operator + "values:\n    pilot:\n      env:\n        PILOT_ENABLE_IP_AUTOALLOCATE: true\n        PILOT_TRACE_SAMPLING: 1.5\n        ISTIOD_CUSTOM_HOST: istiod.example.com\n" +
			"        PILOT_DEBOUNCE_MAX: 1m30s\n        CLUSTER_ID: cluster-1\n        EXTERNAL_ISTIOD: \"\"\n        PILOT_SKIP_VALIDATE_TRUST_DOMAIN: True"},
		"metadata, misspelt": {"a.yaml", "apiVersion: v1\nkind: Namespace\nmetdata:\n  annotations: {}"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := redacted(tt.file, tt.text); got != tt.text {
				t.Errorf("of\n%s\nthis is shown:\n%s", tt.text, got)
			}
		})
	}
}

// TestNameOfVariable shows the name of a variable that istiod reads, however long it is and whatever it names, not what
// it says.
func TestNameOfVariable(t *testing.T) {
	const name = "PILOT_ENABLE_REMOTE_CREDENTIALS_CONTROLLER"
	got := redacted("a.yaml", "apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {values: {pilot: {env: {"+name+": hidden}}}}")
	if !strings.Contains(got, name) || strings.Contains(got, "hidden") {
		t.Error(got)
	}
}
