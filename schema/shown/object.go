package shown

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/private"
)

// Object opens what is public of an object, of one of a list, or of values of Istio's charts.
func (p *Places) Object(root *document.Node) {
	if root.Kind == document.List {
		p.operations(root)
		return
	}
	apiVersion, kind := root.StringAt("apiVersion"), root.StringAt("kind")
	t, known := istio.ObjectLike(apiVersion, kind)
	switch items := root.At("items"); {
	case items != nil && items.Kind == document.List && strings.HasSuffix(kind, "List"):
		p.list(root)
	case strings.HasPrefix(apiVersion, "external-secrets.io/") && slices.Contains(externalKinds, kind):
		p.external(root)
	case private.IsSecret(kind) || root.Entry("stringData") != nil:
		p.secret(root)
	case known && kind != "ConfigMap":
		p.typed(root, t, nil)
	case kind == "" && apiVersion == "" && root.Entry("data") == nil:
		p.typed(root, istio.Values(), nil)
	case slices.Contains(knownKinds, kind):
		p.plainObject(root)
	default:
		p.head(root)
	}
}

// list opens a list of objects.
func (p *Places) list(root *document.Node) {
	for _, e := range root.Fields {
		switch e.Key {
		case "items":
			p.Key(e)
			for _, item := range e.Value.Items {
				p.Object(item)
			}
		default:
			p.headField(e)
		}
	}
}

// knownKinds are those that the tables of package istio do not have, and that say nothing private but in places where
// every object may.
var knownKinds = []string{"ConfigMap", "Kustomization", "Component", "Deployment", "DaemonSet", "RenderCluster", "LintManifests", "ResourceList", "HelmRelease", "Application", "ApplicationSet"}

// head opens the keys that every reader knows, and what names an object.
func (p *Places) head(root *document.Node) {
	for _, e := range root.Fields {
		p.headField(e)
	}
}

func (p *Places) headField(e *document.Entry) {
	if istio.IsField(e.Key) {
		p.Key(e)
	}
	switch e.Key {
	case "apiVersion", "kind":
		if isType().MatchString(e.Value.Text) {
			p.Value(e.Value)
		}
	case "metadata":
		p.secretMetadata(e.Value)
	default:
		p.Close(e.Value)
	}
}

// isType matches an API version or a kind.
var isType = diag.OnceRegexp(`^[A-Z][A-Za-z]{0,39}$|^(?:[a-z0-9.-]{1,63}/)?v[0-9][a-z0-9]{0,9}$`)

// metadata opens names, and the labels and annotations that are Istio's or Kubernetes' own.
func (p *Places) metadata(n *document.Node) {
	for _, e := range n.Fields {
		switch e.Key {
		case "name", "namespace", "generateName":
			p.Key(e)
			p.Value(e.Value)
		case "labels", "annotations":
			p.Key(e)
			p.labels(e.Value)
		default:
			p.UnknownKey(e)
			p.Close(e.Value)
		}
	}
}

// labels opens labels, annotations and selectors: those of Istio and of Kubernetes with their values, of others the
// keys that have the form of one.
func (p *Places) labels(n *document.Node) {
	for _, e := range n.Fields {
		p.userKey(e, private.IsKnownLabel(e.Key))
	}
}

// operations opens the words of a JSON patch, not its values.
func (p *Places) operations(list *document.Node) {
	for _, item := range list.Items {
		for _, e := range item.Fields {
			switch e.Key {
			case "op":
				p.Key(e)
				p.Value(e.Value)
			case "path", "from":
				p.Key(e)
				if Pointer(e.Value.Text) == e.Value.Text {
					p.Value(e.Value)
				} else {
					p.Close(e.Value)
				}
			case "value":
				p.Key(e)
				p.Close(e.Value)
			default:
				p.Close(e.Value)
			}
		}
	}
}

// publicFields are the fields of objects without a table whose values are names, numbers, paths or images.
var publicFields = []string{"name", "namespace", "apiVersion", "kind", "group", "version", "replicas", "image", "containerPort", "port", "protocol", "serviceAccountName",
	"path", "topology", "cluster", "layer", "files", "resources", "generators", "transformers", "validators", "components", "bases", "namePrefix", "nameSuffix"}

// valueFields are those of objects that give Helm the values of a chart: what is in them may be shown where Istio's
// charts have it.
var valueFields = []string{"values", "valuesObject", "valuesInline"}

// topFields are those at the top of objects without a table.
var topFields = append([]string{"spec", "data", "binaryData", "immutable", "items", "functionConfig", "results", "topology", "cluster", "layers", "failOn", "status"}, kustomizationFields...)

// plainObject opens an object of a known kind that has no table. What stands at its top and is none of its fields may
// come from another file.
func (p *Places) plainObject(root *document.Node) {
	known := &document.Node{Kind: root.Kind, Pos: root.Pos}
	for _, e := range root.Fields {
		if slices.Contains(topFields, e.Key) {
			known.Fields = append(known.Fields, e)
		} else {
			p.unknown(e, istio.Unknown(), nil)
		}
	}
	p.plain(known)
}

// plain opens what is in an object without a table.
func (p *Places) plain(n *document.Node) {
	for _, e := range n.Fields {
		switch {
		case private.IsClosed(e.Key):
			p.Key(e)
			p.Files(e.Value)
		case slices.Contains(valueFields, e.Key) && e.Value.Kind == document.Map:
			p.Key(e)
			p.typed(e.Value, istio.Values(), nil)
		case e.Key == "metadata":
			p.Key(e)
			p.metadata(e.Value)
		case e.Key == "labels" || e.Key == "annotations" || e.Key == "matchLabels" || e.Key == "commonLabels" || e.Key == "commonAnnotations" || e.Key == "selector" && e.Value.Entry("matchLabels") == nil:
			p.Key(e)
			p.labels(e.Value)
		case e.Key == "env":
			p.Key(e)
			p.variables(e.Value)
		case slices.Contains(publicFields, e.Key) && (IsScalar(e.Value) || e.Value.Kind == document.List):
			p.Key(e)
			p.public(e.Value)
		default:
			switch {
			case istio.IsField(e.Key) || slices.Contains(kustomizationFields, e.Key):
				p.Key(e)
				p.below(e.Value)
			case mayBeData(e.Key):
				p.UnknownKey(e)
				p.Files(e.Value)
			default:
				p.UnknownKey(e)
				p.below(e.Value)
			}
		}
	}
}

// below opens what is in a value of a field that is not known to be public.
func (p *Places) below(n *document.Node) {
	switch {
	case IsScalar(n):
		p.Close(n)
	case n.Kind == document.List:
		for _, item := range n.Items {
			p.below(item)
		}
	default:
		p.plain(n)
	}
}

// public opens a scalar, or those of a list.
func (p *Places) public(n *document.Node) {
	if IsScalar(n) {
		p.Value(n)
	}
	for _, item := range n.Items {
		if IsScalar(item) && strings.Contains(item.Text, "=") {
			p.Close(item)
		} else if IsScalar(item) {
			p.Value(item)
		} else {
			p.below(item)
		}
	}
}
