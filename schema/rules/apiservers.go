package rules

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/hosts"
	"meshtopo.dev/meshtopo/schema/private"
)

var apiServerRules = group{[]*diag.Rule{apiURLNotHTTPS, apiURLInvalid, apiURLUnreachable, apiURLDuplicate, APIURLPrivate}, mesh.checkAPIServers}

var apiURLNotHTTPS = &diag.Rule{
	Code: "api-url-not-https", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "an API server that is not called over https",
	Why:    "istiod accepts it silently and would send the reader's token in the clear, or fail to speak to a server that wants TLS",
	Fix:    "write https://",
	Source: "pkg/kube/util.go (sanitizeKubeConfig lets it pass)",
	Bad:    `clusters: {cluster-b: {apiServer: {url: "http://198.51.100.1:6443"}}}`,
	Good:   `clusters: {cluster-b: {apiServer: {url: "https://198.51.100.1:6443"}}}`,
}

var apiURLInvalid = &diag.Rule{
	Code: "api-url-invalid", Severity: diag.Error, Fixed: true, Symptom: true,
	Title:  "an API server URL that is more, or less, than the address of one",
	Why:    "the URL becomes `server` of a kubeconfig: istiod would log an error once and never see the cluster's endpoints",
	Fix:    "write https://HOST:PORT, and behind it a path only where a proxy such as Rancher serves the API server there",
	Source: "pkg/kube/multicluster/secretcontroller.go",
	Bad:    `clusters: {cluster-b: {apiServer: {url: "https://198.51.100.1:6443/api"}}}`,
	Good:   `clusters: {cluster-b: {apiServer: {url: "https://198.51.100.1:6443"}}}`,
}

var apiURLUnreachable = &diag.Rule{
	Code: "api-url-unreachable", Severity: diag.Error, Symptom: true,
	Title:  "an API server URL that means something else in another cluster",
	Why:    "every istiod would call itself, its own API server or nothing at all: `sync failed`, and the cluster's endpoints never appear",
	Fix:    "use the address at which the other clusters' control planes reach this API server",
	Source: "istioctl/pkg/multicluster/remote_secret.go",
	Bad:    `clusters: {cluster-b: {apiServer: {url: "https://127.0.0.1:6443"}}}`,
	Good:   `clusters: {cluster-b: {apiServer: {url: "https://198.51.100.1:6443"}}}`,
}

var apiURLDuplicate = &diag.Rule{
	Code: "api-url-duplicate", Severity: diag.Error, Symptom: true,
	Title:  "two clusters with one API server",
	Why:    "istiod would ask the wrong API server, which refuses the token: the cluster's endpoints never appear, or, if the token is that server's as well, the other one's appear twice",
	Fix:    "write each cluster's own URL; where one address serves several by name, tell them apart by tlsServerName",
	Source: "pkg/kube/multicluster/secretcontroller.go",
	Bad:    `clusters: {cluster-b: {apiServer: {url: "https://192.0.2.1:6443"}}}`,
	Good:   `clusters: {cluster-b: {apiServer: {url: "https://192.0.2.1:6444"}}}`,
}

var APIURLPrivate = &diag.Rule{
	Code: "api-url-private", Severity: diag.Warning, Symptom: true,
	Title:  "a private API server address that another network must reach",
	Why:    "private addresses are routed inside one network only, unless somebody connected the two; otherwise the other network's istiod times out and never sees this cluster's endpoints",
	Fix:    "use an address that the other networks reach, or make sure that they route this one",
	Source: "https://istio.io/latest/docs/setup/install/multicluster/before-you-begin/",
	Bad:    `clusters: {cluster-b: {apiServer: {url: "https://10.0.0.1:6443"}}}`,
	Good:   `clusters: {cluster-b: {apiServer: {url: "https://198.51.100.1:6443"}}}`,
}

// checkAPIServers checks the URLs by which control planes read other clusters.
func (t mesh) checkAPIServers(found *diag.List) {
	seen, primaries := map[string]*schema.Cluster{}, t.primaries()
	for _, c := range t.Clusters {
		path := schema.ClusterPath(c, "apiServer", "url")
		if c.APIServer == nil || c.APIServer.URL == "" || t.Unsure(path...) {
			continue
		}
		u := t.parseAPIURL(c, t.Pos(path...), found)
		if u == nil {
			continue
		}
		if c.APIServer.ProxyURL == "" { // a proxy looks the host up, and calls it from where it is
			t.checkAPIHost(c, u, primaries, found)
		}
		t.checkAPIDuplicate(c, u, seen, found)
	}
}

// parseAPIURL gives the URL of a cluster's API server, or nil after it reported what is wrong with it. A URL
// that may hold a password is not shown.
func (t mesh) parseAPIURL(c *schema.Cluster, pos diag.Pos, found *diag.List) *url.URL {
	raw := c.APIServer.URL
	u, fault := readAPIURL(raw)
	if fault == nil {
		return u
	}
	d := found.Add(pos, fault.rule, "the API server of cluster %q is %s, which %s", c.Name, quoteAddress(raw), fault.words)
	if fault.fix != "" {
		d.Fix = fault.fix
	}
	return nil
}

// quoteAddress quotes a URL that is nothing but an address: another may hold a password, and is not shown.
func quoteAddress(url string) string {
	if isAddress().MatchString(url) {
		return strconv.Quote(url)
	}
	return private.Hidden
}

// urlFault is what is wrong with the form of a URL: words that read on from its name, and a sharper fix, or "".
type urlFault struct {
	rule       *diag.Rule
	words, fix string
}

// readAPIURL reads the URL of an API server.
func readAPIURL(raw string) (*url.URL, *urlFault) {
	u, err := url.Parse(raw)
	switch scheme, _, ok := strings.Cut(raw, "://"); {
	case !ok:
		return nil, &urlFault{apiURLNotHTTPS, "has no https:// in front", "write https:// in front"}
	case !strings.EqualFold(scheme, "https"):
		return nil, &urlFault{apiURLNotHTTPS, "is not https", ""}
	case err != nil:
		return nil, &urlFault{apiURLInvalid, "is not a URL", ""}
	}
	if why := unwantedInURL(u); why != "" {
		return nil, &urlFault{apiURLInvalid, "has " + why, ""}
	}
	return u, nil
}

// CheckAPIURL gives the rule that the URL of an API server breaks whoever calls it, and how, in words that read on from
// its name and hold nothing of it: it may stand in a Secret. Without a mistake the rule is nil. A proxy before it looks
// the host up, and calls it from where it is.
func CheckAPIURL(raw, clusterDomain string, proxied bool) (rule *diag.Rule, words string) {
	u, fault := readAPIURL(raw)
	switch {
	case fault != nil && fault.rule == apiURLInvalid:
		return fault.rule, "is more, or less, than https://HOST:PORT and the path of a proxy"
	case fault != nil:
		return fault.rule, fault.words
	}
	if why := hosts.Unreachable(u.Hostname(), clusterDomain); why != "" && !proxied {
		return apiURLUnreachable, "has a host that " + why
	}
	return nil, ""
}

// IsPrivateAPIURL reports whether the URL of an API server is in order, but for an address that only its own private
// network routes.
func IsPrivateAPIURL(raw string) bool {
	u, fault := readAPIURL(raw)
	return fault == nil && hosts.IsPrivate(u.Hostname())
}

// unwantedInURL names what an API server's URL must not have, or lacks; "" if it is in order.
func unwantedInURL(u *url.URL) string {
	port, err := strconv.Atoi(u.Port())
	switch {
	case u.User != nil:
		return "a user name in it: the reader's token belongs to credential"
	case u.Hostname() == "":
		return "no host"
	case strings.Contains(u.Hostname(), "_"):
		return `a "_" in its host: names of hosts have letters, digits and "-" between their dots`
	case !hosts.IsHost(u.Hostname()):
		return "a host that is neither a name nor an IP address"
	case u.Port() == "" && strings.HasSuffix(u.Host, ":"), u.Port() != "" && (err != nil || port < 1 || port > 65535):
		return "no port between 1 and 65535 after the colon"
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "a query or a fragment"
	case apiPath().MatchString(u.Path):
		return "the path of the API itself: client-go adds it"
	}
	return ""
}

// apiPath matches the paths that an API server has itself. Those of Rancher, Loft or Teleport are right, and client-go
// keeps them (k8s.io/client-go/rest, DefaultServerURL).
var apiPath = diag.OnceRegexp(`^/(?:apis?|healthz|livez|readyz|version|openapi)(?:/.*)?$`)

// isAddress matches a URL, or what is meant as one, that says nothing but where a server is.
var isAddress = diag.OnceRegexp(`^(?:[A-Za-z]+5?://)?[][A-Za-z0-9._:-]*/?$`)

func (t mesh) checkAPIHost(c *schema.Cluster, u *url.URL, primaries []*schema.Cluster, found *diag.List) {
	pos, host := t.Pos(schema.ClusterPath(c, "apiServer", "url")...), u.Hostname()
	if why := hosts.Unreachable(host, t.Mesh.ClusterDomain); why != "" {
		found.Add(pos, apiURLUnreachable, "the API server of cluster %q is at %q, which %s", c.Name, host, why)
		return
	}
	if !hosts.IsPrivate(host) || !t.onKnownNetwork(c) {
		return
	}
	for _, p := range primaries {
		if t.onKnownNetwork(p) && p.Network != c.Network {
			d := found.Add(pos, APIURLPrivate, "the API server of cluster %q is at the private address %q, but the control plane of %q on network %q reads it",
				c.Name, host, p.Name, p.Network)
			d.Relate(t.Pos(schema.ClusterPath(p, "network")...), fmt.Sprintf("cluster %q is on another network than %q", p.Name, c.Name))
			return
		}
	}
}

// checkAPIDuplicate compares what is dialled: the host, the port, the path of a proxy such as Rancher, the name that is
// asked for in TLS, and the proxy before all that.
func (t mesh) checkAPIDuplicate(c *schema.Cluster, u *url.URL, seen map[string]*schema.Cluster, found *diag.List) {
	port := u.Port()
	if port == "" {
		port = "443"
	}
	key := net.JoinHostPort(hosts.Canonical(u.Hostname()), port) + strings.TrimRight(u.Path, "/") + " " + strings.ToLower(c.APIServer.TLSServerName+" "+c.APIServer.ProxyURL)
	first, ok := seen[key]
	if !ok {
		seen[key] = c
		return
	}
	d := found.Add(t.Pos(schema.ClusterPath(c, "apiServer", "url")...), apiURLDuplicate,
		"clusters %q and %q have the same API server, %q", first.Name, c.Name, u.Scheme+"://"+u.Host)
	d.Relate(t.Pos(schema.ClusterPath(first, "apiServer", "url")...), fmt.Sprintf("cluster %q", first.Name))
}
