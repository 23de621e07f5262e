// Package stores says what is wrong with where a topology has External Secrets find private material.
package stores

import (
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema"
	"meshtopo.dev/meshtopo/schema/diag"
)

// Rules are those of this package.
func Rules() []*diag.Rule {
	return []*diag.Rule{missingSecretStore, missingStoreKey, sharedStoreKey, externalServer, unusedExternalSecrets}
}

var missingSecretStore = &diag.Rule{
	Code: "missing-secret-store", Severity: diag.Error, Fixed: true,
	Title:  "private material in a store, and the topology does not say in which",
	Why:    "an ExternalSecret names the store that External Secrets asks, and a PushSecret the one that it writes to; without it there would be no Secret",
	Fix:    "add store: {name: NAME} under externalSecrets",
	Source: "https://external-secrets.io/v0.19.2/api/externalsecret/",
	Bad:    `secrets: {protection: external-secrets, externalSecrets: {remoteSecretKey: "mesh/{cluster}", cacertsKey: "mesh/ca/{cluster}"}}`,
	Good:   `secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "mesh/ca/{cluster}"}}`,
}

var missingStoreKey = &diag.Rule{
	Code: "missing-store-key", Severity: diag.Error, Fixed: true,
	Title: "private material in a store, and the topology does not say under which key",
	Why:   "an ExternalSecret asks the store for a key; without one there would be no Secret, and istiod would make a CA of its own, or not read a cluster",
	Fix:   "add the pattern of the key under externalSecrets",
	Bad:   `secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}"}}`,
	Good:  `secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "mesh/ca/{cluster}"}}`,
}

var sharedStoreKey = &diag.Rule{
	Code: "shared-store-key", Severity: diag.Error, Fixed: true,
	Title: "one key of a store for the material of several clusters",
	Why:   "a key of a store holds one token or one CA key: a cluster refuses the token of another one, and istiod does not start with a key that is not its certificate's",
	Fix:   "write {cluster} into the pattern",
	Bad:   `secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: mesh/ca}}`,
	Good:  `secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "mesh/ca/{cluster}"}}`,
}

var externalServer = &diag.Rule{
	Code: "external-secrets-server", Severity: diag.Error, Fixed: true,
	Title:  "an API server that External Secrets cannot be told to reach",
	Why:    "its Kubernetes provider knows a URL and a CA, no proxy and no other server name: the store would not become ready, and no control plane would get the token",
	Fix:    "use fill: push-secret, or a URL that the readers reach directly and whose host is in the certificate",
	Source: "https://external-secrets.io/v0.19.2/provider/kubernetes/",
	Bad: `secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, cacertsKey: "mesh/ca/{cluster}", fill: kubernetes}}
clusters: {cluster-b: {apiServer: {tlsServerName: b.example.com}}}`,
	Good: `secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, cacertsKey: "mesh/ca/{cluster}", fill: kubernetes}}`,
}

var unusedExternalSecrets = &diag.Rule{
	Code: "unused-external-secrets", Severity: diag.Info,
	Title: "a setting of External Secrets that nothing uses",
	Why:   "it changes nothing in the tree; with another protection, or another fill, it would",
	Fix:   "delete it, or set what it is for",
	Bad:   `secrets: {externalSecrets: {store: {name: vault}}}`,
	Good:  `secrets: {protection: external-secrets, externalSecrets: {store: {name: vault}, remoteSecretKey: "mesh/{cluster}", cacertsKey: "mesh/ca/{cluster}"}}`,
}

// external is what the rules know of a mesh whose Secrets External Secrets makes.
type external struct {
	schema.Written
	read    []*schema.Cluster // those that other control planes read, if there are any
	pushed  []*schema.Cluster // the control planes whose tokens are pushed
	used    map[string]bool   // places of settings that something uses
	places  []place           // of what is wrong, in their order
	byPlace map[string]int
}

// place is a setting that something is wrong with, once for all clusters that it is in force for.
type place struct {
	path     []string
	field    string
	rule     *diag.Rule
	clusters []*schema.Cluster
}

// Check reports what is wrong with the settings of External Secrets, where it is certain what they are for.
func Check(t schema.Written, found *diag.List) {
	if !speaksOf(t) || !known(t) {
		return
	}
	x := &external{Written: t, used: map[string]bool{}, byPlace: map[string]int{}}
	for _, c := range t.Clusters {
		if c.State != schema.Joining {
			x.read = append(x.read, c)
		}
		if c.RunsControlPlane() && c.Filled(schema.FillPush) {
			x.pushed = append(x.pushed, c)
		}
	}
	for _, c := range t.Clusters {
		x.checkSettings(c)
	}
	x.checkTokenKeys()
	x.checkCAKeys()
	x.report(found)
	x.checkServers(found)
	x.checkUnused(found)
}

// speaksOf reports whether a topology says anything of External Secrets.
func speaksOf(t schema.Written) bool {
	mesh := t.Secrets.External
	return t.Secrets.Protection == schema.External || t.Given("spec", "secrets", "externalSecrets") || slices.ContainsFunc(t.Clusters, func(c *schema.Cluster) bool {
		return c.Secrets.Protection == schema.External || c.Secrets.External != mesh
	})
}

// known reports whether it is certain how the Secrets of every cluster are protected, and which clusters read.
func known(t schema.Written) bool {
	sound := func(path ...string) bool {
		settings := append(path[:len(path):len(path)], "externalSecrets")
		return !t.Unsure(path...) && !t.HoldsBroken(path...) && !t.Unsure(settings...) && !t.HoldsBroken(settings...) &&
			!t.HoldsBroken(append(settings, "store")...)
	}
	if len(t.Clusters) == 0 {
		return false
	}
	all := schema.ClusterPath(t.Clusters[0])[:2]
	return !t.Unsure(all...) && !t.HoldsBroken(all...) && sound("spec", "secrets") &&
		!slices.ContainsFunc(t.Clusters, func(c *schema.Cluster) bool {
			return !sound(schema.ClusterPath(c, "secrets")...) || t.Unsure(schema.ClusterPath(c, "primary")...) ||
				t.Unsure(schema.ClusterPath(c, "state")...)
		})
}

// reads reports whether the directory of a control plane makes it read others, now or once they have joined.
func (x *external) reads(c *schema.Cluster) bool {
	return c.RunsControlPlane() && c.Secrets.WritesRemote() && len(x.Clusters) > 1
}

// pushes reports whether the token of a cluster is pushed for another one.
func (x *external) pushes(c *schema.Cluster) bool {
	return len(x.pushed) > 1 || len(x.pushed) == 1 && x.pushed[0] != c
}

// checkSettings notes the settings that a cluster uses, and those that it would need.
func (x *external) checkSettings(c *schema.Cluster) {
	e, own := c.Secrets.External, c.Secrets.Protection == schema.External
	ca, tokens := own && c.RunsControlPlane() && c.Intermediate != nil, own && x.reads(c)
	stored := tokens && e.Fill != schema.FillKubernetes
	signs := own && c.RunsControlPlane() // a trust that is missing is another mistake
	x.use(c, "store", signs || stored || x.pushes(c), e.Store.Name == "" && (ca || stored || x.pushes(c)), missingSecretStore)
	x.use(c, "cacertsKey", signs, e.CacertsKey == "" && ca, missingStoreKey)
	x.use(c, "remoteSecretKey", stored, e.RemoteSecretKey == "", missingStoreKey)
	x.use(c, "refreshInterval", signs || tokens || x.pushes(c), false, nil)
	x.use(c, "fill", tokens, false, nil)
	x.use(c, "bearerToken", tokens && e.Fill == schema.FillKubernetes, false, nil)
}

// use notes whether a cluster uses a setting, and that it is missing there.
func (x *external) use(c *schema.Cluster, field string, used, missing bool, rule *diag.Rule) {
	if !used {
		return
	}
	path := x.path(c, field)
	x.used[strings.Join(path, "\x00")] = true
	if missing {
		x.add(c, path, field, rule)
	}
}

// path gives the setting that is in force for a cluster, or the place where it would be expected.
func (x *external) path(c *schema.Cluster, field string) []string {
	own, mesh := schema.ClusterPath(c, "secrets", "externalSecrets", field), []string{"spec", "secrets", "externalSecrets", field}
	if x.Given(own...) || !x.Given(mesh...) && x.Given(schema.ClusterPath(c, "secrets", "protection")...) {
		return own
	}
	return mesh
}

func (x *external) add(c *schema.Cluster, path []string, field string, rule *diag.Rule) {
	key := strings.Join(path, "\x00") + rule.Code
	if _, known := x.byPlace[key]; !known {
		x.byPlace[key] = len(x.places)
		x.places = append(x.places, place{path: path, field: field, rule: rule})
	}
	p := &x.places[x.byPlace[key]]
	p.clusters = append(p.clusters, c)
}

// checkTokenKeys finds patterns that give one key for the tokens of several clusters.
func (x *external) checkTokenKeys() {
	type entry struct {
		store schema.SecretStore
		key   string
	}
	tokens := map[entry]*schema.Cluster{}
	for _, c := range x.Clusters {
		e := c.Secrets.External
		if c.Secrets.Protection != schema.External || !x.reads(c) || e.Fill == schema.FillKubernetes || e.RemoteSecretKey == "" ||
			strings.Contains(e.RemoteSecretKey, "{cluster}") {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(x.read[:min(len(x.read), 3)]), func(other *schema.Cluster) bool { return other == c })
		if len(others) == 0 {
			continue
		}
		place := entry{e.Store, e.TokenKey("", c.Name)}
		known := tokens[place]
		tokens[place] = others[0]
		if len(others) > 1 || known != nil && known != others[0] {
			x.add(c, x.path(c, "remoteSecretKey"), "remoteSecretKey", sharedStoreKey)
		}
	}
}

// checkCAKeys finds patterns that give one key for the signing CAs of several clusters.
func (x *external) checkCAKeys() {
	type entry struct {
		store schema.SecretStore
		key   string
	}
	certificates := map[entry]string{}
	for _, c := range x.Clusters {
		e := c.Secrets.External
		if c.Secrets.Protection != schema.External || !c.RunsControlPlane() || c.Intermediate == nil || e.CacertsKey == "" {
			continue
		}
		place := entry{e.Store, e.CAKey(c.Name)}
		if known, ok := certificates[place]; ok && known != c.Intermediate.Cert {
			x.add(c, x.path(c, "cacertsKey"), "cacertsKey", sharedStoreKey)
		}
		certificates[place] = c.Intermediate.Cert
	}
}

// report adds what is wrong, once for each place.
func (x *external) report(found *diag.List) {
	for _, p := range x.places {
		who, pos := diag.NameClusters(schema.Names(p.clusters)), x.Pos(p.path...)
		under := strings.Join(p.path[1:len(p.path)-1], ".")
		switch p.rule {
		case missingSecretStore:
			d := found.Add(pos, p.rule, "no store is named for %s", who)
			d.Fix = "add store: {name: NAME} under " + under
		case missingStoreKey:
			material, pattern := "signing CA", "mesh/ca/{cluster}"
			if p.field == "remoteSecretKey" {
				material, pattern = "tokens", "mesh/{cluster}"
			}
			d := found.Add(pos, p.rule, "no key is given for the %s of %s", material, who)
			d.Fix = `add ` + p.field + `: "` + pattern + `" under ` + under
		case sharedStoreKey:
			found.Add(pos, p.rule, "%s gives one key for several clusters in %s", p.field, who)
		}
	}
}

// checkServers reports API servers from which External Secrets is to take a token, and cannot.
func (x *external) checkServers(found *diag.List) {
	pulling := slices.DeleteFunc(slices.Clone(x.Clusters), func(c *schema.Cluster) bool {
		return !c.RunsControlPlane() || !c.Filled(schema.FillKubernetes)
	})
	for _, c := range x.read {
		if c.APIServer == nil || len(pulling) == 0 || len(pulling) == 1 && pulling[0] == c {
			continue
		}
		for _, field := range []struct{ name, value, words string }{
			{"proxyURL", c.APIServer.ProxyURL, "behind a proxy"},
			{"tlsServerName", c.APIServer.TLSServerName, "known by another name than its URL's"},
		} {
			if path := schema.ClusterPath(c, "apiServer", field.name); field.value != "" && !x.Unsure(path...) {
				found.Add(x.Pos(path...), externalServer, "the API server of cluster %q is %s, and fill: kubernetes takes its token from there", c.Name, field.words)
			}
		}
	}
}

// externalFields are the settings of External Secrets.
var externalFields = []string{"store", "remoteSecretKey", "cacertsKey", "refreshInterval", "fill", "bearerToken"}

// checkUnused reports settings that are in force for nothing: one by one, or all of a place together.
func (x *external) checkUnused(found *diag.List) {
	if x.Secrets.Protection != schema.Unprotected { // which may be the mistake, as below
		x.checkUnusedBelow([]string{"spec", "secrets", "externalSecrets"}, found)
	}
	for _, c := range x.Clusters {
		if c.Secrets.Protection != schema.Unprotected {
			x.checkUnusedBelow(schema.ClusterPath(c, "secrets", "externalSecrets"), found)
		}
	}
}

func (x *external) checkUnusedBelow(path []string, found *diag.List) {
	if !x.Given(path...) {
		return
	}
	var unused [][]string
	used := false
	for _, field := range externalFields {
		at := append(path[:len(path):len(path)], field)
		if x.used[strings.Join(at, "\x00")] {
			used = true
		} else if x.Given(at...) {
			unused = append(unused, at)
		}
	}
	if !used {
		found.Add(x.Pos(path...), unusedExternalSecrets, "nothing uses externalSecrets")
		return
	}
	for _, at := range unused {
		found.Add(x.Pos(at...), unusedExternalSecrets, "nothing uses %s", at[len(at)-1])
	}
}
