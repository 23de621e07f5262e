package shown

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/istio"
	"meshtopo.dev/meshtopo/schema/private"
)

// Typed opens what is public of a value of a type of package istio.
func (p *Places) Typed(n *document.Node, t istio.Type) { p.typed(n, t, nil) }

// typed opens a value; path has the keys above it that are known.
func (p *Places) typed(n *document.Node, t istio.Type, path []string) {
	if IsScalar(n) {
		if t.IsScalar() {
			p.Value(n)
		} else {
			p.Close(n)
		}
		return
	}
	for _, item := range n.Items {
		below, _ := t.Below("")
		p.typed(item, below, path)
	}
	for _, e := range n.Fields {
		p.field(e, t, path)
	}
}

func (p *Places) field(e *document.Entry, t istio.Type, path []string) {
	below, known := t.Below(e.Key)
	if !known {
		switch {
		case isVariables(path):
			p.variable(e)
		case isLabels(path):
			p.userKey(e, private.IsKnownLabel(e.Key))
		default:
			p.unknown(e, below, path)
		}
		return
	}
	p.Key(e)
	switch {
	case e.Key == "env" && e.Value.Kind == document.List:
		p.variables(e.Value)
	case e.Key == "meshConfig":
		p.typed(e.Value, istio.MeshConfig(), append(path, e.Key))
	case e.Key == "values" && len(path) == 1 && path[0] == "spec":
		p.typed(e.Value, istio.Values(), append(path, e.Key))
	case private.IsClosed(e.Key):
		p.Files(e.Value)
	case e.Key == "tag" && IsScalar(e.Value): // a text or a number
		p.Value(e.Value)
	default:
		p.typed(e.Value, below, append(path, e.Key))
	}
}

// unknown opens an entry that nobody knows: its key, and those below it unless they may be private.
func (p *Places) unknown(e *document.Entry, below istio.Type, path []string) {
	p.UnknownKey(e)
	switch {
	case IsScalar(e.Value):
		p.Close(e.Value)
	case mayBeData(e.Key):
		p.Files(e.Value)
	default:
		p.typed(e.Value, below, append(path, ""))
	}
}

// mayBeData reports whether a key is, or may be meant for, that of a field whose values are private. Of those the keys
// may be too.
func mayBeData(key string) bool {
	return private.IsClosed(key) || diag.Nearest(key, []string{"data", "metadata"}) == "data" || diag.Slip(key, private.ClosedNear) != ""
}

// isVariables reports whether a map holds environment variables.
func isVariables(path []string) bool {
	return len(path) > 0 && slices.Contains([]string{"env", "proxymetadata"}, private.Fold(path[len(path)-1]))
}

// isLabels reports whether a map holds labels or annotations, or labels to select by.
func isLabels(path []string) bool {
	if len(path) == 0 {
		return false
	}
	name := private.Fold(path[len(path)-1])
	return strings.HasSuffix(name, "labels") || strings.HasSuffix(name, "annotations") || strings.HasSuffix(name, "selector")
}

// userKey opens an entry of a map of the user, such as one of labels: with its value if the key is known.
func (p *Places) userKey(e *document.Entry, known bool) {
	if known {
		p.Key(e)
		p.Value(e.Value)
		return
	}
	p.UnknownKey(e)
	p.Close(e.Value)
}

// variable opens the name of a variable that one of Istio's programs reads, and its value if that is no password.
func (p *Places) variable(e *document.Entry) {
	p.userKey(e, isVariable(e.Key) && isSetting(e.Value))
	if isRead(e.Key) {
		p.Key(e)
	}
}

// isVariable reports whether one of Istio's programs reads a variable, and it is not for a password.
func isVariable(name string) bool { return isRead(name) && !private.IsClosed(name) }

func isRead(name string) bool { return istio.Pilot.Has(name) || istio.Agent.Has(name) }

// isSetting reports whether the value of a variable is a number, a duration, a word, a name or an address, and not a
// text that may be anything.
func isSetting(n *document.Node) bool { return len(n.Text) < 64 && settingForm().MatchString(n.Text) }

var settingForm = diag.OnceRegexp(`^(?:-?[0-9.]+%?|[A-Za-z]+(?:[-_.][A-Za-z]+)*|/?[a-z0-9]+(?:[-_.:/][a-z0-9]+)*|\*)?$`)

// variables opens a list of them. What nobody knows may be a password under any name.
func (p *Places) variables(list *document.Node) {
	for _, item := range list.Items {
		known := isVariable(item.StringAt("name"))
		for _, e := range item.Fields {
			switch {
			case e.Key == "name":
				p.Key(e)
				p.Value(e.Value)
			case e.Key == "value" && known && isSetting(e.Value):
				p.Key(e)
				p.Value(e.Value)
			case e.Key == "value" || e.Key == "valueFrom":
				p.Key(e)
				p.Close(e.Value)
			default:
				p.Close(e.Value)
			}
		}
	}
}
