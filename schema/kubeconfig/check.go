package kubeconfig

import (
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/rules"
	"meshtopo.dev/meshtopo/schema/trust"
)

// check checks what does not depend on who reads the kubeconfig.
func (k *Config) check() {
	if k.root.At(k.cluster[:2]...) != nil {
		k.checkCluster()
	}
	if k.root.At(k.user[:2]...) != nil {
		k.checkCredentials()
	}
	if !k.named() { // one that a topology names is not read by istiod itself
		k.checkScalars()
	}
}

// checkCluster checks how the API server is reached and verified.
func (k *Config) checkCluster() {
	if valueAt(k.root, at(k.cluster, "server")...).Text == "" && !k.own.Server {
		k.lacks(at(k.cluster, "server"), "has no server")
	}
	if k.own.CA {
		return
	}
	if k.root.BoolAt(at(k.cluster, "insecure-skip-tls-verify")...) {
		k.add(insecure, at(k.cluster, "insecure-skip-tls-verify"), "has insecure-skip-tls-verify: true")
	}
	k.checkAuthority()
}

// checkProxy checks the proxy that the kubeconfig goes through. It warns of one that is right in itself, unless it is
// wanted.
func (k *Config) checkProxy(wanted []string) {
	path := at(k.cluster, "proxy-url")
	proxy := valueAt(k.root, path...)
	if proxy.Text == "" || placeholder.In(proxy.Text) {
		return
	}
	switch rule, words := rules.CheckProxyURL(proxy.Text); {
	case rule != nil:
		k.add(rule, path, "has a proxy-url that %s", words)
	case !slices.Contains(wanted, proxy.Text):
		k.add(proxied, path, "has a proxy-url")
	}
}

// checkAuthority checks the CA by which istiod verifies the API server.
func (k *Config) checkAuthority() {
	path := at(k.cluster, "certificate-authority-data")
	data := valueAt(k.root, path...)
	file := valueAt(k.root, at(k.cluster, "certificate-authority")...)
	switch {
	case placeholder.Whole(data.Text):
		return
	case data.Text != "": // a file beside it is ignored
	case file.Text != "":
		k.add(namesFile, at(k.cluster, "certificate-authority"), "names a file in certificate-authority")
		return
	case !k.root.BoolAt(at(k.cluster, "insecure-skip-tls-verify")...):
		k.add(withoutCA, path, "has no certificate-authority-data")
		return
	default:
		return
	}
	text, ok := k.decode(path)
	if !ok {
		return
	}
	cas, problems := trust.ParseCertificates(text)
	k.report(path, append(problems, trust.CheckServerCA(cas, k.now)...))
	k.authorities = cas
}

// decode gives the bytes of a field in base64. It reports a field that is not base64, and gives false.
func (k *Config) decode(path []string) ([]byte, bool) {
	value := valueAt(k.root, path...).Text
	text, ok := manifest.Decode(value)
	switch {
	case value == "DATA+OMITTED" || value == "DATA OMITTED":
		k.add(notBase64, path, "has a %s that kubectl config view has left out", path[len(path)-1]).Fix = "take it over with its data: " + minify
		return nil, false
	case ok:
	case manifest.Spaced(value):
		d := k.add(notBase64, path, "has spaces in the base64 of %s", path[len(path)-1])
		d.Fix = "begin it with \"|\" in the place of \">\", or write it in one line"
	default:
		k.add(notBase64, path, "has no base64 in %s", path[len(path)-1])
	}
	return text, ok
}

// report adds what package trust found wrong with the value of a field.
func (k *Config) report(path []string, problems []trust.Problem) {
	for _, p := range problems {
		d := k.add(p.Rule, path, "has a %s that %s", path[len(path)-1], p)
		if !k.named() { // else the rule's own advice is right
			adapt(d, p.Rule)
		}
		p.Explain(d)
	}
}

// checkCredentials checks what istiod logs in with. Ways to log in that an option has to allow are left to CheckReader.
func (k *Config) checkCredentials() {
	user := k.root.At(k.user...)
	if token := valueAt(user, "token"); token.Text != "" && (k.named() || !placeholder.Unfilled(token.Text)) {
		problems := trust.CheckToken([]byte(token.Text), k.subject, k.now)
		k.report(at(k.user, "token"), slices.DeleteFunc(problems, func(p trust.Problem) bool { return k.refreshed && p.EndsSoon() }))
	}
	k.checkClient()
	ways := []string{"token", "tokenFile", "client-certificate-data", "client-certificate", "exec", "auth-provider"}
	if !k.named() { // API servers have taken no passwords since Kubernetes 1.19; istiod sends them all the same
		ways = append(ways, "username")
	}
	if !slices.ContainsFunc(ways, func(key string) bool { return present(user.At(key)) }) {
		k.add(anonymous, k.user, "has a user without credentials")
	}
}

// present reports whether a field is there and not empty.
func present(n *document.Node) bool {
	return n != nil && n.Kind != document.Null && (n.Kind == document.Map || n.Text != "")
}

// checkScalars reports plain scalars that istiod's YAML reader does not read as text.
func (k *Config) checkScalars() {
	for _, key := range []string{"clusters", "contexts", "users", "current-context"} {
		k.checkScalar([]string{key}, k.root.At(key))
	}
}

// notText are the fields of a kubeconfig that are not text, or may be anything.
var notText = []string{"insecure-skip-tls-verify", "disable-compression", "extensions", "exec"}

func (k *Config) checkScalar(path []string, n *document.Node) {
	switch {
	case n == nil || n.Broken:
	case n.Kind == document.Map:
		for _, e := range n.Fields {
			if !slices.Contains(notText, e.Key) {
				k.checkScalar(at(path, e.Key), e.Value)
			}
		}
	case n.Kind == document.List:
		for _, item := range n.Items {
			k.checkScalar(path, item)
		}
	case n.Ambiguous || n.Kind == document.Bool || n.Kind == document.Int || n.Kind == document.Float:
		d := k.addAt(n.Pos, document.UnquotedScalar, "has a value without quotes that is no text for istiod's YAML reader")
		d.Why = "istiod cannot decode it: it logs an error once, and never sees the cluster's endpoints"
	}
}

// Reader is what is known of the control plane that reads a kubeconfig.
type Reader struct {
	Domain  string   // that of its Services
	Allowed []string // ways to log in that an option has to allow
	Proxies []string // through which it goes on purpose
}

// CheckReader checks what depends on the control plane that reads the kubeconfig.
func (k *Config) CheckReader(by Reader, found *diag.List) {
	k.found = found
	k.checkProxy(by.Proxies)
	if server := valueAt(k.root, at(k.cluster, "server")...); server.Text != "" && !placeholder.Whole(server.Text) {
		if rule, words := rules.CheckAPIURL(server.Text, by.Domain, valueAt(k.root, at(k.cluster, "proxy-url")...).Text != ""); rule != nil {
			k.add(rule, at(k.cluster, "server"), "has a server that %s", words)
		}
	}
	for _, w := range k.waysToAllow() {
		if !slices.Contains(by.Allowed, w.option) {
			k.add(refused, at(k.user, w.key), "logs in by %s, which istiod does not allow", w.key)
		}
	}
}

// way is a way to log in that istiod allows only with an option.
type way struct{ key, option string }

func (k *Config) waysToAllow() []way {
	var ways []way
	user := k.root.At(k.user...)
	for _, w := range []way{{"exec", "exec"}, {"tokenFile", "tokenFile"}, {"client-certificate", "clientCertificate"}, {"client-key", "clientKey"}} {
		if present(user.At(w.key)) {
			ways = append(ways, w)
		}
	}
	if name := valueAt(user, "auth-provider", "name").Text; present(user.At("auth-provider")) && name != oidc {
		ways = append(ways, way{"auth-provider", name})
	}
	return ways
}
