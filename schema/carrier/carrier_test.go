package carrier

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// read gives the releases of files, each as a line.
func read(files map[string]string) (all []string) {
	s := &Set{}
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, o := range manifest.Read(name, []byte(files[name]), &diag.List{}) {
			if o.Kind == "" {
				s.AddValues(o)
			} else {
				s.Add(o)
			}
		}
	}
	for r := range s.Releases() {
		line := fmt.Sprintf("%s %s in %s:%s", r.Chart, r.Name, r.Namespace, leaves(r.Values, ""))
		for _, gap := range r.Gaps {
			line += fmt.Sprintf(" gap at %d", gap.Pos.Line)
		}
		all = append(all, line)
	}
	return all
}

// leaves gives the scalars of values, with their places.
func leaves(n *document.Node, path string) string {
	if n.Kind != document.Map {
		return fmt.Sprintf(" %s=%s@%d:%d", strings.TrimPrefix(path, "."), n.Text, n.Pos.Line, n.Pos.Col)
	}
	text := ""
	for _, e := range n.Fields {
		text += leaves(e.Value, path+"."+e.Key)
	}
	return text
}

// TestReleases reads what counts more over what counts less, each value with the place where it stands.
func TestReleases(t *testing.T) {
	const application = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: istiod}\nspec:\n  destination: {namespace: istio-system}\n  source:\n    repoURL: https://example.com/istio\n    chart: istiod\n    helm:\n"
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []string
	}{
		{"parameters over values over files", map[string]string{
			"a.yaml": application + "      valueFiles: [v.yaml]\n      parameters: [{name: global.meshID, value: a}]\n      values: |\n        global:\n          network: b\n          meshID: c\n",
			"v.yaml": "global: {network: d, hub: e}\n",
		}, []string{"istiod istiod in istio-system: global.meshID=a@11:49 global.network=b@14:20 global.hub=e@1:27"}},
		{"null takes away", map[string]string{
			"a.yaml": application + "      valueFiles: [v.yaml]\n      valuesObject: {global: {network: null}}\n", "v.yaml": "global: {network: d, hub: e}\n",
		}, []string{"istiod istiod in istio-system: global.network=@11:40 global.hub=e@1:27"}},
		{"a dot in a key", map[string]string{"a.yaml": application + "      parameters: [{name: 'podLabels.example\\.com/a', value: x}]\n"},
			[]string{"istiod istiod in istio-system: podLabels.example.com/a=x@10:62"}},
		{"a list in a parameter", map[string]string{"a.yaml": application + "      parameters: [{name: 'a[0].b', value: x}]\n"}, []string{"istiod istiod in istio-system: gap at 10"}},
		{"a text that is a template", map[string]string{"a.yaml": application + "      values: |\n        {{- if a }}\n        b: [\n"}, []string{"istiod istiod in istio-system: gap at 10"}},
		{"a folded text", map[string]string{"a.yaml": application + "      values: \"global: {network: b}\"\n"}, []string{"istiod istiod in istio-system: global.network=b@10:7"}},
		{"another chart", map[string]string{"a.yaml": strings.ReplaceAll(application, "chart: istiod", "chart: grafana") + "      values: 'global: {hub: b}'\n"}, nil},
		{"a gateway of somebody else", map[string]string{"a.yaml": strings.ReplaceAll(strings.ReplaceAll(application, "chart: istiod", "chart: gateway"), "/istio", "/envoy") + "      values: 'service: {type: NodePort}'\n"}, nil},
		{"the name that Flux gives", map[string]string{
			"a.yaml": "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: crossing, namespace: flux-system}\nspec:\n  targetNamespace: istio-ingress\n  chart: {spec: {chart: gateway, sourceRef: {kind: HelmRepository, name: r}}}\n  values: {networkGateway: a}\n",
			"r.yaml": "apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmRepository\nmetadata: {name: r}\nspec: {url: \"https://example.com/istio\"}\n",
		}, []string{"gateway istio-ingress-crossing in istio-ingress: networkGateway=a@7:28"}},
		{"parts of a chart", map[string]string{"Chart.yaml": "apiVersion: v2\nname: mesh\ndependencies: [{name: istiod}, {name: cni, repository: istio, alias: node}]\n", "values.yaml": "global: {hub: a}\nistiod: {revision: b}\nnode: {global: {hub: c}}\n"},
			[]string{"istiod  in : global.hub=a@1:15 revision=b@2:20", "cni  in : global.hub=a@1:15"}},
		{"values alone", map[string]string{"x.yaml": "labels: {topology.istio.io/network: a}\n", "y.yaml": "image: a\n"}, []string{"gateway  in : labels.topology.istio.io/network=a@1:37"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := read(c.files); !slices.Equal(got, c.want) {
				t.Errorf("got\n\t%s\nwant\n\t%s", strings.Join(got, "\n\t"), strings.Join(c.want, "\n\t"))
			}
		})
	}
}

// TestFilled puts placeholders of the same length for the actions of a template.
func TestFilled(t *testing.T) {
	for text, want := range map[string]string{
		"a: {{ .name }}\n":  "a: ${xxxxxxxx}\n",
		"a: b-{{c}}-d":      "a: b-${xx}-d",
		"a: {{ b\n}}":       "a: {{ b\n}}",
		"no action: {a: b}": "no action: {a: b}",
	} {
		if got := filled(text); got != want || len(got) != len(text) {
			t.Errorf("filled(%q) = %q, want %q", text, got, want)
		}
	}
}

// FuzzReleases reads any text: no panic, and every place is in the file.
func FuzzReleases(f *testing.F) {
	f.Add("apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {source: {chart: istiod, helm: {values: \"a: b\"}}}\n")
	f.Add("helmCharts: [{name: istiod, valuesInline: {a: b}}]\n")
	f.Add("releases: [{name: a, chart: istio/istiod, values: [{a: b}]}]\n")
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Count(text, "\n") + 1
		read(map[string]string{"kustomization.yaml": text})
		s := &Set{}
		for _, o := range manifest.Read("a.yaml", []byte(text), &diag.List{}) {
			if !s.Add(o) && o.Kind == "" {
				s.AddValues(o)
			}
		}
		for r := range s.Releases() {
			if r.Pos.Line > lines || r.Values == nil {
				t.Errorf("the place is %+v of %d lines", r.Pos, lines)
			}
		}
	})
}
