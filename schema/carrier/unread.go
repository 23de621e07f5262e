package carrier

import (
	"path"
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// Skipped is about what mentions Istio in a form that is not read.
var Skipped = &diag.Rule{
	Code: "istio-skipped", Severity: diag.Info,
	Title:  "a file that mentions Istio in a form that is not read, or not as a whole",
	Why:    "what is wrong in it is not found, and nothing that it may have is reported as missing",
	Fix:    "check what comes of it: helm template … | meshtopo lint -, kustomize build DIR | meshtopo lint -, or give the files that it names as well",
	Source: "schema/lint/README.md of meshtopo",
	Bad:    "kind: Application\nspec: {sources: [{chart: istiod, helm: {valueFiles: [$values/elsewhere.yaml]}}]}",
	Good:   "kind: Application\nspec: {sources: [{chart: istiod, helm: {valuesObject: {global: {meshID: mesh1}}}}]}",
}

// Mentions finds what an object that nothing reads says of Istio: a chart of it, or an object of it inside. It gives
// false for one that says nothing.
func Mentions(o *manifest.Object) (Gap, bool) {
	if o.Kind == "CustomResourceDefinition" || o.Kind == "AppProject" {
		return Gap{}, false
	}
	for _, e := range o.Root.Fields {
		if e.Key == "metadata" {
			continue
		}
		if gap, ok := mentioned(e); ok {
			return gap, true
		}
	}
	return Gap{}, false
}

// mentioned looks into one entry.
func mentioned(e *document.Entry) (Gap, bool) {
	n := e.Value
	switch {
	case n.Kind == document.String && strings.Contains(strings.ToLower(e.Key), "chart"):
		if from := (source{chart: n.Text}); from.named() == Istiod || from.named() == ZTunnel {
			return Gap{n.Pos, "it names the chart " + path.Base(n.Text)}, true
		}
	case n.Kind == document.String && strings.Contains(n.Text, "\n"):
		if holdsObject(n.Text) {
			return Gap{e.KeyPos, "the text has an object of Istio in it"}, true
		}
	case n.Kind == document.Map:
		if isOfIstio(n) {
			return Gap{n.Pos, "it has an object of Istio in it"}, true
		}
	}
	return mentionedBelow(n)
}

func mentionedBelow(n *document.Node) (Gap, bool) {
	for _, e := range n.Fields {
		if gap, ok := mentioned(e); ok {
			return gap, true
		}
	}
	for _, item := range n.Items {
		if isOfIstio(item) {
			return Gap{item.Pos, "it has an object of Istio in it"}, true
		}
		if gap, ok := mentionedBelow(item); ok {
			return gap, true
		}
	}
	return Gap{}, false
}

// installing are the API groups of what installs Istio, or joins networks.
var installing = []string{"install.istio.io/", "sailoperator.io/", "networking.istio.io/"}

func isOfIstio(n *document.Node) bool {
	version := n.StringAt("apiVersion")
	for _, group := range installing {
		if strings.HasPrefix(version, group) && n.At("kind") != nil {
			return true
		}
	}
	return false
}

func holdsObject(text string) bool {
	for _, group := range installing {
		if _, after, ok := strings.Cut(text, "apiVersion: "+group); ok && strings.Contains(after, "kind:") {
			return true
		}
	}
	return false
}
