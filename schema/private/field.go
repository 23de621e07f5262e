package private

import (
	"slices"
	"strconv"
	"strings"
)

// Key gives a key that nobody knows as a message may have it: in quotes, or masked.
func Key(key string) string {
	if IsKey(key) {
		return strconv.Quote(key)
	}
	return Hidden
}

// Variable gives the name of an environment variable that nobody knows as a message may have it.
func Variable(name string) string {
	if IsKey(name) {
		return name
	}
	return Hidden
}

// Hidden stands for what is not shown.
const Hidden = "[redacted]"

// Word gives a scalar without quotes that readers of YAML take for different things, such as yes or 012, as a message
// may have it: a word in quotes, and no number, which a password may be.
func Word(text string) string {
	if ambiguousWord().MatchString(text) {
		return strconv.Quote(text)
	}
	return "the value"
}

var ambiguousWord = pattern(`^(?:[A-Za-z]{1,5}|=|~|0[0-7]{1,3}|1?[0-9]\.[0-9]{1,2})$`)

// closedFields are those of known types whose values may hold anything, private things among them, as Fold gives them.
var closedFields = foldedNames("data", "binaryData", "stringData", "literals", "patch", "headers", "httpHeaders", "requestHeaders", "responseHeaders", "initialMetadata",
	"pem", "inline", "inlineString", "inlineBytes", "imagePullSecrets", "args", "command", "jwks", "value",
	"pluginConfig", "vmConfig", "certificates", "content", "text", "body", "set", "add",
	"queryParams", "withoutHeaders", "notValues", "defaultValue", "when", "valuesInline", "volumeAttributes",
	"accessLogFormat", "logFormat", "formatter", "inlineCode", "expression", "message", // programs, formats and prose
	"jwksResolverExtraRootCA", "caCertificatesPem", "caBundle", "validationCABundle", "injectionCABundle", "caCrl", "verificationKey")

func foldedNames(names ...string) map[string]bool {
	folded := map[string]bool{}
	for _, name := range names {
		folded[Fold(name)] = true
	}
	return folded
}

// privateParts are in the names of other fields, as Fold gives them: not in that of the name of a Secret, which many
// objects have.
var privateParts = []string{"token", "passw", "secret", "credential", "apikey", "privatekey"}

// IsClosed reports whether the values of a field, in an object that is no Secret, may be private. Readers of Istio's
// types take default_value for defaultValue.
func IsClosed(field string) bool {
	field = Fold(field)
	return closedFields[field] || containsAny(field, privateParts...) && !strings.HasSuffix(field, "name")
}

// Fold gives the name of a field so that those are the same which differ only in case, "-" and "_".
func Fold(field string) string { return foldSigns.Replace(strings.ToLower(field)) }

var foldSigns = strings.NewReplacer("-", "", "_", "")

// ClosedNear are the fields of which a key that nobody knows may be a misspelling, so that what is below it may be
// private.
var ClosedNear = []string{"stringData", "binaryData", "literals", "headers", "command", "certificates", "volumeAttributes"}

// IsKnownLabel reports whether a label or an annotation is one of Istio's or Kubernetes' own whose values are words,
// names or addresses. Others of theirs hold configuration, which may be anything.
func IsKnownLabel(key string) bool {
	return slices.Contains(knownLabels, key) || ownLabel().MatchString(key)
}

// ownLabel matches those that Istio's operator and meshtopo itself write, and the labels of applications.
var ownLabel = pattern(`^(?:meshtopo\.dev|operator\.istio\.io|install\.operator\.istio\.io|config\.kubernetes\.io)/[a-z-]+$` +
	`|^app\.kubernetes\.io/(?:name|instance|version|component|part-of|managed-by)$|^topology\.kubernetes\.io/(?:region|zone)$`)

var knownLabels = []string{"app", "version", "istio", "istio-injection", "release", "heritage", "istio/multiCluster",
	"istio.io/rev", "istio.io/dataplane-mode", "istio.io/use-waypoint", "istio.io/use-waypoint-namespace", "istio.io/global",
	"topology.istio.io/network", "topology.istio.io/cluster", "topology.istio.io/subzone", "topology.istio.io/controlPlaneClusters",
	"networking.istio.io/cluster", "networking.istio.io/exportTo", "networking.istio.io/service-type", "networking.istio.io/traffic-distribution",
	"sidecar.istio.io/inject", "inject.istio.io/templates", "ambient.istio.io/redirection", "security.istio.io/tlsMode",
	"service.istio.io/canonical-name", "service.istio.io/canonical-revision", "service.istio.io/workload-name", "traffic.istio.io/nodeSelector",
	"gateway.istio.io/managed", "gateway.networking.k8s.io/gateway-name", "kubernetes.io/metadata.name", "kubernetes.io/service-account.name"}
