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
	return hidden
}

// Variable gives the name of an environment variable that nobody knows as a message may have it.
func Variable(name string) string {
	if IsKey(name) {
		return name
	}
	return hidden
}

// hidden stands for what is not shown.
const hidden = "[redacted]"

// Word gives a scalar without quotes that readers of YAML take for different things, such as yes or 012, as a message
// may have it: a word in quotes, and no number, which a password may be.
func Word(text string) string {
	if ambiguousWord().MatchString(text) {
		return strconv.Quote(text)
	}
	return "the value"
}

var ambiguousWord = pattern(`^(?:[A-Za-z]{1,5}|=|~|0[0-7]{1,3}|1?[0-9]\.[0-9]{1,2})$`)

// closedFields are those of known types whose values may hold anything, private things among them.
var closedFields = []string{"data", "binaryData", "stringData", "literals", "patch", "headers", "httpHeaders", "requestHeaders", "responseHeaders", "initialMetadata",
	"pem", "inline", "inlineString", "inlineBytes", "imagePullSecrets", "args", "command", "jwks", "value",
	"pluginConfig", "vmConfig", "certificates", "content", "text", "body", "set", "add"}

// privateField matches other fields by their names: not the name of a Secret, which many objects have.
var privateField = pattern(`(?i)token|passw|secret|credential|apikey|privatekey`)

// IsClosed reports whether the values of a field, in an object that is no Secret, may be private.
func IsClosed(field string) bool {
	return slices.Contains(closedFields, field) || privateField().MatchString(field) && !strings.HasSuffix(strings.ToLower(field), "name")
}

// IsKnownLabel reports whether a label or an annotation is one of Istio's or Kubernetes' own, whose values are words,
// names or addresses. kubectl keeps a whole object in one.
func IsKnownLabel(key string) bool {
	domain, name, ok := strings.Cut(key, "/")
	if !ok {
		return slices.Contains([]string{"app", "version", "istio", "istio-injection", "release", "heritage"}, key)
	}
	ofIstio := domain == "istio.io" || domain == "istio" || strings.HasSuffix(domain, ".istio.io") || domain == "meshtopo.dev"
	ofKubernetes := slices.Contains([]string{"kubernetes.io", "app.kubernetes.io", "topology.kubernetes.io", "gateway.networking.k8s.io"}, domain)
	return ofIstio || ofKubernetes && name != "last-applied-configuration" || domain == "config.kubernetes.io"
}
