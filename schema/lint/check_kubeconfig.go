package lint

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"time"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/manifest"
)

// kubeconfig is a kubeconfig in a Secret. Its values are secret: no message shows any of them.
type kubeconfig struct {
	secret string // the name of the Secret in messages
	item   manifest.Item
	now    time.Time
	found  *diag.List

	root                   *document.Node
	context, cluster, user []string // the paths of what the current context names, or nil
	guessed                bool     // the cluster is the first one: the current context names none
}

// read parses the kubeconfig and finds what its current context names. It gives false where there is nothing to check.
func (k *kubeconfig) read() bool {
	root, bad := k.item.Document()
	switch {
	case bad > 0:
		k.addAt(bad, kubeconfigInvalid, "is not valid YAML from here on")
		return false
	case root == nil || root.Kind == document.Null:
		k.found.Add(k.item.KeyPos, kubeconfigEmpty, "a kubeconfig of %s is empty", k.secret)
		return false
	case root.Kind != document.Map:
		k.addAt(root.Pos.Line, kubeconfigInvalid, "is %s, not a map", root.Kind)
		return false
	}
	k.root = root
	if kind := valueAt(root, "kind"); kind.given() && kind.text != "Config" {
		k.add(kubeconfigInvalid, []string{"kind"}, "is an object of another kind than Config")
		return false
	}
	k.resolve()
	return true
}

// resolve finds the current context, its cluster and its user. Where there is none, the first ones are checked.
func (k *kubeconfig) resolve() {
	for _, key := range []string{"clusters", "contexts", "users"} {
		if list := k.root.At(key); list == nil || list.Kind != document.List || len(list.Items) == 0 {
			k.incomplete([]string{key}, "has no "+key)
		}
	}
	context, ok := k.named("contexts", valueAt(k.root, "current-context"))
	switch {
	case k.root.At("contexts", "0") == nil: // reported elsewhere
	case valueAt(k.root, "current-context").text == "":
		k.incomplete([]string{"current-context"}, "has no current-context")
	case !ok && valueAt(k.root, "current-context").text == k.item.Key && k.root.At("contexts", "1") == nil:
		k.incomplete([]string{"contexts", "0", "name"}, "has no context of the name that current-context and the key of the Secret have")
	case !ok:
		k.incomplete([]string{"current-context"}, "has a current-context that is none of its contexts")
	}
	k.context = append(context, "context")
	cluster, ok := k.part("cluster", "clusters")
	k.cluster, k.guessed = append(cluster, "cluster"), !ok
	user, _ := k.part("user", "users")
	k.user = append(user, "user")
}

// part gives the path of the cluster or the user of the current context, or that of the first one and false.
func (k *kubeconfig) part(key, list string) ([]string, bool) {
	name := valueAt(k.root, append(k.context, key)...)
	path, ok := k.named(list, name)
	switch {
	case k.root.At(k.context...) == nil || k.root.At(list, "0") == nil: // reported elsewhere
	case name.text == "":
		k.incomplete(append(k.context, key), "has a context without a "+key)
	case !ok && name.text == k.item.Key && len(k.root.At(list).Items) == 1:
		k.incomplete(append(path, "name"), "has no "+key+" of the name that its context and the key of the Secret have")
	case !ok:
		k.incomplete(append(k.context, key), "has a context whose "+key+" is none of its "+list)
	}
	return path, ok
}

// named gives the path of the item of a list that has the name, or that of the first one and false.
func (k *kubeconfig) named(list string, name value) ([]string, bool) {
	if items := k.root.At(list); items != nil {
		for i := range items.Items {
			path := []string{list, strconv.Itoa(i)}
			if own := valueAt(k.root, append(path, "name")...); own.given() && maySame(own.text, name.text) {
				return path, true
			}
		}
	}
	return []string{list, "0"}, false
}

func (k *kubeconfig) incomplete(path []string, words string) {
	k.add(kubeconfigIncomplete, path, "%s", words)
}

// add reports what is wrong at a path, or at the nearest field above it.
func (k *kubeconfig) add(rule *diag.Rule, path []string, format string, args ...any) *diag.Diagnostic {
	if hasPlaceholder(valueAt(k.root, path...).text) { // nothing is known of it
		return (&diag.List{}).Add(diag.Pos{}, rule, format, args...)
	}
	return k.addAt(document.Positions{Root: k.root}.Pos(path).Line, rule, format, args...)
}

// addAt reports what is wrong at a line of the kubeconfig. The message begins with the name of the Secret; the text
// goes on from there.
func (k *kubeconfig) addAt(line int, rule *diag.Rule, format string, args ...any) *diag.Diagnostic {
	pos, where := k.place(line)
	return k.found.Add(pos, rule, "the kubeconfig in %s %s%s", k.secret, fmt.Sprintf(format, args...), where)
}

// place gives the position of a line of the kubeconfig in the manifest. If that is not a
// line of the manifest itself, messages also name the line of the kubeconfig: where gives the words.
func (k *kubeconfig) place(line int) (pos diag.Pos, where string) {
	pos, within := k.item.Place(line)
	if within {
		where = fmt.Sprintf(" (line %d of the kubeconfig)", line)
	}
	return pos, where
}

// value gives a scalar at a path, at its place in the manifest.
func (k *kubeconfig) value(path ...string) value {
	v := valueAt(k.root, path...)
	if v.given() {
		v.pos, _ = k.item.Place(v.pos.Line)
	}
	return v
}

// at gives a path below another.
func at(path []string, key string) []string { return append(path[:len(path):len(path)], key) }

// facts keeps what clusters are compared by.
func (k *kubeconfig) facts(r *remoteSecret) {
	r.server = k.value(at(k.cluster, "server")...)
	r.serverName = valueAt(k.root, at(k.cluster, "tls-server-name")...).text
	ca, _ := base64.StdEncoding.DecodeString(k.root.StringAt(at(k.cluster, "certificate-authority-data")...))
	r.ca = sha256.Sum256(ca)
	r.token = k.value(at(k.user, "token")...)
	if r.token.given() {
		r.token.text = fmt.Sprintf("%x", sha256.Sum256([]byte(r.token.text)))
	}
}
