package kubeconfig

import (
	"strings"

	"meshtopo.dev/meshtopo/schema/manifest"
	"meshtopo.dev/meshtopo/schema/trust"
)

// Login is what a kubeconfig says of an API server, and of the account that logs in there. What is private in it is
// behind functions, so that it never prints itself; they give nil where there is none.
type Login struct {
	Server, ServerName, Proxy Value
	CA                        []byte // PEM, or nil
	Authorities               trust.Certificates

	TokenPos                func() Value // the place of the token, without its text
	Token, Certificate, Key func() []byte
	Other                   func() map[string]any // the other fields of the user that log in: exec and auth-provider
}

// login gives what the current context names.
func (k *Config) login() *Login {
	l := &Login{Authorities: k.authorities}
	for field, name := range map[*Value]string{&l.Server: "server", &l.ServerName: "tls-server-name", &l.Proxy: "proxy-url"} {
		*field = k.exact(at(k.cluster, name)...)
	}
	l.CA = decoded(valueAt(k.root, at(k.cluster, "certificate-authority-data")...).Text)
	token := k.exact(at(k.user, "token")...)
	cert, key := valueAt(k.root, at(k.user, "client-certificate-data")...).Text, valueAt(k.root, at(k.user, "client-key-data")...).Text
	l.TokenPos = func() Value { return Value{Pos: token.Pos} }
	l.Token = func() []byte { return bytesOf(strings.TrimSpace(token.Text)) } // a line break would end a header
	l.Certificate, l.Key = func() []byte { return decoded(cert) }, func() []byte { return decoded(key) }
	other := k.other()
	l.Other = func() map[string]any { return other }
	return l
}

func bytesOf(text string) []byte {
	if text == "" {
		return nil
	}
	return []byte(text)
}

// decoded gives what a text in base64 holds, or nil.
func decoded(text string) []byte {
	data, ok := manifest.Decode(text)
	if !ok || len(data) == 0 {
		return nil
	}
	return data
}

// exact gives a scalar at a path, at its place in the file.
func (k *Config) exact(path ...string) Value {
	v := valueAt(k.root, path...)
	if v.given() {
		v.Pos, _ = k.place(v.Pos)
	}
	return v
}

// LogsIn reports whether there is something to log in with.
func (l *Login) LogsIn() bool {
	return l != nil && (l.Token() != nil || l.Certificate() != nil && l.Key() != nil || len(l.Other()) > 0)
}
