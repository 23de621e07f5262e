package owned

import (
	"fmt"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/document"
)

// Overlaid is a part of what istioctl renders that an overlay must not change: overlays are made last, on the objects
// of a component, and say themselves what they change (operator/pkg/render/postprocess.go).
type Overlaid struct {
	Kind string // of the object, or "" for any
	// Path leads there (document.ParsePath). An item of a list is [name=x|port=1], by any of its fields; of a list of
	// texts [=x], by how it begins; any item is [*].
	Path string
	Why  string // the symptom of another value
}

// What goes wrong when an overlay changes a part that has no setting.
const (
	wrongObject   = "istioctl, other clusters and the other resources look for the object by its name and labels"
	wrongReach    = "nothing would answer at the ports by which sidecars, webhooks and other clusters reach it"
	wrongArgument = "the last of an argument that is given twice counts: istiod's cluster, domain and place of remote Secrets would not be those that the other clusters go by"
	wrongRendered = "the mesh config and the injector's values are in it: istiod would not have what the settings and the other clusters say"
)

// overlaidNames are of every object.
var overlaidNames = []Overlaid{{"", "metadata.name", wrongObject}, {"", "metadata.namespace", wrongNamespace}}

// overlaidIstiod are the parts of istiod's objects, and of those that stand for it on a remote.
var overlaidIstiod = slices.Concat(overlaidNames, []Overlaid{
	{"ConfigMap", "data.mesh", wrongRendered},
	{"ConfigMap", "data.values", wrongRendered},
	{"ConfigMap", "data.config", wrongRendered},
	{"Deployment", "spec.selector", wrongObject},
	{"Deployment", "spec.template.metadata.labels.app", wrongObject},
	{"Deployment", "spec.template.metadata.labels.istio", wrongObject},
	{"Deployment", `spec.template.metadata.labels.istio\.io/rev`, wrongObject},
	{"Deployment", "spec.template.spec.containers.[name=discovery].args." + istiodArguments, wrongArgument},
	{"Deployment", "spec.template.spec.volumes.[name=cacerts]", "istiod would sign with another CA than the other clusters trust: CERTIFICATE_VERIFY_FAILED"},
	{"Service", "spec.selector", wrongReach},
	{"Service", "spec.ports.[port=15012|name=https-dns|name=tcp-istiod]", wrongReach},
	{"Service", "spec.ports.[port=443|name=https-webhook|name=tcp-webhook]", wrongReach},
	{"EndpointSlice", "endpoints", wrongControl},
	{"EndpointSlice", "ports", wrongControl},
	{"Endpoints", "subsets", wrongControl},
	{"MutatingWebhookConfiguration", "webhooks.[*].clientConfig", wrongControl},
}, overlaidVariables("discovery", istiodVariables))

// OverlaidGateway are the parts of any gateway's objects that say to which cluster, network and mesh it belongs.
var OverlaidGateway = slices.Concat(overlaidNames, overlaidVariables("istio-proxy", proxyVariables))

// istiodArguments are those that say the same as settings do.
const istiodArguments = "[=--domain|=--clusterID|=--clusterRegistriesNamespace]"

// wantIstiodArgument refuses an argument that comes behind the chart's, which it overrides.
func wantIstiodArgument(*schema.Topology, *schema.Cluster) any {
	return refusal(func(item any) string {
		if isItem(istiodArguments, item) {
			return wrongArgument
		}
		return ""
	})
}

func overlaidVariables(container string, variables []variable) []Overlaid {
	var all []Overlaid
	for _, v := range variables {
		all = append(all, Overlaid{"Deployment", "spec.template.spec.containers.[name=" + container + "].env.[name=" + v.name + "]", v.why})
	}
	return all
}

// RefuseOverlay gives the symptom of an overlay, as decoded from JSON, that might change one of the parts, or "".
func RefuseOverlay(parts []Overlaid) func(item any) string {
	return func(item any) string {
		overlay, _ := item.(map[string]any)
		patches, _ := overlay["patches"].([]any)
		for _, p := range patches {
			patch, _ := p.(map[string]any)
			path, ok := patch["path"].(string)
			if !ok {
				continue
			}
			for _, part := range parts {
				if part.Kind == "" || part.Kind == overlay["kind"] {
					if touches(document.ParsePath(part.Path), document.ParsePath(path), patch["value"]) {
						return part.Why
					}
				}
			}
		}
		return ""
	}
}

// touches reports whether writing a value at a path could change what is at an owned one. In doubt, it could.
func touches(owned, path []string, value any) bool {
	for i, element := range owned {
		if i == len(path) {
			return replaces(element, value)
		}
		last := i == len(path)-1
		switch {
		case !document.IsItem(element):
			if element != path[i] {
				return false
			}
		case element == "[*]":
		case !selects(element, path[i], value, last):
			return false
		}
	}
	return true
}

// replaces reports whether a value written over what holds an element takes that away. On a list, a single item is
// added to it.
func replaces(element string, value any) bool {
	switch value.(type) {
	case nil, []any:
		return true
	case map[string]any:
		return !document.IsItem(element) || element == "[*]" || isItem(element, value)
	}
	return !strings.HasPrefix(element, "[=") || isItem(element, value)
}

// selects reports whether an element of a path, such as [name:x], [0] or [:x], might be the item that is owned. One
// that an index puts there might take the place of any.
func selects(owned, element string, value any, last bool) bool {
	if last && isItem(owned, value) {
		return true
	}
	inner := strings.TrimSuffix(strings.TrimPrefix(element, "["), "]")
	if inner == "-1" {
		return !last
	}
	key, name, ok := strings.Cut(inner, ":")
	if !ok || key == "" {
		return true
	}
	known := false
	for _, alternative := range alternatives(owned) {
		k, v, _ := strings.Cut(alternative, "=")
		if k == key && v == name {
			return true
		}
		known = known || k == key
	}
	return !known
}

// isItem reports whether a value is the item that an element stands for.
func isItem(element string, value any) bool {
	for _, alternative := range alternatives(element) {
		key, want, _ := strings.Cut(alternative, "=")
		switch v := value.(type) {
		case string:
			if key == "" && strings.HasPrefix(v, want) {
				return true
			}
		case map[string]any:
			if key != "" && v[key] != nil && fmt.Sprint(v[key]) == want {
				return true
			}
		}
	}
	return false
}

func alternatives(element string) []string {
	return strings.Split(strings.TrimSuffix(strings.TrimPrefix(element, "["), "]"), "|")
}
