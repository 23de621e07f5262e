package kubeconfig

import (
	"bytes"
	"fmt"
	"slices"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/trust"
)

// RefreshedFix says what to do about a token of a topology that ends.
const RefreshedFix = "use the token of the Secret that 1-prepare makes, which does not expire; or say in credential.refreshedBy who refreshes this one in time"

// Source is a kubeconfig that a topology names, and what the topology says beside it.
type Source struct {
	Cluster string // that it is for
	Others  func(name string) bool
	Place   trust.Place
	Pos     diag.Pos // where the topology names it
	Text    []byte
	Own     Own
	Subject string // how the API server calls the reader; "" where that is not known
	Now     trust.Clock

	Refreshed bool     // somebody refreshes a token that ends
	Allowed   []string // the options that the topology has istiod allow
}

// Read checks the kubeconfig, and gives what is taken from it; nil where nothing can be rendered of it, which is
// reported. The URLs of the server and the proxy are left to the rules of topologies.
func (s *Source) Read(found *diag.List) *Login {
	problems := &diag.List{}
	login := s.read(problems)
	found.Append(problems)
	broken := login == nil || !login.LogsIn() || login.Server.Text == "" && !s.Own.Server || login.CA == nil && !s.Own.CA
	if !broken {
		return login
	}
	var places []diag.Pos
	problems.Each(func(d *diag.Diagnostic) { places = append(places, d.Pos) })
	if !found.ErrorAt(places...) { // somebody lowered what is wrong with it
		found.Add(s.Pos, unusable, "nothing can be rendered of the kubeconfig of cluster %q", s.Cluster)
	}
	return nil
}

func (s *Source) read(found *diag.List) *Login {
	k := s.config(found)
	if k == nil {
		return nil
	}
	k.resolve()
	k.check()
	k.checkWays(s.Allowed)
	s.checkClusters(k)
	return k.login()
}

// Take gives what is taken from the kubeconfig of a cluster, which has been checked.
func Take(cluster string, text []byte) *Login {
	k := (&Source{Cluster: cluster, Text: text}).config(nil)
	if k == nil {
		return nil
	}
	k.resolve()
	return k.login()
}

// config parses the kubeconfig, which may stand in a Secret. It gives nil where there is none.
func (s *Source) config(found *diag.List) *Config {
	if found == nil {
		found = &diag.List{}
	}
	k := &Config{what: fmt.Sprintf("the kubeconfig of cluster %q", s.Cluster), now: s.Now, found: found, own: s.Own, subject: s.Subject, refreshed: s.Refreshed}
	k.advise = s.advise
	k.item = s.whole()
	if !s.choose(k) || !k.parse() {
		return nil
	}
	return k
}

// whole is the text as it stands.
func (s *Source) whole() manifest.Item { return manifest.Whole(s.Place.File, s.Pos, s.Text) }

// secretItems gives what a Secret holds.
func secretItems(file string, text []byte) []manifest.Item {
	if file == "" {
		file = "secret.yaml"
	}
	var items []manifest.Item
	for _, o := range manifest.Read(file, text, &diag.List{}) {
		if o.Kind == "Secret" && !o.Encrypted {
			items = append(items, o.Items()...)
		}
	}
	return items
}

// checkWays reports ways to log in of which nothing is taken, and those that istiod takes only where it is allowed.
func (k *Config) checkWays(allowed []string) {
	for _, w := range k.waysToAllow() {
		path := at(k.user, w.key)
		switch w.key {
		case "exec":
			if !slices.Contains(allowed, w.option) {
				k.add(refused, path, "logs in by exec, a program that istiod would have to run").Fix += "; or allow it, with its risk: credential.insecureOptions: [exec]"
			}
		case "auth-provider":
			k.add(refused, path, "logs in by an auth-provider")
		case "tokenFile":
			k.add(namesFile, path, "names a file in tokenFile").Fix = "write the token itself in token"
		default:
			k.add(namesFile, path, "names a file in %s", w.key)
		}
	}
	path := append(at(k.user, "auth-provider"), "config", "idp-certificate-authority")
	if valueAt(k.root, path...).given() {
		k.add(namesFile, path, "names a file in idp-certificate-authority").Fix = "write what is in the file in idp-certificate-authority-data, in base64"
	}
}

// checkClusters looks at what the kubeconfig has beside what its current context names.
func (s *Source) checkClusters(k *Config) {
	for _, list := range []string{"clusters", "users"} {
		if items := k.root.At(list); items != nil && len(items.Items) > 1 && valueAt(k.root, "current-context").Text != "" {
			k.add(severalClusters, []string{list, "1"}, "has %d %s", len(items.Items), list)
			break
		}
	}
	name, _ := k.name()
	if name.Text != s.Cluster && s.Others != nil && s.Others(name.Text) {
		d := k.add(Name, []string{k.cluster[0], k.cluster[1], "name"}, "is that of cluster %q by its name", name.Text)
		d.Why = "control planes would read the other cluster twice, and this one never"
		d.Fix = "name the kubeconfig of this cluster, or give the cluster in it this name"
	}
}

// advise says what to do about a finding in a kubeconfig that a topology names.
func (s *Source) advise(d *diag.Diagnostic, rule *diag.Rule) {
	switch rule {
	case invalid, Empty, incomplete, notBase64:
		d.Why = "no remote Secret can be made of it, and without one no control plane sees the endpoints of the cluster"
	}
	switch rule {
	case trust.TokenExpiresSoon, trust.BoundToken:
		d.Severity, d.Fix = diag.Error, RefreshedFix
	case withoutCA:
		d.Severity = diag.Error // a remote Secret has a CA
		d.Fix = "take it over with its CA: " + minify + "; or give apiServer.ca in the topology"
	case insecure:
		d.Fix = "give the CA in certificate-authority-data, or apiServer.ca in the topology, and delete insecure-skip-tls-verify"
	case invalid, Empty:
		d.Fix = "write it again: " + minify + ", or istioctl create-remote-secret --name " + s.Cluster
	case incomplete:
		d.Fix = "write it again: " + minify
	case refused, anonymous:
		d.Fix = "use the token of the reader: istioctl create-remote-secret --name " + s.Cluster + ", or credential: {token: {file: PATH}}"
	case namesFile:
		d.Fix = "put what is in the file into the kubeconfig: " + minify
	}
}

// Private gives the parts of kubeconfigs that nobody may see, as they stand in them and decoded; false for a text with
// anything else in it, of which nothing is known.
func Private(text []byte) (parts [][]byte, ok bool) {
	if !bytes.Contains(text, []byte("kind")) { // as in every token and key
		return nil, false
	}
	h := (&Source{Text: text}).held()
	for _, i := range h.kubeconfigs {
		root, _ := i.Document()
		if root == nil || root.At("users") == nil {
			return nil, false
		}
		private(root.At("users"), &parts)
	}
	return parts, len(h.kubeconfigs) > 0 && len(h.others) == 0 && h.encrypted == nil
}

// private adds all texts of the users but their names.
func private(n *document.Node, parts *[][]byte) {
	if n.Text != "" {
		*parts = append(*parts, []byte(n.Text))
		if data := decoded(n.Text); data != nil {
			*parts = append(*parts, data)
		}
	}
	for _, e := range n.Fields {
		if e.Key != "name" {
			private(e.Value, parts)
		}
	}
	for _, item := range n.Items {
		private(item, parts)
	}
}
