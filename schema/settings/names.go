package settings

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/grammar"
)

// kubernetesName is a name below values and components that ends up in an object of Kubernetes.
type kubernetesName struct {
	noun, form string
	fits       func(string) bool
}

var (
	annotationName = kubernetesName{"an annotation", qualifiedForm, func(s string) bool { return isQualified(strings.ToLower(s)) }}
	labelName      = kubernetesName{"a label", qualifiedForm, isQualified}
	resourceName   = kubernetesName{"a resource", "use cpu, memory, ephemeral-storage, or the name of an extended resource such as example.com/gpu", isQualified}
	className      = kubernetesName{"a class of load balancers", qualifiedForm, isQualified}
	variableName   = kubernetesName{"an environment variable", `use printable ASCII characters without "="`, isVariable}
)

const qualifiedForm = `use at most 63 letters, digits, "-", "_" and ".", with a letter or digit at each end; a domain name and "/" may stand before it`

// mapsOfNames are the maps of Istio's charts and of Kubernetes whose keys are such names, wherever they stand.
var mapsOfNames = map[string]kubernetesName{
	"annotations": annotationName, "podAnnotations": annotationName, "serviceAnnotations": annotationName,
	"serviceAccountAnnotations": annotationName, "injectedAnnotations": annotationName,
	"labels": labelName, "label": labelName, "podLabels": labelName, "matchLabels": labelName, "nodeSelector": labelName,
	"limits": resourceName, "requests": resourceName,
	"env": variableName, "proxyMetadata": variableName,
}

// CheckNames reports names below a setting that Kubernetes would refuse, and with them the object.
func CheckNames(n *document.Node, found *diag.List) {
	if n == nil || n.Broken {
		return
	}
	for _, item := range n.Items {
		CheckNames(item, found)
	}
	for _, e := range n.Fields {
		of, known := mapsOfNames[e.Key]
		switch {
		case e.Key == "overlays":
			continue // patches, whose keys may be instructions
		case known && e.Value.Kind == document.Map:
			for _, name := range e.Value.Fields {
				of.check(name.Key, name.KeyPos, found)
			}
		case e.Key == "env" && e.Value.Kind == document.List:
			for _, item := range e.Value.Items {
				of.checkValue(item.At("name"), found)
			}
		case e.Key == "loadBalancerClass":
			className.checkValue(e.Value, found)
		}
		CheckNames(e.Value, found)
	}
}

func (k kubernetesName) checkValue(n *document.Node, found *diag.List) {
	if n != nil && n.Kind == document.String && !n.Broken {
		k.check(n.Text, n.Pos, found)
	}
}

func (k kubernetesName) check(name string, pos diag.Pos, found *diag.List) {
	if !k.fits(name) && !found.ErrorAt(pos) {
		d := found.Add(pos, grammar.InvalidName, "the name %q of %s is not one that Kubernetes takes", name, k.noun)
		d.Why, d.Fix = "Kubernetes refuses the object that gets it", k.form
	}
}

var qualified = diag.OnceRegexp(`^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`)

// isQualified is what IsQualifiedName checks (k8s.io/apimachinery/pkg/util/validation).
func isQualified(name string) bool {
	if prefix, rest, ok := strings.Cut(name, "/"); ok {
		if !IsSubdomain(prefix) {
			return false
		}
		name = rest
	}
	return qualified().MatchString(name)
}

// IsSubdomain reports whether a text is a lower-case subdomain of RFC 1123, as names of most objects are.
func IsSubdomain(text string) bool { return len(text) <= 253 && subdomain().MatchString(text) }

var subdomain = diag.OnceRegexp(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// isVariable is what IsRelaxedEnvVarName checks, which is Kubernetes' rule since 1.34.
func isVariable(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r > '~' || r == '=' })
}
