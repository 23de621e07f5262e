package kubeconfig

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"

	"meshtopo.dev/meshtopo/schema/diag"
	"meshtopo.dev/meshtopo/schema/document"
	"meshtopo.dev/meshtopo/schema/placeholder"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Value is a text in a kubeconfig, and its place in the manifest. The zero value is one that is not set.
type Value struct {
	Text string
	Pos  diag.Pos
}

func (v Value) given() bool { return v.Pos.Line > 0 }

// valueAt gives the scalar at a path, whatever its type.
func valueAt(root *document.Node, keys ...string) Value {
	n := root.At(keys...)
	if n == nil || n.Kind == document.Map || n.Kind == document.List || n.Kind == document.Null {
		return Value{}
	}
	return Value{n.Text, n.Pos}
}

// Facts are what clusters are compared by. What is zero is not known. No message may show a text of it.
type Facts struct {
	Cluster    Value  // the name of the cluster
	Where      string // the words that follow that name in messages: its line, where the position does not say it
	Server     Value
	Proxy      Value             // proxy-url
	ServerName Value             // tls-server-name
	CA         [sha256.Size]byte // digest of the CA
	CAPos      diag.Pos
	Roots      []trust.Digest // of the certificates of the CA; none where they could not be read
	Token      Value          // its text is a digest
	OfAccount  bool           // the token is that of a ServiceAccount
}

// Facts gives what clusters are compared by.
func (k *Config) Facts() Facts {
	f := Facts{Server: k.value(at(k.cluster, "server")...), Token: k.value(at(k.user, "token")...)}
	f.Proxy = k.value(at(k.cluster, "proxy-url")...)
	f.Cluster, f.Where = k.name()
	f.ServerName = k.value(at(k.cluster, "tls-server-name")...)
	f.Roots = k.authorities.Digests()
	ca, _ := base64.StdEncoding.DecodeString(k.root.StringAt(at(k.cluster, "certificate-authority-data")...))
	f.CA, f.CAPos = sha256.Sum256(ca), k.value(at(k.cluster, "certificate-authority-data")...).Pos
	if placeholder.In(f.Token.Text) {
		f.Token = Value{}
	}
	if f.Token.given() {
		f.OfAccount = trust.OfAccount(f.Token.Text)
		f.Token.Text = fmt.Sprintf("%x", sha256.Sum256([]byte(f.Token.Text)))
	}
	return f
}

// value gives a scalar at a path, at its place in the manifest.
func (k *Config) value(path ...string) Value {
	v := valueAt(k.root, path...)
	if v.given() {
		v.Pos, _ = k.item.Place(v.Pos.Line)
	}
	return v
}

// name gives the name of the cluster in the kubeconfig, and the words that follow it in messages.
func (k *Config) name() (name Value, where string) {
	v := valueAt(k.root, k.cluster[0], k.cluster[1], "name")
	if !v.given() || k.guessed {
		return Value{}, ""
	}
	pos, where := k.place(v.Pos)
	return Value{v.Text, pos}, where
}
