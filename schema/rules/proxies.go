package rules

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/hosts"
)

var proxyRules = group{[]*diag.Rule{proxyURLInvalid, proxyURLUnreachable}, mesh.checkProxies}

var proxyURLInvalid = &diag.Rule{
	Code: "proxy-url-invalid", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "a proxy before an API server whose URL is none of a proxy",
	Why:    "the URL becomes `proxy-url` of a kubeconfig: of one that client-go does not take, istiod would log an error once and never see the cluster's endpoints; a password would be shown to all who read the topology",
	Fix:    "write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT",
	Source: "k8s.io/client-go/tools/clientcmd/helpers.go (parseProxyURL)",
	Bad:    `clusters: {cluster-b: {apiServer: {proxyURL: "ftp://proxy.example.com:3128"}}}`,
	Good:   `clusters: {cluster-b: {apiServer: {proxyURL: "http://proxy.example.com:3128"}}}`,
}

var proxyURLUnreachable = &diag.Rule{
	Code: "proxy-url-unreachable", Severity: diag.Error, Symptom: true,
	Title:  "a proxy before an API server at an address that istiod cannot call",
	Why:    "every istiod would look for the proxy in its own pod, or nowhere: `sync failed`, and the cluster's endpoints never appear",
	Fix:    "use the address at which the pods of istiod reach the proxy; one of your own machine, such as a tunnel of ssh, is none",
	Source: "k8s.io/client-go/tools/clientcmd/client_config.go",
	Bad:    `clusters: {cluster-b: {apiServer: {proxyURL: "socks5://localhost:1080"}}}`,
	Good:   `clusters: {cluster-b: {apiServer: {proxyURL: "socks5://proxy.example.com:1080"}}}`,
}

// checkProxies checks the proxies through which control planes read other clusters.
func (t mesh) checkProxies(found *diag.List) {
	for _, c := range t.Clusters {
		path := schema.ClusterPath(c, "apiServer", "proxyURL")
		if c.APIServer == nil || c.APIServer.ProxyURL == "" || t.Unsure(path...) {
			continue
		}
		raw := c.APIServer.ProxyURL
		rule, words := CheckProxyURL(raw)
		if u, err := url.Parse(raw); rule == nil && err == nil {
			rule, words = proxyURLInvalid, beyondProxy(u)
		}
		if words == "" {
			continue
		}
		found.Add(t.Pos(path...), rule, "the proxy before the API server of cluster %q is %s, which %s", c.Name, quoteAddress(raw), words)
	}
}

// CheckProxyURL gives the rule that the URL of a proxy breaks whoever calls it, and how, in words that read on from its
// name and hold nothing of it. Without a mistake the rule is nil. A Service is none: that of the reader is meant.
func CheckProxyURL(raw string) (rule *diag.Rule, words string) {
	u, err := url.Parse(raw)
	switch {
	case err != nil:
		return proxyURLInvalid, "is not a URL"
	case !slices.Contains([]string{"http", "https", "socks5"}, u.Scheme):
		return proxyURLInvalid, "is not http://, https:// or socks5://"
	case u.Hostname() == "":
		return proxyURLInvalid, "has no host"
	case !hosts.IsHost(u.Hostname()):
		return proxyURLInvalid, "has a host that is neither a name nor an IP address"
	}
	const domain = "cluster.local"
	if why := hosts.Unreachable(u.Hostname(), domain); why != "" && !hosts.IsService(u.Hostname(), domain) {
		return proxyURLUnreachable, "has a host that " + why
	}
	return nil, ""
}

// beyondProxy says what the URL of a proxy must not have in a topology, or "".
func beyondProxy(u *url.URL) string {
	port, err := strconv.Atoi(u.Port())
	switch {
	case u.User != nil:
		return "has a user name in it"
	case u.Port() == "" && strings.HasSuffix(u.Host, ":"), u.Port() != "" && (err != nil || port < 1 || port > 65535):
		return "has no port between 1 and 65535 after the colon"
	case strings.Trim(u.Path, "/") != "", u.RawQuery != "", u.ForceQuery, u.Fragment != "":
		return "has more than the address of a proxy"
	}
	return ""
}
