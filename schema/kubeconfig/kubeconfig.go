// Package kubeconfig checks kubeconfigs in Secrets that istiod reads, and gives what clusters are compared by. Their
// values are secret: no message shows any of them.
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

// Config is a kubeconfig in a Secret.
type Config struct {
	secret string // the name of the Secret in messages
	item   manifest.Item
	now    time.Time
	found  *diag.List

	root                   *document.Node
	context, cluster, user []string // the paths of what the current context names, or nil
	guessed                bool     // the cluster is the first one: the current context names none

	authorities trust.Certificates // those that the API server is verified by, where they are in it and sound
}

// Read parses the kubeconfig that a Secret has in an item, finds what its current context names, and checks what does
// not depend on who reads it. It gives nil where there is nothing to check. Secret is the name of the Secret in
// messages.
func Read(secret string, item manifest.Item, now time.Time, found *diag.List) *Config {
	k := &Config{secret: secret, item: item, now: now, found: found}
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
		k.addAt(bad, invalid, "is not valid YAML from here on")
		return false
	case root == nil || root.Kind == document.Null:
		k.found.Add(k.item.KeyPos, Empty, "a kubeconfig of %s is empty", k.secret)
		return false
	case root.Kind != document.Map:
		k.addAt(root.Pos.Line, invalid, "is %s, not a map", root.Kind)
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
	context, ok := k.named("contexts", valueAt(k.root, "current-context"))
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
	path, ok := k.named(list, name)
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

// named gives the path of the item of a list that has the name, or that of the first one and false.
func (k *Config) named(list string, name Value) ([]string, bool) {
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
	if placeholder.In(valueAt(k.root, path...).Text) { // nothing is known of it
		return (&diag.List{}).Add(diag.Pos{}, rule, format, args...)
	}
	return k.addAt(document.Positions{Root: k.root}.Pos(path).Line, rule, format, args...)
}

// addAt reports what is wrong at a line of the kubeconfig. The message begins with the name of the Secret; the text
// goes on from there.
func (k *Config) addAt(line int, rule *diag.Rule, format string, args ...any) *diag.Diagnostic {
	pos, where := k.place(line)
	return k.found.Add(pos, rule, "the kubeconfig in %s %s%s", k.secret, fmt.Sprintf(format, args...), where)
}

// place gives the position of a line of the kubeconfig in the manifest. If that is not a
// line of the manifest itself, messages also name the line of the kubeconfig: where gives the words.
func (k *Config) place(line int) (pos diag.Pos, where string) {
	pos, within := k.item.Place(line)
	if within {
		where = fmt.Sprintf(" (line %d of the kubeconfig)", line)
	}
	return pos, where
}

// at gives a path below another.
func at(path []string, key string) []string { return append(path[:len(path):len(path)], key) }
