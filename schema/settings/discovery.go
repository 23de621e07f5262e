package settings

import (
	"maps"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
)

var HiddenFromDiscovery = &diag.Rule{
	Code: "hidden-from-discovery", Severity: diag.Error, Symptom: true,
	Title:  "discovery selectors that leave out the namespace of the control plane and its gateways",
	Why:    "istiod does not read the Services of the gateways there, nor what exposes istiod: other networks count as ones without a gateway, and calls to them, and from remotes to istiod, time out",
	Fix:    "add the selector {matchLabels: {kubernetes.io/metadata.name: istio-system}}, with the name of the namespace",
	Source: "pkg/kube/namespace/filter.go, pilot/pkg/serviceregistry/kube/controller/controller.go",
	Bad:    `istio: {meshConfig: {discoverySelectors: [{matchLabels: {istio-injection: enabled}}]}}`,
	Good:   `istio: {meshConfig: {discoverySelectors: [{matchLabels: {istio-discovery: enabled}}]}}`,
}

// Namespace is one that istiod has to read, with the labels that it has.
type Namespace struct {
	Name    string
	Labels  map[string]string
	Cluster string // another one than the control plane's, or ""
}

// labels are those of the namespace, with the one that every namespace gets from Kubernetes.
func (n Namespace) labels() map[string]string {
	all := maps.Clone(n.Labels)
	if all == nil {
		all = map[string]string{}
	}
	all["kubernetes.io/metadata.name"] = n.Name
	return all
}

// CheckDiscovery reports selectors that leave out one of the namespaces. They are for those of other clusters as well
// (pkg/kube/multicluster/cluster.go); that is a note, because some people label those by other means. Read gives the
// namespaces, the control plane's own first; it is called where there are selectors.
func CheckDiscovery(i Installation, read func() []Namespace, found *diag.List) {
	s, ok := i.meshConfig("discoverySelectors")
	if !ok || s.Kind != document.List {
		return
	}
	for _, n := range read() {
		if !Selected(s.Value(), n) {
			d := found.Add(s.at, HiddenFromDiscovery, "none of the selectors fits the namespace %q", n.Name)
			if n.Cluster != "" {
				d.Severity = diag.Info
				d.Append(" of cluster %q, which the control plane reads too", n.Cluster)
			}
			d.About.Setting = "meshConfig.discoverySelectors"
			return
		}
	}
}

// Selected reports whether istiod reads a namespace: one of the selectors fits its labels, or there are none. Selectors
// are as decoded from JSON.
func Selected(selectors any, n Namespace) bool {
	list, _ := selectors.([]any)
	return len(list) == 0 || slices.ContainsFunc(list, func(selector any) bool {
		missing, ok := missingFor(selector, n.labels())
		return ok && len(missing) == 0
	})
}

// LabelsFor gives the labels that a namespace lacks so that one of the selectors fits. It reports false where none can
// be made to: labels that Istio or Kubernetes give a meaning are left alone.
func LabelsFor(selectors any, n Namespace) (map[string]string, bool) {
	if Selected(selectors, n) {
		return nil, true
	}
	list, _ := selectors.([]any)
	for _, selector := range list {
		missing, ok := missingFor(selector, n.labels())
		if ok && !slices.ContainsFunc(slices.Collect(maps.Keys(missing)), taken) {
			return missing, true
		}
	}
	return nil, false
}

// missingFor gives the labels that are missing for a selector to fit, or false where others are in the way. What is no
// selector, istiod does not take for one either: it reads every namespace then.
func missingFor(selector any, labels map[string]string) (map[string]string, bool) {
	missing := map[string]string{}
	all, _ := selector.(map[string]any)
	match, _ := either(all, "matchLabels").(map[string]any)
	for key, value := range match {
		want, _ := value.(string)
		if have, ok := labels[key]; ok && have != want {
			return nil, false
		} else if !ok {
			missing[key] = want
		}
	}
	expressions, _ := either(all, "matchExpressions").([]any)
	for _, e := range expressions {
		expression, _ := e.(map[string]any)
		key, _ := expression["key"].(string)
		values, _ := expression["values"].([]any)
		have, ok := labels[key]
		switch among := slices.Contains(values, any(have)); expression["operator"] {
		case "In":
			if ok && !among || !ok && len(values) == 0 {
				return nil, false
			} else if !ok {
				missing[key], _ = values[0].(string)
			}
		case "NotIn":
			if ok && among {
				return nil, false
			}
		case "Exists":
			if !ok {
				missing[key] = ""
			}
		case "DoesNotExist":
			if ok {
				return nil, false
			}
		}
	}
	return missing, true
}

func either(m map[string]any, key string) any {
	if v, ok := m[key]; ok {
		return v
	}
	return m[document.SnakeCase(key)]
}

// taken reports whether a label has a meaning of its own.
func taken(key string) bool {
	domain, _, ok := strings.Cut(key, "/")
	if !ok {
		return key == "istio-injection"
	}
	return slices.ContainsFunc([]string{"istio.io", "kubernetes.io", "k8s.io", "meshtopo.dev"}, func(of string) bool {
		return domain == of || strings.HasSuffix(domain, "."+of)
	})
}
