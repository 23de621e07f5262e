package main

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bitnami-labs/sealed-secrets/pkg/crypto"
	"go.yaml.in/yaml/v3"

	"meshtopo.dev/meshtopo/schema/trust/trusttest"
)

// protected is an example whose Secrets are encrypted, and how they are opened again.
type protected struct {
	dir  string
	open func(t *testing.T, file string) map[string][]byte // the data of the Secret in a file
}

const (
	ageOne = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	ageTwo = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
)

// protections make an example with its Secrets encrypted in each way.
var protections = map[string]func(t *testing.T) *protected{
	"sops": func(t *testing.T) *protected {
		p := &protected{dir: copyExample(t, "multi-primary-multi-network"), open: openFakeSops}
		p.edit(t, "topology.yaml", "secrets: {protection: plaintext}", "secrets: {protection: sops}")
		write(t, filepath.Join(p.dir, ".sops.yaml"), "creation_rules:\n- path_regex: /2-secrets/\n  age: "+ageOne+"\n")
		return p
	},
	"sealed-secrets": func(t *testing.T) *protected {
		p := &protected{dir: copyExample(t, "multi-primary-multi-network")}
		key := sealingKey(t, filepath.Join(p.dir, "certs/sealing.pem"), 5*365*24*time.Hour)
		p.open = func(t *testing.T, file string) map[string][]byte { return openSealed(t, key, file) }
		p.edit(t, "topology.yaml", "secrets: {protection: plaintext}", "secrets: {protection: sealed-secrets, sealedSecrets: {certificate: certs/sealing.pem}}")
		return p
	},
}

// sealingKey writes the certificate of a new key, as a controller of Sealed Secrets makes it.
func sealingKey(t *testing.T, file string, lasts time.Duration) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sealingCertificate(t, key, file, lasts)
	return key
}

// sealingCertificate writes a certificate of a key.
func sealingCertificate(t *testing.T, key *rsa.PrivateKey, file string, lasts time.Duration) {
	t.Helper()
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{}, KeyUsage: x509.KeyUsageEncipherOnly,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(lasts),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, trusttest.Block("CERTIFICATE", der))
}

// secretIn is a Secret, or what becomes one.
type secretIn struct {
	Kind     string
	Metadata struct {
		Name, Namespace string
		Annotations     map[string]string
	}
	Data map[string]string
	Spec struct {
		EncryptedData map[string]string `yaml:"encryptedData"`
	}
}

func secretOf(t *testing.T, text string) secretIn {
	t.Helper()
	var s secretIn
	if err := yaml.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func openFakeSops(t *testing.T, file string) map[string][]byte {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(read(t, file)), &doc); err != nil {
		t.Fatal(err)
	}
	fakeDecrypt(&doc)
	text, err := yaml.Marshal(&doc)
	if err != nil {
		t.Fatal(err)
	}
	return plainData(t, secretOf(t, string(text)).Data)
}

func openSealed(t *testing.T, key *rsa.PrivateKey, file string) map[string][]byte {
	t.Helper()
	s := secretOf(t, read(t, file))
	data := plainData(t, s.Spec.EncryptedData)
	for name, text := range data {
		plain, err := crypto.HybridDecrypt(rand.Reader, map[string]*rsa.PrivateKey{"": key}, text, []byte(s.Metadata.Namespace+"/"+s.Metadata.Name))
		if err != nil {
			t.Fatalf("%s: %s: %v", file, name, err)
		}
		data[name] = plain
	}
	return data
}

func plainData(t *testing.T, encoded map[string]string) map[string][]byte {
	t.Helper()
	data := map[string][]byte{}
	for name, text := range encoded {
		plain, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			t.Fatal(err)
		}
		data[name] = plain
	}
	return data
}

func (p *protected) file(name string) string { return filepath.Join(p.dir, filepath.FromSlash(name)) }

func (p *protected) edit(t *testing.T, file, old, new string) {
	t.Helper()
	text := read(t, p.file(file))
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", file, old)
	}
	write(t, p.file(file), strings.Replace(text, old, new, 1))
}

func (p *protected) run(t *testing.T, code int, args ...string) result {
	t.Helper()
	r := inProcess(t, p.dir, "", args...)
	if r.code != code {
		t.Fatalf("meshtopo %s exits with %d, want %d:\n%s%s", strings.Join(args, " "), r.code, code, r.out, r.err)
	}
	return r
}

// tree gives the files below clusters.
func (p *protected) tree(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	matches, err := filepath.Glob(p.file("clusters/*/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"clusters/*/2-secrets/*", "clusters/*/2-secrets/remote-secrets/*"} {
		more, _ := filepath.Glob(p.file(pattern))
		matches = append(matches, more...)
	}
	for _, m := range matches {
		if info, err := os.Stat(m); err == nil && info.Mode().IsRegular() {
			rel, _ := filepath.Rel(p.dir, m)
			files[filepath.ToSlash(rel)] = read(t, m)
		}
	}
	return files
}

// secrets gives the paths of the encrypted files.
func (p *protected) secrets(t *testing.T) []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(p.tree(t))), func(name string) bool {
		return !strings.Contains(name, "/2-secrets/") || strings.HasSuffix(name, "kustomization.yaml")
	})
}

// withoutKeys takes away what a machine without secrets has not: keys, tokens, and sops.
func (p *protected) withoutKeys(t *testing.T) {
	t.Helper()
	keys, _ := filepath.Glob(p.file("certs/*/ca-key.pem"))
	for _, file := range append(keys, p.file("tokens")) {
		if err := os.RemoveAll(file); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", t.TempDir())
}

// changed gives the paths of files that differ.
func changed(before, after map[string]string) []string {
	var all []string
	for name, text := range after {
		if before[name] != text {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func signedToken(t *testing.T, cluster string) string {
	t.Helper()
	signature := make([]byte, 256)
	_, _ = rand.Read(signature)
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"RS256","kid":"test"}`)) + "." + part([]byte(`{"sub":"system:serviceaccount:istio-system:istio-remote-reader","iss":"`+cluster+`"}`)) + "." + part(signature)
}

// keys gives a function that puts back what withoutKeys takes away.
func (p *protected) keys(t *testing.T) func() {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"certs/*/ca-key.pem", "tokens/*"} {
		matches, _ := filepath.Glob(p.file(pattern))
		for _, m := range matches {
			texts[m] = read(t, m)
		}
	}
	path := os.Getenv("PATH")
	return func() {
		for file, text := range texts {
			write(t, file, text)
		}
		t.Setenv("PATH", path)
	}
}
