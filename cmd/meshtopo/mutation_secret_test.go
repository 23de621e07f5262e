package main

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"slices"
	"strings"
	"testing"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// data makes changes in the decoded value of a line of a Secret, which begins with the key.
func data(key string, changes ...mistake) mistake {
	return func(g *golden, file string) {
		line, value := g.value(file, key)
		g.edit(file, func(text string) string {
			return strings.Replace(text, line, key+encoded(g.inner(value, changes))+`"`, 1)
		})
	}
}

// value gives the line of a key, and what is encoded there.
func (g *golden) value(file, key string) (line, value string) {
	g.t.Helper()
	_, rest, ok := strings.Cut(g.files[file], key)
	rest, _, closed := strings.Cut(rest, `"`)
	if !ok || !closed {
		g.t.Fatalf("%s has no %q", file, key)
	}
	text, err := base64.StdEncoding.DecodeString(rest)
	if err != nil {
		g.t.Fatal(err)
	}
	return key + rest + `"`, string(text)
}

// inner makes changes in a text that is not a file of the example.
func (g *golden) inner(text string, changes []mistake) string {
	const name = "inner"
	inner := &golden{t: g.t, example: g.example, files: map[string]string{name: text}, before: map[string]string{name: text}, outer: g}
	all(changes...)(inner, name)
	return inner.files[name]
}

func encoded(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// plain moves a value to stringData, where each of its lines can be seen, and makes changes there.
func plain(key string, changes ...mistake) mistake {
	return func(g *golden, file string) {
		decoded(key+"|", "stringData:")(g, file)
		g.before[file] = g.files[file]
		all(changes...)(g, file)
	}
}

// decoded writes a value in plain text below data or stringData: as text if the key ends in |, or else as YAML.
func decoded(key, field string) mistake {
	key, literal := strings.CutSuffix(key, "|")
	return func(g *golden, file string) {
		line, value := g.value(file, key)
		name := strings.TrimSuffix(key, ` "`)
		if literal {
			name += " |"
		}
		indented := name + "\n    " + strings.ReplaceAll(strings.TrimSuffix(value, "\n"), "\n", "\n    ")
		g.edit(file, func(text string) string {
			return strings.Replace(g.replaced(text, line, indented), "\ndata:", "\n"+field, 1)
		})
	}
}

// swapped exchanges a value with one in another file.
func swapped(key, otherFile, otherKey string) mistake {
	return func(g *golden, file string) {
		line, value := g.value(file, key)
		otherLine, otherValue := g.value(otherFile, otherKey)
		g.files[file] = g.replaced(g.files[file], line, key+encoded(otherValue)+`"`)
		g.files[otherFile] = g.replaced(g.files[otherFile], otherLine, otherKey+encoded(value)+`"`)
	}
}

// copiedData takes the value of another file.
func copiedData(file, key string) mistake {
	return func(g *golden, inner string) { _, g.files[inner] = g.outer.value(file, key) }
}

// text puts a text in the place of what is there.
func text(text string) mistake { return func(g *golden, file string) { g.files[file] = text } }

func appended(text string) mistake { return func(g *golden, file string) { g.files[file] += text } }

func half(g *golden, file string)         { g.files[file] = halfOf(g.files[file]) }
func encodedAgain(g *golden, file string) { g.files[file] = encoded(g.files[file]) }

// Changes of bundles of certificates.
func firstBlock(g *golden, file string) { g.files[file] = blocks(g.files[file])[0] }
func lastBlock(g *golden, file string)  { all := blocks(g.files[file]); g.files[file] = all[len(all)-1] }
func turned(g *golden, file string) {
	all := blocks(g.files[file])
	slices.Reverse(all)
	g.files[file] = strings.Join(all, "")
}

func blocks(text string) []string {
	var all []string
	rest := []byte(text)
	for {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			return all
		}
		all = append(all, string(pem.EncodeToMemory(b)))
	}
}

// authorityData changes the CA in a kubeconfig.
func authorityData(f func(string) string) mistake {
	return func(g *golden, file string) {
		data(`certificate-authority-data: "`, func(g *golden, file string) { g.files[file] = f(g.files[file]) })(g, file)
	}
}

// tokenText changes the token in a kubeconfig.
func tokenText(f func(string) string) mistake {
	return func(g *golden, file string) {
		_, rest, _ := strings.Cut(g.files[file], `token: "`)
		token, _, _ := strings.Cut(rest, `"`)
		turn(token, f(token))(g, file)
	}
}

// withToken gives a kubeconfig a token with these claims.
func withToken(c claims) mistake {
	return tokenText(func(string) string { return jwt(c) })
}

// exampleRoot is the root of the examples, made by cmd/internal/tools/generate, which makes keys of names.
func exampleRoot(t *testing.T) authority {
	t.Helper()
	b, _ := pem.Decode([]byte(read(t, "../../testdata/two-clusters/certs/root-cert.pem")))
	cert, err := x509.ParseCertificate(b.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return &trusttest.Authority{Certificate: cert, Key: exampleKey(t, "Root CA")}
}

func exampleKey(t *testing.T, name string) crypto.Signer {
	t.Helper()
	scalar := sha256.Sum256([]byte("meshtopo test key of " + name))
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), scalar[:])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// reissued has the root of the examples sign the intermediate of cluster-b again, with other properties.
func reissued(t *testing.T, properties ...property) mistake {
	parent := exampleRoot(t)
	ca := trusttest.WithKey(parent, exampleKey(t, "Intermediate CA cluster-b"), properties...)
	return all(data(`  ca-cert.pem: "`, text(pemOf(ca))), data(`  cert-chain.pem: "`, text(pemOf(ca, parent))))
}

// signedBy replaces the certificates and the key by those of another mesh.
func signedBy(root authority) mistake {
	ca := sign(root)
	return all(data(`  ca-cert.pem: "`, text(pemOf(ca))), data(`  ca-key.pem: "`, text(ca.KeyPEM())),
		data(`  cert-chain.pem: "`, text(pemOf(ca, root))), data(`  root-cert.pem: "`, text(pemOf(root))))
}

// swappedToken gives a kubeconfig the token of another one.
func swappedToken(key, otherFile, otherKey string) mistake {
	return func(g *golden, file string) {
		_, other := g.value(otherFile, otherKey)
		_, rest, _ := strings.Cut(other, `token: "`)
		token, _, _ := strings.Cut(rest, `"`)
		data(key, tokenText(func(string) string { return token }))(g, file)
	}
}
