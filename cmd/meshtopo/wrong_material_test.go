package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

// The files of the example two-clusters that are replaced.
const (
	root, cert, key, chain = "certs/root-cert.pem", "certs/cluster-b/ca-cert.pem", "certs/cluster-b/ca-key.pem", "certs/cluster-b/cert-chain.pem"
	server, token          = "certs/cluster-b/api.pem", "tokens/cluster-b"
)

// named marks where the topology names a file; intermediates have one place for all clusters.
var named = map[string]edit{
	root: {"[certs/root-cert.pem]", "[‹certs/root-cert.pem›]"}, server: {server, "‹" + server + "›"}, token: {token, "‹" + token + "›"},
	cert: {"certs/{cluster}", "‹certs/{cluster}›"}, key: {"certs/{cluster}", "‹certs/{cluster}›"}, chain: {"certs/{cluster}", "‹certs/{cluster}›"},
}

// bad replaces a file.
func bad(code, name, file, text string) wrong {
	return wrong{codes: code, name: name, edits: []edit{named[file]}, files: map[string]string{file: text}}
}

// without removes a file.
func without(code, name, file string) wrong {
	return wrong{codes: code, name: name, edits: []edit{named[file]}, change: func(t *testing.T, r *os.Root) { remove(t, r, file) }}
}

// signed replaces the certificates of the mesh: cluster-b has the given intermediate, cluster-a a sound one under
// the same root.
func signed(t *testing.T, code, name, place string, b intermediate) wrong {
	t.Helper()
	w := wrong{codes: code, name: name, edits: []edit{named[place]}, files: b.files("certs/cluster-b")}
	for name, text := range (intermediate{ca: sign(b.root), root: b.root}).files("certs/cluster-a") {
		w.files[name] = text
	}
	w.files[root] = pemOf(b.root)
	return w
}

// wrongMaterial has topologies that are right, with certificates, keys and tokens that are not.
func wrongMaterial(t *testing.T) []wrong {
	var (
		past   = time.Now().AddDate(0, 0, -2)
		future = time.Now().AddDate(0, 0, 2)
		ours   = selfSigned("Ours")
		theirs = selfSigned("Theirs")
		ca     = sign(ours)
		tier   = sign(ours, called("Tier"))
		under  = sign(tier, called("Under"))
		narrow = sign(ours, called("Narrow"), pathlen(0))
		below  = sign(narrow, called("Below"))
		old    = selfSigned("Old", until(past))
		noCA   = selfSigned("Server", leaf)
		rsa    = newRSARoot(t)
	)
	return []wrong{
		without("missing-file", "the root", root),
		without("missing-file", "an API server's CA", server),
		without("missing-private-file", "a CA's key", key),
		without("missing-private-file", "a token", token),
		{codes: "missing-private-file", name: "a variable that is not set", edits: []edit{{"{file: tokens/cluster-b}", "{env: ‹TOKEN_THAT_NOBODY_SET›}"}}},
		{codes: "missing-private-file missing-file missing-private-file", name: "in every cluster", edits: []edit{named[server], {"tokens/cluster-a", "‹tokens/cluster-a›"}, named[token]},
			change: func(t *testing.T, r *os.Root) { remove(t, r, server, token, "tokens/cluster-a") }},
		{codes: "unreadable-file", name: "a directory", edits: []edit{{"[certs/root-cert.pem]", "[‹certs›]"}}},
		{codes: "link-leaves-root", name: "a token", edits: []edit{named[token]}, change: func(t *testing.T, r *os.Root) { remove(t, r, token); link(t, r, token) }},
		{codes: "inline-material", name: "a token for its path", edits: []edit{{token, "‹" + jwt(claims{"hunter2": "hunter2"}) + "›"}}},
		{codes: "inline-material", name: "a token for the hub", edits: []edit{inIstio("hub: ‹" + jwt(claims{"hunter2": "hunter2"}) + "›")}},
		{codes: "inline-material", name: "a token that was read, in a setting", edits: []edit{inIstio("values: {pilot: {env: {PILOT_CERT_PROVIDER: ‹x" + strings.TrimSpace(read(t, "../../testdata/two-clusters/tokens/cluster-b")) + "y›}}}")}},
		{codes: "inline-material", name: "a key in a setting", edits: []edit{inIstio("values: {pilot: {env: {PILOT_CERT_PROVIDER: ‹\"-----BEGIN RSA PRIVATE KEY-----\"›}}}")}},
		{codes: "inline-material", name: "a patch with a token", edits: []edit{inIstio("patches: [{target: {kind: Namespace}, path: ‹label.yaml›}]")},
			files: map[string]string{"label.yaml": "metadata: {labels: {a: " + jwt(claims{"hunter2": "hunter2"}) + "}}\n"}},
		{codes: "private-file-as-patch", name: "a token", edits: []edit{inIstio("patches: [{path: ‹./tokens/cluster-a›}]")}},
		{codes: "private-file-as-patch", name: "a key", edits: []edit{inIstio("patches: [{path: ‹certs/cluster-b/ca-key.pem›}]")}},

		bad("malformed-pem", "cut off", root, halfOf(pemOf(ours))),
		bad("malformed-pem", "empty", chain, ""),
		bad("malformed-pem", "base64 of PEM", server, base64Of(pemOf(theirs))),
		bad("malformed-certificate", "a certificate cut off inside", root, block("CERTIFICATE", ours.Raw[:100])),
		bad("der-encoded", "a certificate", root, string(ours.Raw)),
		bad("unexpected-pem-block", "a request", root, block("CERTIFICATE REQUEST", ours.Raw)),
		bad("private-key-exposed", "the key beside the root", root, pemOf(ours)+ours.KeyPEM()),
		bad("certificate-for-key", "the certificate", key, pemOf(ca)),
		bad("encrypted-key", "a passphrase", key, block("ENCRYPTED PRIVATE KEY", []byte("hunter2 hunter2"))),
		bad("malformed-key", "a key cut off inside", key, block("PRIVATE KEY", ca.KeyDER()[:20])),
		bad("key-mismatch", "of another CA", key, ca.KeyPEM()),
		bad("unexpected-pem-block", "a second key", key, read(t, "../../testdata/two-clusters/"+key)+ours.KeyPEM()),
		bad("certificate-expired", "an API server's CA", server, pemOf(old)),
		signed(t, "certificate-expired", "the root", root, intermediate{ca: sign(old), root: old}),

		signed(t, "certificate-expired", "an intermediate", cert, intermediate{ca: sign(ours, until(past)), root: ours}),
		signed(t, "certificate-not-yet-valid", "an intermediate", cert, intermediate{ca: sign(ours, from(future)), root: ours}),
		signed(t, "not-a-ca", "a root that is a server's", root, intermediate{ca: sign(noCA), root: noCA}),
		signed(t, "not-a-ca", "an intermediate", cert, intermediate{ca: sign(ours, leaf), root: ours}),
		signed(t, "no-cert-sign", "an intermediate", cert, intermediate{ca: sign(ours, onlyDigital), root: ours}),
		signed(t, "incompatible-extended-key-usage", "an intermediate", cert, intermediate{ca: sign(ours, onlyClients), root: ours}),
		signed(t, "name-constraints", "another trust domain", cert, intermediate{ca: sign(ours, permitting("old.example.com")), root: ours}),
		signed(t, "weak-signature", "an intermediate", cert, intermediate{ca: sign(rsa, sha1), root: rsa}),
		signed(t, "unsupported-key", "an intermediate", key, intermediate{ca: signEd25519(t, ours), root: ours}),
		signed(t, "unverifiable-chain", "an intermediate", cert, intermediate{ca: sign(ours, unknownCritical), root: ours}),
		signed(t, "intermediate-is-root", "the root itself", cert, intermediate{ca: ours, root: ours}),
		signed(t, "chain-without-intermediate", "the root alone", chain, intermediate{ca: ca, chain: []authority{ours}, root: ours}),
		signed(t, "chain-order", "the root first", chain, intermediate{ca: ca, chain: []authority{ours, ca}, root: ours}),
		signed(t, "chain-incomplete", "a CA between is missing", chain, intermediate{ca: under, chain: []authority{under, ours}, root: ours}),
		signed(t, "path-length", "no room below", chain, intermediate{ca: below, chain: []authority{below, narrow, ours}, root: ours}),
		signed(t, "unknown-root", "of somebody else", chain, intermediate{ca: ca, chain: []authority{ca, ours}, root: theirs}),

		bad("malformed-token", "two lines", token, "hunter2\nhunter2\n"),
		bad("malformed-token", "in quotes", token, `"`+jwt(claims{"sub": reader})+"\"\n"),
		bad("malformed-token", "in single quotes", token, "'"+jwt(claims{"sub": reader})+"'\n"),
		bad("malformed-token", "an opaque one in curly quotes", token, "“hunter2hunter2hunter2”\n"),
		bad("malformed-token", "behind its name", token, "TOKEN="+jwt(claims{"sub": reader})+"\n"),
		bad("malformed-token", "behind its key", token, "token: "+jwt(claims{"sub": reader})+"\n"),
		bad("malformed-token", "empty", token, "\n"),
		bad("malformed-token", "a kubeconfig", token, "apiVersion: v1\nkind: Config\nusers: [{user: {token: hunter2}}]\n"),
		bad("malformed-token", "a placeholder", token, "{{ token }}\n"),
		bad("malformed-token", "words to replace", token, "REPLACE_ME\n"),
		bad("malformed-token", "cut off", token, halfOf(jwt(claims{"sub": reader}))),
		bad("encoded-token", "as it stands in its Secret", token, base64Of(jwt(claims{"sub": "x"}))),
		bad("token-expired", "two days ago", token, jwt(claims{"sub": reader, "exp": past.Unix()})),
		bad("token-expires-soon", "in a month", token, jwt(claims{"sub": reader, "exp": time.Now().AddDate(0, 0, 30).Unix()})),
		bad("bound-token", "to a pod", token, jwt(claims{"sub": reader, "kubernetes.io": claims{"pod": claims{"name": "x"}}})),
		bad("token-not-yet-valid", "in two days", token, jwt(claims{"sub": reader, "nbf": future.Unix()})),
	}
}

// inIstio adds a setting to spec.istio of the example.
func inIstio(setting string) edit { return edit{"  trust:\n", "    " + setting + "\n  trust:\n"} }
