package lint

import (
	"crypto/sha256"
	"slices"
	"strings"

	"meshtopo.dev/meshtopo/schema/cacerts"
	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/kubeconfig"
	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/remotesecret"
	"meshtopo.dev/meshtopo/schema/trust"
)

// signer is a Secret cacerts: where it is, and what clusters are compared by.
type signer struct {
	cacerts.Facts
	namespace string
	pos       diag.Pos
	place     placed
	elsewhere bool // encrypted, or made by an operator: only its name is known

}

func (r *remoteSecret) tokenOf() value { return r.token }

func (r *remoteSecret) serverOf() value { return r.server }

// remoteSecret is one kubeconfig of a remote Secret: those parts of it that clusters are compared by. What is zero is
// not known.
type remoteSecret struct {
	cluster   value // the key: the cluster's name to the istiod that reads it
	namespace string
	namePos   diag.Pos
	place     placed
	secret    string // its name, where it is mounted
	mounted   bool   // in a volume of istiod
	elsewhere bool   // encrypted, filled in later, or made by an operator: only its name is known

	calls    value // the cluster in the kubeconfig; not for messages
	where    string
	reported bool             // the key has been reported as wrong
	capital  *diag.Diagnostic // the finding about capital letters in the key, or nil

	server     value             // its text is a value of a Secret and is not for messages
	serverName value             // tls-server-name; its text is not for messages
	proxy      value             // proxy-url, not for messages either
	proxies    []string          // that the Secret, or the topology, says it has
	ca         [sha256.Size]byte // digest of the CA
	caPos      diag.Pos
	roots      []trust.Digest // of the certificates of the CA
	token      value          // its text is a digest
	ofAccount  bool           // it is that of a ServiceAccount

	// check checks what depends on the control plane that reads the kubeconfig. It is nil where there is nothing to
	// check.
	check func(by kubeconfig.Reader, found *diag.List)
}

// misnamed reports whether the name of the cluster in the kubeconfig differs from the key.
func (r *remoteSecret) misnamed() bool {
	return r.calls.given() && !placeholder.MaySame(r.calls.text, r.cluster.text)
}

// isFor reports whether a remote Secret is for a cluster of that name: by its key, or by its kubeconfig where the key
// has been reported as wrong.
func (r *remoteSecret) isFor(name string) bool {
	return placeholder.MaySame(r.cluster.text, name) || r.reported && r.calls.text == name
}

// placed is where a Secret is, or will be.
type placed struct {
	what      string // its name in messages
	namespace value  // as the manifest gives it
	pos       diag.Pos
}

func placeOf(o *manifest.Object) placed {
	return placed{o.String(), valueAt(o.Root, "metadata", "namespace"), o.At("metadata", "namespace")}
}

// madeElsewhere is a Secret that something else makes, so that its values are not in the manifests.
type madeElsewhere struct {
	name      value
	namespace string
	place     placed
	labelled  bool    // as a remote Secret
	keys      []value // none where they are not known
}

// secretFrom gives the Secret that an operator makes of an object.
func secretFrom(o *manifest.Object, name value, labels *document.Node, keys []value) *madeElsewhere {
	return &madeElsewhere{name, o.Namespace, placeOf(o), labels.StringAt(remotesecret.Label) == "true", keys}
}

// keysOf gives the keys of a map, or none where one of them has a placeholder.
func keysOf(n *document.Node) []value {
	if n == nil {
		return nil
	}
	var keys []value
	for _, e := range n.Fields {
		keys = append(keys, value{e.Key, e.KeyPos})
	}
	if slices.ContainsFunc(keys, func(k value) bool { return strings.Contains(k.text, "{{") }) {
		return nil
	}
	return keys
}

// tokenSecret is a Secret into which Kubernetes writes the token of a ServiceAccount.
type tokenSecret struct {
	name      value
	namespace string
	account   value
	rendered  bool // by meshtopo render
}
