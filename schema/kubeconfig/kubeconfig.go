// Package kubeconfig checks kubeconfigs, in Secrets that istiod reads and those that a topology names, and gives what
// clusters are compared by. Their values are secret: no message shows any of them.
package kubeconfig

import (
	"fmt"
	"strconv"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Config is a kubeconfig in a Secret, or one that a topology names.
type Config struct {
	what  string // how messages call it
	item  manifest.Item
	now   trust.Clock
	found *diag.List

	own     Own    // the fields that a topology has itself
	subject string // how the API server calls the account; "" where that is not known

	refreshed bool // somebody refreshes a token that ends

	// advise says what to do about a finding; it is nil for a kubeconfig in a Secret.
	advise func(d *diag.Diagnostic, rule *diag.Rule)

	root                   *document.Node
	context, cluster, user []string // the paths of what the current context names, or nil
	guessed                bool     // the cluster is the first one: the current context names none

	authorities trust.Certificates // those that the API server is verified by, where they are in it and sound
}

// Own says which fields of the API server a topology has itself: those of the kubeconfig do not count.
type Own struct{ Server, CA, ServerName, Proxy bool }

// named reports whether a topology names the kubeconfig.
func (k *Config) named() bool { return k.advise != nil }

// Read parses the kubeconfig that a Secret has in an item, finds what its current context names, and checks what does
// not depend on who reads it. It gives nil where there is nothing to check. Secret is the name of the Secret in
// messages.
func Read(secret string, item manifest.Item, now time.Time, found *diag.List) *Config {
	k := &Config{what: "the kubeconfig in " + secret, item: item, now: trust.At(now), found: found, subject: trust.AnyAccount}
	if !k.parse() {
		return nil
	}
	k.resolve()
	k.check()
	return k
}

// parse gives false where the text is no kubeconfig.
func (k *Config) parse() bool {
	root, bad := k.item.Document()
	switch {
	case bad > 0:
		k.addAt(diag.Pos{Line: bad, Col: 1}, invalid, "is not valid YAML from here on")
		return false
	case root == nil || root.Kind == document.Null:
		if d := k.found.Add(k.item.KeyPos, Empty, "%s is empty", k.what); k.named() {
			k.advise(d, Empty)
		}
		return false
	case root.Kind != document.Map:
		k.addAt(root.Pos, invalid, "is %s, not a map", root.Kind)
		return false
	}
	k.root = root
	if kind := valueAt(root, "kind"); kind.given() && kind.Text != "Config" {
		k.add(invalid, []string{"kind"}, "is an object of another kind than Config")
		return false
	}
	return true
}

// resolve finds the current context, its cluster and its user. Where there is none, the first ones are checked.
func (k *Config) resolve() {
	for _, key := range []string{"clusters", "contexts", "users"} {
		if list := k.root.At(key); list == nil || list.Kind != document.List || len(list.Items) == 0 {
			k.lacks([]string{key}, "has no "+key)
		}
	}
	context, ok := k.find("contexts", valueAt(k.root, "current-context"))
	switch {
	case k.root.At("contexts", "0") == nil: // reported elsewhere
	case valueAt(k.root, "current-context").Text == "":
		k.lacks([]string{"current-context"}, "has no current-context")
	case !ok && valueAt(k.root, "current-context").Text == k.item.Key && k.root.At("contexts", "1") == nil:
		k.lacks([]string{"contexts", "0", "name"}, "has no context of the name that current-context and the key of the Secret have")
	case !ok:
		k.lacks([]string{"current-context"}, "has a current-context that is none of its contexts")
	}
	k.context = append(context, "context")
	cluster, ok := k.part("cluster", "clusters")
	k.cluster, k.guessed = append(cluster, "cluster"), !ok
	user, _ := k.part("user", "users")
	k.user = append(user, "user")
}

// part gives the path of the cluster or the user of the current context, or that of the first one and false.
func (k *Config) part(key, list string) ([]string, bool) {
	name := valueAt(k.root, append(k.context, key)...)
	path, ok := k.find(list, name)
	switch {
	case k.root.At(k.context...) == nil || k.root.At(list, "0") == nil: // reported elsewhere
	case name.Text == "":
		k.lacks(append(k.context, key), "has a context without a "+key)
	case !ok && name.Text == k.item.Key && len(k.root.At(list).Items) == 1:
		k.lacks(append(path, "name"), "has no "+key+" of the name that its context and the key of the Secret have")
	case !ok:
		k.lacks(append(k.context, key), "has a context whose "+key+" is none of its "+list)
	}
	return path, ok
}

// find gives the path of the item of a list that has the name, or that of the first one and false.
func (k *Config) find(list string, name Value) ([]string, bool) {
	if items := k.root.At(list); items != nil {
		for i := range items.Items {
			path := []string{list, strconv.Itoa(i)}
			if own := valueAt(k.root, append(path, "name")...); own.given() && placeholder.MaySame(own.Text, name.Text) {
				return path, true
			}
		}
	}
	return []string{list, "0"}, false
}

func (k *Config) lacks(path []string, words string) {
	k.add(incomplete, path, "%s", words)
}

// add reports what is wrong at a path, or at the nearest field above it.
func (k *Config) add(rule *diag.Rule, path []string, format string, args ...any) *diag.Diagnostic {
	if !k.named() && placeholder.In(valueAt(k.root, path...).Text) { // nothing is known of it
		return (&diag.List{}).Add(diag.Pos{}, rule, format, args...)
	}
	return k.addAt(document.Positions{Root: k.root}.Pos(path), rule, format, args...)
}

// addAt reports what is wrong at a place of the kubeconfig. The message begins with its name; the text goes on from
// there.
func (k *Config) addAt(at diag.Pos, rule *diag.Rule, format string, args ...any) *diag.Diagnostic {
	pos, where := k.place(at)
	d := k.found.Add(pos, rule, "%s %s%s", k.what, fmt.Sprintf(format, args...), where)
	if k.named() {
		k.advise(d, rule)
	}
	return d
}

// place gives where a place of the kubeconfig is in its file: in a manifest, the line. If that is not a line of the
// file itself, messages also name the line of the kubeconfig: where gives the words.
func (k *Config) place(at diag.Pos) (pos diag.Pos, where string) {
	pos, within := k.item.Place(at.Line)
	if k.named() {
		pos, within = k.item.Exact(at)
	}
	if within {
		where = fmt.Sprintf(" (line %d of the kubeconfig)", at.Line)
	}
	return pos, where
}

// at gives a path below another.
func at(path []string, key string) []string { return append(path[:len(path):len(path)], key) }
